package entity

import (
	"cmp"
	"slices"
	"strings"
)

// A Command is a slash command of an app.
type Command struct {
	Command     string `json:"command"` // with its slash
	URL         string `json:"url,omitempty"`
	Description string `json:"description,omitempty"`
	UsageHint   string `json:"usage_hint,omitempty"`
	// ShouldEscape turns @name and #channel in the text into <@U…|name> and
	// <#C…|name>.
	ShouldEscape bool `json:"should_escape,omitempty"`
}

// A Shortcut is an entry an app adds to the client's menus.
type Shortcut struct {
	Name        string `json:"name"`
	CallbackID  string `json:"callback_id"`
	Description string `json:"description,omitempty"`
	// OnMessage is a message shortcut, found in a message's menu; otherwise it
	// is a global one.
	OnMessage bool `json:"on_message,omitempty"`
}

// An App is what a developer has configured: where requests go and how they
// are signed.
type App struct {
	ID                string `json:"id"`
	Name              string `json:"name"`
	Description       string `json:"description,omitempty"`
	SigningSecret     string `json:"signing_secret"`
	VerificationToken string `json:"verification_token"`
	EventsURL         string `json:"events_url,omitempty"`
	InteractivityURL  string `json:"interactivity_url,omitempty"`
	OptionsURL        string `json:"options_url,omitempty"` // of external selects; InteractivityURL if empty
	// NoHome is an app without a home tab: views.publish is answered not_enabled.
	NoHome    bool       `json:"no_home,omitempty"`
	Commands  []Command  `json:"commands,omitempty"`
	Shortcuts []Shortcut `json:"shortcuts,omitempty"`
	// Events are the bot events subscribed to, by the names of a manifest:
	// "message.groups", "app_mention", "member_joined_channel", …
	Events []string `json:"events,omitempty"`
	// SocketMode carries everything over WebSockets that the app opens with one
	// of AppTokens; nothing goes to the addresses above.
	SocketMode bool       `json:"socket_mode,omitempty"`
	AppTokens  []AppToken `json:"app_tokens,omitempty"`
	// DelayedEvents sends an event once an hour for a day after the last retry.
	DelayedEvents bool `json:"delayed_events,omitempty"`
	// EventsOff is an app whose events Slack has switched off, because it took
	// hardly any.
	EventsOff bool `json:"events_off,omitempty"`

	// BotName is what its bot is called where it is installed by OAuth; Name if empty.
	BotName      string   `json:"bot_name,omitempty"`
	ClientID     string   `json:"client_id,omitempty"`
	ClientSecret string   `json:"client_secret,omitempty"`
	RedirectURLs []string `json:"redirect_urls,omitempty"`
	// Scopes are those that the app asks for; whoever installs it may untick
	// the Optional ones among them.
	Scopes   []string `json:"scopes,omitempty"`
	Optional []string `json:"optional,omitempty"`
	// OrgReady is an app that a whole organisation can install.
	OrgReady bool `json:"org_ready,omitempty"`
	// Rotation is an app whose tokens live half a day and are renewed.
	Rotation bool `json:"rotation,omitempty"`
}

// Redirects reports whether people may be sent to an address with a code: it
// lies under one that the app has registered.
func (a App) Redirects(to string) bool {
	return slices.ContainsFunc(a.RedirectURLs, func(known string) bool {
		rest, under := strings.CutPrefix(to, known)
		return under && (rest == "" || strings.HasSuffix(known, "/") || strings.ContainsRune("/?", rune(rest[0])))
	})
}

// An AppToken is an app-level token, xapp-…, which belongs to no workspace.
type AppToken struct {
	Token  string   `json:"token"`
	Scopes []string `json:"scopes"` // such as connections:write
}

// Interactive reports whether presses and forms reach the app.
func (a App) Interactive() bool { return a.SocketMode || a.InteractivityURL != "" }

// An Installation is an app in a workspace, with its bot and token.
type Installation struct {
	App       string `json:"app"`
	Workspace string `json:"workspace"` // empty in that of a whole organisation
	// Enterprise is the organisation that the app was installed in as a whole.
	// Such an installation has one of its own, with the token, and one in each
	// workspace that the app was let into.
	Enterprise string   `json:"enterprise,omitempty"`
	BotUser    string   `json:"bot_user"`
	BotID      string   `json:"bot_id"`
	Token      string   `json:"token"`
	Scopes     []string `json:"scopes"`
	Revoked    bool     `json:"revoked,omitempty"`
	// Gone is what calls with the token of a revoked one are answered.
	Gone Err `json:"gone,omitempty"`
	// By is who allowed it.
	By string `json:"by,omitempty"`
}

// Place is the workspace, or the organisation whose installation it is.
func (i Installation) Place() string { return cmp.Or(i.Workspace, i.Enterprise) }

// OrgWide reports whether a whole organisation has installed the app.
func (i Installation) OrgWide() bool { return i.Enterprise != "" }

// Refusal is what calls with the token of a revoked one are answered.
func (i Installation) Refusal() Err { return cmp.Or(i.Gone, ErrAccountInactive) }

// Allows reports whether the installation was granted the scope.
func (i Installation) Allows(scope string) bool { return slices.Contains(i.Scopes, scope) }

// BotHandle is the user name of a bot.
func BotHandle(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), " ", "")
}
