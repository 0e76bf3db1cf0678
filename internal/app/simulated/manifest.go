package simulated

import (
	"cmp"
	"fmt"
	"os"
	"slices"

	"github.com/goccy/go-yaml"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// A manifest is what we read of an app's manifest. JSON is YAML too.
type manifest struct {
	Display struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
	} `yaml:"display_information"`
	Features struct {
		Home *struct {
			HomeTab bool `yaml:"home_tab_enabled"`
		} `yaml:"app_home"`
		Bot struct {
			Name string `yaml:"display_name"`
		} `yaml:"bot_user"`
		Commands []struct {
			Command     string `yaml:"command"`
			URL         string `yaml:"url"`
			Description string `yaml:"description"`
			UsageHint   string `yaml:"usage_hint"`
			Escape      bool   `yaml:"should_escape"`
		} `yaml:"slash_commands"`
		Shortcuts []struct {
			Name        string `yaml:"name"`
			Type        string `yaml:"type"` // global or message
			CallbackID  string `yaml:"callback_id"`
			Description string `yaml:"description"`
		} `yaml:"shortcuts"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			URL  string   `yaml:"request_url"`
			Bots []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			URL        string `yaml:"request_url"`
			OptionsURL string `yaml:"message_menu_options_url"`
		} `yaml:"interactivity"`
		SocketMode bool `yaml:"socket_mode_enabled"`
	} `yaml:"settings"`
}

// defaultApp is the app of those who give no manifest: it may do and hears
// everything, over sockets.
func defaultApp() slacksim.App {
	return slacksim.App{
		Name: "My app", BotName: "My app", SocketMode: true,
		Commands: []world.Command{{Command: "/hello", Description: "Say hello to the app"}},
		Shortcuts: []world.Shortcut{
			{Name: "Hello", CallbackID: "hello", Description: "Say hello to the app"},
			{Name: "Hello from here", CallbackID: "hello_message", Description: "Give the app this message", OnMessage: true},
		},
	}
}

// readManifest reads the app that a file describes.
func readManifest(path string) (slacksim.App, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return slacksim.App{}, err
	}
	var m manifest
	if err := yaml.Unmarshal(raw, &m); err != nil {
		return slacksim.App{}, fmt.Errorf("%s: %w", path, err)
	}
	if m.Display.Name == "" {
		return slacksim.App{}, fmt.Errorf("%s: display_information.name is missing", path)
	}
	return m.app(), nil
}

// app is the app that a manifest describes: without Socket Mode its addresses
// are those it names.
func (m manifest) app() slacksim.App {
	a := slacksim.App{
		Name: m.Display.Name, BotName: cmp.Or(m.Features.Bot.Name, m.Display.Name), SocketMode: m.Settings.SocketMode,
		EventsURL: m.Settings.Events.URL, InteractivityURL: m.Settings.Interactivity.URL, OptionsURL: m.Settings.Interactivity.OptionsURL,
		NoHome: m.Features.Home == nil || !m.Features.Home.HomeTab,
		// Not nil: what a manifest leaves out the app does not have.
		Scopes: append([]string{}, m.OAuth.Scopes.Bot...), Events: append([]string{}, m.Settings.Events.Bots...),
	}
	for _, c := range m.Features.Commands {
		a.Commands = append(a.Commands, world.Command{
			Command: c.Command, URL: c.URL, Description: c.Description, UsageHint: c.UsageHint, ShouldEscape: c.Escape,
		})
	}
	for _, s := range m.Features.Shortcuts {
		a.Shortcuts = append(a.Shortcuts, world.Shortcut{
			Name: s.Name, CallbackID: s.CallbackID, Description: s.Description, OnMessage: s.Type == "message",
		})
	}
	return a
}

// unknown returns the events of an app that the simulated Slack never sends.
func unknown(a slacksim.App) []string {
	known := slacksim.AllEvents()
	return slices.DeleteFunc(slices.Clone(a.Events), func(e string) bool { return slices.Contains(known, e) })
}
