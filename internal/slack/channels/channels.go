package channels

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
)

const (
	freshFor = time.Minute      // how long what Slack said is believed
	askFor   = 20 * time.Second // how long asking may take
	maxPages = 10               // of 500 channels; Slack takes some 20 such calls a minute
)

var errAskFor = errors.New("slack did not list the channels in time")

// A lister asks Slack for one page of the public channels of its workspace.
type lister interface {
	PublicChannels(ctx context.Context, cursor string) (channels []api.Channel, next string, err error)
}

// A List is the public channels of one workspace. It may be used by many
// goroutines. Make one with [New].
type List struct {
	workspace desk.WorkspaceID
	slack     lister
	now       func() time.Time

	mu    sync.Mutex // guards the rest; held while Slack is asked, so that it is asked once
	all   []api.Channel
	more  bool
	until time.Time // when Slack is to be asked again
}

// New returns the List of a workspace. now is a clock.
func New(w desk.WorkspaceID, slack lister, now func() time.Time) *List {
	return &List{workspace: w, slack: slack, now: now}
}

// Public returns the public channels of a workspace, by name. more says that
// there are others, too many to be listed.
func (l *List) Public(ctx context.Context, w desk.WorkspaceID) (all []api.Channel, more bool, err error) {
	if w != l.workspace {
		return nil, false, &desk.Refusal{Kind: desk.ErrNotFound, Message: "The channels of this workspace cannot be listed."}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now().Before(l.until) {
		return l.all, l.more, nil
	}
	bound, cancel := context.WithTimeoutCause(ctx, askFor, errAskFor)
	defer cancel()
	if all, more, err = l.read(bound); err != nil {
		return nil, false, fmt.Errorf("list the channels of %s: %w", w, err)
	}
	l.all, l.more, l.until = all, more, l.now().Add(freshFor)
	return all, more, nil
}

// read reads the pages that Slack has, up to a bound.
func (l *List) read(ctx context.Context) (all []api.Channel, more bool, err error) {
	cursor := ""
	for range maxPages {
		page, next, err := l.slack.PublicChannels(ctx, cursor)
		if err != nil {
			return nil, false, err
		}
		for _, ch := range page {
			if !ch.Private && !ch.Archived {
				all = append(all, ch)
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b api.Channel) int { return strings.Compare(a.Name, b.Name) })
	return all, cursor != "", nil
}
