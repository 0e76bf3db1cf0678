package served

import (
	"errors"
	"strings"
	"testing"

	"caseline/internal/desk"
)

func TestAliases(t *testing.T) {
	for _, tc := range []struct {
		typed, want string
		ok          bool
	}{
		{"Acme", "Acme", true},
		{"  Acme   Inc_2-b ", "Acme Inc_2-b", true},
		{"Ärzte für Köln", "Ärzte für Köln", true},
		{"", "", true},
		{strings.Repeat("é", MaxAlias), strings.Repeat("é", MaxAlias), true},
		{strings.Repeat("é", MaxAlias+1), "", false},
		{"Acme & Co", "", false},
		{"Acme.", "", false},
		{"<!channel>", "", false},
	} {
		got, err := Alias(tc.typed)
		if got != tc.want || (err == nil) != tc.ok {
			t.Errorf("%q: got %q, %v", tc.typed, got, err)
		}
	}
	for _, id := range []string{"", "12345678901", "1234567890123", "12345678901x", "١٢٣٤٥٦"} {
		if _, err := NewAccount(id, "Acme"); !errors.Is(err, desk.ErrInvalid) {
			t.Errorf("id %q: got %v, want it refused", id, err)
		}
	}
}

func TestPermissionsAreRead(t *testing.T) {
	for _, tc := range []struct {
		words string
		want  string
	}{
		{"full", "read create reply resolve chat"},
		{"read-only", "read"},
		{"CHAT read", "read chat"},
		{"read read-only create", "read create"},
		{"", ""},
		{"read write", ""},
	} {
		got, err := Permissions(strings.Fields(tc.words)...)
		var words []string
		for _, p := range got {
			words = append(words, string(p))
		}
		if strings.Join(words, " ") != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("%q: got %v, %v", tc.words, got, err)
		}
	}
}

// B6: a permission can be narrowed to people and user groups; the others are
// told so.
func TestB6PermissionsAreNarrowedToPeopleAndGroups(t *testing.T) {
	c := ChannelConfig{Permissions: []Permission{MayRead, MayChat, MayResolve}, Narrow: []Narrowing{
		{Permission: MayChat, People: []desk.PersonID{"T1/U1"}},
		{Permission: MayChat, Groups: []GroupID{"S1"}},
		{Permission: MayCreate, People: []desk.PersonID{"T1/U1"}},
	}}
	in := func(g GroupID) bool { return g == "S1" }
	for _, tc := range []struct {
		what string
		p    Permission
		who  desk.PersonID
		in   func(GroupID) bool
		want string
	}{
		{"somebody who is named", MayChat, "T1/U1", nil, ""},
		{"somebody in the group", MayChat, "T1/U2", in, ""},
		{"somebody else", MayChat, "T1/U2", nil, "In this channel only some people may start a live chat, and you are not one of them. Ask the person who set up support here for the “chat” permission."},
		{"what is not narrowed", MayResolve, "T1/U2", nil, ""},
		{"what the channel does not have", MayCreate, "T1/U1", nil, "This channel may not open cases. Ask the person who set up support here for the “create” permission."},
	} {
		err := c.Require(tc.p, tc.who, tc.in)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tc.want || err != nil && !errors.Is(err, desk.ErrForbidden) {
			t.Errorf("%s: got %q, want %q", tc.what, got, tc.want)
		}
	}
}

func TestChannelConfigurationsAreChecked(t *testing.T) {
	for _, tc := range []struct {
		field  string
		change func(*ChannelConfig)
	}{
		{"", func(*ChannelConfig) {}},
		{"channel", func(c *ChannelConfig) { c.Channel = "" }},
		{"channel", func(c *ChannelConfig) { c.Channel = "C1 2" }},
		{"channel", func(c *ChannelConfig) { c.Channel = "T1/C1" }},
		{"name", func(c *ChannelConfig) { c.Name = strings.Repeat("x", MaxChannelName+1) }},
		{"permissions", func(c *ChannelConfig) { c.Permissions = nil }},
		{"permissions", func(c *ChannelConfig) { c.Permissions = []Permission{"write"} }},
		{"narrow", func(c *ChannelConfig) { c.Narrow = []Narrowing{{Permission: MayChat}} }},
		{"narrow", func(c *ChannelConfig) { c.Narrow = []Narrowing{{Permission: "write", Groups: []GroupID{"S1"}}} }},
		{"notify", func(c *ChannelConfig) { c.Notify = Notify{Severities: NotifyHigh} }},
		{"notify", func(c *ChannelConfig) { c.Notify.Severities = NotifyNone }},
		{"notify", func(c *ChannelConfig) { c.Notify.Severities = "some" }},
		{"", func(c *ChannelConfig) { c.Notify = Notify{Severities: NotifyNone} }},
		{"", func(c *ChannelConfig) { c.Notify = Notify{Severities: NotifyHigh, Resolved: true} }},
	} {
		c := ChannelConfig{Account: "1", Workspace: "T1", Channel: "C1", Permissions: ReadOnly(), Notify: NotifyEverything()}
		tc.change(&c)
		err := c.Validate()
		field := ""
		if r, ok := errors.AsType[*desk.Refusal](err); ok {
			field = r.Field
		}
		if field != tc.field || (err == nil) != (tc.field == "") {
			t.Errorf("got %v on %q, want %q", err, field, tc.field)
		}
	}
}

func TestChannelsHearWhatTheyAreSetTo(t *testing.T) {
	opened := desk.Correspondence{Kind: desk.KindMessage, Seq: 1}
	answered := desk.Correspondence{Kind: desk.KindMessage, Seq: 5, What: desk.MarkOutside}
	transcript := desk.Correspondence{Kind: desk.KindTranscript, Seq: 6}
	resolved := desk.Correspondence{Kind: desk.KindStatus, Seq: 7, What: string(desk.StatusResolved)}
	reopened := desk.Correspondence{Kind: desk.KindStatus, Seq: 8, What: string(desk.StatusReopened)}
	never := []desk.Correspondence{
		{Kind: desk.KindMessage, Seq: 4, Chat: "chat"}, {Kind: desk.KindNote, Seq: 4}, {Kind: desk.KindEdit, Seq: 4}, {Kind: desk.KindChat, Seq: 4},
		{Kind: desk.KindStatus, Seq: 4, What: desk.ChangedSeverity},
	}
	for _, tc := range []struct {
		what string
		n    Notify
		want []desk.Correspondence
	}{
		{"everything", NotifyEverything(), []desk.Correspondence{opened, answered, transcript, resolved, reopened}},
		{"new and reopened", Notify{Severities: NotifyAll, Opened: true}, []desk.Correspondence{opened, reopened}},
		{"correspondence", Notify{Severities: NotifyAll, Answered: true}, []desk.Correspondence{answered, transcript}},
		{"resolved", Notify{Severities: NotifyAll, Resolved: true}, []desk.Correspondence{resolved}},
		{"nothing", Notify{Severities: NotifyNone}, nil},
	} {
		c := desk.Case{Severity: desk.SeverityLow}
		for _, e := range append(never, opened, answered, transcript, resolved, reopened) {
			want := false
			for _, w := range tc.want {
				want = want || w == e
			}
			if got := tc.n.Wants(&c, e); got != want {
				t.Errorf("%s: %s %s: got %v", tc.what, e.Kind, e.What, got)
			}
		}
	}
	for _, s := range desk.Severities() {
		want := s == desk.SeverityHigh || s == desk.SeverityUrgent || s == desk.SeverityCritical
		if got := (Notify{Severities: NotifyHigh, Opened: true}).Wants(&desk.Case{Severity: s}, opened); got != want {
			t.Errorf("high: a case of severity %s: got %v", s, got)
		}
	}
}
