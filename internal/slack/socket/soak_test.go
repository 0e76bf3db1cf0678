package socket_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// While Slack replaces its connections in the ordinary way, everything is taken
// at its first try, and once.
func TestNothingIsLostOrDoubledWhileConnectionsAreReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const minutes = 180
		var m missed
		in := &intake{}
		f, c := start(t, in, m.option)
		r := random(3)
		sent := map[string]*end{}
		began := time.Now()
		for next := began.Add(time.Minute); time.Since(began) < minutes*time.Minute; {
			if time.Now().After(next) {
				next = next.Add(time.Duration(60+r.IntN(120)) * time.Second)
				old := f.current()[0]
				old.goodbye("warning")
				time.AfterFunc(10*time.Second, func() {
					old.going.Store(true)
					old.goodbye("refresh_requested")
				})
				time.AfterFunc(time.Duration(11+r.IntN(20))*time.Second, func() { old.ws.Close() })
			}
			open := slices.DeleteFunc(f.current(), func(e *end) bool { return e.going.Load() })
			id := fmt.Sprint("Ev", len(sent))
			sent[id] = open[r.IntN(len(open))]
			sent[id].event(id, fmt.Sprint("C", r.IntN(5)), 0)
			pass(time.Duration(r.IntN(4000)) * time.Millisecond)
		}
		pass(time.Minute)
		for id, e := range sent {
			if _, ok := e.acked(id); !ok {
				t.Errorf("%s is not acked on the connection by which it came", id)
			}
		}
		kept := in.kept()
		slices.Sort(kept)
		if n := len(kept); n != len(sent) || len(slices.Compact(kept)) != n {
			t.Errorf("sent %d, stored %d, of which %d are different", len(sent), n, len(slices.Compact(kept)))
		}
		if len(f.all()) < 50 || m.count() != 1 || c.Status().Connected != 2 {
			t.Errorf("%d connections in all, told of %d gaps, %+v", len(f.all()), m.count(), c.Status())
		}
		t.Logf("%d events over %d connections", len(sent), len(f.all()))
	})
}

// Whatever breaks, what Slack sends again is taken in the end.
func TestNothingIsLostWhileConnectionsBreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &intake{}
		f, c := start(t, in)
		r := random(5)
		acked := func(id string) bool {
			return slices.ContainsFunc(f.all(), func(e *end) bool { _, ok := e.acked(id); return ok })
		}
		tries := map[string]int{}
		for i := range 1500 {
			tries[fmt.Sprint("Ev", i)] = 0
			for id, n := range tries { // Slack sends again what is not acked
				if acked(id) {
					delete(tries, id)
				} else if open := f.current(); len(open) > 0 {
					open[r.IntN(len(open))].event(id, "C1", n)
					tries[id]++
				}
			}
			switch open := f.current(); {
			case len(open) == 0:
			case i%97 == 50:
				open[0].ws.Close()
			case i%211 == 100:
				open[0].goodbye("refresh_requested")
				open[0].ws.Close()
			case i%311 == 150: // it hears nothing any more
				open[0].mu.Lock()
				open[0].mute = true
				open[0].mu.Unlock()
			case i%401 == 200:
				f.net.cut(true)
				for _, e := range open {
					e.ws.Close()
				}
			}
			if i%401 == 220 {
				f.net.cut(false)
			}
			in.mu.Lock()
			in.fail = nil
			if i%13 == 0 {
				in.fail = fmt.Errorf("the database is away")
			}
			in.mu.Unlock()
			pass(time.Duration(r.IntN(6000)) * time.Millisecond)
		}
		in.mu.Lock()
		in.fail = nil
		in.mu.Unlock()
		f.net.cut(false)
		pass(2 * time.Minute)
		for id := range tries {
			if !acked(id) {
				f.current()[0].event(id, "C1", 9)
			}
		}
		pass(time.Second)
		kept := in.kept()
		slices.Sort(kept)
		if n := len(slices.Compact(kept)); n != 1500 || c.Status().Connected != 2 {
			t.Errorf("stored %d of 1500, %+v", n, c.Status())
		}
		t.Logf("over %d connections, counted %v", len(f.all()), c.Counts())
	})
}
