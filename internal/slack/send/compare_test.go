package send_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/store"
)

// compare has the running chats compared, as after a stretch.
func (b *bench) compare() {
	b.t.Helper()
	b.must(b.cases.Compare(b.t.Context(), time.Minute, b.now, b.now.Add(time.Minute)))
	b.drain()
}

// What Slack never told of while a chat runs is found by comparing: messages,
// edits of old ones, and deletions; in a channel, its threads, and in a thread.
func TestB2_B8_ComparingFindsWhatNoEventTold(t *testing.T) {
	for _, thread := range []bool{false, true} {
		t.Run(fmt.Sprintf("thread=%v", thread), func(t *testing.T) {
			b := newBench(t, benchOptions{})
			var placed []func(*casework.Open)
			if thread {
				placed = append(placed, inThread)
			}
			c := b.open(placed...)
			b.drain()
			b.now = time.Now()
			b.join(c)
			b.drain()
			b.must(b.store.Update(t.Context(), func(tx store.Tx) error { return tx.SaveAgent(t.Context(), &jane) }))
			post := func(text string) *slacksim.Message {
				if thread {
					return b.root(c).Reply(b.alice, text)
				}
				return b.room(c.ID).Post(b.alice, text)
			}
			edited := b.hears(c, post("it hnags"), nil)
			deleted := b.hears(c, post("hunter2"), nil)
			post("never heard of")
			both := post("never herad of that ether")
			b.hears(c, post("newest"), nil)
			edited.Edit(b.alice, "it hangs")
			both.Edit(b.alice, "never heard of that either")
			deleted.Delete(b.alice)
			b.now = time.Now().Add(time.Minute)
			b.compare()
			want := []string{"message it hnags", "message hunter2", "message newest", "message never heard of", "edit it hangs", "deletion "}
			if diff := cmp.Diff(want, b.words(c)); diff != "" {
				t.Errorf("on the case (-want +got):\n%s", diff)
			}
			// By now no event can be on its way that has its first words.
			b.now = time.Now().Add(12 * time.Minute)
			// It was compared since; what stands on a page of a channel is looked at
			// all the same, but threads are read from there on.
			ago := time.Second
			if thread {
				ago = 10 * time.Minute
			}
			b.must(b.store.Update(t.Context(), func(tx store.Tx) error {
				locked, err := tx.LockCase(t.Context(), c.ID)
				locked.Chat.ComparedAt = b.now.Add(-ago)
				if err != nil {
					return err
				}
				return tx.SaveCase(t.Context(), &locked)
			}))
			b.compare()
			if diff := cmp.Diff(append(want, "message never heard of that either"), b.words(c)); diff != "" {
				t.Errorf("on the case later (-want +got):\n%s", diff)
			}
			b.compare()
			if got := len(b.words(c)); got != len(want)+1 {
				t.Errorf("comparing once more made %d entries of %d", got, len(want)+1)
			}
		})
	}
}

// words are what people did in a case's chats, in the order in which it was
// recorded.
func (b *bench) words(c desk.Case) (words []string) {
	b.t.Helper()
	entries, err := b.store.Log(b.t.Context(), c.ID, 0, 1000)
	b.must(err)
	for _, e := range entries {
		if e.Chat != "" && (e.Kind == desk.KindEdit || e.Kind == desk.KindMessage || e.Kind == desk.KindDeletion) {
			words = append(words, string(e.Kind)+" "+e.Text)
		}
	}
	return words
}

// Where the app may not read threads, the rest of a channel is compared all the
// same, and threads are left to events.
func TestB8_ComparingWithoutThreads(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := b.open()
	b.drain()
	b.now = time.Now()
	b.join(c)
	b.drain()
	b.must(b.store.Update(t.Context(), func(tx store.Tx) error { return tx.SaveAgent(t.Context(), &jane) }))
	b.sim.Refuse("conversations.replies", "not_allowed_token_type", slacksim.Always)
	root := b.room(c.ID).Post(b.alice, "never heard of")
	root.Reply(b.bob, "in a thread")
	b.now = time.Now().Add(time.Minute)
	b.compare()
	if diff := cmp.Diff([]string{"message never heard of"}, b.words(c)); diff != "" {
		t.Errorf("on the case (-want +got):\n%s", diff)
	}
	if b.caseNow(c.ID).Chat.ComparedAt.IsZero() {
		t.Error("the next comparison will read all of the channel again")
	}
}
