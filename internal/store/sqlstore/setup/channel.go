package setup

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store/sqlstore/commit"
)

const (
	saveChannel = `INSERT INTO channel_configs (workspace, channel, account, name, permissions,
	notify, notify_opened, notify_answered, notify_resolved, narrow) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
	ON CONFLICT (workspace, channel, account) DO UPDATE SET name = excluded.name, permissions = excluded.permissions,
	notify = excluded.notify, notify_opened = excluded.notify_opened, notify_answered = excluded.notify_answered,
	notify_resolved = excluded.notify_resolved, narrow = excluded.narrow`

	deleteChannel = `DELETE FROM channel_configs WHERE account = $1 AND workspace = $2 AND channel = $3`

	selectChannel = `SELECT workspace, channel, account, name, permissions, notify, notify_opened, notify_answered,
	notify_resolved, narrow FROM channel_configs`

	// Few chats are live, so it does not matter that where one was asked for
	// stands in its JSON. $4 is how.
	liveAskedIn = `account = $5 AND (asked = $1 OR place = $1 OR substr(place, 1, $2) = $3 OR chat_more LIKE $4)`

	selectLiveAskedIn = `SELECT id FROM cases WHERE chat_state = 'requested' AND ` + liveAskedIn + `
	UNION ALL
	SELECT id FROM cases WHERE chat_state = 'in-progress' AND ` + liveAskedIn + ` ORDER BY id`

	selectLiveOf = `SELECT id FROM cases WHERE chat_state = 'requested' AND account = $1 AND workspace = $2
	UNION ALL
	SELECT id FROM cases WHERE chat_state = 'in-progress' AND account = $1 AND workspace = $2 ORDER BY id`
)

// A narrowing is how a served.Narrowing is stored.
type narrowing struct {
	Permission string   `json:"permission"`
	People     []string `json:"people,omitempty"`
	Groups     []string `json:"groups,omitempty"`
}

// SaveChannel adds or replaces an account's configuration of a channel.
func (t Tx) SaveChannel(ctx context.Context, c *served.ChannelConfig) error {
	n := c.Notify
	return t.To.Write(ctx, commit.Op{Doing: "save channel", ID: string(c.Channel)}, saveChannel,
		string(c.Workspace), string(c.Channel), string(c.Account), c.Name, strings.Join(texts(c.Permissions), " "),
		string(n.Severities), n.Opened, n.Answered, n.Resolved, fromNarrow(c.Narrow))
}

// DeleteChannel takes away an account's configuration of a channel.
func (t Tx) DeleteChannel(ctx context.Context, account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID) error {
	return t.To.Write(ctx, commit.Op{Doing: "delete channel", ID: string(ch)}, deleteChannel, string(account), string(w), string(ch))
}

// Channel returns an account's configuration of a channel.
func (r Reads) Channel(ctx context.Context, account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID) (c served.ChannelConfig, err error) {
	err = r.one(ctx, commit.Op{Doing: "channel", ID: string(ch)}, selectChannel+" WHERE workspace = $1 AND channel = $2 AND account = $3",
		[]any{string(w), string(ch), string(account)}, func(from commit.Row) (err error) {
			c, err = scanChannel(from)
			return err
		})
	return c, err
}

// ChannelsAt returns the configurations of a channel.
func (r Reads) ChannelsAt(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID) ([]served.ChannelConfig, error) {
	return r.channels(ctx, commit.Op{Doing: "channels at", ID: string(ch)}, " WHERE workspace = $1 AND channel = $2 ORDER BY account", string(w), string(ch))
}

// ChannelsOf returns an account's configurations.
func (r Reads) ChannelsOf(ctx context.Context, account desk.AccountID) ([]served.ChannelConfig, error) {
	return r.channels(ctx, commit.Op{Doing: "channels of", ID: string(account)}, " WHERE account = $1 ORDER BY workspace, channel", string(account))
}

// ChannelEverywhere returns the configurations of a channel in whichever
// workspace.
func (r Reads) ChannelEverywhere(ctx context.Context, ch desk.ChannelID) ([]served.ChannelConfig, error) {
	return r.channels(ctx, commit.Op{Doing: "channel everywhere", ID: string(ch)}, " WHERE channel = $1 ORDER BY workspace, account", string(ch))
}

func (r Reads) channels(ctx context.Context, what commit.Op, where string, args ...any) (all []served.ChannelConfig, err error) {
	err = r.Ask.Query(ctx, what, selectChannel+where, args, func(from commit.Row) error {
		c, err := scanChannel(from)
		all = append(all, c)
		return err
	})
	return all, err
}

func scanChannel(from commit.Row) (c served.ChannelConfig, err error) {
	var words, narrow string
	n := &c.Notify
	if err := from.Scan((*string)(&c.Workspace), (*string)(&c.Channel), (*string)(&c.Account), &c.Name, &words,
		(*string)(&n.Severities), &n.Opened, &n.Answered, &n.Resolved, &narrow); err != nil {
		return c, err
	}
	for word := range strings.FieldsSeq(words) {
		c.Permissions = append(c.Permissions, served.Permission(word))
	}
	if c.Narrow, err = toNarrow(narrow); err != nil {
		return c, fmt.Errorf("channel %s: %w", c.Channel, err)
	}
	return c, nil
}

func fromNarrow(all []served.Narrowing) string {
	if len(all) == 0 {
		return ""
	}
	stored := make([]narrowing, len(all))
	for i, n := range all {
		stored[i] = narrowing{Permission: string(n.Permission), People: texts(n.People), Groups: texts(n.Groups)}
	}
	text, _ := json.Marshal(stored) // strings always marshal
	return string(text)
}

func toNarrow(text string) ([]served.Narrowing, error) {
	if text == "" {
		return nil, nil
	}
	var stored []narrowing
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, err
	}
	all := make([]served.Narrowing, len(stored))
	for i, n := range stored {
		all[i] = served.Narrowing{Permission: served.Permission(n.Permission), People: named[desk.PersonID](n.People), Groups: named[served.GroupID](n.Groups)}
	}
	return all, nil
}

func texts[T ~string](items []T) []string { return named[string](items) }

// named is a list of texts as one of another kind of them.
func named[To, From ~string](items []From) []To {
	if len(items) == 0 {
		return nil
	}
	all := make([]To, len(items))
	for i, item := range items {
		all[i] = To(item)
	}
	return all
}

// LiveAskedIn returns the cases of an account whose live chat is in a channel
// or its threads, or was asked for there.
func (r Reads) LiveAskedIn(ctx context.Context, account desk.AccountID, channel desk.Place) ([]desk.CaseID, error) {
	threads := string(channel) + "/"
	from, _ := json.Marshal(string(channel)) // strings always marshal
	return r.cases(ctx, commit.Op{Doing: "chats asked for in", ID: string(channel)}, selectLiveAskedIn,
		string(channel), int64(len(threads)), threads, `%"from":`+string(from)+`%`, string(account))
}

// LiveOf returns the cases of an account in a workspace that have a live chat.
func (r Reads) LiveOf(ctx context.Context, account desk.AccountID, w desk.WorkspaceID) ([]desk.CaseID, error) {
	return r.cases(ctx, commit.Op{Doing: "chats of", ID: string(account)}, selectLiveOf, string(account), string(w))
}

func (r Reads) cases(ctx context.Context, what commit.Op, text string, args ...any) (ids []desk.CaseID, err error) {
	err = r.Ask.Query(ctx, what, text, args, func(from commit.Row) error {
		var id string
		err := from.Scan(&id)
		ids = append(ids, desk.CaseID(id))
		return err
	})
	return ids, err
}
