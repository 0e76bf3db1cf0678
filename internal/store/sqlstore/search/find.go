package search

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/sought"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/terms"
)

const (
	// window is among how many cases those that answer better come first.
	window = 25
	// maxWork is how many documents or cases one search looks at.
	maxWork = 20_000
	// skew is by how much the order of cases may differ from that of their times,
	// because nodes' clocks do.
	skew = time.Hour
)

// An Index searches one of the two databases.
type Index struct {
	Postgres bool
	// IsIn tests a column against the JSON list of texts in $1.
	IsIn string
}

// A Hit is a case that was found, and the entry that answers best: Seq is 0 for
// the case itself.
type Hit struct {
	Case  string
	Seq   int64
	Words string
	score float64
	own   float64 // of that, the case's description
}

// A Page is what one search came to.
type Page struct {
	Hits  []Hit
	Next  string
	Short bool
}

// A cursor says where a page begins: in the window of the cases below a number,
// 0 for the newest, after some of its hits.
type cursor struct {
	below  int64
	skip   int
	opened bool // the last word is only the beginning of one
}

func (c cursor) String() string {
	text := fmt.Sprintf("%d.%d", c.below, c.skip)
	if c.opened {
		text += begins
	}
	return text
}

const begins = "+"

// parseCursor reads what a page gave out. Whatever else comes is the beginning.
func parseCursor(s string) cursor {
	s, opened := strings.CutSuffix(s, begins)
	below, skip, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(below, 10, 64)
	k, err2 := strconv.Atoi(skip)
	if err != nil || err2 != nil || n < 0 || n > 1<<40 || k < 0 || k > window {
		return cursor{}
	}
	return cursor{n, k, opened}
}

// Find searches. q is bounded, and names no case by its number.
func (x Index) Find(ctx context.Context, s commit.Session, q sought.Query) (Page, error) {
	typed := terms.Parse(q.Text)
	if typed.Empty() && strings.TrimSpace(q.Text) != "" {
		return Page{}, &desk.Refusal{Kind: desk.ErrInvalid, Field: "text",
			Message: "Write at least one word or number to look for. Words with a minus only leave cases out."}
	}
	at := parseCursor(q.After)
	if q.Accounts != nil && len(q.Accounts) == 0 {
		return Page{}, nil
	}
	in, err := x.between(ctx, s, q)
	if err != nil {
		return Page{}, err
	}
	if at.below > 0 {
		in.below = min(in.below, at.below)
	}
	if typed.Empty() {
		return x.list(ctx, s, q, in)
	}
	if at.opened {
		typed = typed.Opened()
	}
	cases, end, err := x.gather(ctx, s, q, x.docs(typed, q), in)
	if err == nil && len(cases) == 0 && !end.short && typed.Open && q.After == "" {
		at.opened, typed = true, typed.Opened()
		cases, end, err = x.gather(ctx, s, q, x.docs(typed, q), in)
	}
	if err != nil {
		return Page{}, err
	}
	hits, err := x.rank(ctx, s, typed, cases)
	if err != nil {
		return Page{}, err
	}
	return end.page(hits, at, q.Limit), nil
}

func (x Index) docs(typed terms.Query, q sought.Query) docs {
	if x.Postgres {
		return newPostgresDocs(matchPostgres(typed, q.Accounts), q.Notes, typed)
	}
	return liteDocs{matchLite(typed, q.Accounts, q.Notes)}
}

const (
	firstOpened = `SELECT ordinal FROM search_cases WHERE created_at >= $1 ORDER BY created_at LIMIT 1`
	lastOpened  = `SELECT ordinal FROM search_cases WHERE created_at < $1 ORDER BY created_at DESC LIMIT 1`
	endOfCases  = 1 << 40
)

// between returns the numbers of the cases that were opened in the time that is
// asked for, or a little earlier or later.
func (x Index) between(ctx context.Context, s commit.Session, q sought.Query) (stretch, error) {
	in := stretch{floor: 1, below: endOfCases}
	what := commit.Op{Doing: "cases by time"}
	if !q.From.IsZero() {
		ids, err := numbers(ctx, s, what, firstOpened, q.From.Add(-skew).UnixMicro())
		if err != nil {
			return in, err
		}
		in.floor = endOfCases
		if len(ids) > 0 {
			in.floor = ids[0]
		}
	}
	if !q.To.IsZero() {
		ids, err := numbers(ctx, s, what, lastOpened, q.To.Add(skew).UnixMicro())
		if err != nil {
			return in, err
		}
		in.below = 0
		if len(ids) > 0 {
			in.below = ids[0] + 1
		}
	}
	return in, nil
}

// A matching is a case with documents that match, newest first.
type matching struct {
	ordinal int64
	id      string
	seqs    []int64
}

// An end is where a gathering ended.
type end struct {
	top   int64 // the number above its first case
	last  int64 // the number of the last case that was looked at
	more  bool  // there are more cases
	short bool  // nobody knows, for it took too long
}

// gather collects one window of cases that the query admits.
func (x Index) gather(ctx context.Context, s commit.Session, q sought.Query, from docs, in stretch) (found []matching, e end, err error) {
	e.top = in.below
	for limit, work := 4*window, 0; in.below > in.floor; limit = min(2*limit, most) {
		ids, all, err := from.next(ctx, s, stretch{in.floor << seqBits, in.below << seqBits}, limit)
		if err != nil {
			return nil, e, err
		}
		cases := byCase(ids)
		if err := x.name(ctx, s, q, &cases); err != nil {
			return nil, e, err
		}
		found = append(found, cases...)
		if len(found) > 0 {
			e.top = found[0].ordinal + 1 // what is opened meanwhile does not move it
		}
		if len(found) > window {
			found = found[:window]
			e.more = true
		}
		switch {
		case e.more:
			e.last = found[window-1].ordinal
			return found, e, nil
		case all:
			return found, e, nil
		}
		in.below = ids[len(ids)-1] >> seqBits
		e.last = in.below
		if work += len(ids); work >= maxWork {
			e.short = true
			return found, e, nil
		}
	}
	return found, e, nil
}

// byCase puts the documents of each case together.
func byCase(ids []int64) []matching {
	var cases []matching
	for _, id := range ids {
		ordinal, seq := id>>seqBits, id&maxSeq
		if n := len(cases); n == 0 || cases[n-1].ordinal != ordinal {
			cases = append(cases, matching{ordinal: ordinal})
		}
		last := &cases[len(cases)-1]
		last.seqs = append(last.seqs, seq)
	}
	return cases
}

// page cuts the page of hits out of a window.
func (e end) page(hits []Hit, at cursor, limit int) Page {
	p := Page{Short: e.short}
	rest := hits[min(at.skip, len(hits)):]
	switch {
	case len(rest) > limit:
		p.Hits, p.Short = rest[:limit], false
		p.Next = cursor{e.top, at.skip + limit, at.opened}.String()
	case e.more || e.short:
		p.Hits, p.Next = rest, cursor{e.last, 0, at.opened}.String()
	default:
		p.Hits = rest
	}
	return p
}

// asJSON writes a list for a statement.
func asJSON[T any](items []T) string {
	text, err := json.Marshal(items)
	if err != nil {
		panic(err) // unreachable: strings and numbers always marshal
	}
	return string(text)
}

// rank finds the entry of each case that answers best, and puts the cases that
// answer better first.
func (x Index) rank(ctx context.Context, s commit.Session, typed terms.Query, cases []matching) ([]Hit, error) {
	hits, err := x.ofCases(ctx, s, typed, cases)
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	if err := x.ofEntries(ctx, s, typed, cases, hits); err != nil {
		return nil, err
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.score, a.score) })
	return hits, nil
}
