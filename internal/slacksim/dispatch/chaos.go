package dispatch

import (
	"math/rand/v2"
	"time"

	"caseline/internal/slacksim/entity"
)

// Chaos is what goes wrong between Slack and apps, by chance. With the same
// Seed and the same events, the same goes wrong.
type Chaos struct {
	Seed uint64
	// Duplicate sends an event twice under the same event_id; DuplicateNew
	// under two, without saying that it is a retry.
	Duplicate    float64
	DuplicateNew float64
	// Reorder holds an event back for up to Window, so that later ones overtake.
	Reorder float64
	Window  time.Duration
	// Delay lets an event wait, together with those behind it in its channel.
	Delay float64
	Pause time.Duration
	// Lost breaks the connection before the app has the event; Landed after,
	// before it has answered. Both only the first time the event is sent.
	Lost   float64
	Landed float64
	// Forgotten gives an event up without ever sending it, as Slack does after
	// the last try.
	Forgotten float64
	// Types limits all this to events of these types; empty means all.
	Types []string
}

type chaos struct {
	Chaos
	rng *rand.Rand
}

func newChaos(c Chaos) *chaos {
	return &chaos{c, rand.New(rand.NewPCG(c.Seed, 0xe7e47))}
}

// A plan is what will go wrong with one event.
type plan struct {
	forgotten               bool
	lost, landed            bool
	duplicate, duplicateNew bool
	overtaken               time.Duration // held back alone
	pause                   time.Duration // held back with its channel
}

func (c *chaos) plan(e entity.Event) plan {
	// Always as many draws, so that one switch does not shift the others.
	var draw [8]float64
	for i := range draw {
		draw[i] = c.rng.Float64()
	}
	if len(c.Types) > 0 && !contains(c.Types, e.Type()) {
		return plan{}
	}
	p := plan{
		forgotten:    draw[7] < c.Forgotten,
		lost:         draw[0] < c.Lost,
		landed:       draw[1] < c.Landed,
		duplicate:    draw[2] < c.Duplicate,
		duplicateNew: draw[3] < c.DuplicateNew,
	}
	if draw[4] < c.Reorder {
		p.overtaken = time.Duration(draw[5] * float64(c.Window))
	}
	if draw[6] < c.Delay {
		p.pause = c.Pause
	}
	return p
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
