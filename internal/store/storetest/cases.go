package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

func caseChecks() []check {
	return []check{
		{"a case reads as it was written", caseRoundTrip},
		{"what changes of a case is saved", caseSaved},
		{"an unknown case is not found", caseMissing},
		{"a second chat keeps the first", chatsKept},
		{"an earlier chat can still be counted", earlierChatSaved},
		{"recent and changed cases come in order", casesInOrder},
		{"the queue is by who came back, then severity, then age", queueInOrder},
		{"running chats are theirs who joined", chatsOfAgents},
		{"running chats are found in which something may be due", runningLookedFor},
		{"the last waits are known", waitsKnown},
		{"live chats are found by where they are", liveChats},
	}
}

func caseRoundTrip(t *testing.T, s store.Store) {
	ctx := t.Context()
	want := AddCase(t, s, 1)
	same(t, "Case", must(s.Case(ctx, want.ID))(t), want)
	same(t, "CaseByNumber", must(s.CaseByNumber(ctx, want.Number))(t), want)
	same(t, "CaseAt", must(s.CaseAt(ctx, want.Place))(t), want)
	update(t, s, func(tx store.Tx) error {
		got, err := tx.LockCase(ctx, want.ID)
		same(t, "LockCase", got, want)
		if err != nil {
			return err
		}
		got, err = tx.LockCaseAt(ctx, want.Place)
		same(t, "LockCaseAt", got, want)
		return err
	})
}

// changeCase locks a case, changes it and saves it.
func changeCase(t testing.TB, s store.Store, id desk.CaseID, change func(c *desk.Case)) desk.Case {
	t.Helper()
	var changed desk.Case
	update(t, s, func(tx store.Tx) error {
		c, err := tx.LockCase(t.Context(), id)
		if err != nil {
			return err
		}
		change(&c)
		changed = c
		return tx.SaveCase(t.Context(), &c)
	})
	return changed
}

func caseSaved(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := AddCase(t, s, 1).ID
	want := changeCase(t, s, id, func(c *desk.Case) {
		c.Subject, c.Severity, c.Status = "It is stuck again", desk.SeverityUrgent, desk.StatusReopened
		c.Place, c.Card, c.ChatName, c.Members = "T1/C77", "1.2", "case-1", nil
		c.PlaceKind, c.Thread, c.CC = desk.PlaceChannel, "7.8", []string{"jane@example.com"}
		c.Chat = desk.ChatSession{
			ID: "chat1", Case: id, State: desk.ChatEnded, Requester: "T1:U1", Agent: "jane", AgentName: "Jane",
			RequestedAt: Start(), JoinedAt: Start().Add(time.Minute), EndedAt: Start().Add(time.Hour),
			Reason: desk.EndedByAgent, EndedBy: Jane(), Messages: 4, Files: 2, Hinted: []desk.PersonID{"T1:U1", "T1:U2"}, ComparedAt: minute(3), ComparedBy: 7,
			Place: "T1/C77", Others: []desk.Actor{{Side: desk.SideAgent, ID: "omar", Name: "Omar"}}, LastWordAt: minute(5), PromptedAt: minute(6),
			TurnedAt: minute(4), Returns: 2, Away: true, Turn: desk.Turn{Position: 3, Usual: 4 * time.Minute, Longer: true, Nobody: true, Back: minute(9), Zone: "Europe/Berlin", ToldAt: minute(2)},
			Offer: desk.Offer{Agent: "omar", Name: "Omar", At: minute(1), Until: minute(2)}, Passed: []desk.Pass{{Agent: "lena", At: minute(1)}}, Before: "jane",
			Returned: true, Waiting: desk.ConsentShared, Tally: desk.Tally{State: desk.TallyDiffers, Slack: 7, Case: 6, Fetched: 1, Deleted: 2, Note: "One is gone."},
		}
		c.ResolvedAt, c.LastSeq, c.LastAt = Start().Add(time.Hour), 9, Start().Add(time.Second)
		c.Touch(Start().Add(2 * time.Hour))
	})
	same(t, "saved", must(s.Case(ctx, id))(t), want)
	same(t, "at the new place", must(s.CaseAt(ctx, "T1/C77"))(t), want)
	same(t, "at the old place", must(s.CaseAt(ctx, PlaceOf(1)))(t), want)
	update(t, s, func(tx store.Tx) error {
		got, err := tx.LockCaseAt(ctx, PlaceOf(1))
		same(t, "locked at the old place", got, want)
		return err
	})

	want = changeCase(t, s, id, func(c *desk.Case) {
		c.LastSeq++
		c.Chat.LastWordAt = minute(9)
		c.Touch(Start().Add(3*time.Hour + 123456*time.Microsecond))
	})
	same(t, "after one more entry", must(s.Case(ctx, id))(t), want)
}

func caseMissing(t *testing.T, s store.Store) {
	ctx := t.Context()
	_, err := s.Case(ctx, "none")
	wantKind(t, "Case", err, desk.ErrNotFound)
	_, err = s.CaseByNumber(ctx, "none")
	wantKind(t, "CaseByNumber", err, desk.ErrNotFound)
	_, err = s.CaseAt(ctx, "")
	wantKind(t, "CaseAt", err, desk.ErrNotFound)
	update(t, s, func(tx store.Tx) error {
		_, err := tx.LockCase(ctx, "none")
		wantKind(t, "LockCase", err, desk.ErrNotFound)
		_, err = tx.LockCaseAt(ctx, "none")
		wantKind(t, "LockCaseAt", err, desk.ErrNotFound)
		return nil // not finding something spoils nothing
	})
}

// tell takes one step in the life of a case, with the entry that tells it.
func tell(t testing.TB, s store.Store, id desk.CaseID, step func(c *desk.Case) (desk.Correspondence, error)) {
	t.Helper()
	ctx := t.Context()
	update(t, s, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		entry, err := step(&c)
		if err != nil {
			return err
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
}

func request(t testing.TB, s store.Store, id desk.CaseID, chat desk.ChatID, at time.Time) {
	t.Helper()
	tell(t, s, id, func(c *desk.Case) (desk.Correspondence, error) {
		e, _, err := c.Request(chat, "T1:U1", desk.Origin("request:"+chat), at)
		return e, err
	})
}

func join(t testing.TB, s store.Store, id desk.CaseID, at time.Time) {
	t.Helper()
	tell(t, s, id, func(c *desk.Case) (desk.Correspondence, error) {
		e, _, err := c.Join(Jane(), desk.Origin("join:"+c.Chat.ID), at)
		return e, err
	})
}

func end(t testing.TB, s store.Store, id desk.CaseID, at time.Time) {
	t.Helper()
	tell(t, s, id, func(c *desk.Case) (desk.Correspondence, error) {
		e, _ := c.End(Jane(), desk.EndedByAgent, desk.Origin("end:"+c.Chat.ID), at)
		return e, nil
	})
}

func minute(n int) time.Time { return Start().Add(time.Duration(n) * time.Minute) }

func chatsKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	c := AddCase(t, s, 1)
	same(t, "before the first", must(s.Chats(ctx, c.ID))(t), []desk.ChatSession(nil))
	request(t, s, c.ID, "chat1", minute(1))
	join(t, s, c.ID, minute(2))
	end(t, s, c.ID, minute(3))
	changeCase(t, s, c.ID, func(c *desk.Case) { c.Chat.LastWordAt = minute(3) })
	request(t, s, c.ID, "chat2", minute(4))
	want := []desk.ChatSession{
		{
			ID: "chat1", Case: c.ID, Place: c.Place, State: desk.ChatEnded, Requester: "T1:U1", Agent: "jane", AgentName: "Jane",
			RequestedAt: minute(1), JoinedAt: minute(2), EndedAt: minute(3),
			Reason: desk.EndedByAgent, EndedBy: Jane(), LastWordAt: minute(3),
		},
		{ID: "chat2", Case: c.ID, Place: c.Place, State: desk.ChatRequested, Requester: "T1:U1", RequestedAt: minute(4), Before: "jane"},
	}
	same(t, "chats", must(s.Chats(ctx, c.ID))(t), want)
	update(t, s, func(tx store.Tx) error {
		chats, err := tx.Chats(ctx, c.ID)
		same(t, "in an update", chats, want)
		return err
	})
}

func earlierChatSaved(t *testing.T, s store.Store) {
	ctx := t.Context()
	c := AddCase(t, s, 1)
	request(t, s, c.ID, "chat1", minute(1))
	join(t, s, c.ID, minute(2))
	end(t, s, c.ID, minute(3))
	request(t, s, c.ID, "chat2", minute(4))
	before := must(s.Chats(ctx, c.ID))(t)
	earlier := before[0]
	earlier.Messages, earlier.Files = 3, 1
	earlier.Tally = desk.Tally{State: desk.TallyWhole, Slack: 4, Case: 4, Fetched: 1}
	save := func(s desk.ChatSession) func(tx store.Tx) error {
		return func(tx store.Tx) error {
			if _, err := tx.LockCase(ctx, c.ID); err != nil {
				return err
			}
			return tx.SaveEarlierChat(ctx, &s)
		}
	}
	update(t, s, save(earlier))
	same(t, "chats", must(s.Chats(ctx, c.ID))(t), []desk.ChatSession{earlier, before[1]})
	if err := s.Update(ctx, save(before[1])); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("the latest chat as an earlier one: got %v, want a conflict", err)
	}
}

func ids(cases []desk.Case) []desk.CaseID {
	var all []desk.CaseID
	for _, c := range cases {
		all = append(all, c.ID)
	}
	return all
}

func casesInOrder(t *testing.T, s store.Store) {
	ctx := t.Context()
	var made []desk.Case
	for n := range 4 {
		made = append(made, AddCase(t, s, n))
	}
	for i, n := range []int{2, 0, 3, 1} {
		made[n] = changeCase(t, s, made[n].ID, func(c *desk.Case) { c.Touch(minute(10 + i)) })
	}
	same(t, "recent", ids(must(s.RecentCases(ctx, time.Time{}, 3))(t)), []desk.CaseID{made[1].ID, made[3].ID, made[0].ID})
	same(t, "hints of recent ones", must(s.RecentHints(ctx, 3))(t), hintsOf(must(s.RecentCases(ctx, time.Time{}, 3))(t)))
	some := must(s.Cases(ctx, []desk.CaseID{made[3].ID, "none", made[0].ID}))(t)
	slices.SortFunc(some, func(a, b desk.Case) int { return cmp.Compare(a.ID, b.ID) })
	same(t, "some", some, []desk.Case{made[0], made[3]})
	if none := must(s.Cases(ctx, nil))(t); len(none) != 0 {
		t.Errorf("none asked for: got %d cases", len(none))
	}
	same(t, "before", ids(must(s.RecentCases(ctx, minute(12), 3))(t)), []desk.CaseID{made[0].ID, made[2].ID})
	changes := must(s.ChangedCases(ctx, minute(11), 2))(t)
	same(t, "changed", changes, []store.CaseChange{
		{CaseHint: store.CaseHint{Case: made[0].ID, Seq: 1, Revision: 2}, ChangedAt: minute(11)},
		{CaseHint: store.CaseHint{Case: made[3].ID, Seq: 1, Revision: 2}, ChangedAt: minute(12)},
	})
}

// liveChats looks for chats by where they are: at a place, in threads of it,
// in a workspace. What ended is not found.
func liveChats(t *testing.T, s store.Store) {
	ctx := t.Context()
	at := []desk.Place{"T1/C1", "T1/C1/5.1", "T1/C1/5.2", "T1/C11", "T1/C2", "T1/C1/5.3"}
	var made []desk.CaseID
	for n, place := range at {
		c := changeCase(t, s, AddCase(t, s, n).ID, func(c *desk.Case) { c.Place = place })
		made = append(made, c.ID)
		request(t, s, c.ID, desk.ChatID(fmt.Sprint("chat", n)), minute(n))
	}
	join(t, s, made[1], minute(10))
	join(t, s, made[2], minute(11))
	end(t, s, made[2], minute(12))
	want := []desk.CaseID{made[0], made[1], made[5]}
	update(t, s, func(tx store.Tx) error {
		got, err := tx.LiveAt(ctx, "T1/C1")
		same(t, "in a channel and its threads", got, want)
		none, err2 := tx.LiveAt(ctx, "T1/C")
		same(t, "at no place", none, []desk.CaseID(nil))
		for since, want := range map[int][]desk.CaseID{12: {made[2]}, 13: nil} {
			ended, err := tx.EndedAt(ctx, "T1/C1", minute(since), 9)
			if err != nil {
				return err
			}
			same(t, "ended there since", ended, want)
		}
		return errors.Join(err, err2)
	})
	same(t, "in the workspace", must(s.LiveIn(ctx, "T1"))(t), []desk.CaseID{made[0], made[1], made[3], made[4], made[5]})
	same(t, "in another", must(s.LiveIn(ctx, "T2"))(t), []desk.CaseID(nil))
}
