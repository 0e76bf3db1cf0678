package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// missedRetry is which try of an event tells that earlier ones may have been
// given up. Slack's first retry comes at once; a later one says that for a
// minute or longer nothing reached us.
const missedRetry = 2

// Event takes the body of an Events API request that Slack has sent retry times
// before. With an error Slack must be asked to send it again; without one it is
// durable, or of no use to us.
func (in *Intake) Event(ctx context.Context, body []byte, retry int) error {
	p, ok := in.peek(body, retry)
	if !ok {
		return nil
	}
	return in.take(ctx, body, p)
}

// peek reads from a body what it takes to take it in.
func (in *Intake) peek(body []byte, retry int) (p wire.Peeked, ok bool) {
	if retry >= missedRetry {
		in.opt.Missed()
	}
	p, err := wire.Peek(body)
	if err != nil {
		// Sending it again would not make it readable.
		in.drop("event: unreadable", p)
	}
	return p, err == nil
}

func (in *Intake) take(ctx context.Context, body []byte, p wire.Peeked) error {
	switch p.Type {
	case wire.TypeAppRateLimited:
		in.tally.Add("app_rate_limited")
		in.opt.Log.Error("slack leaves out events: more than 30000 came within an hour", slog.String("workspace", p.Workspace))
		in.opt.Missed()
	case wire.TypeEventCallback:
		return in.event(ctx, body, p)
	default:
		in.drop("event: unknown outer type", p)
	}
	return nil
}

func (in *Intake) event(ctx context.Context, body []byte, p wire.Peeked) error {
	switch p.EventType {
	case "team_access_granted", "team_access_revoked":
		in.opt.Relist() // what is lost is asked for in time
		return nil
	case "app_uninstalled", "tokens_revoked":
		// It is not stored: should we lose it, Slack is asked again in time.
		in.doubt(p)
		if p.Workspace == "" {
			in.opt.Relist() // we may be in none of the organisation's workspaces
		}
		return nil
	}
	self, ok, err := in.self(ctx, p)
	if err != nil {
		in.tally.Add("event: workspace not looked up")
		return fmt.Errorf("look up workspace %s of event %s: %w", p.Workspace, p.EventID, err)
	}
	if !ok {
		in.drop("event: unknown workspace", p)
		return nil
	}
	switch p.EventType {
	case "user_change":
		in.person(ctx, self.ID, body, p)
		return nil
	case "subteam_created", "subteam_updated", "subteam_members_changed":
		in.group(ctx, self.ID, body, p)
		return nil
	case "emoji_changed":
		in.opt.Emoji(self.ID) // what is lost is listed again in time
		return nil
	case "app_home_opened":
		return in.home(ctx, self.ID, body, p)
	}
	self = in.holds(ctx, p, self)
	p.Workspace = string(self.ID)
	in.name(p, self)
	if why := useless(p, self); why != "" {
		in.drop("event: "+why, p)
		return nil
	}
	if toUs(p) {
		in.wrote(self.ID, p)
		return nil
	}
	return in.store(ctx, self.ID, body, p)
}

// self is who our app is in the workspace of an event. Where it is installed but
// cannot be served, because its tokens do not open or Slack does not say whose they
// are, what an earlier run wrote down is enough to store the event by: refused, it
// would be lost in time, and Slack ends the subscription of an app that refuses
// most of what it is sent, for all workspaces.
func (in *Intake) self(ctx context.Context, p wire.Peeked) (served.Workspace, bool, error) {
	w := desk.WorkspaceID(p.Workspace)
	err := in.opt.Seek(ctx, w, p.Enterprise)
	if err == nil {
		self, ok := in.installed.Find(w)
		return self, ok, nil
	}
	if in.opt.Known == nil {
		return served.Workspace{}, false, err
	}
	known, unknown := in.opt.Known.Workspace(ctx, w)
	if unknown != nil || known.BotID == "" { // then our own words could not be told from people's
		return served.Workspace{}, false, err
	}
	in.tally.Add("event: stored for a workspace that is not served")
	return known, true, nil
}

// doubt passes on that we may be shut out: of one workspace or, where none is
// named, of all those of an organisation.
func (in *Intake) doubt(p wire.Peeked) {
	if p.Workspace != "" {
		in.opt.Doubt(desk.WorkspaceID(p.Workspace))
		return
	}
	all := in.installed.Of(p.Enterprise)
	if len(all) == 0 {
		in.drop("event: unknown workspace", p)
	}
	for _, w := range all {
		in.opt.Doubt(w)
	}
}

// store makes an event durable.
func (in *Intake) store(ctx context.Context, w desk.WorkspaceID, body []byte, p wire.Peeked) error {
	if p.EventType == channelIDChanged {
		// What comes next has the new id already.
		if before, after, ok := channelChange(body); ok {
			in.installed.Channels(w).Change(before, after)
		}
	}
	channel := in.installed.Channels(w).First(desk.ChannelID(p.Channel))
	_, err := in.inbox.Accept(ctx, desk.Event{
		Key: eventKey(p, body), Lane: desk.PlaceLane(ident.Channel(w, channel)),
		Body: body, ReceivedAt: in.opt.Now(),
	})
	if err != nil {
		in.tally.Add("event: not stored")
		return fmt.Errorf("store event %s of workspace %s: %w", p.EventID, p.Workspace, err)
	}
	return nil
}

// useless says why an event can never concern us, or "" if it may. It spares
// the store what Interpret would ignore anyway.
func useless(p wire.Peeked, self served.Workspace) string {
	switch {
	case !recorded(p.EventType) && !tellsFate(p, self):
		return "not a message"
	case !ident.Valid(p.Channel):
		return "no channel"
	case p.EventType != "message", convertsToPublic(p.Subtype):
		return ""
	case p.BotID != "" && p.BotID == self.BotID, p.AppID != "" && p.AppID == self.AppID, p.User != "" && p.User == self.BotUID:
		return "echo"
	case p.BotID != "":
		return "bot"
	}
	switch genreOf(p.Subtype) {
	case genreBot:
		return "bot"
	case genreSystem:
		return "system message"
	default:
		return ""
	}
}

// recorded reports whether something of such events may be recorded.
func recorded(eventType string) bool {
	switch eventType {
	case "message", "reaction_added", "reaction_removed", "member_joined_channel", "member_left_channel", channelIDChanged:
		return true
	}
	return false
}

// eventKey is the same for every delivery of one event. Slack's event_id is,
// as a rule; where it is not, the entries' origins tell.
func eventKey(p wire.Peeked, body []byte) string {
	id := p.EventID
	if id == "" {
		sum := sha256.Sum256(body)
		id = hex.EncodeToString(sum[:])
	}
	return "slack:" + p.Workspace + ":" + id
}

// person passes on that a person's name or picture changed. It is not stored:
// what is lost is looked up again in time.
func (in *Intake) person(ctx context.Context, w desk.WorkspaceID, body []byte, p wire.Peeked) {
	if in.opt.People == nil {
		in.drop("event: not a message", p)
		return
	}
	_, event, err := wire.Decode(body)
	if err != nil {
		return // unreachable: Peek read the same
	}
	change, ok := event.Content.(*wire.UserChange)
	if !ok || !ident.Valid(change.User.ID) {
		in.drop("event: nobody", p)
		return
	}
	if err := in.opt.People.Changed(ctx, w, change.User); err != nil {
		in.tally.Add("event: person not refreshed")
		in.opt.Log.Warn("person not refreshed", slog.String("workspace", string(w)), slog.Any("err", err))
	}
}

// group passes on that a user group changed. It is not stored, as above.
func (in *Intake) group(ctx context.Context, w desk.WorkspaceID, body []byte, p wire.Peeked) {
	_, event, err := wire.Decode(body)
	change, ok := event.Content.(*wire.GroupChange)
	if err != nil || !ok || in.opt.Groups == nil {
		in.drop("event: not a message", p)
		return
	}
	if err := in.opt.Groups.Changed(ctx, w, *change); err != nil {
		in.tally.Add("event: user group not refreshed")
		in.opt.Log.Warn("user group not refreshed", slog.String("workspace", string(w)), slog.Any("err", err))
	}
	in.opt.Names.Regrouped(w)
}

// name passes on that a channel may be called otherwise, or be open to us no
// longer. It is not stored for that, as above.
func (in *Intake) name(p wire.Peeked, self served.Workspace) {
	channel := string(in.installed.Channels(self.ID).First(desk.ChannelID(p.Channel)))
	switch fate := fateOf(p.EventType); {
	case fate == desk.FateRenamed, p.EventType == "member_joined_channel" && p.User == self.BotUID, convertsToPublic(p.Subtype):
		in.opt.Names.Renamed(self.ID, channel)
	case fate == desk.FateRemoved, fate == desk.FateDeleted, p.EventType == "member_left_channel" && p.User == self.BotUID,
		p.Subtype == "channel_convert_to_private":
		in.opt.Names.Closed(self.ID, channel)
	}
}

// home passes on that somebody opened the app's home. Should it be lost, Slack
// sends it again, or with their next visit. Their messages with the app are
// another tab.
func (in *Intake) home(ctx context.Context, w desk.WorkspaceID, body []byte, p wire.Peeked) error {
	_, event, err := wire.Decode(body)
	opened, ok := event.Content.(*wire.HomeOpened)
	if err != nil || !ok || in.opt.Homes == nil || opened.Tab == "messages" || !ident.Valid(opened.User) {
		in.drop("event: no home", p)
		return nil
	}
	if err := in.opt.Homes.Open(ctx, w, opened.User, 0); err != nil {
		in.tally.Add("event: home not noted")
		return fmt.Errorf("note that a home was opened in workspace %s: %w", w, err)
	}
	return nil
}

// toUs reports whether an event is a message that somebody wrote to the app
// alone. Slack's ids of such conversations begin with a D.
func toUs(p wire.Peeked) bool { return p.EventType == "message" && strings.HasPrefix(p.Channel, "D") }

// wrote passes on that somebody wrote to the app. Their words are not kept.
func (in *Intake) wrote(w desk.WorkspaceID, p wire.Peeked) {
	in.tally.Add("event: written to the app")
	if in.opt.Homes != nil && ident.Valid(p.User) && genreOf(p.Subtype) == genreWords {
		in.opt.Homes.Wrote(w, p.User, p.Channel)
	}
}

// drop acks an event that is not kept.
func (in *Intake) drop(why string, p wire.Peeked) {
	in.tally.Add(why)
	in.opt.Log.Debug("event dropped", slog.String("event", p.EventID), slog.String("err", why))
}
