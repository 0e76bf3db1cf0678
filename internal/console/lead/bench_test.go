package lead

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"caseline/internal/casework/reckoning"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/report"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// year plants the facts of 100,000 cases in the year before now, each with a chat.
func year(b *testing.B, s store.Store, now time.Time) {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	const cases, batch = 100_000, 500
	for n := 0; n < cases; n += batch {
		if err := s.Update(b.Context(), func(tx store.Tx) error {
			for i := n; i < n+batch; i++ {
				at := now.Add(-time.Duration(cases-i) * (365 * 24 * time.Hour / cases)).Truncate(time.Microsecond)
				c := report.CaseFact{
					Case: desk.CaseID(fmt.Sprint("case-", i)), Number: desk.NewCaseNumber(uint64(i)), Account: desk.AccountID(fmt.Sprint(random.IntN(50))), Service: "build", Severity: desk.SeverityHigh, Language: "en",
					OpenedAt: at, AnsweredAt: at.Add(time.Hour), AnsweredBy: desk.AgentID(fmt.Sprint("agent-", random.IntN(100))), SettledAt: at.Add(5 * time.Hour), ResolvedAt: at.Add(5 * time.Hour),
				}
				k := report.ChatFact{Chat: desk.ChatID(fmt.Sprint("chat-", i)), Agent: c.AnsweredBy, RequestedAt: at, JoinedAt: at.Add(time.Minute), EndedAt: at.Add(time.Hour), Handled: 59 * time.Minute, Theirs: 5, Ours: 5}
				if err := tx.SaveFacts(b.Context(), &report.Facts{Case: c, Chats: []report.ChatFact{k}, Seq: 10, Revision: 1}); err != nil {
					return err
				}
				if i%4 > 0 {
					continue
				}
				r := report.Rating{Chat: k.Chat, Person: "T1/alice", Case: c.Case, Score: 1 + i%5, EndedAt: k.EndedAt, GivenAt: at, ChangedAt: at}
				if err := tx.SaveRating(b.Context(), &r); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReports answers the questions of the page at 100,000 cases a year.
func BenchmarkReports(b *testing.B) {
	for name, open := range map[string]func(b *testing.B) store.Store{
		"sqlite":   func(b *testing.B) store.Store { return storetest.Open(b, storetest.SQLiteURL(b)) },
		"postgres": func(b *testing.B) store.Store { return storetest.Postgres(b) },
	} {
		b.Run(name, func(b *testing.B) {
			s, now := open(b), time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
			year(b, s, now)
			l := New(Needs{Read: s.(Reader), Catalogue: func() *matters.Catalogue { return &matters.Catalogue{} }})
			for _, days := range []string{"1", "30", "365"} {
				b.Run(days+"d", func(b *testing.B) {
					for b.Loop() {
						q, err := l.question(asked{Period: days, By: "agent"}, time.UTC, now)
						if err != nil {
							b.Fatal(err)
						}
						if _, err := l.answer(b.Context(), q); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

// BenchmarkCatching has the facts follow one more entry in a case with many, as
// after a message, and look when nothing has changed.
func BenchmarkCatching(b *testing.B) {
	s := storetest.Open(b, storetest.SQLiteURL(b))
	c := storetest.AddCase(b, s, 1)
	say := func(n int) {
		if err := s.Update(b.Context(), func(tx store.Tx) error {
			c, err := tx.LockCase(b.Context(), c.ID)
			if err != nil {
				return err
			}
			for range n {
				c.LastSeq++
				c.Touch(time.Now())
				e := desk.Correspondence{Case: c.ID, Seq: c.LastSeq, Kind: desk.KindMessage, Author: desk.ByCustomer("T1/alice"), Text: "More.", At: time.Now(), Origin: desk.Origin(fmt.Sprint("o", c.LastSeq))}
				if err := tx.AppendLog(b.Context(), &e); err != nil {
					return err
				}
			}
			return tx.SaveCase(b.Context(), &c)
		}); err != nil {
			b.Fatal(err)
		}
	}
	k := reckoning.New(s, reckoning.Options{})
	catch := func() {
		if err := k.Catch(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	for range 20 {
		say(500)
	}
	catch()
	b.Run("nothing", func(b *testing.B) {
		for b.Loop() {
			catch()
		}
	})
	b.Run("one-more", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			say(1)
			b.StartTimer()
			catch()
		}
	})
}
