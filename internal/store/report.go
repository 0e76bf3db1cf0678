package store

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
)

// ReportReader reads what reports are made of.
type ReportReader interface {
	// Unreckoned returns how far those cases have come that changed at or after
	// since and that their facts do not go up to, oldest change first.
	Unreckoned(ctx context.Context, since time.Time, limit int) ([]CaseChange, error)
	// FactsOf returns what is reckoned of a case; the zero Facts for nothing.
	FactsOf(ctx context.Context, id desk.CaseID) (report.Facts, error)
	// Told returns up to limit entries with a Seq above after and up to last, as
	// far as facts come from them, in order of Seq.
	Told(ctx context.Context, id desk.CaseID, after, last int64, limit int) ([]report.Told, error)
	// EachCase calls fn with the facts of cases that were opened, or resolved for
	// the first or the last time, from one time on and before another, in no order.
	EachCase(ctx context.Context, from, to time.Time, fn func(*report.CaseFact) error) error
	// EachChat calls fn with the facts of chats that were asked for or ended
	// then, each with those of its case as they were when its own were saved, in no
	// order.
	EachChat(ctx context.Context, from, to time.Time, fn func(*report.ChatFact, *report.CaseFact) error) error
	// EachRating calls fn with the ratings of chats that ended then, each with the
	// facts of its chat and case, in no order.
	EachRating(ctx context.Context, from, to time.Time, fn func(*report.Rating, *report.ChatFact, *report.CaseFact) error) error
	// EachOffer calls fn with the offers that were made then and have ended, each
	// with the facts of its chat and case, in no order.
	EachOffer(ctx context.Context, from, to time.Time, fn func(*report.OfferFact, *report.ChatFact, *report.CaseFact) error) error
	// OffersOf returns the offers of a case's chats that have ended, in the order in
	// which they were made.
	OffersOf(ctx context.Context, id desk.CaseID) ([]report.OfferFact, error)
	// Unanswered returns up to limit open cases that no agent has answered and that
	// were opened from one time on and before another, those that were opened last
	// first.
	Unanswered(ctx context.Context, from, to time.Time, limit int) ([]report.CaseFact, error)
	// CountUnanswered counts those of a severity that were opened before a time, up to
	// a limit.
	CountUnanswered(ctx context.Context, s desk.Severity, before time.Time, limit int) (int, error)
	// RatingsOf returns what people said of the chats of a case, in the order in
	// which they said it first.
	RatingsOf(ctx context.Context, id desk.CaseID) ([]report.Rating, error)
	// TookPart reports whether somebody wrote in a chat.
	TookPart(ctx context.Context, id desk.CaseID, chat desk.ChatID, who desk.PersonID) (bool, error)
}

// ReportTx writes it.
type ReportTx interface {
	// SaveFacts keeps facts, unless others are kept that go further.
	SaveFacts(ctx context.Context, f *report.Facts) error
	// Rating returns what somebody said of a chat; the zero Rating for nothing.
	// The case must be locked.
	Rating(ctx context.Context, chat desk.ChatID, who desk.PersonID) (report.Rating, error)
	SaveRating(ctx context.Context, r *report.Rating) error
	// SaveOffer keeps what became of an offer. The case must be locked.
	SaveOffer(ctx context.Context, o *report.OfferFact) error
	// DropRatings forgets what somebody said of chats, and says of how many.
	DropRatings(ctx context.Context, who desk.PersonID) (n int, err error)
}
