package send_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
)

// spoken are the agents' messages in a case's room; of numbered ones, the
// number.
func (b *bench) spoken(c desk.Case) []string {
	b.t.Helper()
	var out []string
	for _, m := range b.room(c.ID).Messages() {
		if m.Username == "Jane (Support)" || strings.Contains(m.Text, "from Support took back") {
			text := m.Text
			if number, _, long := strings.Cut(text, ") "); long && strings.HasPrefix(text, "(") {
				text = number + ")"
			}
			out = append(out, text)
		}
	}
	return out
}

// said is the entry that a reply with the origin made.
func (b *bench) said(c desk.Case, origin desk.Origin) casework.Words {
	b.t.Helper()
	log, err := b.store.Log(b.t.Context(), c.ID, 0, 1000)
	b.must(err)
	i := slices.IndexFunc(log, func(e desk.Correspondence) bool { return e.Origin == origin })
	if i < 0 {
		b.t.Fatalf("nothing came from %s", origin)
	}
	return casework.Words{Case: c.ID, Seq: log[i].Seq, Agent: jane}
}

func (b *bench) amend(w casework.Words, text string, origin desk.Origin) {
	b.t.Helper()
	w.Text, w.Origin = text, origin
	b.must(b.cases.Amend(b.t.Context(), w))
}

func (b *bench) withdraw(w casework.Words, origin desk.Origin) {
	b.t.Helper()
	w.Origin = origin
	b.must(b.cases.Withdraw(b.t.Context(), w))
}

// talking is a chat that Jane has joined.
func talking(b *bench) desk.Case {
	b.t.Helper()
	c := b.open()
	b.drain()
	b.join(c)
	b.drain()
	return c
}

var work = strings.Repeat("All work and no play. ", 180) // two messages' worth

// What agents do to their words, and what then stands in Slack.
var rewritings = []struct {
	name string
	do   func(b *bench, c desk.Case)
	want []string
}{
	{"an edit", func(b *bench, c desk.Case) {
		b.reply(c, "try tonic", "console:1")
		b.drain()
		b.amend(b.said(c, "console:1"), "try sonic", "console:1:e")
	}, []string{"try sonic"}},
	{"an edit of what is not sent yet", func(b *bench, c desk.Case) {
		b.reply(c, "try tonic", "console:1")
		b.amend(b.said(c, "console:1"), "try sonic", "console:1:e")
	}, []string{"try sonic"}},
	{"two edits", func(b *bench, c desk.Case) {
		b.reply(c, "try tonic", "console:1")
		b.amend(b.said(c, "console:1"), "try manic", "console:1:e")
		b.drain()
		b.amend(b.said(c, "console:1"), "try sonic", "console:1:f")
	}, []string{"try sonic"}},
	{"an edit that takes more messages", func(b *bench, c desk.Case) {
		b.reply(c, "short", "console:1")
		b.drain()
		b.reply(c, "written since", "console:2")
		b.amend(b.said(c, "console:1"), work, "console:1:e")
	}, []string{"(1/2)", "written since", "(edited, continued, 2/2)"}},
	{"an edit that takes fewer messages", func(b *bench, c desk.Case) {
		b.reply(c, work, "console:1")
		b.drain()
		b.reply(c, "written since", "console:2")
		b.amend(b.said(c, "console:1"), "short", "console:1:e")
	}, []string{"short", "written since"}},
	{"more, then fewer, then more", func(b *bench, c desk.Case) {
		b.reply(c, "short", "console:1")
		b.amend(b.said(c, "console:1"), work, "console:1:e")
		b.drain()
		b.amend(b.said(c, "console:1"), "short again", "console:1:f")
		b.amend(b.said(c, "console:1"), work, "console:1:g")
	}, []string{"(1/2)", "(edited, continued, 2/2)"}},
	{"a deletion", func(b *bench, c desk.Case) {
		b.reply(c, work, "console:1")
		b.reply(c, "this stays", "console:2")
		b.drain()
		b.withdraw(b.said(c, "console:1"), "console:1:d")
	}, []string{"this stays"}},
	{"a deletion of what is not sent yet, after an edit", func(b *bench, c desk.Case) {
		b.reply(c, "oops", "console:1")
		b.amend(b.said(c, "console:1"), work, "console:1:e")
		b.withdraw(b.said(c, "console:1"), "console:1:d")
	}, nil},
}

func TestAgentsChangeTheirWords(t *testing.T) {
	for _, tt := range rewritings {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			c := talking(b)
			tt.do(b, c)
			b.drain()
			if diff := cmp.Diff(tt.want, b.spoken(c)); diff != "" {
				t.Errorf("in the room (-want +got):\n%s", diff)
			}
		})
	}
}

// The same holds when each call in turn, and then every one in some disorder,
// is lost on its way or lands without an answer.
func TestAgentsChangeTheirWordsInBadWeather(t *testing.T) {
	for _, tt := range rewritings {
		for _, method := range []string{"chat.update", "chat.delete", "chat.postMessage"} {
			for _, when := range []fault.When{slacksim.Lost, slacksim.Landed} {
				t.Run(fmt.Sprint(tt.name, " ", method, " ", when), func(t *testing.T) {
					b := newBench(t, benchOptions{})
					c := talking(b)
					b.sim.Fail(method, when, slacksim.Times(2))
					tt.do(b, c)
					b.drain()
					if diff := cmp.Diff(tt.want, b.spoken(c)); diff != "" {
						t.Errorf("in the room (-want +got):\n%s", diff)
					}
				})
			}
		}
	}
}

// Where Slack keeps a message as it is, what was wrong with it is said below.
func TestWordsThatSlackWillNotChange(t *testing.T) {
	for _, code := range []string{"edit_window_closed", "cant_update_message", "message_not_found", "block_mismatch"} {
		t.Run("edit "+code, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			c := talking(b)
			b.reply(c, "try tonic", "console:1")
			b.drain()
			heal := b.sim.Refuse("chat.update", code)
			b.amend(b.said(c, "console:1"), "try *sonic*", "console:1:e")
			b.drain()
			heal()
			want := []string{"try tonic", "*Jane corrected an earlier message:* try _sonic_"}
			if diff := cmp.Diff(want, b.spoken(c)); diff != "" {
				t.Errorf("in the room (-want +got):\n%s", diff)
			}
			// From now on it is the correction that stands for the message.
			b.amend(b.said(c, "console:1"), "try ionic", "console:1:f")
			b.drain()
			if diff := cmp.Diff([]string{"try tonic", "try ionic"}, b.spoken(c)); diff != "" {
				t.Errorf("in the room, after another edit (-want +got):\n%s", diff)
			}
		})
	}
	for name, tt := range map[string]struct {
		refuse map[string]string
		want   []string
	}{
		"gone already":       {map[string]string{"chat.delete": "message_not_found"}, []string{"oops"}},
		"not ours to delete": {map[string]string{"chat.delete": "cant_delete_message"}, []string{"_This message was removed._"}},
		"not at all": {
			map[string]string{"chat.delete": "cant_delete_message", "chat.update": "edit_window_closed"},
			[]string{"oops", "Jane from Support took back an earlier message. Slack does not let us remove it."},
		},
	} {
		t.Run("deletion "+name, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			c := talking(b)
			b.reply(c, "oops", "console:1")
			b.drain()
			for method, code := range tt.refuse {
				defer b.sim.Refuse(method, code)()
			}
			b.withdraw(b.said(c, "console:1"), "console:1:d")
			b.drain()
			if diff := cmp.Diff(tt.want, b.spoken(c)); diff != "" {
				t.Errorf("in the room (-want +got):\n%s", diff)
			}
		})
	}
}

// A reply that was refused can be sent again; what of it is in Slack already
// is not.
func TestRefusedWordsAreSentAgain(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := talking(b)
	room := b.room(c.ID)
	b.reply(c, work, "console:1")
	if _, v, _ := b.step(desk.CaseLane(c.ID)); v.Kind != desk.Sent || !v.More {
		t.Fatalf("the first part: got %+v", v)
	}
	heal := b.sim.Refuse("chat.postMessage", "restricted_action")
	b.drain()
	heal()
	retry := func() {
		t.Helper()
		b.must(b.cases.RetryWords(t.Context(), b.said(c, "console:1")))
		b.must(b.cases.RetryWords(t.Context(), b.said(c, "console:1"))) // pressing twice tries once
		b.drain()
	}
	retry()
	retry() // it has arrived
	want := []string{"(1/2)", "(2/2)"}
	if diff := cmp.Diff(want, b.spoken(c)); diff != "" {
		t.Errorf("in the room (-want +got):\n%s", diff)
	}
	b.withdraw(b.said(c, "console:1"), "console:1:d")
	b.drain()
	if m := room.Find(func(m world.Message) bool { return m.Username == "Jane (Support)" }); m != nil {
		t.Errorf("deleted, but there is %q", m.Text())
	}
}

// Without the scope for names, changed words keep the name before them.
func TestChangedWordsKeepTheNameBeforeThem(t *testing.T) {
	var scopes []string
	for _, s := range slacksim.AllScopes() {
		if s != "chat:write.customize" {
			scopes = append(scopes, s)
		}
	}
	b := newBench(t, benchOptions{scopes: scopes})
	c := talking(b)
	b.reply(c, "try tonic", "console:1")
	b.drain()
	b.amend(b.said(c, "console:1"), "try sonic", "console:1:e")
	b.drain()
	got := b.transcript(b.room(c.ID))
	if last := got[len(got)-1]; last != "app: *Jane (Support):* try sonic" {
		t.Errorf("got %q", last)
	}
}
