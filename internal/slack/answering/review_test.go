package answering

import (
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/served"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

func TestWhatIsReviewedCanBeEdited(t *testing.T) {
	d := newDesktop(t)
	d.replies()
	d.goesOn("V1", map[string]string{view.FieldText: "it burns", view.FieldFiles: "log", view.FieldCC: "bob@example.com"})
	d.presses("V1", actionEdit)
	for _, want := range []string{`"initial_value":"it burns"`, `"initial_value":"bob@example.com"`, "Already there: log.txt"} {
		if !strings.Contains(d.words(), want) {
			t.Errorf("the form to edit lacks %s: %s", want, d.words())
		}
	}
	d.goesOn("V1", map[string]string{view.FieldText: "it smoulders", view.FieldCC: "bob@example.com"})
	if o := d.a.Submit(t.Context(), d.filledIn("V1", nil)); o.Err != nil || o.Instead != nil {
		t.Fatalf("got %+v", o)
	}
	wantStory(t, d.story(), "message outside it smoulders", "file outside log.txt")
}

func TestADraftIsSharedOnceAsItIs(t *testing.T) {
	d := newDesktop(t)
	d.replies()
	d.goesOn("V1", map[string]string{view.FieldText: "it burns"})
	review := d.shown
	for range 2 {
		d.shown = review // the second press comes before the first is answered
		d.presses("V1", actionShow)
		if w := d.words(); strings.Contains(w, "Share to channel") || !strings.Contains(w, "has been shown the draft") {
			t.Errorf("after sharing: %s", w)
		}
	}
	if len(d.shared) != 1 {
		t.Errorf("shared %q", d.shared)
	}
	for _, m := range d.shared {
		if !strings.Contains(m, "U2\\u003e shares the draft of a message on case "+string(d.c.Number)) || !strings.Contains(m, "it burns") {
			t.Errorf("shared %s", m)
		}
	}
	d.presses("V1", actionEdit)
	d.goesOn("V1", map[string]string{view.FieldText: "it smoulders"})
	d.presses("V1", actionShow)
	if len(d.shared) != 2 {
		t.Errorf("what was changed since is not shared: %q", d.shared)
	}
	wantStory(t, d.story())
}

// What goes wrong after the review brings the form back as it was filled in.
func TestWhatIsWrongAfterTheReview(t *testing.T) {
	d := newDesktop(t)
	d.replies()
	d.goesOn("V1", map[string]string{view.FieldText: "it burns"})
	in := d.filledIn("V1", nil)
	d.not = []served.Permission{served.MayReply}
	o := d.a.Submit(t.Context(), in)
	if o.Instead == nil {
		t.Fatalf("got %+v", o)
	}
	if d.shows(*o.Instead); !strings.Contains(d.words(), "This channel may not reply.") || !strings.Contains(d.words(), `"initial_value":"it burns"`) {
		t.Errorf("without the permission: %s", d.words())
	}
	d.not = nil
	other := in
	other.User = wire.Actor{ID: "U3"}
	if o = d.a.Submit(t.Context(), other); o.Instead == nil {
		t.Errorf("somebody else sent it: %+v", o)
	}
	d.now = d.now.Add(personal.DraftLife + time.Hour)
	if o = d.a.Submit(t.Context(), in); o.Instead == nil {
		t.Fatalf("got %+v", o)
	}
	if d.shows(*o.Instead); !strings.Contains(d.words(), "open for more than a day") {
		t.Errorf("after a day: %s", d.words())
	}
	wantStory(t, d.story())
}

// People for the chat are chosen beside it, and begin as those of before.
func TestL70_PeopleAreChosenForALaterChat(t *testing.T) {
	d := newDesktop(t)
	send := func(users ...string) {
		t.Helper()
		d.replies()
		d.chooses(view.ContactChat)
		in := d.filledIn("V"+users[0], map[string]string{view.FieldText: "let us talk"})
		for i, e := range in.View.State {
			if e.BlockID == view.FieldMembers {
				in.View.State[i].Value = wire.Value{SelectedUsers: users}
			}
		}
		o := d.a.Submit(t.Context(), in)
		if o.Instead == nil {
			t.Fatalf("got %+v", o)
		}
		if d.shows(*o.Instead); !strings.Contains(d.words(), "@"+users[0]) {
			t.Errorf("the review names nobody: %s", d.words())
		}
		if o = d.a.Submit(t.Context(), d.filledIn("V"+users[0], nil)); o.Err != nil || o.Instead != nil {
			t.Fatalf("got %+v", o)
		}
	}
	send("U3", "U4")
	if got := d.read().Members; !slices.Equal(got, []desk.PersonID{"T1/U3", "T1/U4"}) {
		t.Errorf("wanted are %v", got)
	}
	d.settles(desk.PlaceChannel)
	send("U4", "U5")
	if got := d.read().Members; !slices.Equal(got, []desk.PersonID{"T1/U4", "T1/U5"}) {
		t.Errorf("then wanted are %v", got)
	}
	d.settles(desk.PlaceChannel)
	d.replies()
	d.chooses(view.ContactChat)
	if w := d.words(); !strings.Contains(w, `"initial_users":["U4","U5"]`) {
		t.Errorf("those of before are not chosen: %s", w)
	}
}
