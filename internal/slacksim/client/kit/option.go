package kit

import (
	"fmt"
	"html/template"
	"slices"

	"caseline/internal/slacksim/blockkit"
)

// An Option is one of the things an element lets people choose from.
type Option struct {
	Value string
	Label string // without markup
	Extra string // stands beside the label: a handle, a description
}

type optionView struct {
	Option
	HTML     template.HTML // the label as radio buttons and checkboxes show it
	Desc     template.HTML
	URL      string
	Selected bool
	ID       string
}

type groupView struct {
	Label   string
	Options []optionView
}

// OptionOf reads an option object.
func OptionOf(o Object) Option {
	return Option{blockkit.Str(o, "value"), blockkit.Str(object(o, "text"), "text"), blockkit.Str(object(o, "description"), "text")}
}

// groups returns what a select offers; options without a group come in one
// without a label.
func (d *drawing) groups(id string, e Object, chosen []Option) []groupView {
	var out []groupView
	if list := objects(e, "options"); len(list) > 0 {
		out = append(out, groupView{"", d.options(id+"-o", list, chosen)})
	}
	for i, g := range objects(e, "option_groups") {
		out = append(out, groupView{blockkit.Str(object(g, "label"), "text"), d.options(fmt.Sprintf("%s-g%d", id, i), objects(g, "options"), chosen)})
	}
	return out
}

func (d *drawing) options(id string, list []Object, chosen []Option) []optionView {
	out := make([]optionView, len(list))
	for i, o := range list {
		v := optionView{Option: OptionOf(o), URL: blockkit.Str(o, "url"), HTML: d.words(object(o, "text"))}
		if desc := object(o, "description"); desc != nil {
			v.Desc = d.words(desc)
		}
		v.Selected = slices.ContainsFunc(chosen, func(c Option) bool { return c.Value == v.Value })
		v.ID = fmt.Sprintf("%s-%d", id, i)
		out[i] = v
	}
	return out
}

// known wraps options that the surface offers: people, channels.
func known(list, chosen []Option) []groupView {
	g := groupView{Options: make([]optionView, len(list))}
	for i, o := range list {
		selected := slices.ContainsFunc(chosen, func(c Option) bool { return c.Value == o.Value })
		g.Options[i] = optionView{Option: o, Selected: selected}
	}
	return []groupView{g}
}
