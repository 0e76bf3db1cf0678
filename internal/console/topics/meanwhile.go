package topics

import (
	"context"
	"errors"
	"slices"
	"strings"

	"caseline/internal/catalogue"
	"caseline/internal/console/form"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/matters"
)

// meanwhile is what differs between the version that somebody had in view and the
// newest one, part by part.
func (p *pages) meanwhile(ctx context.Context, t tongue.Tongue, base int64, newest keeping.Catalogue) ([]form.Change, error) {
	if newest.Version == base {
		return nil, nil
	}
	text := catalogue.Default()
	if base != 0 {
		old, err := p.Read.SavedCatalogue(ctx, max(base, -1))
		if errors.Is(err, desk.ErrNotFound) {
			return nil, nil // nobody had that in view
		}
		if err != nil {
			return nil, err
		}
		text = old.Text
	}
	was, err := catalogue.Parse(text)
	if err != nil {
		return nil, nil //nolint:nilerr // saved by a release that read it otherwise; then there is nothing to compare
	}
	is, err := catalogue.Parse(newest.Text)
	if err != nil {
		return nil, nil //nolint:nilerr // likewise
	}
	return differences(partsOf(was, t), partsOf(is, t)), nil
}

// A part of a catalogue is what one form changes, in lines.
type part struct {
	label string
	key   string // the same however it is called
	lines []string
}

func partsOf(c *matters.Catalogue, t tongue.Tongue) []part {
	var levels, languages, hours []string
	for _, l := range c.Severities {
		levels = append(levels, l.Name+": "+catalogue.FirstResponse(l.FirstResponse))
	}
	for _, l := range c.Languages {
		line := l.Code + ": " + l.Name
		for _, one := range typesOf(c, l.NoChat) {
			if one.On {
				line += ", " + t.Say("no live chat for %s", one.Name)
			}
		}
		languages = append(languages, line)
	}
	for i, h := range c.Hours {
		row := hoursOf(c, i, h)
		for _, line := range lines(row.Open + row.Free) {
			hours = append(hours, strings.TrimPrefix(row.Says+" · ", " · ")+row.Zone+" · "+line)
		}
	}
	all := []part{{t.Say("Severities"), "severities", levels}, {t.Say("Languages"), "languages", languages}, {t.Say("Support hours"), "hours", hours}}
	for _, one := range c.IssueTypes {
		services := append([]string{one.Code + ": " + one.Name}, strings.Split(strings.TrimRight(outline(one.Services), "\n"), "\n")...)
		all = append(all, part{t.Say("Issue type %s", one.Name), "type " + one.Code, services})
	}
	return all
}

// differences are the lines that are gone from each part, and those that are new.
func differences(was, is []part) (all []form.Change) {
	find := func(among []part, key string) (p part) {
		if i := slices.IndexFunc(among, func(p part) bool { return p.key == key }); i >= 0 {
			p = among[i]
		}
		return p
	}
	for _, now := range is {
		all = append(all, different(now.label, find(was, now.key).lines, now.lines)...)
	}
	for _, old := range was {
		if find(is, old.key).key == "" {
			all = append(all, different(old.label, old.lines, nil)...)
		}
	}
	return all
}

func different(label string, was, is []string) []form.Change {
	without := func(some, others []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(some), func(line string) bool { return slices.Contains(others, line) }), "\n")
	}
	c := form.Change{Label: label, Was: without(was, is), Is: without(is, was)}
	if c.Was == "" && c.Is == "" {
		if slices.Equal(was, is) {
			return nil
		}
		c.Was, c.Is = strings.Join(was, "\n"), strings.Join(is, "\n") // in another order
	}
	return []form.Change{c}
}
