package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/sought"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/terms"
)

const (
	// What a query's filters ask of a case.
	selectAdmission = `SELECT s.ordinal, x.id, x.account, x.status, x.severity, x.requester, x.chat_agent, x.created_at
	FROM search_cases s JOIN cases x ON x.id = s.case_id`

	admissionLite     = selectAdmission + ` WHERE s.ordinal IN (SELECT value FROM json_each($1)) ORDER BY s.ordinal DESC`
	admissionPostgres = selectAdmission + ` WHERE s.ordinal = ANY ($1::text::bigint[]) ORDER BY s.ordinal DESC`

	newestCases     = selectAdmission + ` WHERE s.ordinal < $1 AND s.ordinal >= $2 ORDER BY s.ordinal DESC LIMIT $3`
	newestOfAccount = selectAdmission + ` WHERE s.account = $4 AND s.ordinal < $1 AND s.ordinal >= $2 ORDER BY s.ordinal DESC LIMIT $3`
)

func scanAdmission(r commit.Row) (ordinal int64, c desk.Case, err error) {
	var createdAt int64
	err = r.Scan(&ordinal, (*string)(&c.ID), (*string)(&c.Account), (*string)(&c.Status), (*string)(&c.Severity),
		(*string)(&c.Requester), (*string)(&c.Chat.Agent), &createdAt)
	c.CreatedAt = instant(createdAt)
	return ordinal, c, err
}

// name leaves those of the cases that the query admits, and gives them their
// ids.
func (x Index) name(ctx context.Context, s commit.Session, q sought.Query, cases *[]matching) error {
	ordinals := make([]int64, len(*cases))
	for i, c := range *cases {
		ordinals[i] = c.ordinal
	}
	text, list := admissionLite, asJSON(ordinals)
	if x.Postgres {
		text, list = admissionPostgres, "{"+strings.Trim(list, "[]")+"}"
	}
	names := make(map[int64]string, len(ordinals))
	err := s.Query(ctx, commit.Op{Doing: "cases found"}, text, []any{list}, func(r commit.Row) error {
		ordinal, c, err := scanAdmission(r)
		if q.Admits(&c) {
			names[ordinal] = string(c.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	admitted := (*cases)[:0]
	for _, c := range *cases {
		if c.id = names[c.ordinal]; c.id != "" {
			admitted = append(admitted, c)
		}
	}
	*cases = admitted
	return nil
}

// list finds cases by the filters alone.
func (x Index) list(ctx context.Context, s commit.Session, q sought.Query, in stretch) (Page, error) {
	var page Page
	var last int64
	work := 0
	for limit := 4 * window; in.below > in.floor; limit = min(2*limit, most) {
		read, err := x.someCases(ctx, s, q.Accounts, in, limit)
		if err != nil {
			return Page{}, err
		}
		for _, c := range read {
			work++
			in.below = c.ordinal
			if !q.Admits(&c.c) {
				continue
			}
			if len(page.Hits) == q.Limit {
				page.Next = cursor{below: last}.String()
				return page, nil
			}
			last = c.ordinal
			page.Hits = append(page.Hits, Hit{Case: string(c.c.ID)})
		}
		if len(read) < limit {
			return page, nil
		}
		if work >= maxWork {
			page.Short, page.Next = true, cursor{below: in.below}.String()
			return page, nil
		}
	}
	return page, nil
}

// A candidate is a case of which is known what a query may ask of it.
type candidate struct {
	ordinal int64
	c       desk.Case
}

// someCases reads the newest cases of a stretch, up to limit.
func (x Index) someCases(ctx context.Context, s commit.Session, accounts []desk.AccountID, in stretch, limit int) (read []candidate, err error) {
	each := func(r commit.Row) error {
		ordinal, c, err := scanAdmission(r)
		read = append(read, candidate{ordinal, c})
		return err
	}
	what := commit.Op{Doing: "cases newest first"}
	args := []any{in.below, in.floor, int64(limit)}
	if accounts == nil {
		err := s.Query(ctx, what, newestCases, args, each)
		return read, err
	}
	for _, a := range accounts {
		if err := s.Query(ctx, what, newestOfAccount, append(args, string(a)), each); err != nil {
			return nil, err
		}
	}
	return newestOf(read, limit), nil
}

const textOfCases = `SELECT x.id, x.subject, x.description FROM cases x WHERE x.id `

// ofCases makes a hit of each case, scored by its subject and description.
func (x Index) ofCases(ctx context.Context, s commit.Session, typed terms.Query, cases []matching) ([]Hit, error) {
	at := make(map[string]int, len(cases))
	hits, ids := make([]Hit, len(cases)), make([]string, len(cases))
	for i, c := range cases {
		at[c.id], ids[i] = i, c.id
		hits[i] = Hit{Case: c.id}
	}
	err := s.Query(ctx, commit.Op{Doing: "words of cases"}, textOfCases+x.IsIn, []any{asJSON(ids)}, func(r commit.Row) error {
		var id, subject, description string
		if err := r.Scan(&id, &subject, &description); err != nil {
			return err
		}
		h := &hits[at[id]]
		h.Words = description
		// A subject says what a case is about; anywhere else a word may be there
		// in passing.
		h.own = typed.Score(description)
		h.score = 2*typed.Score(subject) + h.own
		return nil
	})
	return hits, err
}

const (
	// tasted is how many of a case's newest matching entries are read to find
	// the one that answers best.
	tasted = 3

	entriesLite = `SELECT e.case_id, e.seq, e.refers, e.kind, e.text FROM json_each($1) j
	JOIN correspondence e ON e.case_id = json_extract(j.value, '$[0]') AND e.seq = json_extract(j.value, '$[1]')`

	entriesPostgres = `SELECT e.case_id, e.seq, e.refers, e.kind, e.text FROM jsonb_array_elements($1::jsonb) j
	JOIN correspondence e ON e.case_id = j->>0 AND e.seq = (j->>1)::bigint`
)

// ofEntries lets each hit show the entry that answers best, if one does so
// better than its case itself.
func (x Index) ofEntries(ctx context.Context, s commit.Session, typed terms.Query, cases []matching, hits []Hit) error {
	at := make(map[string]int, len(cases))
	var wanted [][2]any
	for i, c := range cases {
		at[c.id] = i
		for n, seq := range c.seqs {
			if seq > 0 && n < tasted {
				wanted = append(wanted, [2]any{c.id, seq})
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	text := entriesLite
	if x.Postgres {
		text = entriesPostgres
	}
	best := make([]float64, len(hits))
	err := s.Query(ctx, commit.Op{Doing: "entries found"}, text, []any{asJSON(wanted)}, func(r commit.Row) error {
		var id, kind, words string
		var seq, refers int64
		if err := r.Scan(&id, &seq, &refers, &kind, &words); err != nil {
			return err
		}
		i := at[id]
		if desk.EntryKind(kind) == desk.KindEdit {
			seq = refers
		}
		score := typed.Score(words)
		if h := &hits[i]; score >= h.own && (score > best[i] || score == best[i] && seq > h.Seq) {
			best[i], h.Seq, h.Words = score, seq, words
		}
		return nil
	})
	for i := range hits {
		hits[i].score += max(0, best[i]-hits[i].own)
	}
	return err
}

// newestOf returns the newest of cases that came account by account.
func newestOf(cases []candidate, limit int) []candidate {
	slices.SortFunc(cases, func(a, b candidate) int { return cmp.Compare(b.ordinal, a.ordinal) })
	return cases[:min(limit, len(cases))]
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
