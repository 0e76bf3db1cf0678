package setup

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store/sqlstore/commit"
)

const (
	saveGroup = `INSERT INTO user_groups (workspace, id, handle, name, disabled) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (workspace, id) DO UPDATE SET handle = excluded.handle, name = excluded.name, disabled = excluded.disabled`

	emptyGroup = `DELETE FROM group_members WHERE workspace = $1 AND user_group = $2`

	selectGroups = `SELECT g.id, g.handle, g.name, g.disabled, coalesce(m.person, '') FROM user_groups g
	LEFT JOIN group_members m ON m.workspace = g.workspace AND m.user_group = g.id
	WHERE g.workspace = $1 ORDER BY g.handle, g.id, m.person`

	selectGroupsOf = `SELECT user_group FROM group_members WHERE person = $1 AND workspace = $2 ORDER BY user_group`
)

// SaveGroup adds or replaces a user group and who is in it.
func (t Tx) SaveGroup(ctx context.Context, g *served.Group) error {
	what := commit.Op{Doing: "save user group", ID: string(g.ID)}
	if err := t.To.Write(ctx, what, saveGroup, string(g.Workspace), string(g.ID), g.Handle, g.Name, g.Disabled); err != nil {
		return err
	}
	if err := t.To.Write(ctx, what, emptyGroup, string(g.Workspace), string(g.ID)); err != nil {
		return err
	}
	return t.MoveMembers(ctx, g.Workspace, g.ID, g.Members, nil)
}

// MoveMembers notes who came into a user group and who left it.
func (t Tx) MoveMembers(ctx context.Context, w desk.WorkspaceID, g served.GroupID, came, left []desk.PersonID) error {
	what := commit.Op{Doing: "save members of user group", ID: string(g)}
	if len(left) > 0 {
		if err := t.To.Write(ctx, what, t.Texts.dropMembers, string(w), string(g), jsonList(left)); err != nil {
			return err
		}
	}
	if len(came) == 0 {
		return nil
	}
	return t.To.Write(ctx, what, t.Texts.addMembers, string(w), string(g), jsonList(came))
}

// Groups returns the user groups of a workspace with who is in them.
func (r Reads) Groups(ctx context.Context, w desk.WorkspaceID) ([]served.Group, error) {
	var all []served.Group
	err := r.Ask.Query(ctx, commit.Op{Doing: "user groups of", ID: string(w)}, selectGroups, []any{string(w)}, func(from commit.Row) error {
		g := served.Group{Workspace: w}
		var person string
		if err := from.Scan((*string)(&g.ID), &g.Handle, &g.Name, &g.Disabled, &person); err != nil {
			return err
		}
		if len(all) == 0 || all[len(all)-1].ID != g.ID {
			all = append(all, g)
		}
		if last := &all[len(all)-1]; person != "" {
			last.Members = append(last.Members, desk.PersonID(person))
		}
		return nil
	})
	return all, err
}

// GroupsOf returns the user groups that a person is in.
func (r Reads) GroupsOf(ctx context.Context, w desk.WorkspaceID, who desk.PersonID) (ids []served.GroupID, err error) {
	err = r.Ask.Query(ctx, commit.Op{Doing: "user groups of", ID: string(who)}, selectGroupsOf, []any{string(who), string(w)}, func(from commit.Row) error {
		var id string
		err := from.Scan(&id)
		ids = append(ids, served.GroupID(id))
		return err
	})
	return ids, err
}
