package wire

import "caseline/internal/slack/wire/lenient"

// A GroupChange says that a user group is new or became different. Slack tells
// of the group as a whole, or of who came and left.
type GroupChange struct {
	Group UserGroup // subteam_created, subteam_updated

	ID      string // subteam_members_changed
	Added   []string
	Removed []string
}

// A UserGroup is a user group as Slack describes one.
type UserGroup struct {
	ID       string
	Handle   string
	Name     string
	DeleteAt int64 // UTC seconds; 0 while it is in use
	Users    []string
	HasUsers bool // Slack said who is in it
}

// Deleted reports whether the group was taken away.
func (g UserGroup) Deleted() bool { return g.DeleteAt != 0 }

func readGroupChange(r *lenient.Reader, key string, c *GroupChange) bool {
	switch key {
	case "subteam":
		readUserGroup(r, &c.Group)
	case "subteam_id":
		r.Str(&c.ID)
	case "added_users":
		r.Strs(&c.Added)
	case "removed_users":
		r.Strs(&c.Removed)
	default:
		return false
	}
	return true
}

func readUserGroup(r *lenient.Reader, g *UserGroup) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "id":
			r.Str(&g.ID)
		case "handle":
			r.Str(&g.Handle)
		case "name":
			r.Str(&g.Name)
		case "date_delete":
			r.Num(&g.DeleteAt)
		case "users":
			g.HasUsers = r.Peek() == '['
			r.Strs(&g.Users)
		default:
			r.Skip()
		}
	}
}
