package setup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// groups lists the user groups that can be named; none where they are not known.
func (p *Pages) groups(ctx context.Context, w desk.WorkspaceID) []served.Group {
	all, err := p.opt.Groups(ctx, w)
	if err != nil {
		return nil // they can be named by id
	}
	return slices.DeleteFunc(slices.Clone(all), func(g served.Group) bool { return g.Disabled })
}

// spelled is who alone has a permission, as one would type it.
func (p *Pages) spelled(ctx context.Context, c served.ChannelConfig, permission served.Permission, groups []served.Group) (only, error) {
	o := only{Permission: permission}
	var typed, names []string
	for _, n := range c.Narrow {
		if n.Permission != permission {
			continue
		}
		people, err := p.Read.People(ctx, n.People)
		if err != nil {
			return o, err
		}
		for _, id := range n.People {
			typed = append(typed, p.opt.User(id))
			if name := people[id].Name; name != "" {
				names = append(names, name)
			}
		}
		for _, id := range n.Groups {
			g, known := groupOf(groups, func(g served.Group) bool { return g.ID == id })
			if !known {
				typed = append(typed, string(id))
				continue
			}
			typed = append(typed, "@"+g.Handle)
			names = append(names, fmt.Sprintf("%s (%d)", g.Name, len(g.Members)))
		}
	}
	o.Typed, o.Who = strings.Join(typed, ", "), strings.Join(names, ", ")
	return o, nil
}

// narrow reads who alone has which permission.
func (p *Pages) narrow(ctx context.Context, all []only, w desk.WorkspaceID) ([]served.Narrowing, error) {
	var narrowings []served.Narrowing
	var groups []served.Group
	if slices.ContainsFunc(all, func(o only) bool { return o.Typed != "" }) {
		groups = p.groups(ctx, w)
	}
	for _, o := range all {
		n := served.Narrowing{Permission: o.Permission}
		for word := range strings.FieldsFuncSeq(o.Typed, func(c rune) bool { return strings.ContainsRune(",; \t\r\n", c) }) {
			if !p.who(&n, w, word, groups) {
				return nil, &desk.Refusal{Kind: desk.ErrInvalid, Field: "only-" + string(o.Permission), Message: fmt.Sprintf(
					"“%s” names nobody. Give a member’s id, such as U0123456789, which Slack shows in the member’s profile, or the @name of a user group.", word)}
			}
		}
		if len(n.People) > 0 || len(n.Groups) > 0 {
			narrowings = append(narrowings, n)
		}
	}
	return narrowings, nil
}

// who adds the person or user group that a word names; false if it names none.
func (p *Pages) who(n *served.Narrowing, w desk.WorkspaceID, word string, groups []served.Group) bool {
	word = strings.Trim(word, "<>")
	if i := strings.LastIndex(word, "/team/"); i >= 0 { // a link to a profile
		word = word[i+len("/team/"):]
	}
	word = strings.TrimPrefix(word, "@")
	if g, ok := groupOf(groups, func(g served.Group) bool { return strings.EqualFold(g.Handle, word) || string(g.ID) == word }); ok {
		n.Groups = append(n.Groups, g.ID)
		return true
	}
	if len(word) < 2 || strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		return false
	}
	switch word[0] {
	case 'U', 'W':
		id := p.opt.Person(w, word)
		n.People = append(n.People, id)
		return id != ""
	case 'S':
		n.Groups = append(n.Groups, served.GroupID(word))
		return len(groups) == 0 // else it would be among those that are known
	}
	return false
}

func groupOf(all []served.Group, is func(served.Group) bool) (served.Group, bool) {
	i := slices.IndexFunc(all, is)
	if i < 0 {
		return served.Group{}, false
	}
	return all[i], true
}
