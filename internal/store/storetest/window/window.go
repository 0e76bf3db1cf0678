package window

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// Run tests that the stores that open returns keep this part of the contract.
// Each is empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	t.Run("the log is read backwards, without what changes its entries", func(t *testing.T) { logBefore(t, open(t)) })
	t.Run("entries, their changes, files and deliveries are found by number", func(t *testing.T) { found(t, open(t)) })
	t.Run("what tells of chats is found", func(t *testing.T) { chatLog(t, open(t)) })
}

func update(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// same compares what was read; an empty list and none are the same.
func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func seqsOf(entries []desk.Correspondence) []int64 {
	var seqs []int64
	for _, e := range entries {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

// add appends entries to the log of a case as they are.
func add(t *testing.T, s store.Store, id desk.CaseID, entries ...desk.Correspondence) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for i := range entries {
			e := entries[i]
			e.Case, e.Origin = id, desk.Origin(fmt.Sprint("add:", id, e.Seq))
			if err := tx.AppendLog(t.Context(), &e); err != nil {
				return err
			}
		}
		return nil
	})
}

func logBefore(t *testing.T, s store.Store) {
	ctx := t.Context()
	id, other := storetest.AddCase(t, s, 1).ID, storetest.AddCase(t, s, 2).ID
	add(t, s, id,
		desk.Correspondence{Seq: 2, Kind: desk.KindMessage}, desk.Correspondence{Seq: 3, Kind: desk.KindEdit, Refers: 1},
		desk.Correspondence{Seq: 4, Kind: desk.KindReaction, Refers: 2}, desk.Correspondence{Seq: 5, Kind: desk.KindFile},
		desk.Correspondence{Seq: 6, Kind: desk.KindDeletion, Refers: 5}, desk.Correspondence{Seq: 7, Kind: desk.KindMessage, Refers: 2},
	)
	add(t, s, other, desk.Correspondence{Seq: 2, Kind: desk.KindNote})
	for _, tt := range []struct {
		before int64
		limit  int
		want   []int64
	}{{8, 2, []int64{5, 7}}, {100, 9, []int64{1, 2, 5, 7}}, {7, 2, []int64{2, 5}}, {5, 9, []int64{1, 2}}, {2, 1, []int64{1}}, {1, 9, nil}} {
		got := must(s.LogBefore(ctx, id, tt.before, tt.limit))(t)
		same(t, fmt.Sprintf("%d entries before %d", tt.limit, tt.before), seqsOf(got), tt.want)
	}
	same(t, "of another case", seqsOf(must(s.LogBefore(ctx, other, 9, 9))(t)), []int64{1, 2})
}

func found(t *testing.T, s store.Store) {
	ctx := t.Context()
	id, other := storetest.AddCase(t, s, 1).ID, storetest.AddCase(t, s, 2).ID
	add(t, s, id,
		desk.Correspondence{Seq: 2, Kind: desk.KindMessage, Text: "two"}, desk.Correspondence{Seq: 3, Kind: desk.KindEdit, Refers: 2},
		desk.Correspondence{Seq: 4, Kind: desk.KindFile, File: "f4"}, desk.Correspondence{Seq: 5, Kind: desk.KindReaction, Refers: 4},
		desk.Correspondence{Seq: 6, Kind: desk.KindMessage, Refers: 2}, desk.Correspondence{Seq: 7, Kind: desk.KindDeletion, Refers: 1},
		desk.Correspondence{Seq: 8, Kind: desk.KindEdit, Refers: 2},
	)
	add(t, s, other, desk.Correspondence{Seq: 2, Kind: desk.KindMessage}, desk.Correspondence{Seq: 3, Kind: desk.KindEdit, Refers: 2})
	entries := must(s.Entries(ctx, id, []int64{6, 2, 99, 2}))(t)
	same(t, "entries", seqsOf(entries), []int64{2, 6})
	same(t, "the words of one", entries[0].Text, "two")
	same(t, "changes", seqsOf(must(s.ChangesOf(ctx, id, []int64{4, 2, 7}))(t)), []int64{3, 5, 8})
	same(t, "of the first", seqsOf(must(s.ChangesOf(ctx, id, []int64{1}))(t)), []int64{7})

	update(t, s, func(tx store.Tx) error {
		for _, f := range []desk.File{{ID: "f4", Case: id, Seq: 4}, {ID: "f6", Case: id, Seq: 6}, {ID: "g4", Case: other, Seq: 4}} {
			f.State = desk.FileReady
			if err := tx.InsertFile(ctx, &f); err != nil {
				return err
			}
		}
		return nil
	})
	files := must(s.FilesOf(ctx, id, []int64{4, 5}))(t)
	same(t, "files", files, []desk.File{{ID: "f4", Case: id, Seq: 4, State: desk.FileReady}})

	var deliveries []desk.Delivery
	for i, seq := range []int64{0, 2, 3, 2, 6, 2} {
		of := id
		if i == 5 {
			of = other
		}
		deliveries = append(deliveries, desk.Delivery{Lane: "lane", Case: of, Seq: seq, Kind: desk.DeliverNotice, State: desk.DeliveryPending, CreatedAt: storetest.Start()})
	}
	update(t, s, func(tx store.Tx) error {
		for i := range deliveries {
			if err := tx.Enqueue(ctx, &deliveries[i]); err != nil {
				return err
			}
		}
		return nil
	})
	same(t, "deliveries", must(s.Carrying(ctx, id, []int64{3, 2, 0}))(t), []desk.Delivery{deliveries[1], deliveries[3], deliveries[2]})
	for _, none := range [][]int64{nil, {}, {50}} {
		got := must(s.Entries(ctx, id, none))(t)
		changes, carried := must(s.ChangesOf(ctx, id, none))(t), must(s.Carrying(ctx, id, none))(t)
		if len(got)+len(changes)+len(carried)+len(must(s.FilesOf(ctx, id, none))(t)) > 0 {
			t.Errorf("of %v: got %v, %v, %v, want nothing", none, got, changes, carried)
		}
	}
}

func chatLog(t *testing.T, s store.Store) {
	id, other := storetest.AddCase(t, s, 1).ID, storetest.AddCase(t, s, 2).ID
	add(t, s, id,
		desk.Correspondence{Seq: 2, Kind: desk.KindChat, Chat: "a", What: "requested"}, desk.Correspondence{Seq: 3, Kind: desk.KindMessage, Chat: "a"},
		desk.Correspondence{Seq: 4, Kind: desk.KindTranscript, Chat: "a"}, desk.Correspondence{Seq: 5, Kind: desk.KindNote, Chat: "a"},
		desk.Correspondence{Seq: 6, Kind: desk.KindChat, Chat: "b", What: "requested"},
	)
	add(t, s, other, desk.Correspondence{Seq: 2, Kind: desk.KindChat, Chat: "c"})
	got := must(s.ChatLog(t.Context(), id))(t)
	same(t, "what tells of chats", seqsOf(got), []int64{2, 4, 6})
	same(t, "the second's chat", got[1].Chat, desk.ChatID("a"))
}
