package casework_test

import (
	"testing"
	"time"

	"caseline/internal/casework"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

func (b *bench) wants(p desk.DeletionPolicy) {
	b.t.Helper()
	b.in(func(tx store.Tx) error {
		return tx.SaveAccount(b.t.Context(), &served.Account{ID: "111122223333", Name: "Acme", Deletions: p})
	})
}

func (b *bench) deleted(of desk.Origin, at time.Time) func(store.Tx) error {
	return func(tx store.Tx) error {
		return b.Delete(b.t.Context(), tx, recording.Revision{Place: "T1/CHAT", Of: of, By: "T1/alice", At: at, Origin: of + ":deleted"})
	}
}

func (b *bench) records(m desk.Message) func(store.Tx) error {
	return func(tx store.Tx) error { return b.Record(b.t.Context(), tx, m) }
}

// Whatever the order in which they come, and however often, only the newest
// words of an edited message are left.
func TestB2_ErasedInAnyOrderOfEdits(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		b.wants(desk.EraseDeleted)
		written := b.now.Add(time.Second)
		for n, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {0, 1, 2, 1, 2, 0}, {0, 2, 2, 1, 1, 0}} {
			m := b.said(n+1, written)
			m.Text = "original"
			of := string(m.Origin[len("slack:T1:CHAT:"):])
			for _, event := range order {
				step := b.records(m)
				if event > 0 {
					step = b.edited(of, []string{"", "first", "second"}[event], written.Add(time.Duration(event)*time.Minute), string(rune('0'+event)))
				}
				b.in(step)
			}
			if got, known := b.versions(c, of); len(got) != 1 || got[0] != "second" || known {
				t.Errorf("%v: left is %q, %v", order, got, known)
			}
			b.in(b.deleted(m.Origin, written.Add(time.Hour)), b.records(m), b.edited(of, "late", written.Add(30*time.Minute), "9"))
			if got, _ := b.versions(c, of); len(got) != 0 {
				t.Errorf("%v: after the deletion left is %q", order, got)
			}
		}
	})
}

// Accounts that keep what is deleted lose nothing, and after a chat's end a
// deletion is recorded only where it takes something away.
func TestB2_WhatADeletionDoesIsTheAccounts(t *testing.T) {
	for policy, want := range map[desk.DeletionPolicy]struct {
		text string
		late int // deletions that are recorded after the end
	}{"": {"words", 0}, desk.KeepDeleted: {"words", 0}, desk.HideDeleted: {"words", 1}, desk.EraseDeleted: {"", 1}} {
		t.Run(string(policy), func(t *testing.T) {
			each(t, func(b *bench) {
				b.wants(policy)
				c := b.chatting()
				m, late := b.said(1, b.now), b.said(2, b.now)
				m.Text = "words"
				b.in(b.records(m), b.records(late), b.deleted(m.Origin, b.now.Add(time.Second)))
				for _, e := range b.entries(c) {
					if e.Origin == m.Origin && e.Text != want.text {
						t.Errorf("the record says %q, want %q", e.Text, want.text)
					}
				}
				b.later(time.Minute)
				_, _, err := b.End(t.Context(), casework.End{Target: casework.Target{Case: c.ID}, By: desk.BySystem(), Reason: desk.EndedByAgent, Origin: "end"})
				b.must(err)
				before := len(b.entries(c))
				b.in(b.deleted(late.Origin, b.now.Add(time.Minute)))
				if got := len(b.entries(c)) - before; got != want.late {
					t.Errorf("%d deletions recorded after the end, want %d", got, want.late)
				}
			})
		})
	}
}

// A file that arrives after it was erased is not kept.
func TestB2_AFileThatComesAfterItsErasure(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		b.wants(desk.EraseDeleted)
		m := b.said(1, b.now)
		m.Text, m.Files = "", []desk.NewFile{{SlackID: "F1", Name: "keys.txt", Origin: m.Origin + ":F1"}}
		b.in(b.records(m), b.deleted(m.Origin+":F1", b.now.Add(time.Minute)))
		files, err := b.store.Files(t.Context(), c.ID)
		b.must(err)
		b.must(b.FileFetched(t.Context(), casework.FetchedFile{File: files[0].ID, Name: "keys.txt", Hash: "abc", Size: 3}))
		files, err = b.store.Files(t.Context(), c.ID)
		b.must(err)
		discards, err := b.store.Discards(t.Context(), 9)
		b.must(err)
		if f := files[0]; f.State != desk.FileErased || f.Name != "" || f.Hash != "" || len(discards) != 1 {
			t.Errorf("got %+v and %v discarded", f, discards)
		}
	})
}
