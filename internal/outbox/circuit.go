package outbox

import (
	"maps"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/lanes"
)

// downLanes is how many lanes must have found Slack down, with no answer in
// between, before the others are kept from trying. One lane may be at odds with
// Slack for a reason of its own.
const downLanes = 3

// A Health says how Slack has been answering. The zero Health is good.
type Health struct {
	Since  time.Time // of the first try without an answer since the last answer
	Next   time.Time // when it is tried again; zero when that is up to each lane
	Reason string    // what the last try came to
}

// A circuit keeps lanes from trying what is known not to work: while it is
// open, one of them tries now and then, and the others wait for what becomes
// of that.
type circuit struct {
	backoff  lanes.Backoff
	patience time.Duration // after which a probe is given up

	mu     sync.Mutex // guards what follows; held for a few instructions
	down   map[desk.Lane]bool
	health Health
	failed int       // probes since it was opened
	probe  time.Time // until when one is under way
}

// doors are the circuits of an outbox: that of Slack as a whole, which may give
// no answer to anybody, and one for each workspace that has shut us out, which
// is no matter of the others.
type doors struct {
	slack *circuit

	mu   sync.RWMutex         // guards what follows; held for one look or one write
	shut map[string]*circuit  // by who has shut us out
	kept map[desk.Lane]string // lanes that wait for that, and for whom
}

// pass lets a try go that who must let in, or says when to ask again. probe is
// the circuit for which what becomes of the try decides, or nil; then it must be
// told of it, or get it back.
func (d *doors) pass(who string, lane desk.Lane, now time.Time) (probe *circuit, again time.Time) {
	for _, c := range []*circuit{d.of(who), d.slack} {
		if c == nil {
			continue
		}
		probes, again := c.pass(now)
		if probes {
			if wait := d.slack.waits(now); c != d.slack && !wait.IsZero() {
				c.back()
				return nil, wait
			}
			return c, time.Time{}
		}
		if !again.IsZero() {
			d.keep(lane, who)
			return nil, again
		}
	}
	return nil, time.Time{}
}

// keep notes that a lane waits for who has shut us out, if somebody has.
func (d *doors) keep(lane desk.Lane, who string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut[who] != nil {
		d.kept[lane] = who
	}
}

// due is when a lane is to be looked at that is due at a time: no sooner than it
// is found out whether we are let in. A workspace may be away for months, and
// leave thousands of lanes.
func (d *doors) due(lane desk.Lane, at time.Time) time.Time {
	d.mu.RLock()
	c := d.shut[d.kept[lane]]
	if _, kept := d.kept[lane]; !kept {
		c = nil
	}
	d.mu.RUnlock()
	if c == nil {
		return at
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.health.Next.After(at) {
		return c.health.Next
	}
	return at
}

// of is the circuit of who has shut us out, or nil.
func (d *doors) of(who string) *circuit {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.shut[who]
}

// tell notes what a try came to, which is an answer of Slack unless it is down or
// was not asked. probe is the circuit that the try was to decide for, if any. The
// rest is as for [circuit.tell].
func (d *doors) tell(who string, lane desk.Lane, v desk.Verdict, probe *circuit, now time.Time) (healed bool, silent time.Duration) {
	if v.Shut {
		c := d.close(who)
		c.tell(lane, v, probe == c, now)
		if v.Unasked {
			if probe != nil {
				probe.back()
			}
			return false, 0
		}
		v.Shut = false
	} else if !v.Down {
		healed = d.open(who)
	}
	if probe != nil && probe != d.slack {
		probe.back() // whether it is shut was not found out, or is told
	}
	back, silent := d.slack.tell(lane, v, probe == d.slack, now)
	return healed || back, silent
}

// close returns the circuit of who has shut us out.
func (d *doors) close(who string) *circuit {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.shut[who]
	if c == nil {
		c = &circuit{backoff: d.slack.backoff, patience: d.slack.patience}
		d.shut[who] = c
	}
	return c
}

// open forgets that who had shut us out. It reports whether that is news.
func (d *doors) open(who string) bool {
	if d.of(who) == nil {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	_, was := d.shut[who]
	delete(d.shut, who)
	maps.DeleteFunc(d.kept, func(_ desk.Lane, by string) bool { return by == who })
	return was
}

// open reports whether lanes are kept from trying. mu is held.
func (c *circuit) open() bool { return !c.health.Next.IsZero() }

// pass lets a try go, or says when to ask again. probe is true when what
// becomes of the try decides for all; then tell or back must follow.
func (c *circuit) pass(now time.Time) (probe bool, again time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if again := c.until(now); !c.open() || !again.IsZero() {
		return false, again
	}
	c.probe = now.Add(c.patience)
	return true, time.Time{}
}

// waits says until when nobody may try, or that somebody may.
func (c *circuit) waits(now time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.until(now)
}

// until is as waits. mu is held.
func (c *circuit) until(now time.Time) time.Time {
	switch {
	case !c.open():
		return time.Time{}
	case c.health.Next.After(now):
		return c.health.Next
	case c.probe.After(now):
		return c.probe
	}
	return time.Time{}
}

// back gives up a probe that was not tried after all.
func (c *circuit) back() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.probe = time.Time{}
}

// tell notes what a try came to. healed is true when Slack answers again and
// lanes that were kept back may go; silent is how long it had not answered.
func (c *circuit) tell(lane desk.Lane, v desk.Verdict, probe bool, now time.Time) (healed bool, silent time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if probe {
		c.probe = time.Time{}
	}
	if !v.Down && !v.Shut {
		healed = c.open()
		if since := c.health.Since; !since.IsZero() {
			silent = now.Sub(since)
		}
		c.down, c.health, c.failed = nil, Health{}, 0
		return healed, silent
	}
	if c.down == nil {
		c.down = map[desk.Lane]bool{}
		c.health.Since = now
	}
	c.down[lane] = true
	c.health.Reason = v.Reason
	switch {
	case c.open() && !probe:
		return false, 0 // it began before
	case len(c.down) < downLanes && !v.Shut && !c.open():
		return false, 0
	}
	c.failed++
	c.health.Next = now.Add(c.backoff.After(c.failed))
	if v.Shut && v.At.After(c.health.Next) {
		c.health.Next = v.At
	}
	return false, 0
}

// Health says how Slack has been answering. It is this process's experience.
func (o *Outbox) Health() Health {
	c := o.doors.slack
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.health
}

// Shut keeps the deliveries that who must let in from being tried before the
// time until, because Slack has told somebody else that it does not.
func (o *Outbox) Shut(who string, until time.Time, reason string) {
	o.doors.tell(who, "", desk.Verdict{Kind: desk.Retry, Shut: true, At: until, Reason: reason}, nil, o.opt.Now())
}

// Heal lets them be tried at once, because Slack has let somebody else in.
func (o *Outbox) Heal(who string) {
	o.heard(who, "", desk.Verdict{Kind: desk.Sent}, nil)
}

// heard notes what a try came to, and does what follows when Slack answers
// again.
func (o *Outbox) heard(who string, lane desk.Lane, v desk.Verdict, probe *circuit) {
	healed, silent := o.doors.tell(who, lane, v, probe, o.opt.Now())
	if healed {
		o.rush()
	}
	if silent >= o.opt.Silence {
		o.opt.Spoke()
	}
}
