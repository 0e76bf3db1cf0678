package manifest

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Slack's limits, from schema 2.0.0 of its package manifest-schema 0.5.0.
// Lengths are in characters.
const (
	maxName            = 35
	maxDescription     = 140
	minLongDescription = 175
	maxLongDescription = 4000
	maxBotName         = 80
	maxCommands        = 50
	maxCommand         = 32
	maxCommandText     = 2000
	maxUsageHint       = 1000
	maxShortcuts       = 10
	maxShortcutName    = 24
	maxCallbackID      = 255
	maxShortcutText    = 150
	maxEvents          = 100
	maxRedirects       = 1000
	maxScopes          = 255
	maxURL             = 3500
)

var (
	colour      = regexp.MustCompile(`^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)
	commandName = regexp.MustCompile(`^/[^\s/A-Z]+$`)
)

// Problems are all that is wrong with a manifest, a sentence each.
type Problems []string

// Error lists the problems, one a line.
func (p Problems) Error() string {
	return "Slack would refuse this manifest:\n  " + strings.Join(p, "\n  ")
}

// A checker collects problems.
type checker struct{ found Problems }

func (k *checker) must(ok bool, format string, args ...any) {
	if !ok {
		k.found = append(k.found, fmt.Sprintf(format, args...))
	}
}

// text checks the length of one text of the manifest, which may not be empty
// if least is 1.
func (k *checker) text(what, text string, least, most int) {
	n := utf8.RuneCountInString(text)
	k.must(n >= least && n <= most, "%s must have %d to %d characters, and has %d.", what, least, most, n)
}

func (k *checker) count(what string, n, most int) {
	k.must(n <= most, "There may be %d %s at most, and there are %d.", most, what, n)
}

// address checks an address to which Slack sends. In Socket Mode there is none.
func (k *checker) address(what, address string, socket bool) {
	if socket {
		k.must(address == "", "%s is an address, which Socket Mode has no use for.", what)
		return
	}
	k.https(what, address, "Slack sends to no other. Set public_url, or use Socket Mode.")
}

func (k *checker) https(what, address, why string) {
	u, err := url.Parse(address)
	k.must(err == nil && u.Scheme == "https" && u.Hostname() != "", "%s must be an https address, not %q: %s", what, address, why)
	k.text(what, address, 1, maxURL)
}

// Check reports every limit of Slack's that the manifest breaks, as an error
// of type Problems.
func (m Manifest) Check() error {
	k := &checker{}
	k.text("display_information.name", m.Display.Name, 1, maxName)
	k.text("display_information.description", m.Display.Description, 0, maxDescription)
	if m.Display.LongDescription != "" {
		k.text("display_information.long_description", m.Display.LongDescription, minLongDescription, maxLongDescription)
	}
	k.must(colour.MatchString(m.Display.BackgroundColor), "display_information.background_color must be a colour such as #1f2937, not %q.", m.Display.BackgroundColor)
	k.text("features.bot_user.display_name", m.Features.Bot.Name, 1, maxBotName)
	k.parts(m.Features, m.Settings.SocketMode)
	k.asked(m.OAuth)
	k.settings(m.Settings)
	byOAuth := len(m.OAuth.RedirectURLs) > 0
	k.must(byOAuth || !m.Settings.OrgDeploy, "An organisation installs an app by OAuth only: settings.org_deploy_enabled needs redirect addresses.")
	k.must(byOAuth || !m.Settings.TokenRotation, "Tokens are renewed only if they are given by OAuth: settings.token_rotation_enabled needs redirect addresses.")
	if len(k.found) > 0 {
		return k.found
	}
	return nil
}

func (k *checker) parts(p Parts, socket bool) {
	k.count("slash commands", len(p.Commands), maxCommands)
	for _, c := range p.Commands {
		k.text("A slash command", c.Command, 2, maxCommand)
		k.must(commandName.MatchString(c.Command), "A slash command begins with a slash and has lowercase letters and no spaces, not %q.", c.Command)
		k.text("The description of "+c.Command, c.Description, 1, maxCommandText)
		k.text("The usage hint of "+c.Command, c.UsageHint, 0, maxUsageHint)
		k.address("The address of "+c.Command, c.URL, socket)
	}
	k.count("shortcuts", len(p.Shortcuts), maxShortcuts)
	for _, s := range p.Shortcuts {
		k.must(s.Type == "global" || s.Type == "message", "The type of shortcut %q must be global or message, not %q.", s.Name, s.Type)
		k.text(fmt.Sprintf("The name of shortcut %q", s.Name), s.Name, 1, maxShortcutName)
		k.text(fmt.Sprintf("The callback id of shortcut %q", s.Name), s.CallbackID, 1, maxCallbackID)
		k.text(fmt.Sprintf("The description of shortcut %q", s.Name), s.Description, 1, maxShortcutText)
	}
}

func (k *checker) asked(o OAuth) {
	k.count("redirect addresses", len(o.RedirectURLs), maxRedirects)
	for _, address := range o.RedirectURLs {
		k.https("oauth_config.redirect_urls", address, "Slack sends browsers to no other. Set public_url.")
	}
	k.count("bot scopes", len(o.Scopes.Bot), maxScopes)
	k.count("optional bot scopes", len(o.Scopes.Optional), maxScopes)
	bot := map[string]bool{}
	for _, s := range o.Scopes.Bot {
		k.must(!bot[s], "The scope %s is asked for twice.", s)
		bot[s] = true
	}
	for _, s := range o.Scopes.Optional {
		k.must(bot[s], "The scope %s is optional, and not asked for.", s)
	}
}

func (k *checker) settings(s Settings) {
	k.count("bot events", len(s.Events.Bot), maxEvents)
	seen := map[string]bool{}
	for _, e := range s.Events.Bot {
		k.must(!seen[e], "The event %s is subscribed to twice.", e)
		seen[e] = true
	}
	k.address("settings.event_subscriptions.request_url", s.Events.URL, s.SocketMode)
	k.address("settings.interactivity.request_url", s.Interactivity.URL, s.SocketMode)
	k.address("settings.interactivity.message_menu_options_url", s.Interactivity.OptionsURL, s.SocketMode)
}
