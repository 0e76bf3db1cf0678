package storetest

import (
	"fmt"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

func logChecks() []check {
	return []check{
		{"an entry reads as it was written", entryRoundTrip},
		{"the log is read in parts", logInParts},
		{"an origin is seen once it is there", originSeen},
		{"an origin is appended once", originOnce},
		{"an entry's changes are found", changesFound},
		{"the entry that Slack shows is found", entryShown},
		{"a chat's messages and files are counted", chatCounted},
		{"files read as they were written and change", filesKept},
	}
}

func entryRoundTrip(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := AddCase(t, s, 1).ID
	want := desk.Correspondence{
		Case: id, Seq: 2, Chat: "chat1", Kind: desk.KindEdit, What: "what", Author: Jane(), Text: "Ünïcode “text”\n\twith lines 🦉",
		Refers: 1, File: "file1", Via: "ops", At: Start().Add(123456 * time.Microsecond), RecordedAt: minute(1), Origin: "slack:T1:C1:1.000002",
	}
	update(t, s, func(tx store.Tx) error { return tx.AppendLog(ctx, &want) })
	same(t, "Entry", must(s.Entry(ctx, id, 2))(t), want)
	update(t, s, func(tx store.Tx) error {
		got, err := tx.EntryFrom(ctx, want.Origin)
		same(t, "EntryFrom", got, want)
		return err
	})
	_, err := s.Entry(ctx, id, 3)
	wantKind(t, "no such entry", err, desk.ErrNotFound)
}

// say appends messages to a case's log.
func say(t testing.TB, s store.Store, id desk.CaseID, chat desk.ChatID, texts ...string) {
	t.Helper()
	for _, text := range texts {
		tell(t, s, id, func(c *desk.Case) (desk.Correspondence, error) {
			m := desk.Message{Place: c.Place, Author: "T1:U1", Text: text, At: minute(5), Origin: desk.Origin("slack:" + string(id) + text)}
			return c.Record(desk.ChatSession{ID: chat}, m, nil, minute(5))[0], nil
		})
	}
}

func logInParts(t *testing.T, s store.Store) {
	ctx := t.Context()
	id, other := AddCase(t, s, 1).ID, AddCase(t, s, 2).ID
	say(t, s, id, "chat", "a", "b", "c")
	say(t, s, other, "chat", "x")
	var got []string
	for after := int64(0); ; {
		part := must(s.Log(ctx, id, after, 2))(t)
		if len(part) == 0 {
			break
		}
		for _, e := range part {
			got = append(got, fmt.Sprint(e.Seq, e.Text))
			after = e.Seq
		}
	}
	same(t, "log", got, []string{"1It waits and waits.", "2a", "3b", "4c"})
}

func originSeen(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := AddCase(t, s, 1).ID
	update(t, s, func(tx store.Tx) error {
		seen, err := tx.Seen(ctx, "form:1")
		if err != nil || !seen {
			t.Errorf("seen the form: got %v, %v, want true", seen, err)
		}
		seen, err = tx.Seen(ctx, "form:2")
		if err != nil || seen {
			t.Errorf("seen another: got %v, %v, want false", seen, err)
		}
		_, err = tx.EntryFrom(ctx, "form:2")
		wantKind(t, "entry from another", err, desk.ErrNotFound)
		return nil
	})
	say(t, s, id, "chat", "hello")
}

func originOnce(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := AddCase(t, s, 1).ID
	seq := int64(1)
	for _, first := range []bool{true, false} {
		update(t, s, func(tx store.Tx) error {
			if _, err := tx.LockCase(ctx, id); err != nil {
				return err
			}
			for _, want := range []bool{first, false} { // of its own write it knows too
				seq++
				e := desk.Correspondence{Case: id, Seq: seq, Kind: desk.KindMessage, Author: desk.ByCustomer("T1/U1"), Origin: "slack:1", Text: "once"}
				if added, err := tx.AppendOnce(ctx, &e); added != want || err != nil {
					t.Errorf("append entry %d: got %v, %v, want %v", seq, added, err, want)
				}
			}
			return nil // a duplicate spoils nothing
		})
	}
	if log := must(s.Log(ctx, id, 1, 9))(t); len(log) != 1 || log[0].Text != "once" {
		t.Errorf("log: got %+v, want the entry once", log)
	}
}

func changesFound(t *testing.T, s store.Store) {
	ctx := t.Context()
	id, other := AddCase(t, s, 1).ID, AddCase(t, s, 2).ID
	say(t, s, id, "chat", "a")
	for _, e := range []desk.Correspondence{
		{Case: id, Seq: 3, Kind: desk.KindEdit, Refers: 2, Text: "A", Origin: "e1"},
		{Case: id, Seq: 4, Kind: desk.KindEdit, Refers: 1, Text: "B", Origin: "e2"},
		{Case: id, Seq: 5, Kind: desk.KindMessage, Refers: 2, Text: "answers it", Origin: "m"},
		{Case: id, Seq: 6, Kind: desk.KindDeletion, Refers: 2, Origin: "d"},
		{Case: other, Seq: 2, Kind: desk.KindEdit, Refers: 1, Origin: "e3"},
	} {
		update(t, s, func(tx store.Tx) error { return tx.AppendLog(ctx, &e) })
	}
	check := func(what string, changes []desk.Correspondence, err error) {
		t.Helper()
		var seqs []int64
		for _, e := range changes {
			seqs = append(seqs, e.Seq)
		}
		same(t, what, seqs, []int64{3, 6})
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	changes, err := s.Changes(ctx, id, 2)
	check("changes", changes, err)
	update(t, s, func(tx store.Tx) error {
		changes, err := tx.Changes(ctx, id, 2)
		check("changes inside an update", changes, err)
		e, err := tx.Entry(ctx, id, 5)
		same(t, "entry inside an update", e.Text, "answers it")
		return err
	})
}

func entryShown(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := AddCase(t, s, 1).ID
	other := AddCase(t, s, 2).ID
	tell(t, s, id, func(c *desk.Case) (desk.Correspondence, error) {
		m := desk.Message{Author: "T1/U1", At: minute(6), Files: []desk.NewFile{{Name: "log.txt", Origin: "slack:T1:C1:1.1:F1"}}}
		return c.Record(desk.ChatSession{ID: "chat1"}, m, []desk.FileID{"file1"}, minute(6))[0], nil
	})
	say(t, s, id, "chat1", "an answer") // entry 3
	Enqueue(t, s, desk.Delivery{Case: id, Kind: desk.DeliverReply, Seq: 3, Lane: "lane", State: desk.DeliverySent, Receipt: "2.1 2.2", CreatedAt: minute(6)})
	landing := func(want bool) {
		t.Helper()
		update(t, s, func(tx store.Tx) error { same(t, "landing", must(tx.Landing(ctx, id))(t), want); return nil })
	}
	Enqueue(t, s, desk.Delivery{Case: id, Kind: desk.DeliverReply, Seq: 3, Lane: "later", State: desk.DeliveryPending, CreatedAt: minute(6)})
	landing(false)
	Enqueue(t, s, desk.Delivery{Case: id, Kind: desk.DeliverReply, Seq: 3, Lane: "now", State: desk.DeliveryUnknown, TriedAt: minute(6), CreatedAt: minute(6)})
	landing(true)
	for _, tt := range []struct {
		of   desk.CaseID
		from desk.Origin
		ts   string
		want int64
	}{
		{id, "slack:T1:C1:1.1", "1.1", 2}, {id, "slack:T1:C1:2.1", "2.1", 3}, {id, "slack:T1:C1:2.2", "2.2", 3},
		{id, "slack:T1:C1:2", "2", 0}, {id, "slack:T1:C1:1", "1", 0}, {other, "slack:T1:C1:2.1", "2.1", 0},
	} {
		update(t, s, func(tx store.Tx) error {
			e, err := tx.EntryShown(ctx, tt.of, tt.from, tt.ts)
			if tt.want == 0 {
				wantKind(t, "entry shown at "+tt.ts, err, desk.ErrNotFound)
				return nil
			}
			if err != nil || e.Seq != tt.want {
				t.Errorf("entry shown at %s: got %d, %v, want %d", tt.ts, e.Seq, err, tt.want)
			}
			return nil
		})
	}
}

func chatCounted(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := AddCase(t, s, 1).ID
	say(t, s, id, "chat1", "a", "b")
	say(t, s, id, "chat2", "c")
	tell(t, s, id, func(c *desk.Case) (desk.Correspondence, error) {
		m := desk.Message{Author: "T1:U1", At: minute(6), Files: []desk.NewFile{{Name: "log.txt", Origin: "file:1"}}}
		return c.Record(desk.ChatSession{ID: "chat1"}, m, []desk.FileID{"file1"}, minute(6))[0], nil
	})
	update(t, s, func(tx store.Tx) error {
		for chat, want := range map[desk.ChatID][2]int{"chat1": {2, 1}, "chat2": {1, 0}, "chat3": {0, 0}} {
			messages, files, err := tx.CountChat(ctx, id, chat)
			if got := [2]int{messages, files}; got != want || err != nil {
				t.Errorf("%s: got %v, %v, want %v", chat, got, err, want)
			}
		}
		return nil
	})
}

func filesKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := AddCase(t, s, 1).ID
	first := desk.File{ID: "f2", Case: id, Seq: 1, SlackID: "F1", Name: "log.txt", Type: "text/plain", Size: 12, State: desk.FileFetching}
	second := desk.File{ID: "f1", Case: id, Seq: 2, SlackID: "F2", Name: "shot.png", Type: "image/png", Size: 1 << 40, State: desk.FileFailed, Reason: "It is gone."}
	update(t, s, func(tx store.Tx) error {
		if err := tx.InsertFile(ctx, &second); err != nil {
			return err
		}
		return tx.InsertFile(ctx, &first)
	})
	update(t, s, func(tx store.Tx) error {
		f, err := tx.File(ctx, first.ID)
		if err != nil {
			return err
		}
		f.State, f.Hash, f.Size, f.Type = desk.FileReady, "abc", 13, "text/x-log"
		first = f
		return tx.SaveFile(ctx, &f)
	})
	same(t, "files", must(s.Files(ctx, id))(t), []desk.File{first, second})
	same(t, "file", must(s.File(ctx, first.ID))(t), first)
	_, err := s.File(ctx, "none")
	wantKind(t, "no such file", err, desk.ErrNotFound)
}
