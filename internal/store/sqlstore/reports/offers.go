package reports

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store/sqlstore/commit"
)

const (
	offerColumns = `o.chat, o.case_id, o.agent, o.at, o.ended_at, o.ended`

	saveOffer = `INSERT INTO offers (chat, case_id, agent, at, ended_at, ended) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`
	offersOf  = `SELECT ` + offerColumns + ` FROM offers o WHERE o.case_id = $1 ORDER BY o.at, o.ended_at, o.agent`
	eachOffer = `SELECT ` + offerColumns + `, k.facts FROM offers o JOIN fact_chats k ON k.chat = o.chat WHERE o.at >= $1 AND o.at < $2`
)

// An offerRow is an OfferFact as it is stored.
type offerRow struct {
	chat, id, agent, end string
	at, ended            int64
}

func (r *offerRow) fields() []any { return []any{&r.chat, &r.id, &r.agent, &r.at, &r.ended, &r.end} }

func (r *offerRow) fact() report.OfferFact {
	return report.OfferFact{
		Chat: desk.ChatID(r.chat), Case: desk.CaseID(r.id), Agent: desk.AgentID(r.agent), At: instant(r.at), EndedAt: instant(r.ended), End: report.OfferEnd(r.end),
	}
}

// SaveOffer keeps what became of an offer.
func (t Tx) SaveOffer(ctx context.Context, o *report.OfferFact) error {
	return t.FactsTo.Write(ctx, commit.Op{Doing: "save an offer of", ID: string(o.Chat)}, saveOffer,
		string(o.Chat), string(o.Case), string(o.Agent), micros(o.At), micros(o.EndedAt), string(o.End))
}

// OffersOf returns the offers of a case's chats that have ended.
func (r Reads) OffersOf(ctx context.Context, id desk.CaseID) (all []report.OfferFact, err error) {
	err = r.Facts.Query(ctx, commit.Op{Doing: "offers of", ID: string(id)}, offersOf, []any{string(id)}, func(row commit.Row) error {
		var got offerRow
		err := row.Scan(got.fields()...)
		all = append(all, got.fact())
		return err
	})
	return all, err
}

// EachOffer calls fn with the offers that were made in a time and have ended.
func (r Reads) EachOffer(ctx context.Context, from, to time.Time, fn func(*report.OfferFact, *report.ChatFact, *report.CaseFact) error) error {
	args := []any{micros(from), micros(to)}
	return r.Facts.Query(ctx, commit.Op{Doing: "facts", ID: "of offers"}, eachOffer, args, func(row commit.Row) error {
		var got offerRow
		var u unpacker
		if err := row.Scan(append(got.fields(), &u.rest)...); err != nil {
			return err
		}
		offer, chat := got.fact(), u.chatFact()
		of := u.caseFact()
		if u.err != nil {
			return u.err
		}
		return fn(&offer, &chat, &of)
	})
}
