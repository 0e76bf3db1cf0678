package seek

import (
	"cmp"
	"slices"

	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/sought"
)

// A Menu is one filter: a choice among few, or a field with suggestions.
type Menu struct {
	Name, Label, All, Chosen string
	Choices                  []Choice
	Groups                   []Group // further choices
	Typed                    bool    // the names of Choices are suggestions
	Wrong                    bool    // what is typed is refused
}

// A Choice is one thing that a menu offers.
type Choice struct{ Value, Name string }

// A Group is choices under a heading.
type Group struct {
	Name    string
	Choices []Choice
}

// Offer makes a menu, by name, of others and of what is chosen, if it is not
// among them.
func Offer(chosen Choice, others []Choice) []Choice {
	if chosen.Value != "" && !slices.ContainsFunc(others, func(c Choice) bool { return c.Value == chosen.Value }) {
		others = append(others, chosen)
	}
	slices.SortFunc(others, func(a, b Choice) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value)) })
	return slices.Compact(others)
}

// maxMenu is how many services are chosen from a menu. More are typed.
const maxMenu = 200

// ServiceMenu has the services under their issue types. Where there are too many
// for that, a part of the name is typed, and those of lately are suggested.
func (s Seek) ServiceMenu(t tongue.Tongue, b Book, lately []desk.Case) Menu {
	m := Menu{Name: "service", Label: t.Say("Service"), All: t.Say("Any service"), Chosen: s.Service}
	c := b.Catalogue()
	one, isOne := sought.ParseService(s.Service)
	matter, known := c.Matter(one.IssueType, one.Code)
	if c.Services() > maxMenu {
		m.Typed = true
		if known {
			m.Chosen = matter.Label()
		}
		for _, of := range lately {
			if matter, known := c.Matter(of.IssueType, of.Service); known {
				m.Choices = append(m.Choices, Choice{Value: matter.Label(), Name: matter.Label()})
			}
		}
		m.Choices = Offer(Choice{}, m.Choices)
		return m
	}
	for _, of := range c.IssueTypes {
		g := Group{Name: of.Name}
		for _, one := range of.Services {
			g.Choices = append(g.Choices, Choice{Value: sought.Service{IssueType: of.Code, Code: one.Code}.String(), Name: one.Name})
		}
		m.Groups = append(m.Groups, g)
	}
	switch {
	case s.Service == "" || known:
	case isOne:
		m.Choices = []Choice{{Value: s.Service, Name: matter.Label()}}
	default:
		m.Choices = []Choice{{Value: s.Service, Name: s.Service}}
	}
	return m
}

// LanguageMenu has the languages in which cases are answered.
func (s Seek) LanguageMenu(t tongue.Tongue, b Book) Menu {
	m := Menu{Name: "language", Label: t.Say("Language"), All: t.Say("Any language"), Chosen: s.Language}
	c := b.Catalogue()
	for _, l := range c.Languages {
		m.Choices = append(m.Choices, Choice{Value: l.Code, Name: l.Name})
	}
	if _, known := c.Language(s.Language); !known && s.Language != "" {
		m.Choices = append(m.Choices, Choice{Value: s.Language, Name: s.Language})
	}
	return m
}

// RequesterMenu suggests people by their names. chosen is the name of who is
// chosen by id, if so.
func (s Seek) RequesterMenu(t tongue.Tongue, chosen string, names []string) Menu {
	m := Menu{Name: "requester", Label: t.Say("Requester"), All: t.Say("Any requester"), Chosen: cmp.Or(chosen, s.Requester), Typed: true}
	for _, name := range names {
		if name != "" {
			m.Choices = append(m.Choices, Choice{Value: name, Name: name})
		}
	}
	m.Choices = Offer(Choice{}, m.Choices)
	return m
}

// Statuses are the choices of a status by the name that each has.
func Statuses(t tongue.Tongue, name func(desk.Status) string) []Choice {
	all := []Choice{{AnyOpen, t.Say("All open cases")}}
	for _, s := range desk.Statuses() {
		all = append(all, Choice{string(s), t.Text(name(s))})
	}
	return all
}

// Severities are the choices of a severity by the name that each has.
func Severities(t tongue.Tongue, name func(desk.Severity) string) []Choice {
	var all []Choice
	for _, s := range desk.Severities() {
		all = append(all, Choice{string(s), t.Text(name(s))})
	}
	return all
}
