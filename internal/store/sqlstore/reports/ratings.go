package reports

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store/sqlstore/commit"
)

const (
	ratingColumns = `r.chat, r.person, r.case_id, r.score, r.remark, r.ended_at, r.given_at, r.changed_at`

	selectRating  = `SELECT ` + ratingColumns + ` FROM ratings r WHERE r.chat = $1 AND r.person = $2`
	selectRatings = `SELECT ` + ratingColumns + ` FROM ratings r WHERE r.case_id = $1 ORDER BY r.given_at, r.person`

	saveRating = `INSERT INTO ratings (chat, person, case_id, score, remark, ended_at, given_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
	ON CONFLICT (chat, person) DO UPDATE SET score = excluded.score, remark = excluded.remark, changed_at = excluded.changed_at`

	countRatings = `SELECT count(*) FROM ratings WHERE person = $1`
	dropRatings  = `DELETE FROM ratings WHERE person = $1`

	eachRating = `SELECT ` + ratingColumns + `, k.facts FROM ratings r JOIN fact_chats k ON k.chat = r.chat WHERE r.ended_at >= $1 AND r.ended_at < $2`

	tookPart = `SELECT 1 FROM correspondence WHERE case_id = $1 AND author = $2 AND side = 'customer' AND chat = $3
	AND kind IN ('message', 'file') LIMIT 1`
)

// A ratingRow is a Rating as it is stored.
type ratingRow struct {
	chat, person, id, remark     string
	score, ended, given, changed int64
}

func (r *ratingRow) fields() []any {
	return []any{&r.chat, &r.person, &r.id, &r.score, &r.remark, &r.ended, &r.given, &r.changed}
}

func (r *ratingRow) rating() report.Rating {
	return report.Rating{
		Chat: desk.ChatID(r.chat), Person: desk.PersonID(r.person), Case: desk.CaseID(r.id), Score: int(r.score), Remark: r.remark, EndedAt: instant(r.ended),
		GivenAt: instant(r.given), ChangedAt: instant(r.changed),
	}
}

// Rating returns what somebody said of a chat.
func (t Tx) Rating(ctx context.Context, chat desk.ChatID, who desk.PersonID) (r report.Rating, err error) {
	what := commit.Op{Doing: "rating of", ID: string(chat)}
	err = t.FactsTo.Query(ctx, what, selectRating, []any{string(chat), string(who)}, func(row commit.Row) error {
		var got ratingRow
		err := row.Scan(got.fields()...)
		r = got.rating()
		return err
	})
	return r, err
}

// SaveRating adds or replaces what somebody said of a chat.
func (t Tx) SaveRating(ctx context.Context, r *report.Rating) error {
	return t.FactsTo.Write(ctx, commit.Op{Doing: "save a rating of", ID: string(r.Chat)}, saveRating,
		string(r.Chat), string(r.Person), string(r.Case), int64(r.Score), r.Remark, micros(r.EndedAt), micros(r.GivenAt), micros(r.ChangedAt))
}

// DropRatings forgets what somebody said of chats, and says of how many.
func (t Tx) DropRatings(ctx context.Context, who desk.PersonID) (n int, err error) {
	what := commit.Op{Doing: "drop ratings of", ID: string(who)}
	err = t.FactsTo.Query(ctx, what, countRatings, []any{string(who)}, func(row commit.Row) error {
		var many int64
		err := row.Scan(&many)
		n = int(many)
		return err
	})
	if err != nil || n == 0 {
		return n, err
	}
	return n, t.FactsTo.Write(ctx, what, dropRatings, string(who))
}

// RatingsOf returns what people said of the chats of a case.
func (r Reads) RatingsOf(ctx context.Context, id desk.CaseID) (all []report.Rating, err error) {
	err = r.Facts.Query(ctx, commit.Op{Doing: "ratings of", ID: string(id)}, selectRatings, []any{string(id)}, func(row commit.Row) error {
		var got ratingRow
		err := row.Scan(got.fields()...)
		all = append(all, got.rating())
		return err
	})
	return all, err
}

// EachRating calls fn with the ratings of chats that ended in a time.
func (r Reads) EachRating(ctx context.Context, from, to time.Time, fn func(*report.Rating, *report.ChatFact, *report.CaseFact) error) error {
	args := []any{micros(from), micros(to)}
	return r.Facts.Query(ctx, commit.Op{Doing: "facts", ID: "of ratings"}, eachRating, args, func(row commit.Row) error {
		var said ratingRow
		var u unpacker
		if err := row.Scan(append(said.fields(), &u.rest)...); err != nil {
			return err
		}
		rating, chat := said.rating(), u.chatFact()
		of := u.caseFact()
		if u.err != nil {
			return u.err
		}
		return fn(&rating, &chat, &of)
	})
}

// TookPart reports whether somebody wrote in a chat.
func (r Reads) TookPart(ctx context.Context, id desk.CaseID, chat desk.ChatID, who desk.PersonID) (wrote bool, err error) {
	what := commit.Op{Doing: "who wrote in", ID: string(chat)}
	err = r.Facts.Query(ctx, what, tookPart, []any{string(id), string(who), string(chat)}, func(row commit.Row) error {
		wrote = true
		var one int64
		return row.Scan(&one)
	})
	return wrote, err
}
