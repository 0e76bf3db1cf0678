package sqlstore_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/sought"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"
)

// benchMessages is how many messages BenchmarkSearch searches: as many as
// CASELINE_BENCH_MESSAGES says.
func benchMessages(tb testing.TB) int {
	n, err := strconv.Atoi(os.Getenv("CASELINE_BENCH_MESSAGES"))
	if err != nil {
		n = 20_000
	}
	return max(n, perCase)
}

const perCase = 50

// BenchmarkSearch measures searches of which each kind is asked for a hundred
// words, and says what half of them took at most.
func BenchmarkSearch(b *testing.B) {
	for _, db := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", storetest.SQLiteURL}, {"postgres", storetest.PostgresURL}} {
		b.Run(db.name, func(b *testing.B) {
			s := storetest.Open(b, db.url(b))
			words := newVocabulary()
			start := time.Now()
			seedWords(b, s, words, benchMessages(b))
			b.Logf("%s: %d messages in %v", db.name, benchMessages(b), time.Since(start).Round(time.Second))
			for _, kind := range words.queries() {
				b.Run(kind.name, func(b *testing.B) { benchSearch(b, s, kind.queries) })
			}
		})
	}
}

func benchSearch(b *testing.B, s *sqlstore.Store, queries []sought.Query) {
	var took []time.Duration
	hits := 0
	for n := 0; b.Loop(); n++ {
		q := queries[n%len(queries)]
		start := time.Now()
		found, err := s.Search(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
		hits += len(found.Hits)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
	b.ReportMetric(float64(hits)/float64(len(took)), "hits/op")
}

// A vocabulary is words as frequent as those of a language: a few are in most
// messages, most in very few.
type vocabulary struct {
	words []string
	pick  *rand.Zipf
	r     *rand.Rand
}

func newVocabulary() *vocabulary {
	r := rand.New(rand.NewPCG(1, 2))
	v := &vocabulary{r: r, pick: rand.NewZipf(r, 1.1, 4, 59_999)}
	for n := range 60_000 {
		v.words = append(v.words, syllables(n))
	}
	return v
}

// syllables spells a number, so that words share beginnings as words do.
func syllables(n int) string {
	const parts = "ka lo mi re tu sha von der gra ple sti qua"
	all := strings.Fields(parts)
	var b strings.Builder
	for n += 12; n > 0; n /= len(all) {
		b.WriteString(all[n%len(all)])
	}
	return b.String()
}

func (v *vocabulary) text(words int) string {
	var b strings.Builder
	for range words {
		b.WriteString(v.words[v.pick.Uint64()])
		b.WriteByte(' ')
	}
	return b.String()
}

type kindOfQuery struct {
	name    string
	queries []sought.Query
}

func (v *vocabulary) queries() []kindOfQuery {
	make100 := func(text func() string, filter sought.Query) []sought.Query {
		var queries []sought.Query
		for range 100 {
			q := filter
			q.Text = text()
			queries = append(queries, q)
		}
		return queries
	}
	between := func(from, to int) string { return v.words[from+v.r.IntN(to-from)] }
	whole := func(from, to int) func() string { return func() string { return `"` + between(from, to) + `"` } }
	two := func() string { return `"` + between(0, 200) + `" "` + between(0, 200) + `"` }
	account := []desk.AccountID{"000000000007"}
	return []kindOfQuery{
		{"common", make100(whole(0, 20), sought.Query{})},
		{"usual", make100(whole(200, 2000), sought.Query{})},
		{"rare", make100(whole(30_000, 59_000), sought.Query{})},
		{"absent", make100(func() string { return "nowhere" }, sought.Query{})},
		{"two", make100(two, sought.Query{})},
		{"phrase", make100(func() string { return `"` + between(0, 40) + " " + between(0, 40) + `"` }, sought.Query{})},
		{"prefix", make100(func() string { return between(0, 2000)[:4] }, sought.Query{})},
		{"long prefix", make100(func() string { w := between(2000, 60_000); return w[:len(w)-1] }, sought.Query{})},
		{"without", make100(func() string { return two() + " -" + between(0, 20) }, sought.Query{})},
		{"account", make100(whole(0, 2000), sought.Query{Accounts: account})},
		{"filtered", make100(whole(0, 200), sought.Query{
			Statuses: []desk.Status{desk.StatusResolved}, Severities: []desk.Severity{desk.SeverityHigh}, Notes: true,
		})},
		{"dates", make100(whole(0, 2000), sought.Query{
			From: storetest.Start().Add(100 * time.Minute), To: storetest.Start().Add(200 * time.Minute),
		})},
		{"no words", make100(func() string { return "" }, sought.Query{Statuses: desk.OpenStatuses(), Accounts: account})},
	}
}

// seedWords fills a store with cases of fifty messages, a hundred accounts'.
func seedWords(b *testing.B, s *sqlstore.Store, v *vocabulary, messages int) {
	b.Helper()
	ctx := b.Context()
	for n := 0; n < messages/perCase; n += 10 {
		err := s.Update(ctx, func(tx store.Tx) error {
			for i := n; i < min(n+10, messages/perCase); i++ {
				if err := seedTalk(b, tx, v, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func seedTalk(b *testing.B, tx store.Tx, v *vocabulary, n int) error {
	c, first := storetest.NewCase(b, n)
	c.Account = desk.AccountID(fmt.Sprintf("%012d", n%100))
	c.CreatedAt = storetest.Start().Add(time.Duration(n) * time.Minute)
	c.Subject, c.Description = v.text(5), v.text(30)
	c.Severity = desk.Severities()[n%5]
	if n%20 != 0 {
		c.Status = desk.StatusResolved
	}
	first.Text = c.Description
	if err := tx.InsertCase(b.Context(), &c); err != nil {
		return err
	}
	if err := tx.AppendLog(b.Context(), &first); err != nil {
		return err
	}
	for i := 1; i < perCase; i++ {
		c.LastSeq++
		e := desk.Correspondence{
			Case: c.ID, Seq: c.LastSeq, Kind: desk.KindMessage, Author: desk.ByCustomer("T1:U1"), Text: v.text(15),
			At: c.CreatedAt, RecordedAt: c.CreatedAt, Origin: desk.Origin(fmt.Sprintf("bench:%d:%d", n, i)),
		}
		if err := tx.AppendLog(b.Context(), &e); err != nil {
			return err
		}
	}
	return tx.SaveCase(b.Context(), &c)
}
