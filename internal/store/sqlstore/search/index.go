package search

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/terms"
)

// A Doc is a document that is to be found from now on as it is here.
type Doc struct {
	Case   string
	Seq    int64  // of the entry; 0 for the case itself
	Words  string // as they were written
	Inside bool   // only agents may find it
	Gone   bool   // nobody may find it any more
	New    bool   // it was never in the index
}

const (
	seqBits = 20
	maxSeq  = 1<<seqBits - 1 // what comes after in one case is not found

	// An account's name among the words of a document. Nothing that a person
	// types has this character.
	accountMark = "§"
)

const (
	// AddCase numbers a case.
	AddCase = `INSERT INTO search_cases (case_id, account, created_at) VALUES ($1, $2, $3)`

	numberOfCase = `SELECT ordinal, account FROM search_cases WHERE case_id = $1`

	// FTS5 need not look for what a new document would replace.
	addLite = `INSERT INTO search_words (rowid, words, inside, account) VALUES ($1, $2, $3, $4)`

	putLite = `INSERT OR REPLACE INTO search_words (rowid, words, inside, account) VALUES ($1, $2, $3, $4)`

	dropLite = `DELETE FROM search_words WHERE rowid = $1`

	putPostgres = `INSERT INTO search_words (id, inside, words)
	SELECT s.ordinal * 1048576 + $2, $3, $4::text::tsvector || array_to_tsvector(ARRAY['§' || s.account])
	FROM search_cases s WHERE s.case_id = $1
	ON CONFLICT (id) DO UPDATE SET inside = excluded.inside, words = excluded.words`

	dropPostgres = `DELETE FROM search_words WHERE id = (SELECT s.ordinal * 1048576 + $2 FROM search_cases s WHERE s.case_id = $1)`
)

// PutPostgres puts one document into the index on PostgreSQL. write is the
// update's.
func PutPostgres(d Doc, write func(text string, args ...any) error) error {
	switch {
	case d.Seq > maxSeq:
		return nil
	case d.Gone:
		return write(dropPostgres, d.Case, d.Seq)
	}
	return write(putPostgres, d.Case, d.Seq, d.Inside, vector(terms.Words(d.Words)))
}

// vector is how PostgreSQL writes words with their places.
func vector(words []string) string {
	places := make(map[string][]int, len(words))
	order := make([]string, 0, len(words))
	for i, w := range words {
		if places[w] == nil {
			order = append(order, w)
		}
		places[w] = append(places[w], i+1)
	}
	var b strings.Builder
	for _, w := range order {
		b.WriteString("'" + w + "'")
		sep := byte(':')
		for _, at := range places[w] {
			b.WriteByte(sep)
			b.WriteString(strconv.Itoa(at))
			sep = ','
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// A numbered is a document with its number.
type numbered struct {
	id      int64
	account string
	doc     Doc
}

// PutLite puts the documents of a whole commit into the index on SQLite. FTS5
// gathers what it is given in the order of its numbers, and writes it out when
// one is out of order or a savepoint begins: so all of a commit come at once and
// in order, which makes them cheap.
func (n *Numbers) PutLite(ctx context.Context, s commit.Session, docs []Doc) error {
	all, err := n.number(ctx, s, docs)
	if err != nil {
		return err
	}
	for i, d := range all {
		if i+1 < len(all) && all[i+1].id == d.id {
			continue // the later one counts
		}
		what := commit.Op{Doing: "index the words of", ID: d.doc.Case}
		switch {
		case d.doc.Gone:
			err = s.Write(ctx, what, dropLite, []any{d.id}, nil)
		default:
			text := putLite
			if d.doc.New {
				text = addLite
			}
			words, inside := terms.Joined(d.doc.Words), ""
			if d.doc.Inside {
				words, inside = "", words
			}
			err = s.Write(ctx, what, text, []any{d.id, words, inside, accountMark + d.account}, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// maxNumbers bounds the numbers remembered, some hundred bytes each.
const maxNumbers = 8192

// Numbers are those of cases that a writer had to do with lately: they never
// change once they are committed. The zero Numbers remembers none. It is used by
// one goroutine.
type Numbers struct{ known map[string]ofCase }

// An ofCase is what a case has in the index.
type ofCase struct {
	number  int64
	account string
}

// Forget forgets all: something was rolled back, and its numbers will be those
// of others.
func (n *Numbers) Forget() { n.known = nil }

func (n *Numbers) of(ctx context.Context, s commit.Session, id string) (ofCase, error) {
	c, known := n.known[id]
	if known {
		return c, nil
	}
	what := commit.Op{Doing: "number of case", ID: id}
	err := s.Query(ctx, what, numberOfCase, []any{id}, func(r commit.Row) error { return r.Scan(&c.number, &c.account) })
	if err != nil || c.number == 0 {
		return c, err
	}
	if n.known == nil || len(n.known) >= maxNumbers {
		n.known = make(map[string]ofCase)
	}
	n.known[strings.Clone(id)] = c
	return c, nil
}

// number gives documents their numbers and sorts them, those with the same in
// the order in which they came.
func (n *Numbers) number(ctx context.Context, s commit.Session, docs []Doc) ([]numbered, error) {
	all := make([]numbered, 0, len(docs))
	for _, d := range docs {
		c, err := n.of(ctx, s, d.Case)
		if err != nil {
			return nil, err
		}
		if c.number > 0 && d.Seq <= maxSeq {
			all = append(all, numbered{c.number<<seqBits | d.Seq, c.account, d})
		}
	}
	slices.SortStableFunc(all, func(a, b numbered) int { return cmp.Compare(a.id, b.id) })
	return all, nil
}

// Searched is what an entry is found by after its changes and by a policy, and
// who may find it: words is empty when nobody may. seq is the entry that holds
// the words: an edit has taken the place of what it changed.
func Searched(p desk.DeletionPolicy, e desk.Correspondence, changes []desk.Correspondence) (words string, seq int64, inside bool) {
	if e.Kind != desk.KindMessage && e.Kind != desk.KindFile && e.Kind != desk.KindNote {
		return "", e.Seq, false
	}
	r := p.Read(e, changes)
	if len(r.Versions) == 0 {
		return "", e.Seq, false
	}
	latest := r.Versions[len(r.Versions)-1]
	seq = e.Seq
	for _, c := range changes {
		if c.Kind == desk.KindEdit && c.Text == latest.Text && c.At.Equal(latest.At) {
			seq = c.Seq
		}
	}
	return latest.Text, seq, e.Kind == desk.KindNote || !r.Deleted.IsZero()
}
