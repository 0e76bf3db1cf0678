package adding

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/api"
	"caseline/internal/slack/content"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// gone is what people are told of a message that was deleted.
const gone = "This message is no longer there, so nothing of it can be put on a case."

// A Message is what a shortcut was used on.
type Message struct {
	Where   ident.Where // its channel and, if it is a reply, its thread
	Ts      string
	Author  string // in Slack's own markup
	App     bool   // who is an app
	Called  string // the channel; may be empty
	Address string // in Slack; may be empty
	Text    string // canonical Markdown
	Files   []wire.File
}

// Read reads the message that a shortcut was used on. base is the address of the
// workspace.
func Read(in wire.Interaction, channel desk.ChannelID, base string) (Message, error) {
	m := in.Message
	if m == nil || m.Subtype == "tombstone" {
		return Message{}, refuse(desk.ErrNotFound, gone)
	}
	ts := m.Ts
	if ts == "" {
		ts = in.MessageTs
	}
	if _, ok := ts.Micros(); !ok {
		return Message{}, refuse(desk.ErrNotFound, gone)
	}
	read := Message{
		Where: ident.Where{Workspace: desk.WorkspaceID(in.Workspace()), Channel: channel}, Ts: string(ts),
		Author: content.Author(m), App: m.BotID != "", Text: content.Words(m),
	}
	if root := m.Thread(); root != ts {
		read.Where.Thread = string(root)
	}
	shown := read.Where
	shown.Channel = desk.ChannelID(in.Channel) // as Slack calls it
	read.Address = shown.MessageAddress(base, read.Ts)
	for _, f := range m.Files {
		if len(read.Files) < view.MaxFiles && f.Mode != "tombstone" && ident.Valid(f.ID) {
			read.Files = append(read.Files, f)
		}
	}
	if read.Text == "" && len(read.Files) == 0 {
		return Message{}, refuse(desk.ErrInvalid, "There is nothing in this message that could be put on a case.")
	}
	return read, nil
}

// Origin is where the message itself comes from.
func (m Message) Origin() desk.Origin {
	return ident.MessageOrigin(m.Where.Workspace, m.Where.Channel, m.Ts)
}

// Source says whose words they are and where they stand, as canonical Markdown.
func (m Message) Source() string {
	line := "_Message from_ " + m.Author + " _in_ <#" + string(m.Where.Channel)
	if m.Called != "" {
		line += "|" + m.Called
	}
	line += ">"
	if micros, ok := wire.Ts(m.Ts).Micros(); ok {
		at := time.UnixMicro(micros).UTC()
		line += ", <!date^" + strconv.FormatInt(at.Unix(), 10) + "^{date_short} {time}|" + at.Format("2006-01-02 15:04") + " UTC>"
	}
	if m.Address != "" {
		line += ": " + content.Link(m.Address, "see it in Slack")
	}
	return mrkdwn.FromSlack(line, nil)
}

// Quoted is the message as it stands on a case, with what somebody says to it.
func (m Message) Quoted(note string) string {
	parts := []string{m.Source()}
	if note != "" {
		parts = []string{note, m.Source()}
	}
	if m.Text != "" {
		parts = append(parts, mrkdwn.Quote(m.Text))
	}
	return strings.Join(parts, "\n\n")
}

// drafts keep what a form is about while it is open.
type drafts interface {
	Keep(ctx context.Context, d personal.Draft) error
	Find(ctx context.Context, id string) (personal.Draft, error)
}

// Kind is what a draft of a message is.
const Kind = "message"

// Key is the draft of the message that a press is about.
func Key(w desk.WorkspaceID, trigger string) string {
	return Kind + " " + string(ident.CommandOrigin(w, trigger))
}

// Keep keeps a message while a form about it is open.
func Keep(ctx context.Context, d drafts, key string, owner desk.PersonID, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return d.Keep(ctx, personal.Draft{ID: key, Owner: owner, Kind: Kind, Body: string(body)})
}

// Kept returns the message that a form of somebody is about.
func Kept(ctx context.Context, d drafts, key string, owner desk.PersonID) (m Message, err error) {
	draft, err := d.Find(ctx, key)
	if errors.Is(err, desk.ErrNotFound) || err == nil && (draft.Owner != owner || draft.Kind != Kind) {
		return m, refuse(desk.ErrTooLate, "This form was open for too long. Please use the shortcut on the message again.")
	}
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(draft.Body), &m)
}

// A history reads messages of Slack.
type history interface {
	History(ctx context.Context, s api.Span) (messages []api.Message, next string, err error)
}

// There refuses a message that was deleted in Slack meanwhile. Where Slack does
// not let us look, it counts as there.
func There(ctx context.Context, slack history, m Message, log *slog.Logger) error {
	found, _, err := slack.History(ctx, api.Span{
		Channel: string(m.Where.Channel), Thread: m.Where.Thread, Oldest: m.Ts, Latest: m.Ts, Limit: 2,
	})
	if err != nil {
		log.Debug("message not looked for", slog.String("workspace", string(m.Where.Workspace)), slog.Any("err", err))
		return nil
	}
	for _, one := range found {
		if one.Ts != m.Ts {
			continue
		}
		if read, _, err := wire.DecodeMessage(one.Raw); err == nil && read.Subtype == "tombstone" {
			break
		}
		return nil
	}
	return refuse(desk.ErrNotFound, gone)
}

func refuse(kind error, sentence string) *desk.Refusal {
	return &desk.Refusal{Kind: kind, Message: sentence}
}
