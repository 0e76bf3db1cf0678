package sqlstore_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// BenchmarkAudit reads pages of an audit of as many entries as CASELINE_BENCH_AUDIT
// says, as its page does.
func BenchmarkAudit(b *testing.B) {
	entries, err := strconv.Atoi(os.Getenv("CASELINE_BENCH_AUDIT"))
	if err != nil {
		entries = 20_000
	}
	for _, db := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", storetest.SQLiteURL}, {"postgres", storetest.PostgresURL}} {
		b.Run(db.name, func(b *testing.B) {
			s := storetest.Open(b, db.url(b))
			auditMuch(b, s, entries)
			minute := func(n int) time.Time { return storetest.Start().Add(time.Duration(n) * time.Minute) }
			for _, q := range []struct {
				name   string
				f      desk.AuditFilter
				before int64
			}{
				{"newest", desk.AuditFilter{}, 0},
				{"middle", desk.AuditFilter{}, int64(entries / 2)},
				{"who", desk.AuditFilter{By: "agent-3"}, 0},
				{"rare deed", desk.AuditFilter{What: desk.DidAddAgent}, 0},
				{"case", desk.AuditFilter{Case: "case-77"}, 0},
				{"account and deed", desk.AuditFilter{Account: "5", What: desk.DidJoin}, 0},
				{"a day long ago", desk.AuditFilter{From: minute(1440), To: minute(2880)}, 0},
				{"nobody", desk.AuditFilter{By: "nobody"}, 0},
			} {
				b.Run(q.name, func(b *testing.B) {
					for b.Loop() {
						if _, err := s.Audit(b.Context(), q.f, q.before, 51); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

func auditMuch(b *testing.B, s store.Store, n int) {
	b.Helper()
	for i := 0; i < n; i += 1000 {
		err := s.Update(b.Context(), func(tx store.Tx) error { return auditThousand(b.Context(), tx, i) })
		if err != nil {
			b.Fatal(err)
		}
	}
}

func auditThousand(ctx context.Context, tx store.Tx, from int) error {
	for i := from; i < from+1000; i++ {
		e := desk.AuditEntry{
			At: storetest.Start().Add(time.Duration(i) * time.Minute), By: desk.Actor{Side: desk.SideAgent, ID: fmt.Sprintf("agent-%d", i%50), Name: "Jane"},
			Via: desk.ViaConsole, What: []string{desk.DidJoin, desk.DidAnswer, desk.DidEnd}[i%3], Account: desk.AccountID(fmt.Sprint(i % 20)), Case: desk.CaseID(fmt.Sprintf("case-%d", i/10)),
		}
		if i%100_000 == 7 {
			e.What = desk.DidAddAgent
		}
		if err := tx.Audit(ctx, &e); err != nil {
			return err
		}
	}
	return nil
}
