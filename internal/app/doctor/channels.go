package doctor

import (
	"context"
	"fmt"
	"slices"

	"caseline/internal/config"
	"caseline/internal/slack/api"
)

// Channels says of each configured channel whether people can ask there: those
// of the file, and those that were set up in the database. Token must have been
// called.
func (d *Doctor) Channels(ctx context.Context) {
	var ids []string
	names := map[string]string{}
	add := func(id, name string) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if names[id] == "" {
			names[id] = name
		}
	}
	now := map[string]string{} // by the ids that they had before
	for _, ch := range d.database.Channels {
		if ch.Workspace == d.identity.TeamID {
			add(ch.Now, ch.Name)
			now[ch.ID] = ch.Now
		}
	}
	for _, ch := range d.ownChannels() {
		if id, ok := now[ch.ID]; ok {
			add(id, ch.Name)
			continue
		}
		add(ch.ID, ch.Name)
	}
	for _, id := range ids {
		d.Channel(ctx, id, names[id])
	}
	if len(ids) == 0 {
		d.say("channels", Warning, "No channel is configured%s, so nobody can open a case%s: add one in the console under Setup, or by caseline channel add.", d.in, there(d.in))
	}
}

// ownChannels are the channels of the configuration file, which are of the
// workspace of slack.bot_token.
func (d *Doctor) ownChannels() []config.Channel {
	if d.in != "" {
		return nil
	}
	return d.cfg.Channels
}

func there(in string) string {
	if in == "" {
		return ""
	}
	return " there"
}

// Channel says whether people can ask in one channel, and reports what Slack
// calls it and whether they can. name is what we call it, and may be empty. Token
// must have been called.
func (d *Doctor) Channel(ctx context.Context, id, name string) (inSlack string, ok bool) {
	called := id
	if name != "" {
		called = fmt.Sprintf("%s (%s)", id, name)
	}
	info, err := d.bot.ChannelInfo(ctx, id)
	if err == nil && info.Name != "" {
		called = fmt.Sprintf("%s (#%s)", id, info.Name)
	}
	kind := "public"
	if info.Private {
		kind = "private"
	}
	const invite = "write /invite @ and the app's name there"
	switch code := api.Code(err); {
	case code == "channel_not_found":
		d.say("channels", Wrong, "Channel %s does not exist, or is private and the app is not in it: check the id, and %s.", called, invite)
	case code == "missing_scope":
		d.say("channels", Wrong, "Channel %s cannot be looked at, because the app lacks the scope %s: add it on the app's page OAuth & Permissions and install the app again.", called, err.(*api.Error).Needed) //nolint:errorlint // it has a code
	case err != nil:
		d.say("channels", Warning, "Channel %s could not be looked at (%s): try again.", called, short(err))
	case info.Archived:
		d.say("channels", Wrong, "Channel %s is %s and archived: unarchive it in Slack, or remove it from the setup.", called, kind)
	case !info.IsMember:
		d.say("channels", Wrong, "The app is not in %s channel %s: %s.", kind, called, invite)
	default:
		d.say("channels", OK, "Channel %s is %s, and the app is in it.", called, kind)
		return info.Name, true
	}
	return info.Name, false
}
