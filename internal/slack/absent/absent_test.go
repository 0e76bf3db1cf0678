package absent

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"caseline/internal/slack/wire"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// ts is a second after noon, as Slack spells it.
func ts(second int) string {
	return string(wire.TsOf(noon.Add(time.Duration(second) * time.Second).UnixMicro()))
}

func all(seconds ...int) (out []string) {
	for _, s := range seconds {
		out = append(out, ts(s))
	}
	return out
}

func TestWhatAPageTells(t *testing.T) {
	later := noon.Add(time.Hour)
	tests := []struct {
		name string
		page Page
		want string
	}{
		{"a channel, up to the newest", Page{Asked: later, Ts: all(30, 20, 10)}, "10-30"},
		{"up to what was asked for", Page{Asked: later, Latest: ts(60), Ts: all(30, 20, 10)}, "10-60"},
		{"from where the page before ended", Page{Asked: later, Latest: ts(60), Edge: ts(40), Ts: all(30, 10)}, "10-40"},
		{"nothing on an empty page", Page{Asked: later, Latest: ts(60), Last: true}, ""},
		{"nothing older than the oldest, even on the last", Page{Asked: later, Last: true, Ts: all(30)}, "30-30"},
		{"nothing of what may not be there yet", Page{Asked: noon.Add(35 * time.Second), Latest: ts(60), Ts: all(30, 10)}, "10-25"},
		{"nothing when all is so new", Page{Asked: noon.Add(35 * time.Second), Ts: all(34, 30)}, ""},
		{"nothing when a message could not be read", Page{Asked: later, Ts: append(all(30, 10), "")}, ""},
		{"nothing when it is not what was asked for", Page{Asked: later, Latest: ts(20), Ts: all(30, 10)}, ""},
		{"nothing when pages overlap", Page{Asked: later, Edge: ts(20), Ts: all(30, 10)}, ""},

		{"a thread between its replies", Page{Asked: later, Thread: ts(0), Ts: all(10, 30)}, "10-30"},
		{"from what was asked for, below its first message", Page{Asked: later, Thread: ts(0), Oldest: ts(5), Ts: all(0, 10, 30)}, "5-30"},
		{"from its first message", Page{Asked: later, Thread: ts(0), Ts: all(0, 10, 30)}, "0-30"},
		{"up to what was asked for, at its end", Page{Asked: later, Thread: ts(0), Latest: ts(60), Last: true, Ts: all(0, 10, 30)}, "0-60"},
		{"not before its end", Page{Asked: later, Thread: ts(0), Latest: ts(60), Ts: all(0, 10, 30)}, "0-30"},
		{"a later page of it", Page{Asked: later, Thread: ts(0), Edge: ts(30), Latest: ts(60), Last: true, Ts: all(0, 40)}, "30-60"},
		{"what may be hidden of an old one", Page{Asked: noon.Add(Hidden + time.Hour), Thread: ts(0), Ts: all(0, 10, 30)}, "10-30"},
		{"nothing of one without replies", Page{Asked: later, Thread: ts(0), Latest: ts(60), Last: true, Ts: all(0)}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if from, until, ok := tt.page.Tells(); ok {
				got = fmt.Sprintf("%.0f-%.0f", from.Sub(noon).Seconds(), until.Sub(noon).Seconds())
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// However Slack cuts a history into pages, hides the old of it and is behind with
// the new, no message that stands is taken for deleted; and every one that was
// deleted between others is found.
func TestOnlyWhatWasDeletedIsMissed(t *testing.T) {
	const messages = 60
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		deleted := map[int]bool{}
		for range r.IntN(10) {
			deleted[1+r.IntN(messages-2)] = true
		}
		asked := noon.Add(time.Duration(messages+r.IntN(60)) * time.Second)
		behind := int(asked.Sub(noon).Seconds()) - r.IntN(int(Settle.Seconds())) // what is newer is not there yet
		hidden := 0
		thread, first := "", 0
		if seed%2 == 1 {
			thread, first = ts(0), 1
		} else if r.IntN(2) == 0 {
			hidden = r.IntN(messages / 2) // what is older a plan hides
		}
		latest := ""
		if r.IntN(2) == 0 {
			latest = ts(messages)
		}
		var stand []int
		for n := first; n < messages; n++ {
			if !deleted[n] && n >= hidden && n <= behind {
				stand = append(stand, n)
			}
		}
		if thread == "" {
			slices.Reverse(stand)
		}
		edge, missed := "", map[int]bool{}
		for last := false; !last; {
			n := min(r.IntN(12), len(stand))
			last = n == len(stand)
			p := Page{Thread: thread, Edge: edge, Latest: latest, Last: last, Asked: asked, Ts: all(stand[:n]...)}
			if thread != "" {
				p.Ts = append(all(0), p.Ts...)
			}
			if from, until, ok := p.Tells(); ok {
				for m := first; m < messages; m++ {
					at := noon.Add(time.Duration(m) * time.Second)
					if !at.Before(from) && !at.After(until) && !slices.Contains(p.Ts, ts(m)) {
						missed[m] = true
					}
				}
			}
			edge, stand = p.Next(), stand[n:]
		}
		for m := range missed {
			if !deleted[m] {
				t.Fatalf("seed %d: message %d stands (hidden before %d, behind after %d), and is missed", seed, m, hidden, behind)
			}
		}
		for m := range deleted {
			if m > hidden && m < messages-2 && noon.Add(time.Duration(m+2)*time.Second).Before(asked.Add(-Settle)) && !missed[m] && seed%2 == 1 {
				t.Fatalf("seed %d: message %d was deleted, and nobody missed it", seed, m)
			}
		}
	}
}
