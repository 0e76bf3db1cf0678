package reports

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// Run tests that the stores that open returns keep this part of the contract.
// Each is empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range map[string]func(*testing.T, store.Store){
		"facts are kept, the furthest of them": factsKept,
		"facts are found by their times":       factsFound,
		"cases without facts are found":        unreckoned,
		"cases without an answer are found":    unanswered,
		"a rating is kept, changed and found":  rated,
		"who wrote in a chat took part":        tookPart,
		"what became of offers is kept":        offersKept,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func update(t *testing.T, s store.Store, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any, err error) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s: %v, (-want +got):\n%s", what, err, diff)
	}
}

func hour(n int) time.Time { return storetest.Start().Add(time.Duration(n) * time.Hour) }

// sample are facts in which no two fields are alike.
func sample() report.Facts {
	return report.Facts{
		Case: report.CaseFact{
			Case: "case-1", Number: "0000000001", Account: "111122223333", IssueType: "technical", Service: "build", Category: "other", Language: "en",
			Severity: desk.SeverityHigh, OpenedAt: hour(1), AnsweredAt: hour(2), AnsweredBy: "agent-1", Agent: "agent-2", SettledAt: hour(3),
			ResolvedAt: hour(30), Reopened: 1,
		},
		Chats: []report.ChatFact{
			{Chat: "chat-1", Agent: "agent-1", Reason: desk.EndedIdle, RequestedAt: hour(1), JoinedAt: hour(2), AnsweredAt: hour(3), EndedAt: hour(4), Handled: 90 * time.Minute, Handed: 1, Returned: 2, Theirs: 3, Ours: 4},
			{Chat: "chat-2", Agent: "agent-2", RequestedAt: hour(5), JoinedAt: hour(6), Since: hour(7)},
		},
		Seq: 12, Revision: 20,
	}
}

func save(t *testing.T, s store.Store, all ...report.Facts) {
	t.Helper()
	for _, f := range all {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveFacts(ctx, &f) })
	}
}

func factsKept(t *testing.T, s store.Store) {
	want := sample()
	behind := sample()
	behind.Case.Reopened, behind.Chats[0].Theirs, behind.Seq, behind.Revision = 0, 0, 11, 19
	save(t, s, behind, want, behind)
	got, err := s.FactsOf(t.Context(), "case-1")
	same(t, "what goes further", got, want, err)

	more := sample()
	more.Chats = more.Chats[1:]
	more.Chats[0].EndedAt, more.Chats[0].Since, more.Revision = hour(8), time.Time{}, 21
	save(t, s, more)
	want.Chats[1], want.Revision = more.Chats[0], 21
	got, err = s.FactsOf(t.Context(), "case-1")
	same(t, "with one of the chats", got, want, err)
	none, err := s.FactsOf(t.Context(), "case-9")
	same(t, "another case", none, report.Facts{}, err)
}

func factsFound(t *testing.T, s store.Store) {
	save(t, s, sample())
	for _, at := range []struct{ from, to, cases, chats, ratings int }{
		{0, 1, 0, 0, 0}, {1, 2, 1, 1, 0}, {2, 3, 0, 0, 0}, {3, 4, 1, 0, 0}, {4, 5, 0, 1, 1}, {30, 31, 1, 0, 0}, {0, 31, 1, 2, 1}, {31, 99, 0, 0, 0},
	} {
		rating := report.Rating{Chat: "chat-1", Person: "T1/alice", Case: "case-1", Score: 4, Remark: "quick", EndedAt: hour(4), GivenAt: hour(5), ChangedAt: hour(5)}
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveRating(ctx, &rating) })
		f := sample()
		var cases, chats, ratings int
		from, to := hour(at.from), hour(at.to)
		if err := s.EachCase(t.Context(), from, to, func(c *report.CaseFact) error {
			cases++
			same(t, "a case", *c, f.Case, nil)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.EachChat(t.Context(), from, to, func(k *report.ChatFact, c *report.CaseFact) error {
			chats++
			want := f.Chats[0]
			if k.Chat == "chat-2" {
				want = f.Chats[1]
			}
			same(t, "a chat", *k, want, nil)
			same(t, "its case", *c, f.Case, nil)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.EachRating(t.Context(), from, to, func(r *report.Rating, k *report.ChatFact, c *report.CaseFact) error {
			ratings++
			same(t, "a rating", *r, rating, nil)
			same(t, "its chat", *k, f.Chats[0], nil)
			same(t, "its case", *c, f.Case, nil)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if cases != at.cases || chats != at.chats || ratings != at.ratings {
			t.Errorf("from %d to %d: %d cases, %d chats, %d ratings, want %d, %d, %d", at.from, at.to, cases, chats, ratings, at.cases, at.chats, at.ratings)
		}
	}
}

func unanswered(t *testing.T, s store.Store) {
	waits := func(id desk.CaseID, opened int) report.Facts {
		return report.Facts{Case: report.CaseFact{Case: id, OpenedAt: hour(opened)}, Revision: 1}
	}
	answered, resolved := waits("case-3", 3), waits("case-4", 4)
	answered.Case.AnsweredAt, resolved.Case.ResolvedAt = hour(9), hour(9)
	save(t, s, waits("case-1", 1), waits("case-2", 2), answered, resolved)
	for _, tc := range []struct {
		from, to, limit int
		want            []desk.CaseID
	}{{0, 99, 9, []desk.CaseID{"case-2", "case-1"}}, {0, 99, 1, []desk.CaseID{"case-2"}}, {1, 2, 9, []desk.CaseID{"case-1"}}, {2, 3, 9, []desk.CaseID{"case-2"}}, {3, 99, 9, nil}} {
		all, err := s.Unanswered(t.Context(), hour(tc.from), hour(tc.to), tc.limit)
		var ids []desk.CaseID
		for _, c := range all {
			ids = append(ids, c.Case)
		}
		same(t, fmt.Sprint("unanswered, from ", tc.from, " to ", tc.to), ids, tc.want, err)
	}
	for n := range 4 { // the severity is that of the case, however old the facts
		c := storetest.AddCase(t, s, n+1)
		f := report.Facts{Case: report.CaseFact{Case: c.ID, Severity: desk.SeverityLow, OpenedAt: hour(10 + n)}, Revision: c.Revision}
		if n == 3 {
			f.Case.AnsweredAt = hour(20)
		}
		save(t, s, f)
		update(t, s, func(ctx context.Context, tx store.Tx) error {
			c, err := tx.LockCase(ctx, c.ID)
			if err != nil {
				return err
			}
			c.Severity = desk.SeverityUrgent
			return tx.SaveCase(ctx, &c)
		})
	}
	for _, tc := range []struct {
		severity      desk.Severity
		before, limit int
		want          int
	}{{desk.SeverityUrgent, 10, 9, 0}, {desk.SeverityUrgent, 11, 9, 1}, {desk.SeverityUrgent, 99, 9, 3}, {desk.SeverityUrgent, 99, 2, 2}, {desk.SeverityLow, 99, 9, 0}} {
		got, err := s.CountUnanswered(t.Context(), tc.severity, hour(tc.before), tc.limit)
		same(t, fmt.Sprint(tc.severity, " before ", tc.before), got, tc.want, err)
	}
}

func unreckoned(t *testing.T, s store.Store) {
	var ids []desk.CaseID
	for n := range 3 {
		ids = append(ids, storetest.AddCase(t, s, n+1).ID)
	}
	ask := func(since time.Time, limit int) (found []desk.CaseID) {
		t.Helper()
		changes, err := s.Unreckoned(t.Context(), since, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			found = append(found, c.Case)
		}
		return found
	}
	same(t, "all", ask(time.Time{}, 9), ids, nil)
	same(t, "the first", ask(time.Time{}, 1), ids[:1], nil)
	c, err := s.Case(t.Context(), ids[1])
	if err != nil {
		t.Fatal(err)
	}
	save(t, s, report.Facts{Case: report.CaseFact{Case: c.ID, OpenedAt: c.CreatedAt}, Seq: c.LastSeq, Revision: c.Revision})
	same(t, "but for one", ask(time.Time{}, 9), []desk.CaseID{ids[0], ids[2]}, nil)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		c, err := tx.LockCase(ctx, ids[1])
		if err != nil {
			return err
		}
		c.Touch(hour(50))
		return tx.SaveCase(ctx, &c)
	})
	same(t, "which has changed since", ask(hour(50), 9), ids[1:2], nil)
}

func rated(t *testing.T, s store.Store) {
	first := report.Rating{Chat: "chat-1", Person: "T1/alice", Case: "case-1", Score: 2, Remark: "slow", EndedAt: hour(1), GivenAt: hour(1), ChangedAt: hour(1)}
	other := report.Rating{Chat: "chat-1", Person: "T1/bob", Case: "case-1", Score: 5, EndedAt: hour(1), GivenAt: hour(2), ChangedAt: hour(2)}
	changed := first
	changed.Score, changed.Remark, changed.ChangedAt = 4, "in the end good", hour(3)
	for _, r := range []report.Rating{first, other, changed} {
		update(t, s, func(ctx context.Context, tx store.Tx) error {
			if err := tx.SaveRating(ctx, &r); err != nil {
				return err
			}
			got, err := tx.Rating(ctx, r.Chat, r.Person)
			same(t, "in the update", got, r, err)
			none, err := tx.Rating(ctx, r.Chat, "T1/carol")
			same(t, "of somebody else", none, report.Rating{}, err)
			return nil
		})
	}
	got, err := s.RatingsOf(t.Context(), "case-1")
	same(t, "of a case", got, []report.Rating{changed, other}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		n, err := tx.DropRatings(ctx, "T1/alice")
		if n == 0 {
			t.Error("nothing of Alice's was dropped")
		}
		return err
	})
	got, err = s.RatingsOf(t.Context(), "case-1")
	same(t, "without hers", got, []report.Rating{other}, err)
}

func tookPart(t *testing.T, s store.Store) {
	id := storetest.AddCase(t, s, 1).ID
	for n, e := range []desk.Correspondence{
		{Chat: "chat-1", Kind: desk.KindMessage, Author: desk.ByCustomer("T1/bob")},
		{Chat: "chat-1", Kind: desk.KindReaction, Author: desk.ByCustomer("T1/carol")},
		{Chat: "chat-2", Kind: desk.KindMessage, Author: desk.ByCustomer("T1/dave")},
		{Chat: "chat-1", Kind: desk.KindFile, Author: desk.ByCustomer("T1/eve")},
		{Chat: "chat-1", Kind: desk.KindMessage, Author: desk.Actor{Side: desk.SideAgent, ID: "agent-1"}},
	} {
		update(t, s, func(ctx context.Context, tx store.Tx) error {
			c, err := tx.LockCase(ctx, id)
			if err != nil {
				return err
			}
			c.LastSeq++
			e.Case, e.Seq, e.At, e.Origin = id, c.LastSeq, hour(n), desk.Origin(rune('a'+n))
			if err := tx.AppendLog(ctx, &e); err != nil {
				return err
			}
			return tx.SaveCase(ctx, &c)
		})
	}
	for who, want := range map[desk.PersonID]bool{"T1/bob": true, "T1/eve": true, "T1/carol": false, "T1/dave": false, "agent-1": false, "T1/nobody": false} {
		got, err := s.TookPart(t.Context(), id, "chat-1", who)
		same(t, string(who), got, want, err)
	}
}

func offersKept(t *testing.T, s store.Store) {
	save(t, s, sample())
	offers := []report.OfferFact{
		{Chat: "chat-1", Case: "case-1", Agent: "agent-1", At: hour(1), EndedAt: hour(2), End: report.OfferPassed},
		{Chat: "chat-1", Case: "case-1", Agent: "agent-2", At: hour(2), EndedAt: hour(3), End: report.OfferAccepted},
		{Chat: "chat-9", Case: "case-9", Agent: "agent-1", At: hour(2), EndedAt: hour(3), End: report.OfferLapsed},
	}
	again := offers[0]
	again.EndedAt, again.End = hour(9), report.OfferLapsed // what became of it stands
	for _, o := range append(offers, again) {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveOffer(ctx, &o) })
	}
	got, err := s.OffersOf(t.Context(), "case-1")
	same(t, "of a case", got, offers[:2], err)
	none, err := s.OffersOf(t.Context(), "case-2")
	same(t, "of another", none, []report.OfferFact(nil), err)
	for _, at := range []struct{ from, to, want int }{{0, 1, 0}, {1, 2, 1}, {1, 3, 2}, {2, 3, 1}, {3, 9, 0}} {
		n := 0
		err := s.EachOffer(t.Context(), hour(at.from), hour(at.to), func(o *report.OfferFact, k *report.ChatFact, c *report.CaseFact) error {
			n++
			same(t, "its chat", *k, sample().Chats[0], nil)
			same(t, "its case", *c, sample().Case, nil)
			return nil
		})
		if err != nil || n != at.want { // that of a chat whose facts are not known yet comes later
			t.Errorf("from %d to %d: %d, %v, want %d", at.from, at.to, n, err, at.want)
		}
	}
}
