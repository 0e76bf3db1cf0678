package mentions

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/pace"
	"caseline/internal/slack/api"
	"caseline/internal/slack/nap"
	"caseline/internal/slack/view"
)

const (
	freshFor   = time.Hour        // how long a channel's name is believed
	groupFresh = 5 * time.Minute  // likewise a user group's, which package groups keeps
	askFor     = time.Second      // how long a reader waits for names
	waitAfter  = 10 * time.Second // after a failure that may pass
	maxMissed  = time.Hour        // longest wait for what Slack keeps failing to tell
	maxKnown   = 10_000           // mentions known at once, some hundred bytes each
	maxRead    = 100              // mentions that one reader has looked up
)

// Private stands for a channel that the app may not see.
const Private = "a private channel"

// GroupGone stands for a user group that Slack does not list.
const GroupGone = "a user group"

// A describer asks Slack about a channel.
type describer interface {
	ChannelInfo(ctx context.Context, id string) (api.Channel, error)
}

// A grouper knows the user groups of a workspace.
type grouper interface {
	Groups(ctx context.Context, w desk.WorkspaceID) ([]served.Group, error)
}

// Options are what a Book can do without.
type Options struct {
	Log  *slog.Logger     // default: none
	Now  func() time.Time // default: time.Now
	Pace pace.Limit       // of conversations.info; default: Slack's
	// Told is called when something has another name than pages may show;
	// default: nobody is told. It must return at once.
	Told func()
}

// A Book knows the names of a workspace's channels and user groups. It may be
// used by many goroutines. Make one with [New].
type Book struct {
	workspace desk.WorkspaceID
	slack     describer
	groups    grouper
	opt       Options
	wake      chan struct{}

	mu      sync.Mutex // guards what follows; held for one look or one write
	known   map[mention]*entry
	queue   []mention     // to be asked for, in this order; each once
	learned chan struct{} // closed when something was asked for, whatever came of it
}

// A mention names a channel or a user group.
type mention struct {
	group bool
	id    string
}

// An entry is what is known of a mention.
type entry struct {
	name    string
	instead string    // what to say because it may not be named
	private bool      // only who is in it sees its name in Slack
	asked   bool      // Slack was asked, in vain or not
	queued  bool      // it is to be asked for
	asking  bool      // it is being asked for
	due     time.Time // when it is to be asked for again
	missed  int       // times that Slack failed to tell
}

// New returns the Book of the workspace w.
func New(w desk.WorkspaceID, slack describer, groups grouper, o Options) *Book {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Pace == (pace.Limit{}) {
		o.Pace = pace.Slack().Rule("conversations.info").Method
	}
	if o.Told == nil {
		o.Told = func() {}
	}
	return &Book{
		workspace: w, slack: slack, groups: groups, opt: o, wake: make(chan struct{}, 1),
		known: map[mention]*entry{}, learned: make(chan struct{}),
	}
}

// Channel returns what a channel is called, without "#", or what to say instead
// because it may not be named; nothing when that is not known.
func (b *Book) Channel(w desk.WorkspaceID, id string) (name, instead string) {
	return b.look(w, mention{id: id})
}

// Group returns the handle of a user group, without "@", or what to say instead;
// nothing when that is not known.
func (b *Book) Group(w desk.WorkspaceID, id string) (handle, instead string) {
	return b.look(w, mention{group: true, id: id})
}

func (b *Book) look(w desk.WorkspaceID, m mention) (name, instead string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.known[m]; e != nil && w == b.workspace {
		return e.name, e.instead
	}
	return "", ""
}

// InSlack says how what texts mention is called where anybody in a channel may
// read it: a private channel is not named there, as Slack names it to those only
// who are in it. What was never asked for is waited for, a moment in all.
func (b *Book) InSlack(ctx context.Context) view.Mentions {
	until := b.opt.Now().Add(askFor)
	look := func(w desk.WorkspaceID, m mention, text string) (name, instead string) {
		ctx, cancel := context.WithTimeout(ctx, until.Sub(b.opt.Now()))
		defer cancel()
		b.Learn(ctx, w, []string{text})
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := b.known[m]; {
		case e == nil || w != b.workspace:
			return "", ""
		case e.private:
			return "", Private
		default:
			return e.name, e.instead
		}
	}
	return func(w desk.WorkspaceID) (channel, group func(id string) (name, instead string)) {
		return func(id string) (string, string) { return look(w, mention{id: id}, "<#"+id+">") },
			func(id string) (string, string) { return look(w, mention{group: true, id: id}, "<!subteam^"+id+">") }
	}
}

// Learn looks up what texts of a workspace mention. It waits a moment for what
// was never asked for; what is known from before is good enough for now.
func (b *Book) Learn(ctx context.Context, w desk.WorkspaceID, texts []string) {
	all := read(texts)
	if len(all) == 0 || w != b.workspace {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	for {
		ready, learned := b.want(all)
		if ready {
			return
		}
		select {
		case <-learned:
		case <-ctx.Done():
			return // pages are told later
		}
	}
}

// want queues what is due of the mentions. It reports whether all of them were
// asked for, and else when to look again.
func (b *Book) want(all []mention) (ready bool, learned <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.known)+len(all) > maxKnown {
		b.known, b.queue = map[mention]*entry{}, nil
	}
	ready = true
	now := b.opt.Now()
	for _, m := range all {
		e := b.known[m]
		if e == nil {
			e = &entry{}
			b.known[m] = e
		}
		if !e.asking && !now.Before(e.due) {
			b.ask(m, e)
		}
		ready = ready && e.asked
	}
	return ready, b.learned
}

// ask queues a mention. The caller holds the lock.
func (b *Book) ask(m mention, e *entry) {
	if !e.queued {
		e.queued = true
		b.queue = append(b.queue, m)
	}
	select {
	case b.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Renamed notes that a channel has another name, which is asked for if any page
// may show it. Until it is known the old one stands.
func (b *Book) Renamed(w desk.WorkspaceID, channel string) { b.anew(w, mention{id: channel}, true) }

// Closed notes that a channel may no longer be open to the app. Until Slack has
// said so or not, it is not named.
func (b *Book) Closed(w desk.WorkspaceID, channel string) { b.anew(w, mention{id: channel}, false) }

func (b *Book) anew(w desk.WorkspaceID, m mention, keep bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.known[m]
	if e == nil || w != b.workspace {
		return
	}
	if !keep {
		e.name, e.instead = "", Private
	}
	b.ask(m, e)
}

// Regrouped notes that user groups changed.
func (b *Book) Regrouped(w desk.WorkspaceID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for m, e := range b.known {
		if m.group && w == b.workspace {
			b.ask(m, e)
			return // all are read together
		}
	}
}

// Run asks Slack for what is wanted, until ctx is done.
func (b *Book) Run(ctx context.Context) error {
	buckets := []pace.Bucket{{Limit: b.opt.Pace}}
	for {
		m, wait := b.next()
		switch {
		case m == mention{}:
			if !nap.For(ctx, wait, b.wake, nil) {
				return nil
			}
			continue
		case m.group:
			b.readGroups(ctx)
			continue
		}
		for wait := pace.Take(b.opt.Now().UnixMicro(), buckets); wait > 0; wait = pace.Take(b.opt.Now().UnixMicro(), buckets) {
			if !nap.For(ctx, wait, nil, nil) {
				return nil
			}
		}
		if wait := b.readChannel(ctx, m); wait > 0 && !nap.For(ctx, wait, nil, nil) || ctx.Err() != nil {
			return nil
		}
	}
}

// next takes what is to be asked for next: what somebody waits for, or else what
// Slack failed to tell, once it is due. Without any it says how long to wait.
func (b *Book) next() (m mention, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.queue) > 0 {
		m, b.queue = b.queue[0], b.queue[1:]
		b.begin(m)
		return m, 0
	}
	wait = freshFor
	now := b.opt.Now()
	for missed, e := range b.known {
		if e.missed == 0 {
			continue
		}
		if left := e.due.Sub(now); left <= 0 {
			b.begin(missed)
			return missed, 0
		} else if left < wait {
			wait = left
		}
	}
	return mention{}, wait
}

// begin notes that a mention is being asked for; user groups are all read
// together. The caller holds the lock.
func (b *Book) begin(m mention) {
	b.known[m].queued, b.known[m].asking = false, true
	if !m.group {
		return
	}
	b.queue = slices.DeleteFunc(b.queue, func(other mention) bool { return other.group })
	for other, e := range b.known {
		if other.group {
			e.queued, e.asking = false, true
		}
	}
}

// readChannel asks Slack about one channel. It returns how long Slack wants to
// be left alone.
func (b *Book) readChannel(ctx context.Context, m mention) (wait time.Duration) {
	ch, err := b.slack.ChannelInfo(ctx, m.id)
	e, _ := errors.AsType[*api.Error](err)
	switch {
	case err == nil && (ch.Name == "" || ch.Private && !ch.IsMember), hidden(api.Code(err)):
		b.put(map[mention]entry{m: {instead: Private}}, freshFor)
	case err == nil:
		b.put(map[mention]entry{m: {name: ch.Name, private: ch.Private}}, freshFor)
	default:
		b.miss(ctx, m, err)
		if e != nil && e.Kind == api.Limited {
			return max(e.After, time.Second)
		}
	}
	return 0
}

// hidden reports whether Slack keeps a channel from the app. It says the same of
// one that does not exist.
func hidden(code string) bool {
	switch code {
	case "channel_not_found", "channel_is_limited_access", "not_in_channel", "access_denied":
		return true
	}
	return false
}

// readGroups reads all user groups, for those that are wanted and those that may
// be next.
func (b *Book) readGroups(ctx context.Context) {
	all, err := b.groups.Groups(ctx, b.workspace)
	b.mu.Lock()
	found := map[mention]entry{}
	for m := range b.known {
		if m.group {
			found[m] = entry{instead: GroupGone}
		}
	}
	b.mu.Unlock()
	if err != nil {
		for m := range found {
			b.miss(ctx, m, err)
		}
		return
	}
	for _, g := range all {
		m := mention{group: true, id: string(g.ID)}
		if _, wanted := found[m]; wanted && g.Handle != "" {
			found[m] = entry{name: g.Handle}
		}
	}
	b.put(found, groupFresh)
}

// put takes in what was found, and tells when that is not what was known.
func (b *Book) put(found map[mention]entry, fresh time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	news, due := false, b.opt.Now().Add(fresh)
	for m, now := range found {
		was := b.known[m]
		if was == nil {
			continue // it was forgotten meanwhile
		}
		news = news || now.name != was.name || now.instead != was.instead
		now.asked, now.due, now.queued = true, due, was.queued
		*was = now
	}
	b.tell(news)
}

// miss notes that Slack could not say. The name from before stands.
func (b *Book) miss(ctx context.Context, m mention, err error) {
	if ctx.Err() != nil {
		return
	}
	b.opt.Log.Info("mention not looked up", slog.String("workspace", string(b.workspace)), slog.Any("err", err))
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.known[m]; e != nil {
		e.asked, e.due = true, b.opt.Now().Add(min(waitAfter<<min(e.missed, 16), maxMissed))
		e.asking = false
		e.missed++
	}
	b.tell(false)
}

// tell wakes who waits, and tells the pages if there is something new. The
// caller holds the lock.
func (b *Book) tell(news bool) {
	close(b.learned)
	b.learned = make(chan struct{})
	if news {
		b.opt.Told()
	}
}
