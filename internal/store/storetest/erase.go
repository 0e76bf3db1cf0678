package storetest

import (
	"errors"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

func erasureChecks() []check {
	return []check{
		{"an entry is erased with all that says the same", entryErased},
		{"the words that stand are not erased", standingWordsStay},
		{"events that tell of a message are blanked", eventsErased},
		{"what is discarded is listed until it is gone", discardsListed},
	}
}

// edited adds to a case a message with two edits and a reply: entries 2 to 5.
func edited(t *testing.T, s store.Store) desk.CaseID {
	t.Helper()
	id := AddCase(t, s, 1).ID
	for _, e := range []desk.Correspondence{
		{Case: id, Seq: 2, Kind: desk.KindMessage, What: desk.MarkMe, Text: "first", Origin: "m"},
		{Case: id, Seq: 3, Kind: desk.KindEdit, Refers: 2, Text: "second", Origin: "e1"},
		{Case: id, Seq: 4, Kind: desk.KindMessage, Refers: 2, Text: "answers it", Origin: "a"},
		{Case: id, Seq: 5, Kind: desk.KindEdit, Refers: 2, Text: "third", Origin: "e2"},
	} {
		update(t, s, func(tx store.Tx) error { return tx.AppendLog(t.Context(), &e) })
	}
	return id
}

func wantTexts(t *testing.T, s store.Store, id desk.CaseID, texts, marks []string) {
	t.Helper()
	var gotTexts, gotMarks []string
	for _, e := range must(s.Log(t.Context(), id, 1, 9))(t) {
		gotTexts, gotMarks = append(gotTexts, e.Text), append(gotMarks, e.What)
	}
	same(t, "words", gotTexts, texts)
	same(t, "marks", gotMarks, marks)
}

func entryErased(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := edited(t, s)
	f := desk.File{ID: "f1", Case: id, Seq: 2, SlackID: "F1", Name: "log.txt", Type: "text/plain", Size: 12, Hash: "abc", State: desk.FileReady}
	other := f
	other.ID, other.Seq, other.Hash = "f2", 4, "def"
	update(t, s, func(tx store.Tx) error {
		if err := tx.InsertFile(ctx, &f); err != nil {
			return err
		}
		return tx.InsertFile(ctx, &other)
	})
	ds := Enqueue(t, s,
		desk.Delivery{Lane: "l", Case: id, Kind: desk.DeliverNotice, Seq: 2, Content: desk.Content{Text: "first", Files: "log.txt", File: "f1"}},
		desk.Delivery{Lane: "l", Case: id, Kind: desk.DeliverNotice, Seq: 4, Content: desk.Content{Text: "answers it"}})
	for range 2 { // again changes nothing
		update(t, s, func(tx store.Tx) error { return tx.EraseEntry(ctx, id, 2, 0) })
		wantTexts(t, s, id, []string{"", "", "answers it", ""}, []string{desk.MarkMe + " " + desk.MarkErased, desk.MarkErased, "", desk.MarkErased})
	}
	f.Name, f.Type, f.Size, f.Hash, f.State = "", "", 0, "", desk.FileErased
	same(t, "files", must(s.Files(ctx, id))(t), []desk.File{f, other})
	same(t, "discards", must(s.Discards(ctx, 9))(t), []desk.Discard{{Hash: "abc"}})
	same(t, "content", must(s.Delivery(ctx, ds[0].ID))(t).Content, desk.Content{File: "f1"})
	same(t, "content of another", must(s.Delivery(ctx, ds[1].ID))(t).Content, desk.Content{Text: "answers it"})
}

func standingWordsStay(t *testing.T, s store.Store) {
	id := edited(t, s)
	update(t, s, func(tx store.Tx) error { return tx.EraseEntry(t.Context(), id, 2, 5) })
	wantTexts(t, s, id, []string{"", "", "answers it", "third"}, []string{desk.MarkMe + " " + desk.MarkErased, desk.MarkErased, "", ""})
}

func eventsErased(t *testing.T, s store.Store) {
	ctx := t.Context()
	told := func(key string, state desk.EventState, body string) desk.Event {
		e := NewEvent(key, "lane")
		e.State, e.ReceivedAt, e.Body = state, minute(5), []byte(body)
		return e
	}
	early, elsewhere := told("early", desk.EventDone, `"1.5"`), told("elsewhere", desk.EventDone, `"1.5"`)
	early.ReceivedAt, elsewhere.Lane = minute(1), "other"
	all := AddEvents(t, s, early, elsewhere, told("done", desk.EventDone, `{"ts":"1.5"}`), told("dead", desk.EventDead, `{"ts":"1.5"}`),
		told("waits", desk.EventPending, `{"ts":"1.5"}`), told("next", desk.EventPending, `{"ts":"1.5"}`), told("not it", desk.EventDone, `{"ts":"1.6"}`))
	update(t, s, func(tx store.Tx) error {
		return tx.EraseEvents(ctx, desk.EventTrace{Lane: "lane", Since: minute(2), Ts: "1.5", Event: all[4].ID})
	})
	want := map[string]bool{"done": true, "dead": true, "waits": true} // waits is being applied
	for _, e := range all {
		update(t, s, func(tx store.Tx) error { // only what waits can be read
			e.State = desk.EventDone
			return tx.SaveEvent(ctx, &e)
		})
	}
	for _, e := range all {
		update(t, s, func(tx store.Tx) error {
			e.State = desk.EventPending
			return tx.SaveEvent(ctx, &e)
		})
		update(t, s, func(tx store.Tx) error {
			got, err := tx.NextEvent(ctx, e.Lane)
			if (len(got.Body) == 0) != want[e.Key] || got.Key != e.Key {
				t.Errorf("event %s: got %s with %q, want it blank: %v", e.Key, got.Key, got.Body, want[e.Key])
			}
			got.State = desk.EventDone
			return errors.Join(err, tx.SaveEvent(ctx, &got))
		})
	}
}

func discardsListed(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := AddCase(t, s, 1).ID
	f := desk.File{ID: "f1", Case: id, Seq: 1, Hash: "abc", State: desk.FileReady}
	update(t, s, func(tx store.Tx) error {
		for _, hash := range []string{"abc", "def", "def"} {
			if err := tx.Discard(ctx, hash); err != nil {
				return err
			}
		}
		return tx.InsertFile(ctx, &f)
	})
	same(t, "discards", must(s.Discards(ctx, 9))(t), []desk.Discard{{Hash: "abc", Needed: true}, {Hash: "def"}})
	parrot, shrug := served.CustomEmoji{Name: "parrot", URL: "https://x/p.gif", Hash: "def", Type: "image/gif"}, served.CustomEmoji{Name: "shrug", URL: "alias:parrot"}
	update(t, s, func(tx store.Tx) error {
		other := parrot
		other.Hash = ""
		return errors.Join(tx.SaveCustomEmoji(ctx, "T1", &other), tx.SaveCustomEmoji(ctx, "T1", &parrot),
			tx.SaveCustomEmoji(ctx, "T1", &shrug), tx.SaveCustomEmoji(ctx, "T2", &shrug))
	})
	same(t, "emoji", must(s.CustomEmoji(ctx, "T1"))(t), []served.CustomEmoji{parrot, shrug})
	same(t, "discards that an emoji has", must(s.Discards(ctx, 9))(t), []desk.Discard{{Hash: "abc", Needed: true}, {Hash: "def", Needed: true}})
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.DropCustomEmoji(ctx, "T1", "parrot"), tx.KeepDiscarded(ctx, "def"))
	})
	same(t, "emoji left", must(s.CustomEmoji(ctx, "T1"))(t), []served.CustomEmoji{shrug})
	same(t, "discards left", must(s.Discards(ctx, 9))(t), []desk.Discard{{Hash: "abc", Needed: true}})
}
