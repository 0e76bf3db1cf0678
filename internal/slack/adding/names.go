package adding

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slack/content"
	"caseline/internal/slack/ident"
)

const (
	// nameTime is how long asking for names may hold up a form.
	nameTime = time.Second
	// maxNamed is how many people of one message are named.
	maxNamed = 10
)

var errNameTime = errors.New("slack did not say names in time")

// A Directory is the part of Slack that says whether a message is there, and how
// people and channels are called.
type Directory interface {
	history
	UserInfo(ctx context.Context, id string) (api.User, error)
	ChannelInfo(ctx context.Context, id string) (api.Channel, error)
}

// A People reads what is known of people.
type People interface {
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
}

// A Look looks at a message in Slack.
type Look struct {
	Slack Directory
	Known People
	Log   *slog.Logger
}

// At refuses a message that is gone, and returns it with the names of its channel
// and of the people in it, as far as they can be had in a second. What is on a
// case has them beside the ids: nobody is looked up for it later.
func (l Look) At(ctx context.Context, m Message) (Message, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, nameTime, errNameTime)
	defer cancel()
	var parts sync.WaitGroup
	var there error
	var channel string
	var people map[string]string
	parts.Go(func() { there = There(ctx, l.Slack, m, l.Log) })
	parts.Go(func() {
		ch, err := l.Slack.ChannelInfo(ctx, string(m.Where.Channel))
		if err != nil {
			l.Log.Debug("channel not described", slog.Any("err", err))
		}
		channel = content.Label(ch.Name)
	})
	parts.Go(func() { people = l.names(ctx, m) })
	parts.Wait()
	if there != nil {
		return m, there
	}
	m.Called = channel
	m.Author, m.Text = labelled(m.Author, people), labelled(m.Text, people)
	return m, nil
}

// names are those of the people in a message, by Slack's ids.
func (l Look) names(ctx context.Context, m Message) map[string]string {
	ids := mentioned(m.Author + " " + m.Text)
	keys := make([]desk.PersonID, len(ids))
	for i, id := range ids {
		keys[i] = ident.Person(m.Where.Workspace, id)
	}
	known, err := l.Known.People(ctx, keys)
	if err != nil {
		l.Log.Warn("names not read", slog.Any("err", err))
	}
	found := make([]string, len(ids))
	var parts sync.WaitGroup
	for i, id := range ids {
		if found[i] = known[keys[i]].Name; found[i] != "" {
			continue
		}
		parts.Go(func() {
			u, err := l.Slack.UserInfo(ctx, id)
			if err != nil {
				l.Log.Debug("person not looked up", slog.Any("err", err))
			}
			found[i] = u.Name
		})
	}
	parts.Wait()
	names := map[string]string{}
	for i, id := range ids {
		names[id] = content.Label(found[i])
	}
	return names
}

// mentioned lists the people whom a text mentions by their ids alone.
func mentioned(text string) (ids []string) {
	seen := map[string]bool{}
	walk(text, func(id string) string {
		if !seen[id] && len(ids) < maxNamed {
			seen[id] = true
			ids = append(ids, id)
		}
		return ""
	})
	return ids
}

// labelled is a text with the names of those whom it mentions by their ids alone.
func labelled(text string, names map[string]string) string {
	return walk(text, func(id string) string { return names[id] })
}

// walk calls name for each mention that has an id alone, and returns the text
// with what it returned as their labels.
func walk(text string, name func(id string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "<@")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("<@")
		id, after, closed := strings.Cut(rest, ">")
		text = rest
		if !closed || strings.HasSuffix(before, `\`) || !ident.Valid(id) {
			continue // words that only look like it, or a name is there
		}
		b.WriteString(id)
		if label := name(id); label != "" {
			b.WriteString("|" + label)
		}
		b.WriteString(">")
		text = after
	}
}
