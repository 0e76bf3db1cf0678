package feed_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/feed"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// TestEverySubscriberCatchesUp changes cases at random while subscribers of
// different speeds listen. Each ends up knowing how far every case has come.
func TestEverySubscriberCatchesUp(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) { catchUp(t, s, seed) })
		})
	}
}

func catchUp(t *testing.T, s store.Store, seed uint64) {
	const cases, changes, listeners = 12, 40, 8
	var ids []desk.CaseID
	for n := range cases {
		ids = append(ids, storetest.AddCase(t, s, n).ID)
	}
	o := quick()
	o.Keep = 6 // so that the slow ones fall behind
	f := feed.New(s, o)
	run(t, f)

	var all sync.WaitGroup
	for n := range listeners {
		sub := f.Subscribe()
		all.Go(func() { listen(t, s, sub, ids, 1+int64(changes), time.Duration(n)*time.Millisecond) })
	}
	var writers sync.WaitGroup
	for w := range 2 {
		writers.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(w)))
			for range changes / 2 * cases {
				touch(t, s, ids[random.IntN(cases)], time.Now())
			}
		})
	}
	writers.Wait()
	for _, id := range ids { // a last change by which everybody knows the end
		for {
			c, err := s.Case(t.Context(), id)
			if err != nil {
				t.Error(err)
				break
			}
			if c.Revision >= 1+changes {
				break
			}
			touch(t, s, id, time.Now())
		}
	}
	all.Wait()
}

// listen reads until it knows that every case has reached the revision.
func listen(t *testing.T, s store.Store, sub *feed.Subscription, ids []desk.CaseID, until int64, pause time.Duration) {
	know := make(map[desk.CaseID]int64)
	behind := len(ids)
	learn := func(id desk.CaseID, revision int64) {
		if revision < know[id] {
			t.Errorf("case %s went back from revision %d to %d", id, know[id], revision)
		}
		if know[id] < until && revision >= until {
			behind--
		}
		know[id] = revision
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for behind > 0 {
		changes, err := sub.Next(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		heard := make(map[desk.CaseID]bool)
		for _, c := range changes {
			if c.Reload {
				for _, id := range ids {
					now, err := s.Case(t.Context(), id)
					if err != nil {
						t.Error(err)
						return
					}
					learn(id, max(now.Revision, know[id]))
				}
				continue
			}
			if heard[c.Case] {
				t.Errorf("case %s twice in one call", c.Case)
			}
			heard[c.Case] = true
			if c.Revision > know[c.Case] { // a reload may have been ahead of the feed
				learn(c.Case, c.Revision)
			}
		}
		<-timer.C
		timer.Reset(pause)
	}
}
