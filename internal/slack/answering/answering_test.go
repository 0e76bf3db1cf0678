package answering

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/casework"
	"caseline/internal/casework/drafts"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/sharing"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
	"caseline/internal/slacksim/blockkit"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// A desktop is the forms on a real store, with a case, and what Slack was told.
type desktop struct {
	*testing.T
	a       Answerer
	store   store.Store
	cases   *casework.Service
	c       desk.Case
	now     time.Time
	private bool
	nobody  bool // is there for a chat
	not     []served.Permission
	shown   view.View
	pushed  bool
	told    []string
	shared  map[string]string // by key
}

func newDesktop(t *testing.T) *desktop {
	d := &desktop{T: t, store: storetest.SQLite(t), private: true, shared: map[string]string{}, now: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
	now := func() time.Time { d.now = d.now.Add(time.Millisecond); return d.now }
	d.cases = casework.New(d.store, casework.Options{Now: now, ReopenWithin: desk.ReopenWithin})
	topics := &matters.Catalogue{
		IssueTypes: []matters.IssueType{{Code: "technical", Name: "Technical support"}},
		Languages:  []matters.Language{{Code: "en", Name: "English"}, {Code: "ja", Name: "Japanese", NoChat: []string{"technical"}}},
	}
	d.a = Answerer{
		Cases: d.cases, Read: d.store, Slack: d, Catalogue: func() *matters.Catalogue { return topics },
		Spot:       func(context.Context, desk.WorkspaceID, desk.ChannelID, string) (Spot, error) { return d, nil },
		Private:    func(context.Context, desk.Place) bool { return d.private },
		Where:      func(c desk.Case) view.Where { return view.Where{Channel: "C9"} },
		Reopenable: func(c desk.Case) error { return c.MayReopen(desk.ReopenWithin, d.now) },
		Foresee:    func(context.Context, desk.Case) (desk.Turn, error) { return desk.Turn{Nobody: d.nobody}, nil },
		Now:        now, Log: slog.New(slog.DiscardHandler),
		Drafts: drafts.New(d.store, now), Share: d.share,
		Members: func(w desk.WorkspaceID, chosen []string, _ string) (all []desk.PersonID) {
			for _, u := range chosen {
				all = append(all, ident.Person(w, u))
			}
			return all
		},
		Sentence: func(err error) string { return err.Error() },
	}
	d.c = d.opens("en")
	return d
}

func (d *desktop) opens(language string) desk.Case {
	d.Helper()
	c, err := d.cases.Open(d.Context(), casework.Open{
		Account: "111122223333", Workspace: "T1", Asked: "T1/C1", Requester: "T1/U1", Subject: "Build is stuck", Description: "Since ten.",
		Severity: desk.SeverityHigh, IssueType: "technical", Language: language, Origin: desk.Origin("open:" + language), CC: []string{"first@example.com"},
	})
	d.must(err)
	return c
}

func (d *desktop) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// A desktop is the spot, too.
func (d *desktop) Here() desk.Place          { return "T1/C1" }
func (d *desktop) From(desk.Case) desk.Place { return "T1/C1" }
func (d *desktop) Called(desk.Case) string   { return "ops" }
func (d *desktop) May(p served.Permission, _ desk.Case) error {
	if slices.Contains(d.not, p) {
		return &desk.Refusal{Kind: desk.ErrForbidden, Message: "This channel may not " + string(p) + "."}
	}
	return nil
}

// And it is Slack.
func (d *desktop) OpenView(_ context.Context, _ string, v any) error {
	d.shows(v.(view.View))
	return nil
}

func (d *desktop) PushView(ctx context.Context, trigger string, v any) error {
	d.pushed = true
	return d.OpenView(ctx, trigger, v)
}

func (d *desktop) PostEphemeral(_ context.Context, _ string, p api.Post) error {
	d.told = append(d.told, p.Text)
	return nil
}

// share is a sharing.Sharer's.
func (d *desktop) share(_ context.Context, key string, p api.Post) error {
	if d.shared[key] != "" {
		return sharing.ErrAlready
	}
	text, err := json.Marshal(p)
	d.must(err)
	d.shared[key] = string(text)
	return nil
}

func (d *desktop) shows(v view.View) {
	d.Helper()
	text, err := json.Marshal(v)
	d.must(err)
	if _, problems := blockkit.ParseView(text, "modal"); len(problems) > 0 {
		d.Fatalf("Slack refuses the form: %v", problems)
	}
	d.shown = v
}

// choices are what can be chosen in a field.
func (d *desktop) choices(field string) (all []string) {
	for _, b := range d.shown.Blocks {
		if b.ID == field {
			for _, o := range b.Element.Options {
				all = append(all, o.Value)
			}
		}
	}
	return all
}

func (d *desktop) words() string {
	text, err := json.Marshal(d.shown)
	d.must(err)
	return string(text)
}

// filledIn is the form that is shown with what is entered in its fields, sent.
func (d *desktop) filledIn(id string, fields map[string]string) wire.Interaction {
	v := &wire.View{ID: id, CallbackID: d.shown.CallbackID, PrivateMetadata: d.shown.PrivateMetadata}
	for _, b := range d.shown.Blocks {
		if b.Type != "input" {
			continue
		}
		value := wire.Value{Text: fields[b.ID]}
		if len(b.Element.Options) > 0 {
			chosen := b.Element.InitialOption.Value
			if fields[b.ID] != "" {
				chosen = fields[b.ID]
			}
			value = wire.Value{SelectedOption: &wire.Option{Value: chosen}}
		}
		if b.Element.Type == "file_input" && fields[b.ID] != "" {
			value = wire.Value{Files: []wire.File{{ID: "F" + fields[b.ID], Name: fields[b.ID] + ".txt", Size: 5}}}
		}
		v.State = append(v.State, wire.Entered{BlockID: b.ID, ActionID: b.Element.ActionID, Value: value})
	}
	return wire.Interaction{TeamID: "T1", User: wire.Actor{ID: "U2"}, View: v}
}

// goesOn sends the form that is shown with what is entered in its fields, and
// is shown what comes instead.
func (d *desktop) goesOn(id string, fields map[string]string) {
	d.Helper()
	o := d.a.Submit(d.Context(), d.filledIn(id, fields))
	if o.Err != nil || o.Instead == nil {
		d.Fatalf("got %+v", o)
	}
	d.shows(*o.Instead)
}

// presses presses a button in the form that is shown.
func (d *desktop) presses(id, action string) {
	d.Helper()
	in := d.filledIn(id, nil)
	in.Actions = []wire.Action{{ActionID: action, Value: wire.Value{Text: "x"}}}
	v, err := d.a.Choose(d.Context(), in)
	d.must(err)
	d.shows(v)
}

// chooses has a way to be in contact chosen in the form that is shown.
func (d *desktop) chooses(contact string) {
	d.Helper()
	in := d.filledIn("V1", map[string]string{view.FieldText: "x", view.FieldContact: contact})
	in.Actions = []wire.Action{{ActionID: view.ActionContact, Value: wire.Value{SelectedOption: &wire.Option{Value: contact}}}}
	v, err := d.a.Choose(d.Context(), in)
	d.must(err)
	d.shows(v)
}

func (d *desktop) replies()  { d.must(d.a.Reply(d.Context(), "t", d, d.read(), false)) }
func (d *desktop) reopens()  { d.must(d.a.Reopen(d.Context(), "t", d, d.read(), false)) }
func (d *desktop) resolves() { d.Helper(); d.resolved("r") }

func (d *desktop) resolved(origin desk.Origin) {
	d.Helper()
	_, _, err := d.cases.Resolve(d.Context(), casework.Resolve{Target: casework.Target{Case: d.c.ID}, By: desk.BySystem(), Origin: origin})
	d.must(err)
}

func (d *desktop) read() desk.Case {
	d.Helper()
	c, err := d.store.Case(d.Context(), d.c.ID)
	d.must(err)
	return c
}

// story is the log in short.
func (d *desktop) story() (lines []string) {
	d.Helper()
	log, err := d.store.Log(d.Context(), d.c.ID, 1, 100)
	d.must(err)
	for _, e := range log {
		lines = append(lines, strings.TrimSpace(string(e.Kind)+" "+e.What+" "+e.Text))
	}
	return lines
}

// settles gives the case a place, as the outbox does.
func (d *desktop) settles(kind desk.PlaceKind) {
	d.Helper()
	d.must(d.store.Update(d.Context(), func(tx store.Tx) error {
		c, err := tx.LockCase(d.Context(), d.c.ID)
		if err != nil {
			return err
		}
		root := map[desk.PlaceKind]string{desk.PlaceThread: "1.1"}[kind]
		c.Settle(desk.Place("T1/C9"+root), "case-1", root)
		c.Chat = desk.ChatSession{ID: "old", Case: c.ID, State: desk.ChatEnded, Place: c.Place}
		c.Touch(d.now)
		return tx.SaveCase(d.Context(), &c)
	}))
}

func wantStory(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("the log has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestB4_L78_AReplyThatIsSentTwiceIsAddedOnce(t *testing.T) {
	d := newDesktop(t)
	d.replies()
	d.goesOn("V1", map[string]string{view.FieldText: "it *burns*", view.FieldFiles: "log", view.FieldCC: "Bob@example.com, first@example.com"})
	for _, want := range []string{"it *burns*", "log.txt", "Bob@example.com", "Slack notifications", "Only you see this.", "Send message", "Edit", "Share to channel"} {
		if !strings.Contains(d.words(), want) {
			t.Errorf("the review lacks %q: %s", want, d.words())
		}
	}
	wantStory(t, d.story())
	in := d.filledIn("V1", nil)
	if o := d.a.Submit(t.Context(), in); o.Err != nil || o.Clear || o.Instead != nil {
		t.Fatalf("got %+v", o)
	}
	o := d.a.Submit(t.Context(), in)
	if o.Instead == nil {
		t.Fatalf("sent again: got %+v", o)
	}
	if d.shows(*o.Instead); !strings.Contains(d.words(), "was sent already") {
		t.Errorf("sent again: %s", d.words())
	}
	wantStory(t, d.story(), "message outside it **burns**", "file outside log.txt")
	if c := d.read(); !slices.Equal(c.CC, []string{"first@example.com", "bob@example.com"}) || c.Chat.Live() {
		t.Errorf("addresses %v, chat %s", c.CC, c.Chat.State)
	}
	if len(d.told) == 0 || !strings.Contains(d.told[0], "Your reply is on case "+string(d.c.Number)) {
		t.Errorf("told %q", d.told)
	}
}

func TestL73_AReopeningThatIsSentTwiceCountsOnce(t *testing.T) {
	d := newDesktop(t)
	d.settles(desk.PlaceChannel)
	d.resolves()
	d.reopens()
	d.chooses(view.ContactChat)
	d.goesOn("V1", map[string]string{view.FieldText: "it is back"})
	for range 2 {
		if o := d.a.Submit(t.Context(), d.filledIn("V1", nil)); o.Err != nil {
			t.Fatal(o.Err)
		}
	}
	wantStory(t, d.story(), "status resolved", "status reopened", "message outside it is back", "chat requested")
	if c := d.read(); !c.Open() || c.Chat.State != desk.ChatRequested || c.Place != "T1/C9" {
		t.Errorf("status %s, chat %s in %s", c.Status, c.Chat.State, c.Place)
	}
	if len(d.told) == 0 || !strings.Contains(d.told[0], "is open again, with your message. Support was told. An agent was asked to join") {
		t.Errorf("told %q", d.told)
	}
	if err := d.a.Reopen(t.Context(), "t", d, d.read(), false); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("an open case is opened again: %v", err)
	}
}

// What is wrong stands beside the field that it is about.
func TestL80_WhatIsWrongStandsBesideItsField(t *testing.T) {
	var many []string
	for i := range 10 {
		many = append(many, fmt.Sprintf("a%d@example.com", i))
	}
	fine := func(*desktop) {}
	tests := []struct {
		name    string
		reopens bool
		fields  map[string]string
		while   func(d *desktop) // while it is open
		field   string
		want    string
	}{
		{"nothing written", false, map[string]string{view.FieldText: "  "}, fine, view.FieldText, "Write something"},
		{"nothing written to reopen", true, map[string]string{view.FieldText: "\n"}, fine, view.FieldText, "Write something"},
		{"far too much", false, map[string]string{view.FieldText: strings.Repeat("x", desk.MaxReply+1)}, fine, view.FieldText, "40000 characters"},
		{"no address", false, map[string]string{view.FieldText: "x", view.FieldCC: "nonsense"}, fine, view.FieldCC, "“nonsense” is not an e-mail address"},
		{"too many with those that are there", true, map[string]string{view.FieldText: "x", view.FieldCC: strings.Join(many, " ")}, fine, view.FieldCC,
			"With the address that hears of the case already these are 11. A case can have 10"},
		{"a chat that is not allowed any more", false, map[string]string{view.FieldText: "x", view.FieldContact: view.ContactChat},
			func(d *desktop) { d.not = []served.Permission{served.MayChat} }, view.FieldContact, "This channel may not chat."},
		{"a thread in what is public by now", false, map[string]string{view.FieldText: "x", view.FieldContact: view.ContactChat, view.FieldPlace: "thread"},
			func(d *desktop) { d.private = false }, view.FieldPlace, "in a thread of a private channel only"},
		{"a reply that is not allowed any more", false, map[string]string{view.FieldText: "x"},
			func(d *desktop) { d.not = []served.Permission{served.MayReply} }, view.FieldText, "This channel may not reply."},
		{"a case that is resolved by now", false, map[string]string{view.FieldText: "x"}, (*desktop).resolves, view.FieldText, "Reopen it first"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesktop(t)
			if tt.reopens {
				d.resolves()
				d.reopens()
			} else {
				d.replies()
			}
			if tt.fields[view.FieldContact] != "" {
				d.chooses(tt.fields[view.FieldContact])
			}
			tt.while(d)
			before := len(d.story())
			o := d.a.Submit(t.Context(), d.filledIn("V1", tt.fields))
			r, _ := errors.AsType[*desk.Refusal](o.Err)
			if r == nil || o.Field != tt.field || !strings.Contains(r.Message, tt.want) {
				t.Errorf("got %q beside %s, want %q beside %s", o.Err, o.Field, tt.want, tt.field)
			}
			if len(d.story()) != before {
				t.Errorf("the log has %q", d.story())
			}
		})
	}
}

func TestL80_NoChatIsOfferedWhereThereIsNone(t *testing.T) {
	d := newDesktop(t)
	d.not = []served.Permission{served.MayChat}
	d.replies()
	if got := d.choices(view.FieldContact); !slices.Equal(got, []string{view.ContactCase}) || !strings.Contains(d.words(), "This channel may not chat.") {
		t.Errorf("without the permission %v is offered: %s", got, d.words())
	}
	d.not, d.c = nil, d.opens("ja")
	d.replies()
	if got := d.choices(view.FieldContact); !slices.Equal(got, []string{view.ContactCase}) || !strings.Contains(d.words(), "There is no live chat in Japanese for Technical support.") {
		t.Errorf("in a language without chat %v is offered: %s", got, d.words())
	}
	in := d.filledIn("V2", map[string]string{view.FieldText: "x", view.FieldContact: view.ContactChat})
	if o := d.a.Submit(t.Context(), in); o.Field != view.FieldContact || !errors.Is(o.Err, desk.ErrForbidden) {
		t.Errorf("a chat that is not offered was taken: %+v", o)
	}
}

func TestL69_L72_APlaceForTheChatIsChosen(t *testing.T) {
	tests := []struct {
		name    string
		had     desk.PlaceKind
		private bool
		want    []string
		says    string
	}{
		{"never had one", "", true, []string{"channel", "thread"}, ""},
		{"never had one, in a public channel", "", false, nil, "a new private channel, named after the case"},
		{"had a channel", desk.PlaceChannel, true, []string{samePlace, "thread"}, ""},
		{"had a channel, in a public channel", desk.PlaceChannel, false, nil, "where it was before"},
		{"had a thread", desk.PlaceThread, true, []string{samePlace, "channel"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesktop(t)
			d.private = tt.private
			if tt.had != "" {
				d.settles(tt.had)
			}
			d.replies()
			if got := d.choices(view.FieldPlace); got != nil {
				t.Errorf("before a chat is chosen %v is offered", got)
			}
			d.chooses(view.ContactChat)
			if got := d.choices(view.FieldPlace); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if !strings.Contains(d.words(), tt.says) {
				t.Errorf("not said: %q in %s", tt.says, d.words())
			}
			d.goesOn("V1", map[string]string{view.FieldText: "x"})
			if o := d.a.Submit(t.Context(), d.filledIn("V1", nil)); o.Err != nil || o.Instead != nil {
				t.Fatalf("got %+v", o)
			}
			c := d.read()
			kind := desk.PlaceChannel
			if tt.had != "" {
				kind = tt.had
			}
			if c.Chat.State != desk.ChatRequested || c.PlaceKind != kind || tt.had != "" && c.Place == "" {
				t.Errorf("chat %s, in a %s %q", c.Chat.State, c.PlaceKind, c.Place)
			}
			d.replies()
			if d.choices(view.FieldContact) != nil || !strings.Contains(d.words(), "A live chat is running") {
				t.Errorf("while a chat is asked for: %s", d.words())
			}
		})
	}
}

func TestAfterFourteenDaysARelatedCaseIsOffered(t *testing.T) {
	d := newDesktop(t)
	d.resolves()
	d.reopens()
	in := d.filledIn("V1", map[string]string{view.FieldText: "it is back"})
	d.now = d.now.Add(desk.ReopenWithin + time.Hour) // while the form was open
	o := d.a.Submit(t.Context(), in)
	if o.Instead == nil || o.Err != nil {
		t.Fatalf("got %+v", o)
	}
	d.shows(*o.Instead)
	if s := d.words(); !strings.Contains(s, "resolved more than 14 days ago") || !strings.Contains(s, view.ActionRelated) {
		t.Errorf("shown: %s", s)
	}
	d.not = []served.Permission{served.MayCreate}
	if o = d.a.Submit(t.Context(), in); strings.Contains(fmt.Sprint(o.Instead.Blocks), view.ActionRelated) {
		t.Error("who may open no case is offered one")
	}
	if err := d.a.Reopen(t.Context(), "t", d, d.read(), false); !errors.Is(err, desk.ErrTooLate) {
		t.Errorf("the form opens: %v", err)
	}
	wantStory(t, d.story(), "status resolved")
}

func TestAFormOnAWindowTakesItAlong(t *testing.T) {
	d := newDesktop(t)
	d.must(d.a.Reply(t.Context(), "t", d, d.c, true))
	d.goesOn("V1", map[string]string{view.FieldText: "x"})
	if o := d.a.Submit(t.Context(), d.filledIn("V1", nil)); !d.pushed || !o.Clear || o.Err != nil {
		t.Errorf("pushed is %v, got %+v", d.pushed, o)
	}
}

func TestOddFormsAreRefused(t *testing.T) {
	d := newDesktop(t)
	d.replies()
	for _, odd := range []string{"", "case-1 T1/C1", `{"c":"` + string(d.c.ID) + `","p":"T2/C1"}`, `{"c":"none","p":"T1/C1"}`} {
		in := d.filledIn("V1", map[string]string{view.FieldText: "x"})
		in.View.PrivateMetadata = odd
		if o := d.a.Submit(t.Context(), in); o.Err == nil || o.Field != view.FieldText {
			t.Errorf("%q: got %+v", odd, o)
		}
	}
}

func TestOutsideSupportHoursAFormSaysSoWhenAChatIsChosen(t *testing.T) {
	d := newDesktop(t)
	topics := *d.a.Catalogue()
	topics.Hours = []matters.Hours{{Zone: time.UTC, Open: []matters.Span{{Days: []time.Weekday{time.Friday}, From: 9 * 60, To: 17 * 60}}}} // it is Monday
	d.a.Catalogue = func() *matters.Catalogue { return &topics }
	const away = "Support is not there now"
	d.replies()
	if strings.Contains(d.words(), away) {
		t.Errorf("without a chat: %s", d.words())
	}
	d.chooses(view.ContactChat)
	if got := d.words(); !strings.Contains(got, away) || !strings.Contains(got, "You can ask for a chat all the same.") {
		t.Errorf("with a chat: %s", got)
	}
}

func TestB5_TheFormSaysThatNobodyIsHereWhenAChatIsChosen(t *testing.T) {
	d := newDesktop(t)
	d.nobody = true
	const nobody = "Nobody from Support is here at the moment."
	d.replies()
	if strings.Contains(d.words(), nobody) {
		t.Errorf("without a chat: %s", d.words())
	}
	d.chooses(view.ContactChat)
	if got := d.words(); !strings.Contains(got, nobody) {
		t.Errorf("with a chat: %s", got)
	}
}
