package manifest

import "strings"

// A Manifest is an app's manifest as Slack's schema 2.0.0 has it, as far as we
// use it. Its fields stand in the order in which Slack prints them.
type Manifest struct {
	Metadata Metadata `yaml:"_metadata" json:"_metadata"`
	Display  Display  `yaml:"display_information" json:"display_information"`
	Features Parts    `yaml:"features" json:"features"`
	OAuth    OAuth    `yaml:"oauth_config" json:"oauth_config"`
	Settings Settings `yaml:"settings" json:"settings"`
}

// Metadata says by which schema to read a Manifest.
type Metadata struct {
	Major int `yaml:"major_version" json:"major_version"`
	Minor int `yaml:"minor_version" json:"minor_version"`
}

// Display is how the app presents itself.
type Display struct {
	Name            string `yaml:"name" json:"name"`
	Description     string `yaml:"description" json:"description"`
	LongDescription string `yaml:"long_description,omitempty" json:"long_description,omitempty"`
	BackgroundColor string `yaml:"background_color" json:"background_color"`
}

// Parts are what people see of the app in Slack.
type Parts struct {
	Home      Home       `yaml:"app_home" json:"app_home"`
	Bot       Bot        `yaml:"bot_user" json:"bot_user"`
	Shortcuts []Shortcut `yaml:"shortcuts" json:"shortcuts"`
	Commands  []Command  `yaml:"slash_commands" json:"slash_commands"`
}

// Home is the app's own page.
type Home struct {
	HomeTab     bool `yaml:"home_tab_enabled" json:"home_tab_enabled"`
	MessagesTab bool `yaml:"messages_tab_enabled" json:"messages_tab_enabled"`
	ReadOnly    bool `yaml:"messages_tab_read_only_enabled" json:"messages_tab_read_only_enabled"`
}

// Bot is the app's bot user.
type Bot struct {
	Name         string `yaml:"display_name" json:"display_name"`
	AlwaysOnline bool   `yaml:"always_online" json:"always_online"`
}

// A Shortcut is an entry in Slack's menus.
type Shortcut struct {
	Name        string `yaml:"name" json:"name"`
	Type        string `yaml:"type" json:"type"` // global, or message
	CallbackID  string `yaml:"callback_id" json:"callback_id"`
	Description string `yaml:"description" json:"description"`
}

// A Command is a slash command.
type Command struct {
	Command     string `yaml:"command" json:"command"`
	URL         string `yaml:"url,omitempty" json:"url,omitempty"`
	Description string `yaml:"description" json:"description"`
	UsageHint   string `yaml:"usage_hint" json:"usage_hint"`
	// Escape has Slack write mentions as ids. We take what people typed as words.
	Escape bool `yaml:"should_escape" json:"should_escape"`
}

// OAuth is what the app may do.
type OAuth struct {
	RedirectURLs []string `yaml:"redirect_urls,omitempty" json:"redirect_urls,omitempty"`
	Scopes       Asked    `yaml:"scopes" json:"scopes"`
}

// Asked are the scopes that the app asks for; the optional ones stand in both.
type Asked struct {
	Bot      []string `yaml:"bot" json:"bot"`
	Optional []string `yaml:"bot_optional,omitempty" json:"bot_optional,omitempty"`
}

// Settings are where Slack sends what.
type Settings struct {
	Events        Subscriptions `yaml:"event_subscriptions" json:"event_subscriptions"`
	Interactivity Interactivity `yaml:"interactivity" json:"interactivity"`
	OrgDeploy     bool          `yaml:"org_deploy_enabled" json:"org_deploy_enabled"`
	SocketMode    bool          `yaml:"socket_mode_enabled" json:"socket_mode_enabled"`
	TokenRotation bool          `yaml:"token_rotation_enabled" json:"token_rotation_enabled"`
}

// Subscriptions are the events that the app is told of.
type Subscriptions struct {
	URL string   `yaml:"request_url,omitempty" json:"request_url,omitempty"`
	Bot []string `yaml:"bot_events" json:"bot_events"`
}

// Interactivity is where presses, forms and shortcuts go, and the questions
// for what can be chosen.
type Interactivity struct {
	Enabled    bool   `yaml:"is_enabled" json:"is_enabled"`
	URL        string `yaml:"request_url,omitempty" json:"request_url,omitempty"`
	OptionsURL string `yaml:"message_menu_options_url,omitempty" json:"message_menu_options_url,omitempty"`
}

// The callback ids of the shortcuts.
const (
	ShortcutCreate      = "case_create"       // global
	ShortcutFromMessage = "case_from_message" // on a message
	ShortcutAddMessage  = "message_to_case"   // likewise
)

// The paths below public_url to which Slack sends in HTTP mode.
const (
	PathEvents        = "/slack/events"
	PathCommands      = "/slack/commands"
	PathInteractivity = "/slack/interactivity"
	PathOptions       = "/slack/options"
)

// The paths below public_url at which a browser begins to install the app, and
// to which Slack sends it back.
const (
	PathInstall   = "/slack/install"
	PathInstalled = "/slack/oauth/callback"
)

// Options say which manifest to make.
type Options struct {
	Name      string // of the app; default: Support
	Command   string // with its slash
	Socket    bool   // Slack sends through connections that we open
	PublicURL string // otherwise: where the server is reached, without a slash at the end
	// OAuth has people install the app at PublicURL, in any number of workspaces.
	OAuth bool
	Org   bool // an organisation can install it for all its workspaces; needs OAuth
	// Rotation has tokens live half a day and be renewed; needs OAuth. Slack
	// lets nobody switch it off again.
	Rotation bool
	// NoOptional asks for all scopes alike. Whether Slack takes an optional scope
	// that a subscribed event needs is not known for sure.
	NoOptional bool
}

// New makes the manifest of our app. An error says which of Slack's limits it
// breaks.
func New(o Options) (Manifest, error) {
	if o.Name == "" {
		o.Name = "Support"
	}
	at := func(path string) string {
		if o.Socket {
			return ""
		}
		return strings.TrimSuffix(o.PublicURL, "/") + path
	}
	m := Manifest{
		Metadata: Metadata{Major: 2, Minor: 1},
		Display: Display{
			Name: o.Name, Description: "Open support cases and chat with Support without leaving Slack", BackgroundColor: "#1f2937",
		},
		Features: Parts{
			Home: Home{HomeTab: true, MessagesTab: true}, Bot: Bot{Name: o.Name, AlwaysOnline: true}, Shortcuts: shortcuts(),
			Commands: []Command{{
				Command: o.Command, URL: at(PathCommands), Description: "Open a support case, or chat with Support",
				UsageHint: "create | search | reply | status | invite | endchat | resolve | reopen | help",
			}},
		},
		Settings: Settings{
			Events:        Subscriptions{URL: at(PathEvents)},
			Interactivity: Interactivity{Enabled: true, URL: at(PathInteractivity), OptionsURL: at(PathOptions)},
			SocketMode:    o.Socket,
			OrgDeploy:     o.Org,
			TokenRotation: o.Rotation,
		},
	}
	if o.OAuth {
		m.OAuth.RedirectURLs = []string{strings.TrimSuffix(o.PublicURL, "/") + PathInstalled}
	}
	for _, s := range scopes {
		m.OAuth.Scopes.Bot = append(m.OAuth.Scopes.Bot, s.Name)
		if s.Optional && !o.NoOptional {
			m.OAuth.Scopes.Optional = append(m.OAuth.Scopes.Optional, s.Name)
		}
	}
	for _, e := range events {
		if !o.Org && strings.HasPrefix(e.Name, "team_access_") {
			continue // these are of organisations
		}
		m.Settings.Events.Bot = append(m.Settings.Events.Bot, e.Name)
	}
	return m, m.Check()
}

func shortcuts() []Shortcut {
	return []Shortcut{
		{"Create a support case", "global", ShortcutCreate, "Open the form of a new case"},
		{"Create a case from this", "message", ShortcutFromMessage, "Open the form of a new case with this message in it"},
		{"Add this to a case", "message", ShortcutAddMessage, "Put this message on an open case"},
	}
}
