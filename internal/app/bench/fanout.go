package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/app/agent"
	"caseline/internal/app/bench/crowd"
)

// agentsOnNode is how many agents one server is meant to serve.
const agentsOnNode = 1000

// fanPatience is how long the last page may take to show something.
const fanPatience = 10 * time.Second

// A fan is what telling everybody of one thing takes, from the request that caused it:
// until the streams have it, until the pages of the case have it in their logs, and
// until all pages show it in their lists. Each is the p50 and the p99 of one round.
type fan struct {
	heard, read, listed []spread
	cpu                 time.Duration // of the server, for a round
	commits             float64       // for a round
	missed, late        int           // streams never told, and pages that did not show it in time
}

// measureStreams has as many agents as one server is meant for open a page each, and
// tells them of messages, and of changes of the queue.
func (b *bench) measureStreams(ctx context.Context, r *report) (err error) {
	rounds := min(b.opt.Runs, b.opt.Chats/2)
	if err := b.haveWait(ctx, rounds); err != nil {
		return err
	}
	members, err := crowd.Seed(ctx, b.storeURL(), agentsOnNode)
	if err != nil {
		return err
	}
	c, err := b.start(ctx, b.profile()...)
	if err != nil {
		return err
	}
	defer c.stop()
	if err := settle(ctx, c); err != nil {
		return err
	}
	jane, err := agent.SignIn(ctx, c.url, benchEmail, benchPassword)
	if err != nil {
		return err
	}
	all, err := b.assemble(ctx, c, members, rounds, r)
	if err != nil {
		return err
	}
	defer all.Close()
	events := newSender(c.url, benchSecret, time.Now())
	for _, act := range []struct {
		what  string
		first int // of the cases that it is about
		do    func(i int) error
	}{
		{"a message", rounds, func(i int) error { return events.post(ctx, benchTeam, channelOf(i)) }},
		{"a change of the queue", 0, func(i int) error { return jane.Join(ctx, string(numberOf(i))) }},
	} {
		var f fan
		for i := act.first; i < act.first+rounds; i++ {
			if err := f.round(ctx, c, all, string(caseOf(i)), func() error { return act.do(i) }); err != nil {
				return err
			}
		}
		r.fan(act.what, rounds, f)
	}
	return nil
}

// profile has the server write a profile, where one is wanted of this part alone.
func (b *bench) profile() []string {
	if b.opt.Profile == "" || b.opt.Only != "streams" {
		return nil
	}
	return []string{"--cpuprofile", b.opt.Profile}
}

// haveWait has people wait on the first cases.
func (b *bench) haveWait(ctx context.Context, n int) error {
	db, err := openBulk(ctx, b.storeURL())
	if err != nil {
		return err
	}
	return errors.Join(db.change(ctx, 0, n, 0, waitCases), db.close())
}

// assemble has everybody open their page, and says what that takes, and what they do
// while nothing happens.
func (b *bench) assemble(ctx context.Context, c *child, members []crowd.Member, rounds int, r *report) (*crowd.Crowd, error) {
	before, err := c.resident()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	all, err := crowd.Join(ctx, c.url, members, func(i int) (id, number string) {
		i = rounds + i%(b.opt.Chats-rounds) // a running chat, of which somebody is told in a round
		return string(caseOf(i)), string(numberOf(i))
	})
	if err != nil {
		return nil, err
	}
	connected := time.Since(began)
	pause(ctx, 3*time.Second)
	held, err := c.resident()
	if err != nil {
		return all, err
	}
	r.line(fmt.Sprintf("%d agents open a page", agentsOnNode), millis(connected), target{}, "one after the other, by one client; each fetches its list, and its log")
	r.line("resident memory with them", fmt.Sprintf("%.1f MB", float64(held)/1e6), target{},
		fmt.Sprintf("%.1f MB before: %.1f KB for each; of a stream alone, see the part memory", float64(before)/1e6, float64(held-before)/1e3/agentsOnNode))
	return all, b.presence(ctx, c, all, r)
}

// presence says what it takes that pages say who is there, and who looks at what.
func (b *bench) presence(ctx context.Context, c *child, all *crowd.Crowd, r *report) error {
	const d = 12 * time.Second
	var f fan
	said := all.Requests()
	err := f.cost(ctx, c, func() error { pause(ctx, d); return nil })
	said = all.Requests() - said
	r.line("processor time while they only say who is there", fmt.Sprintf("%.1f %% of a core", 100*f.cpu.Seconds()/d.Seconds()), target{},
		fmt.Sprintf("%.0f requests and %.0f commits a second", float64(said)/d.Seconds(), f.commits/d.Seconds()))
	return err
}

// counted is readyz of a server that has so much to do that its database may be late.
func (c *child) counted(ctx context.Context) (got counts, err error) {
	for range 20 {
		if got, err = c.readyz(ctx); err == nil || ctx.Err() != nil {
			break
		}
		pause(ctx, 250*time.Millisecond)
	}
	return got, err
}

// cost adds what the server takes while something is done.
func (f *fan) cost(ctx context.Context, c *child, do func() error) error {
	before, err := c.cpu()
	if err != nil {
		return err
	}
	commits, err := c.counted(ctx)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	after, err := c.cpu()
	if err != nil {
		return err
	}
	then, err := c.counted(ctx)
	f.cpu += after - before
	f.commits += float64(then.Commits - commits.Commits)
	return err
}

// round does something once about a case.
func (f *fan) round(ctx context.Context, c *child, all *crowd.Crowd, id string, do func() error) error {
	return f.cost(ctx, c, func() error {
		got, err := all.Watch(ctx, id, fanPatience, do)
		if err != nil {
			return err
		}
		f.missed, f.late = f.missed+agentsOnNode-len(got.Heard), f.late+agentsOnNode-len(got.Listed)
		f.heard, f.listed = append(f.heard, spreadOf(got.Heard)), append(f.listed, spreadOf(got.Listed))
		if len(got.Read) > 0 {
			f.read = append(f.read, spreadOf(got.Read))
		}
		return nil
	})
}

func (r *report) fan(what string, rounds int, f fan) {
	beside := ""
	if f.missed > 0 {
		beside = fmt.Sprintf("%d never told", f.missed)
	}
	heard := middle(f.heard)
	r.line(fmt.Sprintf("%s → %d streams, p50 / p99", what, agentsOnNode), heard.String(), target{"≤ 1 s", inMillis(heard.p99) <= 1000 && f.missed == 0}, beside)
	if len(f.read) > 0 {
		r.line(what+" → the log of who has its case open, p50 / p99", middle(f.read).String(), target{}, "")
	}
	beside = fmt.Sprintf("%.0f ms of the server’s processor time and %.1f commits for each, all fetching included", inMillis(f.cpu)/float64(rounds), f.commits/float64(rounds))
	if f.late > 0 {
		beside += fmt.Sprintf("; %.1f %% of the pages not within %v", 100*float64(f.late)/float64(rounds*agentsOnNode), fanPatience)
	}
	r.line(what+" → all lists, p50 / p99", middle(f.listed).String(), target{}, beside)
}
