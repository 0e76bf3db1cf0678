package world

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"sync"
	"time"

	"caseline/internal/slacksim/apps"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/keep"
	"caseline/internal/slacksim/room"
)

// Options are the switches of a World. The zero value is a well-behaved Slack
// in memory.
type Options struct {
	Clock  clock.Clock  // clock.Real if nil
	Logger *slog.Logger // silent if nil
	// Dir keeps the state and the files' bytes so that they survive a restart.
	// Empty means memory only.
	Dir string
	// Unfurl makes Slack rewrite every message with a link a moment after it
	// was posted, which apps see as message_changed without "edited".
	Unfurl bool
	// ThreadCounters makes Slack send the hidden message_replied of a thread's
	// parent after each reply.
	ThreadCounters bool
	// ShareDelay is how long after files.completeUploadExternal the file's
	// message appears. Even at zero it appears after the answer.
	ShareDelay time.Duration
	// EditWindow closes messages for chat.update this long after posting; zero
	// leaves them open for ever.
	EditWindow time.Duration
	// NoDeleteCustomised refuses to delete bots' posts under a name of their
	// choice, as Slack's documentation has it.
	NoDeleteCustomised bool
}

// A World is one simulated Slack. Create it with Open.
type World struct {
	Apps *apps.Registry // the apps and where they are installed

	opts  Options
	clock clock.Clock
	log   *slog.Logger
	feed  feed.Feed

	mu      sync.Mutex // guards all below, for the length of one operation
	base    string     // the address of this Slack, without a trailing slash
	stamp   keep.Stamp
	journal *keep.Journal // nil in memory

	workspaces keep.Table[Workspace]
	orgs       keep.Table[Organisation]
	users      keep.Table[User]
	channels   keep.Table[Channel]
	files      keep.Table[File]
	marks      keep.Table[mark]
	homes      keep.Table[View]
	pending    keep.Queue[Event]
	shares     keep.Table[share]
	groups     keep.Table[UserGroup]
	rooms      room.Rooms

	bytes   *keep.Bytes
	uploads map[string]string // upload ticket → file
}

// Open returns the world kept in o.Dir, or an empty one.
func Open(o Options) (*World, error) {
	w := &World{opts: o, clock: o.Clock, log: o.Logger}
	if w.clock == nil {
		w.clock = clock.Real{}
	}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	w.reset()
	files := ""
	if o.Dir != "" {
		files = filepath.Join(o.Dir, "files")
	}
	var err error
	if w.bytes, err = keep.OpenBytes(files); err != nil {
		return nil, fmt.Errorf("open the simulated Slack: %w", err)
	}
	if o.Dir == "" {
		return w, nil
	}
	j, stamp, err := keep.Open(filepath.Join(o.Dir, "world.jsonl"), w.loaders())
	if err != nil {
		return nil, fmt.Errorf("open the simulated Slack: %w", err)
	}
	w.journal, w.stamp = j, stamp
	w.ReturnEvents()
	return w, nil
}

func (w *World) reset() {
	w.workspaces = keep.NewTable[Workspace]("workspace")
	w.orgs = keep.NewTable[Organisation]("organisation")
	w.users = keep.NewTable[User]("user")
	w.channels = keep.NewTable[Channel]("channel")
	w.Apps = apps.New()
	w.files = keep.NewTable[File]("file")
	w.marks = keep.NewTable[mark]("mark")
	w.homes = keep.NewTable[View]("home")
	w.pending = keep.NewQueue[Event]("event")
	w.shares = keep.NewTable[share]("share")
	w.groups = keep.NewTable[UserGroup]("group")
	w.rooms = room.Rooms{}
	w.uploads = map[string]string{}
}

// Close writes what is left and lets go of the files. The world must not be
// used afterwards.
func (w *World) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := w.journal.Close()
	w.journal = nil
	return err
}

// Now is the time in this world.
func (w *World) Now() time.Time { return w.clock.Now() }

// Clock is the clock this world runs by.
func (w *World) Clock() clock.Clock { return w.clock }

// SetBaseURL tells the world where it is served, for the addresses of files,
// uploads, responses and messages.
func (w *World) SetBaseURL(url string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.base = url
}

// BaseURL is the address this Slack is served at; empty before SetBaseURL.
func (w *World) BaseURL() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.base
}

// update runs one operation. If fn fails, nothing is kept or told: an operation
// checks everything before its first change.
func (w *World) update(fn func(c *Change) error) error {
	w.mu.Lock()
	c := &Change{w: w, log: w.journal.Log()}
	err := fn(c)
	if err == nil {
		err = w.journal.Append(w.stamp, c.log)
	}
	w.mu.Unlock()
	if err != nil {
		if _, ok := errors.AsType[entity.Err](err); !ok {
			w.log.Error("operation failed", "err", err)
		}
		return err
	}
	w.feed.Publish(c.hints...)
	return nil
}

// A Change gathers what one operation did.
type Change struct {
	w     *World
	log   *keep.Log
	hints []feed.Hint
}

func (c *Change) hint(kind feed.Kind, id string) {
	c.hints = append(c.hints, feed.Hint{Kind: kind, ID: id})
}

// Subscribe starts to collect hints about what changes.
func (w *World) Subscribe() *feed.Subscription { return w.feed.Subscribe() }

// Hint passes a hint to all subscribers.
func (w *World) Hint(h feed.Hint) { w.feed.Publish(h) }

func (w *World) loaders() map[string]keep.Loader {
	all := map[string]keep.Loader{
		w.workspaces.Kind: &w.workspaces,
		w.orgs.Kind:       &w.orgs,
		w.users.Kind:      &w.users,
		w.channels.Kind:   &w.channels,
		w.files.Kind:      &w.files,
		w.marks.Kind:      &w.marks,
		w.homes.Kind:      &w.homes,
		w.pending.Kind:    &w.pending,
		w.shares.Kind:     &w.shares,
		w.groups.Kind:     &w.groups,
		room.Kind:         w.rooms,
	}
	maps.Copy(all, w.Apps.Loaders())
	return all
}
