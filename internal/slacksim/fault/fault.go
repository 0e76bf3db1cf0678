package fault

import (
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// A When says on which side of taking effect a call fails.
type When string

// The two ways to fail, and none.
const (
	Lost   When = "lost"   // Slack never did it
	Landed When = "landed" // Slack did it; the caller is not told
	Never  When = ""       // the call works, but see Rule.Delay
)

// A How says what the caller sees of a failure.
type How string

// What callers see.
const (
	Drop        How = "drop"        // the connection is closed without an answer
	Hang        How = "hang"        // no answer until the caller gives up
	Status500   How = "500"         // with an error page
	Status503   How = "503"         // likewise
	Garbage     How = "garbage"     // 200 and a body that is no JSON
	HTML        How = "html"        // 200 and a page
	RateLimited How = "ratelimited" // 429 with Retry-After
	Redirect    How = "redirect"    // 302 to Rule.To
	Short       How = "short"       // of a download: half of it, as if that were all
)

// A Rule says which calls fail.
type Rule struct {
	Method  string // as in "chat.postMessage", "chat.*" or "*"
	Channel string // only calls about this channel; empty for all
	When    When
	How     How           // Drop if empty
	Delay   time.Duration // before anything else happens
	// RetryAfter goes with RateLimited, in seconds.
	RetryAfter int
	// To goes with Redirect.
	To string
	// Error makes the call answer ok:false with this name, without taking
	// effect. When and How are then ignored.
	Error string

	Skip  int // so many matching calls work first
	Times int // so many then fail: 1 if zero, all if negative
	// Probability fails each matching call by chance instead, drawn from Seed.
	Probability float64
	Seed        uint64
}

// Faults holds the rules. The zero value fails nothing.
type Faults struct {
	mu    sync.Mutex // guards rules, for a few instructions
	rules []*active
}

type active struct {
	Rule
	seen, failed int
	rng          *rand.Rand
}

// Add puts a rule in force until remove is called.
func (f *Faults) Add(r Rule) (remove func()) {
	if r.How == "" {
		r.How = Drop
	}
	if r.Times == 0 && r.Probability == 0 {
		r.Times = 1
	}
	a := &active{Rule: r, rng: rand.New(rand.NewPCG(r.Seed, 0x51ac))}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = append(f.rules, a)
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		for i, have := range f.rules {
			if have == a {
				f.rules = append(f.rules[:i:i], f.rules[i+1:]...)
				return
			}
		}
	}
}

// Clear takes all rules away.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = nil
}

// Decide returns the rule by which this call fails, if one does.
func (f *Faults) Decide(method, channel string) (Rule, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.rules {
		if a.matches(method, channel) && a.strikes() {
			return a.Rule, true
		}
	}
	return Rule{}, false
}

func (a *active) matches(method, channel string) bool {
	if a.Channel != "" && a.Channel != channel {
		return false
	}
	if family, ok := strings.CutSuffix(a.Method, "*"); ok {
		return strings.HasPrefix(method, family)
	}
	return a.Method == method
}

// strikes counts one matching call and reports whether it fails.
func (a *active) strikes() bool {
	a.seen++
	if a.seen <= a.Skip || (a.Times > 0 && a.failed >= a.Times) {
		return false
	}
	if a.Probability > 0 && a.rng.Float64() >= a.Probability {
		return false
	}
	a.failed++
	return true
}
