package emojis

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
)

const (
	freshFor  = 6 * time.Hour    // how long the list is believed
	askAgain  = time.Minute      // at the soonest because of a name that nobody knows
	settle    = 3 * time.Second  // at the soonest in any case: changes come in crowds
	maxAlias  = 5                // how many names lead to a picture
	scope     = "emoji:read"     // without it only names are shown
	listTries = 30 * time.Second // for one answer, which may be long
)

// A lister asks Slack.
type lister interface {
	EmojiList(ctx context.Context) (map[string]string, error)
	FetchPicture(ctx context.Context, address string) (api.Body, error)
	Lacks(scope string) bool
}

// A reader reads what is known.
type reader interface {
	CustomEmoji(ctx context.Context, w desk.WorkspaceID) ([]served.CustomEmoji, error)
}

// A keeper writes it down.
type keeper interface {
	KeepEmoji(ctx context.Context, w desk.WorkspaceID, changed, gone []served.CustomEmoji) error
}

// Options are what a Book can do without.
type Options struct {
	Log *slog.Logger     // default: none
	Now func() time.Time // default: time.Now
}

// A Book has the custom emoji of a workspace. It may be used by many
// goroutines. Make one with [New].
type Book struct {
	workspace desk.WorkspaceID
	slack     lister
	read      reader
	keep      keeper
	blobs     shelf
	opt       Options
	wake      chan struct{}

	mu    sync.RWMutex // guards what follows, for a look or the exchange of the list
	known map[string]served.CustomEmoji
	asked time.Time // when Slack was asked for the list last
}

// New returns a Book of the workspace w, empty until it runs.
func New(w desk.WorkspaceID, slack lister, read reader, keep keeper, blobs shelf, o Options) *Book {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Book{workspace: w, slack: slack, read: read, keep: keep, blobs: blobs, opt: o, wake: make(chan struct{}, 1), known: map[string]served.CustomEmoji{}}
}

// Find returns what to show for a name: the name of a common emoji that it
// stands for, or, if pictured, a picture; nothing when nobody knows it.
func (b *Book) Find(w desk.WorkspaceID, name string) (common string, pictured bool) {
	if w != b.workspace {
		return "", false
	}
	e, common, ok := b.look(name)
	if !ok && common == "" && b.may() {
		b.Refresh()
	}
	return common, ok && e.URL != ""
}

// may reports whether the list may be read again because of an unknown name.
func (b *Book) may() bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.opt.Now().Sub(b.asked) >= askAgain
}

// look follows aliases. common is where they end, if that is no custom emoji.
func (b *Book) look(name string) (e served.CustomEmoji, common string, ok bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for range maxAlias {
		if e, ok = b.known[name]; !ok {
			return e, common, false
		}
		target, alias := strings.CutPrefix(e.URL, served.AliasOf)
		if !alias {
			return e, "", true
		}
		name, common = target, target
	}
	return served.CustomEmoji{}, "", false
}

// Refresh has the list read anew. It returns at once.
func (b *Book) Refresh() {
	select {
	case b.wake <- struct{}{}:
	default: // it will be
	}
}

// Run keeps the list up to date until ctx is done.
func (b *Book) Run(ctx context.Context) error {
	b.tell(ctx, b.Load(ctx))
	for b.sleep(ctx) {
		b.tell(ctx, b.list(ctx))
	}
	return nil
}

func (b *Book) tell(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		b.opt.Log.Info("custom emoji not listed", slog.String("workspace", string(b.workspace)), slog.Any("err", err))
	}
}

// sleep waits until the list is to be read again.
func (b *Book) sleep(ctx context.Context) bool {
	soonest, latest := time.NewTimer(settle), time.NewTimer(freshFor)
	defer soonest.Stop()
	defer latest.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-soonest.C:
	}
	select {
	case <-ctx.Done():
		return false
	case <-latest.C:
	case <-b.wake:
	}
	return true
}

// Load takes in what an earlier run wrote down, and then Slack's list.
func (b *Book) Load(ctx context.Context) error {
	all, err := b.read.CustomEmoji(ctx, b.workspace)
	b.mu.Lock()
	for _, e := range all {
		b.known[e.Name] = e
	}
	b.mu.Unlock()
	return errors.Join(err, b.list(ctx))
}

// list reads Slack's list.
func (b *Book) list(ctx context.Context) error {
	if b.slack.Lacks(scope) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, listTries)
	defer cancel()
	b.mu.Lock()
	b.asked = b.opt.Now()
	b.mu.Unlock()
	now, err := b.slack.EmojiList(ctx)
	if api.Code(err) == "missing_scope" {
		return nil // names do
	}
	if err != nil {
		return err
	}
	changed, gone := b.exchange(now)
	return b.keep.KeepEmoji(ctx, b.workspace, changed, gone)
}

// exchange takes in a list, and returns what differs.
func (b *Book) exchange(now map[string]string) (changed, gone []served.CustomEmoji) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, url := range now {
		if b.known[name].URL != url {
			if old := b.known[name]; old.Hash != "" {
				gone = append(gone, old)
			}
			e := served.CustomEmoji{Name: name, URL: url}
			b.known[name] = e
			changed = append(changed, e)
		}
	}
	for name, e := range b.known {
		if _, stays := now[name]; !stays {
			gone = append(gone, e)
			delete(b.known, name)
		}
	}
	return changed, gone
}
