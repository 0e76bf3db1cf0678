package report

import (
	"slices"
	"time"
)

// Totals are what came of a part of the work.
type Totals struct {
	Opened   int // cases
	Resolved int // cases, the last time
	Settled  int // cases, the first time
	Reopened int // of those that were settled
	Met      int // cases opened that were answered in time
	Missed   int // cases opened that were not, or are too late by now

	Chats     int // asked for
	Joined    int // of those, an agent came
	Cancelled int // of those, nobody came before they ended
	Ended     int // after an agent had come

	Offers   int // of chats to agents, that have ended
	Accepted int // of those
	Passed   int
	Lapsed   int

	Accepting  Spread // from an offer to its acceptance
	First      Spread // from a case's opening to an agent's first words
	Wait       Spread // from asking for a chat to an agent's coming
	Handling   Spread // of an ended chat, in agents' hands
	Resolution Spread // from a case's opening to its resolution

	Scores [BestScore + 1]int // ratings by score; the first stands for none
}

// Ratings is how many there are.
func (t *Totals) Ratings() int {
	n := 0
	for _, of := range t.Scores {
		n += of
	}
	return n
}

// Score is the mean of the ratings; ok is false without any.
func (t *Totals) Score() (mean float64, ok bool) {
	n, sum := t.Ratings(), 0
	for score, of := range t.Scores {
		sum += score * of
	}
	if n == 0 {
		return 0, false
	}
	return float64(sum) / float64(n), true
}

// SatisfiedShare is which share of the ratings is content.
func (t *Totals) SatisfiedShare() (share float64, ok bool) {
	content := 0
	for score, of := range t.Scores {
		if Satisfied(score) {
			content += of
		}
	}
	return shareOf(content, t.Ratings())
}

// ReopenRate is which share of the settled cases was opened again.
func (t *Totals) ReopenRate() (share float64, ok bool) { return shareOf(t.Reopened, t.Settled) }

// InTime is which share of the cases was answered in time, of those of which that
// is known.
func (t *Totals) InTime() (share float64, ok bool) { return shareOf(t.Met, t.Met+t.Missed) }

func shareOf(part, whole int) (float64, bool) {
	if whole == 0 {
		return 0, false
	}
	return float64(part) / float64(whole), true
}

// A Spread is how durations are spread.
type Spread struct {
	all    []time.Duration
	sorted bool
}

func (s *Spread) add(d time.Duration) { s.all, s.sorted = append(s.all, max(0, d)), false }

// N is how many there are.
func (s *Spread) N() int { return len(s.all) }

// Median is the one in the middle; ok is false without any.
func (s *Spread) Median() (time.Duration, bool) { return s.at(50) }

// P90 is the one that nine in ten do not exceed.
func (s *Spread) P90() (time.Duration, bool) { return s.at(90) }

// at is the smallest of them that so many in a hundred do not exceed.
func (s *Spread) at(percent int) (time.Duration, bool) {
	n := len(s.all)
	if n == 0 {
		return 0, false
	}
	if !s.sorted {
		slices.Sort(s.all)
		s.sorted = true
	}
	return s.all[(n*percent+99)/100-1], true
}
