package setup

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"caseline/internal/console/tongue"
	"caseline/internal/desk/served"
)

// The preset that is none.
const someOf = "some"

// Settings are a channel's as they stand in its form.
type settings struct {
	Name       string
	Preset     string // full, read-only or some
	May        map[served.Permission]bool
	Only       []only
	Severities served.NotifySeverity
	Opened     bool
	Answered   bool
	Resolved   bool
}

// An only says who alone has a permission, as it is typed.
type only struct {
	Permission served.Permission
	Typed      string // empty is everybody
	Who        string // who that is, by name
}

// Label is the permission for people.
func (o only) Label() string { return may(o.Permission) }

// A choice is one of those that a form offers.
type choice struct {
	Value, Label, Note string
	On                 bool
}

// Presets are those of permissions.
func (s settings) Presets() []choice {
	return []choice{
		{served.PresetFull, tongue.Mark("Full access"), tongue.Mark("See, open, answer and resolve cases, and chat"), s.Preset == served.PresetFull},
		{served.PresetReadOnly, tongue.Mark("Read only"), tongue.Mark("See cases and change nothing"), s.Preset == served.PresetReadOnly},
		{someOf, tongue.Mark("Some of it"), tongue.Mark("Choose below"), s.Preset == someOf},
	}
}

// Permissions are all, with those on that the channel has.
func (s settings) Permissions() []choice {
	var all []choice
	for _, p := range served.FullPermissions() {
		all = append(all, choice{Value: string(p), Label: may(p), On: s.May[p]})
	}
	return all
}

// Levels are of which cases the channel is told.
func (s settings) Levels() []choice {
	return []choice{
		{string(served.NotifyAll), tongue.Mark("All cases"), "", s.Severities == served.NotifyAll},
		{string(served.NotifyHigh), tongue.Mark("High-severity cases"), tongue.Mark("High, urgent and critical"), s.Severities == served.NotifyHigh},
		{string(served.NotifyNone), tongue.Mark("None"), tongue.Mark("The channel is told nothing"), s.Severities == served.NotifyNone},
	}
}

// Switches are what the channel is told.
func (s settings) Switches() []choice {
	return []choice{
		{Value: "opened", Label: tongue.Mark("New and reopened cases"), On: s.Opened},
		{Value: "answered", Label: tongue.Mark("Case correspondence"), On: s.Answered},
		{Value: "resolved", Label: tongue.Mark("Resolved cases"), On: s.Resolved},
	}
}

// Narrowed reports whether a permission is not for everybody.
func (s settings) Narrowed() bool {
	return slices.ContainsFunc(s.Only, func(o only) bool { return o.Typed != "" })
}

// settingsIn reads the form as it was sent.
func settingsIn(r *http.Request) settings {
	s := settings{
		Name: r.PostForm.Get("name"), Preset: r.PostForm.Get("preset"), May: map[served.Permission]bool{},
		Severities: served.NotifySeverity(r.PostForm.Get("severities")),
	}
	for _, p := range served.FullPermissions() {
		s.May[p] = slices.Contains(r.PostForm["may"], string(p))
		s.Only = append(s.Only, only{Permission: p, Typed: strings.TrimSpace(r.PostForm.Get("only-" + string(p)))})
	}
	tell := r.PostForm["tell"]
	s.Opened, s.Answered, s.Resolved = slices.Contains(tell, "opened"), slices.Contains(tell, "answered"), slices.Contains(tell, "resolved")
	return s
}

// settingsOf is a configuration as its form shows it.
func (p *Pages) settingsOf(ctx context.Context, c served.ChannelConfig, groups []served.Group) (settings, error) {
	s := settings{
		Name: c.Name, Preset: preset(c.Permissions), May: map[served.Permission]bool{},
		Severities: c.Notify.Severities, Opened: c.Notify.Opened, Answered: c.Notify.Answered, Resolved: c.Notify.Resolved,
	}
	for _, one := range served.FullPermissions() {
		s.May[one] = c.Allows(one)
		o, err := p.spelled(ctx, c, one, groups)
		if err != nil {
			return s, err
		}
		s.Only = append(s.Only, o)
	}
	return s, nil
}

// preset names the preset that permissions are.
func preset(all []served.Permission) string {
	switch {
	case slices.Equal(all, served.FullPermissions()):
		return served.PresetFull
	case slices.Equal(all, served.ReadOnly()):
		return served.PresetReadOnly
	}
	return someOf
}

// apply returns a configuration with the settings that were typed, or refuses
// them. To be told of no cases switches the rest off.
func (p *Pages) apply(ctx context.Context, s settings, c served.ChannelConfig) (_ served.ChannelConfig, err error) {
	c.Name = strings.TrimSpace(s.Name)
	words := []string{s.Preset}
	if s.Preset == someOf || s.Preset == "" {
		words = nil
		for _, one := range served.FullPermissions() {
			if s.May[one] {
				words = append(words, string(one))
			}
		}
	}
	if c.Permissions, err = served.Permissions(words...); err != nil {
		return c, err
	}
	c.Notify = served.Notify{Severities: s.Severities}
	if s.Severities != served.NotifyNone {
		c.Notify.Opened, c.Notify.Answered, c.Notify.Resolved = s.Opened, s.Answered, s.Resolved
	}
	if c.Narrow, err = p.narrow(ctx, s.Only, c.Workspace); err != nil {
		return c, err
	}
	return c, c.Validate()
}
