package wire

import "caseline/internal/slack/wire/lenient"

// A UserChange says that a person's account changed or is new.
type UserChange struct {
	User User
}

func readUserChange(r *lenient.Reader, key string, c *UserChange) bool {
	if key != "user" {
		return false
	}
	if r.Peek() == '"' {
		r.Str(&c.User.ID)
		return true
	}
	readUser(r, &c.User)
	return true
}

// A User is a person or bot as Slack describes one.
type User struct {
	ID                string
	TeamID            string
	EnterpriseUserID  string
	Name              string // the handle, not for display
	RealName          string
	Profile           Profile
	TZ                string
	Locale            string
	Updated           int64 // UTC seconds
	Deleted           bool
	IsBot             bool
	IsRestricted      bool // a guest
	IsUltraRestricted bool // a guest of one channel
	IsStranger        bool // of another organisation, and in no shared channel
}

// A Profile is how a person shows; in a message of someone from another
// organisation it may be all there is.
type Profile struct {
	DisplayName string
	RealName    string
	FirstName   string
	Email       string
	Image       string // the largest square picture of at most 192 pixels
	Team        string
}

// ShownName returns the name a person goes by: the display name if there is
// one. It may be empty.
func (p *Profile) ShownName() string {
	if p.DisplayName != "" {
		return p.DisplayName
	}
	return p.RealName
}

func readUser(r *lenient.Reader, u *User) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "id":
			r.Str(&u.ID)
		case "team_id":
			r.Str(&u.TeamID)
		case "name":
			r.Str(&u.Name)
		case "real_name":
			r.Str(&u.RealName)
		case "profile":
			readProfile(r, &u.Profile)
		case "tz":
			r.Str(&u.TZ)
		case "locale":
			r.Str(&u.Locale)
		case "updated":
			r.Num(&u.Updated)
		case "deleted":
			r.Flag(&u.Deleted)
		case "is_bot":
			r.Flag(&u.IsBot)
		case "is_restricted":
			r.Flag(&u.IsRestricted)
		case "is_ultra_restricted":
			r.Flag(&u.IsUltraRestricted)
		case "is_stranger":
			r.Flag(&u.IsStranger)
		case "enterprise_user":
			r.IDOf(&u.EnterpriseUserID, nil)
		default:
			r.Skip()
		}
	}
}

func readProfile(r *lenient.Reader, p *Profile) {
	var size int
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "display_name":
			r.Str(&p.DisplayName)
		case "real_name":
			r.Str(&p.RealName)
		case "first_name":
			r.Str(&p.FirstName)
		case "email":
			r.Str(&p.Email)
		case "team":
			r.Str(&p.Team)
		case "image_48":
			readPicture(r, p, &size, 48)
		case "image_72":
			readPicture(r, p, &size, 72)
		case "image_192":
			readPicture(r, p, &size, 192)
		default:
			r.Skip()
		}
	}
}

// readPicture takes a picture's address if it is larger than what we have.
func readPicture(r *lenient.Reader, p *Profile, have *int, size int) {
	var address string
	if r.Str(&address); address != "" && size > *have {
		p.Image, *have = address, size
	}
}
