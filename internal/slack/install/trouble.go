package install

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"caseline/internal/desk/served"
)

// A trouble is why something does not go on, and when it is tried again.
type trouble struct {
	err   error
	times int
	until time.Time
}

// pauses are how long to wait after one failure, two, and so on; Slack's guide
// has them for workspaces that move into an organisation.
var pauses = [...]time.Duration{time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute}

// The names of what can be in trouble.
func opening(id served.InstallationID) string    { return "open " + string(id) }
func refreshing(id served.InstallationID) string { return "refresh " + string(id) }
func listing(id served.InstallationID) string    { return "list " + string(id) }

// note keeps what something came to, and logs what is new.
func (k *Keeper) note(what string, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t := k.troubles[what]
	if err == nil {
		delete(k.troubles, what)
		return
	}
	if t.err == nil || t.err.Error() != err.Error() {
		k.opt.Log.Error("an installation is in trouble", slog.Any("err", err))
	}
	t.err, t.until = err, k.opt.Now().Add(pauses[min(t.times, len(pauses)-1)])
	t.times++
	k.troubles[what] = t
}

// try does something, unless it has failed too lately, and reports whether it is
// done.
func (k *Keeper) try(ctx context.Context, what string, do func() error) bool {
	k.mu.Lock()
	early := k.opt.Now().Before(k.troubles[what].until)
	k.mu.Unlock()
	if early {
		return false
	}
	err := do()
	if err == nil || ctx.Err() == nil {
		k.note(what, err)
	}
	return err == nil
}

// settle ends all troubles of an installation, which is another or none by now.
func (k *Keeper) settle(id served.InstallationID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, what := range []string{opening(id), refreshing(id), listing(id)} {
		delete(k.troubles, what)
	}
	delete(k.shut, id)
}

// rest is how long Run may wait: until something is to be tried again. What the
// last turn could have tried and did not is not due any more.
func (k *Keeper) rest() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	rest, now := lookEvery, k.opt.Now()
	for what, t := range k.troubles {
		if t.until.After(k.began) && !strings.HasPrefix(what, opening("")) {
			rest = min(rest, max(0, t.until.Sub(now)))
		}
	}
	return rest
}

// Troubles says what does not go on, in sentences for operators.
func (k *Keeper) Troubles() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var all []string
	for _, what := range slices.Sorted(maps.Keys(k.troubles)) {
		all = append(all, k.troubles[what].err.Error())
	}
	return all
}
