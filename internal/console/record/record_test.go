package record_test

import (
	"fmt"
	"html/template"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"caseline/internal/console/record"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

func start() time.Time { return time.Date(2026, 3, 1, 23, 58, 0, 0, time.UTC) }

func view() record.View {
	return record.View{
		Me: "jane", Zone: time.UTC,
		HTML:  func(md string) template.HTML { return template.HTML(template.HTMLEscapeString(md)) },
		Plain: func(md string) string { return md },
		Redline: func(a, b string) (was, now template.HTML) {
			return template.HTML("-" + template.HTMLEscapeString(a)), template.HTML("+" + template.HTMLEscapeString(b))
		},
		Emoji: func(name string) template.HTML { return template.HTML(template.HTMLEscapeString(name)) },
	}
}

func said(seq int64, who desk.PersonID, after time.Duration, text string) desk.Correspondence {
	return desk.Correspondence{Seq: seq, Kind: desk.KindMessage, Author: desk.ByCustomer(who), At: start().Add(after), Text: text}
}

func TestItemsStandInTheOrderOfWriting(t *testing.T) {
	src := record.Source{Entries: []desk.Correspondence{
		said(1, "a", 0, "one"), said(2, "a", time.Minute, "two"), said(3, "b", 3*time.Minute, "next day"),
		said(4, "a", 90*time.Second, "late"), said(5, "b", 4*time.Minute, "follows"), said(6, "b", 10*time.Minute, "much later"),
	}}
	var got []string
	items := record.Items(src, view())
	for _, i := range items {
		got = append(got, fmt.Sprintf("%d %s day=%v follows=%v", i.Seq, i.Body, i.NewDay, i.Follows))
	}
	want := []string{
		"1 one day=true follows=false", // the case's description stands for itself
		"2 two day=false follows=false",
		"4 late day=false follows=true",
		"3 next day day=true follows=false",
		"5 follows day=false follows=true",
		"6 much later day=false follows=false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

func TestDeliveriesInWords(t *testing.T) {
	for name, tc := range map[string]struct {
		d           desk.Delivery
		state, text string
		settled     bool
	}{
		"new":       {desk.Delivery{State: desk.DeliveryPending}, "sending", "Sending", false},
		"limited":   {desk.Delivery{State: desk.DeliveryPending, Reason: "ratelimited"}, "waiting", "Waiting: Slack asked us to slow down", false},
		"paced":     {desk.Delivery{State: desk.DeliveryPending, Reason: desk.Paced}, "waiting", "Waiting: Slack takes only so many posts at a time", false},
		"unknown":   {desk.Delivery{State: desk.DeliveryUnknown}, "checking", "Checking whether it arrived in Slack", false},
		"sent":      {desk.Delivery{State: desk.DeliverySent}, "sent", "In Slack", true},
		"refused":   {desk.Delivery{State: desk.DeliveryRefused, Reason: "is_archived"}, "failed", "Not delivered: the chat’s channel was archived", true},
		"our words": {desk.Delivery{State: desk.DeliveryRefused, Reason: "The chat has no place."}, "failed", "Not delivered: The chat has no place", true},
		"no reason": {desk.Delivery{State: desk.DeliveryRefused}, "failed", "Not delivered: Slack did not say why", true},
		"anything":  {desk.Delivery{State: desk.DeliveryRefused, Reason: "new_error"}, "failed", "Not delivered: Slack answered “new_error”", true},
	} {
		t.Run(name, func(t *testing.T) {
			tc.d.Kind, tc.d.Seq = desk.DeliverReply, 2
			entry := desk.Correspondence{Seq: 2, Kind: desk.KindMessage, Author: desk.Actor{Side: desk.SideAgent, ID: "jane", Name: "Jane"}, At: start(), Origin: "console:tok"}
			items := record.Items(record.Source{Entries: []desk.Correspondence{entry}, Deliveries: []desk.Delivery{tc.d, {Kind: desk.DeliverNotice, Seq: 2}}}, view())
			got := items[0].Delivery
			if got == nil || got.State != tc.state || got.Text != tc.text || got.Settled != tc.settled {
				t.Errorf("got %+v, want %s %q", got, tc.state, tc.text)
			}
			if items[0].Token != "tok" || !items[0].Author.Me {
				t.Errorf("got %+v", items[0])
			}
		})
	}
}

func TestChatsInWords(t *testing.T) {
	chat := desk.ChatSession{ID: "c", Messages: 12, Files: 1}
	none := desk.ChatSession{ID: "n", Reason: desk.EndedNoPlace}
	people := map[desk.PersonID]desk.Person{"a": {ID: "a", Name: "Alice"}}
	jane := desk.Actor{Side: desk.SideAgent, Name: "Jane"}
	for what, tc := range map[string]struct {
		e    desk.Correspondence
		want string
	}{
		"requested": {desk.Correspondence{Kind: desk.KindChat, What: "requested", Chat: "c", Author: desk.ByCustomer("a")}, "Alice asked for a live chat"},
		"joined":    {desk.Correspondence{Kind: desk.KindChat, What: "joined", Chat: "c", Author: desk.Actor{Side: desk.SideAgent, Name: "Jane"}}, "Jane joined"},
		"ended":     {desk.Correspondence{Kind: desk.KindChat, What: "ended", Chat: "c", Author: desk.ByCustomer("a")}, "Ended by Alice · 12 messages and 1 file saved"},
		"cancelled": {desk.Correspondence{Kind: desk.KindChat, What: "cancelled", Chat: "c", Author: desk.ByCustomer("x")}, "Somebody in Slack cancelled the request"},
		"no place":  {desk.Correspondence{Kind: desk.KindChat, What: "cancelled", Chat: "n", Text: "no-place", Author: desk.BySystem()}, "The chat could not start: Slack did not let us make its channel"},
		"resolved":  {desk.Correspondence{Kind: desk.KindStatus, What: "resolved", Author: desk.ByCustomer("a")}, "Alice resolved the case"},
		"reopened":  {desk.Correspondence{Kind: desk.KindStatus, What: "reopened", Author: desk.ByCustomer("a")}, "Alice reopened the case"},
		"severity":  {desk.Correspondence{Kind: desk.KindStatus, What: "severity", Text: "urgent", Author: jane}, "Jane changed the severity to Urgent"},
		"second":    {desk.Correspondence{Kind: desk.KindChat, What: "second", Chat: "c", Author: jane}, "Jane joined as a second agent"},
		"left":      {desk.Correspondence{Kind: desk.KindChat, What: "left", Chat: "c", Author: jane}, "Jane left"},
		"succeeded": {desk.Correspondence{Kind: desk.KindChat, What: "left", Chat: "c", Text: "Omar", Author: jane}, "Jane left · Omar goes on with this chat"},
		"handed":    {desk.Correspondence{Kind: desk.KindChat, What: "handed", Chat: "c", Text: "Omar", Author: jane}, "Jane handed this chat over to Omar"},
		"queued":    {desk.Correspondence{Kind: desk.KindChat, What: "handed", Chat: "c", Author: jane}, "Jane handed this chat back to the queue"},
		"returned":  {desk.Correspondence{Kind: desk.KindChat, What: "returned", Chat: "c", Author: jane}, "Jane’s console lost the connection · this chat is back in the queue"},
		"again":     {desk.Correspondence{Kind: desk.KindChat, What: "joined", Chat: "c", Text: "again", Author: jane}, "Jane joined and goes on with this chat"},
		"prompted":  {desk.Correspondence{Kind: desk.KindChat, What: "prompted", Chat: "c", Author: desk.BySystem()}, "Caseline asked in Slack whether anybody is still there"},
		"idle":      {desk.Correspondence{Kind: desk.KindChat, What: "ended", Chat: "c", Text: "idle", Author: desk.BySystem()}, "Ended because nobody wrote any more · 12 messages and 1 file saved"},
		"moved":     {desk.Correspondence{Kind: desk.KindChat, What: "moved", Chat: "c", Text: "thread", Author: desk.ByCustomer("a")}, "Alice asked for it in another place: a thread"},
		"public":    {desk.Correspondence{Kind: desk.KindChat, What: "public", Chat: "c", Author: desk.ByCustomer("a")}, "Alice made the chat’s channel public: everybody in their workspace can read it now"},
		"edit":      {desk.Correspondence{Kind: desk.KindEdit, Refers: 99, Author: desk.ByCustomer("a")}, "Alice edited an earlier message"},
		"deletion":  {desk.Correspondence{Kind: desk.KindDeletion, Refers: 99, Author: desk.ByCustomer("a")}, "Alice deleted an earlier message in Slack"},
	} {
		t.Run(what, func(t *testing.T) {
			tc.e.Seq = 7
			items := record.Items(record.Source{Entries: []desk.Correspondence{tc.e}, Chats: []desk.ChatSession{chat, none}, People: people}, view())
			if got := items[0].Line; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Jane Doe": "JD", "jane": "J", "Élise van der Berg": "ÉB", "": "?", "🎉": "?", "R2-D2": "RD", " a  b ": "AB", "李小龍": "李",
	} {
		if got := record.Initials(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestSizes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 48_211: "48 kB", 2_411_870: "2.4 MB", 148_000_000: "148.0 MB", 3_000_000_000: "3.0 GB"} {
		if got := record.Size(tongue.Tongue{}, n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

// Whatever a log holds, each entry shows exactly once: as an item, or in the
// one that it changes.
func TestEveryEntryShows(t *testing.T) {
	kinds := []desk.EntryKind{desk.KindMessage, desk.KindEdit, desk.KindDeletion, desk.KindFile, desk.KindNote, desk.KindChat, desk.KindStatus, desk.KindTranscript}
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Int64Range(1, 5).Draw(t, "first")
		var src record.Source
		for i := range rapid.IntRange(0, 25).Draw(t, "entries") {
			seq := first + int64(i)
			src.Entries = append(src.Entries, desk.Correspondence{
				Seq: seq, Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Chat: desk.ChatID(rapid.SampledFrom([]string{"", "c"}).Draw(t, "chat")),
				Author: desk.ByCustomer("a"), Refers: rapid.Int64Range(0, seq).Draw(t, "refers"), Text: fmt.Sprintf("<%d>", seq),
				At: start().Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "at")) * time.Second),
			})
		}
		items := record.Items(src, view())
		shown, last := map[int64]int{}, time.Time{}
		for _, i := range items {
			shown[i.Seq]++
			if i.At.Before(last) {
				t.Fatalf("item %d stands before an earlier one", i.Seq)
			}
			last = i.At
		}
		for _, e := range src.Entries {
			change := e.Kind == desk.KindEdit || e.Kind == desk.KindDeletion
			want := 1
			if change && e.Refers >= first {
				want = 0
			}
			if shown[e.Seq] != want {
				t.Fatalf("entry %d (%s) shows %d times, want %d", e.Seq, e.Kind, shown[e.Seq], want)
			}
			if e.Kind == desk.KindEdit && want == 0 && src.Entries[e.Refers-first].Kind == desk.KindMessage {
				if !revised(items, e) {
					t.Fatalf("edit %d shows nowhere", e.Seq)
				}
			}
		}
	})
}

func revised(items []record.Item, e desk.Correspondence) bool {
	for _, i := range items {
		if i.Seq != e.Refers {
			continue
		}
		for _, r := range i.Revisions {
			if strings.Contains(string(r.Body), template.HTMLEscapeString(e.Text)) {
				return true
			}
		}
	}
	return false
}
