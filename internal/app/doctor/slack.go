package doctor

import (
	"context"
	"regexp"
	"strings"
	"time"

	"caseline/internal/slack/api"
	"caseline/internal/slack/manifest"
)

const (
	whereBotToken = "copy the Bot User OAuth Token from the app's page OAuth & Permissions into slack.bot_token"
	whereAppToken = "generate an app-level token with the scope connections:write on the app's page Basic Information and put it into slack.app_token"
)

func (d *Doctor) client(token string) (*api.Client, error) {
	return api.New(token, api.Options{BaseURL: d.cfg.Slack.APIURL, Timeout: d.cfg.Slack.Timeout, Transport: d.opt.Slack, Now: d.opt.Now})
}

// Token says whether Slack can be reached and takes the bot token, and reports
// whether it does.
func (d *Doctor) Token(ctx context.Context) bool {
	c, err := d.client(d.cfg.Slack.BotToken.Reveal())
	if err != nil {
		d.say("slack", Wrong, "Slack cannot be called: %s.", short(err))
		return false
	}
	d.bot, d.in = c, ""
	id, err := c.AuthTest(ctx)
	if err != nil {
		d.refused("token", err, "slack.bot_token", whereBotToken)
		return false
	}
	d.say("slack", OK, "Slack answers at %s.", d.cfg.Slack.APIURL)
	switch {
	case id.TeamID == "" || id.BotID == "" || id.UserID == "":
		d.say("token", Wrong, "slack.bot_token is not a bot's token, but a person's: %s, which begins with xoxb-.", whereBotToken)
		return false
	case strings.HasPrefix(d.cfg.Slack.BotToken.Reveal(), "xoxe."):
		d.say("token", Warning, "slack.bot_token is a bot's token of workspace %s (%s) that expires within twelve hours and is not renewed: make the app from caseline manifest, which leaves token rotation off.", id.TeamName, id.TeamID)
	default:
		d.say("token", OK, "slack.bot_token is a bot's token of workspace %s (%s).", id.TeamName, id.TeamID)
	}
	d.identity = id
	return true
}

// refused tells why Slack did not take a token.
func (d *Doctor) refused(about string, err error, name, where string) {
	e, ok := err.(*api.Error) //nolint:errorlint // every call returns it as it is
	code := api.Code(err)
	switch d.away = !ok || code == "" && e.Kind != api.Limited; {
	case d.away:
		d.say("slack", Wrong, "Slack cannot be reached at %s (%s): check this server's network and name resolution, and that a proxy or firewall lets it call Slack.", d.cfg.Slack.APIURL, short(cause(err)))
	case e.Kind == api.Limited:
		d.say("slack", Warning, "Slack asks to wait %s before it says more: try again then.", e.After)
	case e.Kind == api.Unknown, e.Kind == api.Lost:
		d.say("slack", Warning, "Slack answers that it has trouble of its own (%s): try again later.", code)
	case code == "account_inactive", code == "token_revoked":
		d.say(about, Wrong, "%s is no longer valid (%s), because the app was removed from the workspace or the token revoked: install the app again on its page Install App, and %s.", name, code, where)
	case code == "invalid_auth", code == "not_authed":
		d.say(about, Wrong, "Slack does not know %s (%s): %s.", name, code, where)
	case code == "token_expired":
		d.say(about, Wrong, "%s has expired (%s): make the app from caseline manifest, which leaves token rotation off, and %s.", name, code, where)
	default:
		d.say(about, Wrong, "Slack refuses %s (%s): %s.", name, code, where)
	}
}

// cause is what happened below a call.
func cause(err error) error {
	if e, ok := err.(*api.Error); ok && e.Err != nil { //nolint:errorlint // likewise
		return e.Err
	}
	return err
}

// Scopes says what does not work for want of a scope. Token must have been
// called.
func (d *Doctor) Scopes() {
	have, known := d.bot.Scopes()
	if !known {
		d.say("scopes", Skipped, "Slack did not say which scopes were granted%s.", d.in)
		return
	}
	cure := "add it on the app's page OAuth & Permissions and install the app again" + d.in
	g := manifest.Granted(have)
	for _, s := range g.Missing {
		d.say("scopes", Wrong, "The app lacks the scope %s%s, and without it %s: %s.", s.Name, d.in, clause(s.Without), cure)
	}
	for _, s := range g.Declined {
		d.say("scopes", Warning, "The app lacks the scope %s%s, which is optional, but without it %s: if that matters, %s.", s.Name, d.in, clause(s.Without), cure)
	}
	unneeded := ""
	if len(g.Unneeded) > 0 {
		unneeded = " Nothing needs " + strings.Join(g.Unneeded, ", ") + "."
	}
	if len(g.Missing) == 0 {
		d.say("scopes", OK, "All scopes are granted%s that the app cannot do without.%s", d.in, unneeded)
	}
}

// clause is a sentence as part of another.
func clause(sentence string) string {
	return strings.ToLower(sentence[:1]) + strings.TrimSuffix(sentence[1:], ".")
}

// The clocks may differ by clockOff before chats are recorded from and to the
// wrong moment (ADR 4), and by clockMax before all that Slack sends is refused.
const (
	clockOff = 2 * time.Second
	clockMax = 5 * time.Minute
)

// Clock compares this server's clock with Slack's. Token must have been called.
func (d *Doctor) Clock() {
	skew, known := d.bot.Skew()
	if !known {
		d.say("clock", Skipped, "Slack's answers bear no date, so the clocks cannot be compared.")
		return
	}
	off := skew.Beyond(clockOff)
	way := "behind"
	if off < 0 {
		off, way = -off, "ahead of"
	}
	consequence := "chats are recorded from and to the wrong moment"
	if off >= clockMax {
		consequence = "everything that Slack sends is refused as too old or too new"
	}
	if off != 0 {
		d.say("clock", Wrong, "This server's clock is %s Slack's by %s at least, so that %s: set it by NTP.", way, off.Round(time.Second), consequence)
		return
	}
	d.say("clock", OK, "This server's clock agrees with Slack's.")
}

// appOf is the app that an app-level token says that it is of.
var appOf = regexp.MustCompile(`^xapp-[0-9]+-(A[A-Z0-9]+)-`)

// Socket says whether Slack opens connections for the app-level token, and
// reports whether it does.
func (d *Doctor) Socket(ctx context.Context) bool {
	if d.away {
		d.say("socket", Skipped, "Whether Slack opens connections for slack.app_token was not asked, because Slack cannot be reached.")
		return false
	}
	token := d.cfg.Slack.AppToken.Reveal()
	c, err := d.client(token)
	if err == nil {
		_, err = c.OpenConnection(ctx) // which nobody uses, and which goes stale
	}
	switch code := api.Code(err); {
	case err == nil:
	case code == "missing_scope", code == "no_permission":
		d.say("socket", Wrong, "slack.app_token lacks the scope connections:write (%s): %s.", code, whereAppToken)
		return false
	case code == "not_allowed_token_type":
		d.say("socket", Wrong, "slack.app_token is no app-level token (%s): %s.", code, whereAppToken)
		return false
	case code == "forbidden_team":
		d.say("socket", Wrong, "Slack opens no connection for this workspace (%s): an admin of the workspace must allow the app.", code)
		return false
	default:
		d.refused("socket", err, "slack.app_token", "see that Socket Mode is on, on the app's page Socket Mode, and "+whereAppToken)
		return false
	}
	if of, app := appOf.FindStringSubmatch(token), d.app(ctx); of != nil && app != "" && of[1] != app {
		d.say("socket", Wrong, "slack.app_token is of app %s, and slack.bot_token of app %s: take both from the same app.", of[1], app)
		return false
	}
	d.say("socket", OK, "Slack opens connections for slack.app_token, so it needs no way to this server.")
	return true
}

// app is whose bot token it is; empty while that is not known, and then it is
// not compared.
func (d *Doctor) app(ctx context.Context) string {
	if d.bot == nil && d.cfg.Slack.BotToken.IsSet() {
		d.bot, _ = d.client(d.cfg.Slack.BotToken.Reveal())
	}
	if d.bot != nil && d.identity.BotID == "" {
		d.identity, _ = d.bot.AuthTest(ctx)
	}
	if d.identity.AppID == "" && d.identity.BotID != "" {
		d.identity.AppID, _ = d.bot.AppOf(ctx, d.identity.BotID)
	}
	return d.identity.AppID
}

// paceCalls is how many calls show whether the app's rate is used up.
const paceCalls = 5

// Pace says whether Slack lets the app call as fast as it needs to. Token must
// have been called.
func (d *Doctor) Pace(ctx context.Context) {
	for range paceCalls {
		_, err := d.bot.AuthTest(ctx)
		if e, ok := err.(*api.Error); ok && e.Kind == api.Limited { //nolint:errorlint // likewise
			d.say("pace", Warning, "Slack asks to wait %s between calls: if that lasts, see whether another server uses the same token.", e.After)
			return
		}
		if err != nil {
			d.say("pace", Warning, "Slack did not answer each of %d calls (%s): its answers may come late or not at all.", paceCalls, short(cause(err)))
			return
		}
	}
	d.say("pace", OK, "Slack answers %d calls at once without asking to wait.", paceCalls)
}
