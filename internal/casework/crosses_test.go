package casework_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// in runs use cases in one update.
func (b *bench) in(steps ...func(tx store.Tx) error) {
	b.t.Helper()
	b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error {
		for _, step := range steps {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (b *bench) edited(of, text string, at time.Time, second string) func(store.Tx) error {
	return func(tx store.Tx) error {
		o := desk.Origin("slack:T1:CHAT:" + of)
		return b.Edit(b.t.Context(), tx, recording.Revision{
			Place: "T1/CHAT", Of: o, By: "T1/alice", Text: text, At: at, Origin: o + ":edit:" + desk.Origin(second),
		})
	}
}

func (b *bench) entries(c desk.Case) []desk.Correspondence {
	b.t.Helper()
	entries, err := b.store.Log(b.t.Context(), c.ID, 0, 1000)
	b.must(err)
	return entries
}

// versions is what the message with the number said over time.
func (b *bench) versions(c desk.Case, n string) (texts []string, known bool) {
	b.t.Helper()
	entries := b.entries(c)
	i := slices.IndexFunc(entries, func(e desk.Correspondence) bool { return e.Origin == desk.Origin("slack:T1:CHAT:"+n) })
	if i < 0 {
		b.t.Fatal("no such message")
	}
	changes := slices.DeleteFunc(slices.Clone(entries), func(e desk.Correspondence) bool { return e.Refers != entries[i].Seq })
	versions, known := desk.Versions(entries[i], changes)
	for _, v := range versions {
		texts = append(texts, v.Text)
	}
	return texts, known
}

// Whatever the order in which a message and two edits of it arrive, the
// original is the original and the last words are the last.
func TestEditsInAnyOrder(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		written := b.now.Add(time.Second)
		first, second := written.Add(time.Minute), written.Add(2*time.Minute)
		n := 0
		for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}, {2, 0}, {2, 1, 2, 1, 0, 0}} {
			n++
			m := b.said(n, written)
			m.Text = "original"
			of := string(m.Origin[len("slack:T1:CHAT:"):])
			blank := m
			blank.Text, blank.Blank = "", true
			take := func(m desk.Message) func(store.Tx) error {
				return func(tx store.Tx) error { return b.Record(b.t.Context(), tx, m) }
			}
			for _, event := range order { // each brings along what Slack sends with it
				switch event {
				case 0:
					b.in(take(m))
				case 1:
					b.in(take(m), b.edited(of, "second words", first, "60"))
				case 2:
					b.in(take(blank), b.edited(of, "second words", first, "60"), b.edited(of, "third words", second, "120"))
				}
			}
			got, known := b.versions(c, of)
			want := []string{"original", "second words", "third words"}
			if diff := cmp.Diff(want, got); diff != "" || !known {
				t.Errorf("order %v: known %v, versions (-want +got):\n%s", order, known, diff)
			}
		}
		b.story(c.ID) // which looks for gaps
	})
}

func TestFirstWordsThatNeverArrive(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		at := b.now.Add(time.Second)
		m := b.said(1, at)
		m.Text, m.Blank = "", true
		b.in(func(tx store.Tx) error { return b.Record(b.t.Context(), tx, m) }, b.edited("1", "second words", at.Add(time.Minute), "60"))
		got, known := b.versions(c, "1")
		if diff := cmp.Diff([]string{"second words"}, got); diff != "" || known {
			t.Errorf("known %v, versions (-want +got):\n%s", known, diff)
		}
	})
}

// Slack tells the time of an edit in whole seconds.
func TestTwoEditsWithinASecond(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		at := b.now.Add(time.Second)
		b.record(b.said(1, at))
		for range 2 {
			b.in(b.edited("1", "second words", at.Add(time.Millisecond), "60"), b.edited("1", "third words", at.Add(2*time.Millisecond), "60"))
		}
		got, _ := b.versions(c, "1")
		if diff := cmp.Diff([]string{"message 1", "second words", "third words"}, got); diff != "" {
			t.Errorf("versions (-want +got):\n%s", diff)
		}
	})
}

func TestRepliesInAThreadKnowWhatTheyAnswer(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		b.must(b.Reply(b.t.Context(), casework.Reply{Case: c.ID, Agent: jane, Text: "an answer", Origin: "console:r1"}))
		at := b.now.Add(time.Second)
		b.record(b.said(1, at))
		reply := func(n int, root desk.Origin) {
			m := b.said(n, at.Add(time.Duration(n)*time.Second))
			m.Thread, m.In, m.Root = true, "T1/CHAT/1", root
			b.record(m)
		}
		reply(2, "slack:T1:CHAT:1")
		reply(3, "slack:T1:CHAT:0") // before the chat, so not recorded
		for d := (desk.Delivery{}); d.Kind != desk.DeliverReply; {
			d = b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "7.7"})
		}
		reply(4, "slack:T1:CHAT:7.7")
		var got []int64
		for _, e := range b.entries(c) {
			if e.Marked(desk.MarkThread) {
				got = append(got, e.Refers)
			}
		}
		if diff := cmp.Diff([]int64{5, 0, 4}, got); diff != "" {
			t.Errorf("answered (-want +got):\n%s", diff)
		}
	})
}

func TestReactionsAndMembersInsideTheWindow(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		at := b.now.Add(time.Second)
		b.record(b.said(1, at))
		react := func(of desk.Origin, at time.Time) func(store.Tx) error {
			return func(tx store.Tx) error {
				return b.React(b.t.Context(), tx, recording.Reaction{
					Place: "T1/CHAT", Of: of, Ts: "9.9", By: "T1/bob", Emoji: "eyes", What: desk.ReactionAdded, At: at, Origin: of + ":reaction",
				})
			}
		}
		move := func(place desk.Place, at time.Time, origin desk.Origin) func(store.Tx) error {
			return func(tx store.Tx) error {
				return b.Move(b.t.Context(), tx, recording.Member{Place: place, Who: "T1/bob", What: desk.MemberJoined, At: at, Origin: origin})
			}
		}
		for range 2 {
			b.in(react("slack:T1:CHAT:1", at), react("slack:T1:CHAT:99", at), react("slack:T1:ELSE:1", at),
				move("T1/CHAT", at, "in"), move("T1/ELSE", at, "elsewhere"), move("T1/CHAT", c.Chat.JoinedAt.Add(-time.Second), "before"))
		}
		b.later(time.Hour)
		_, _, err := b.End(b.t.Context(), casework.End{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Reason: desk.EndedByAgent, Origin: "console:end"})
		b.must(err)
		b.record(b.said(2, at)) // late, of the time of the chat
		b.in(react("slack:T1:CHAT:2", b.now.Add(time.Minute)), move("T1/CHAT", b.now.Add(time.Minute), "after"))
		b.wantStory(c.ID, "message Since ten.", "chat requested", "chat joined", "message message 1", "reaction addedeyes", "member joined",
			"chat endedagent", "transcript agent", "message message 2")
	})
}

// Two agents who press Join at the same time: one has the chat, and the other
// is told who.
func TestTwoAgentsJoinAtOnce(t *testing.T) {
	each(t, func(b *bench) {
		c := b.open("slack:view:V1")
		b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "T1/CHAT"})
		agents := []desk.Agent{jane, {ID: "agent-omar", Name: "Omar"}}
		errs := make([]error, len(agents))
		var both sync.WaitGroup
		for i, a := range agents {
			both.Go(func() {
				_, errs[i] = b.Join(b.t.Context(), casework.Join{Case: c.ID, Agent: a, Origin: desk.Origin("join:" + a.ID)})
			})
		}
		both.Wait()
		got, err := b.store.Case(b.t.Context(), c.ID)
		b.must(err)
		for i, a := range agents {
			switch first := got.Chat.Agent == a.ID; {
			case first && errs[i] != nil:
				t.Errorf("%s has the chat and was told %v", a.Name, errs[i])
			case !first && (!errors.Is(errs[i], desk.ErrConflict) || !strings.Contains(errs[i].Error(), got.Chat.AgentName+" has already joined this chat")):
				t.Errorf("%s was second and was told %v", a.Name, errs[i])
			}
		}
		b.wantStory(c.ID, "message Since ten.", "chat requested", "chat joined")
	})
}
