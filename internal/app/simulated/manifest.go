package simulated

import (
	"cmp"
	"fmt"
	"os"
	"slices"

	"github.com/goccy/go-yaml"

	"caseline/internal/slack/manifest"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

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

// readManifest reads the app that a file describes. JSON is YAML too.
func readManifest(path string) (slacksim.App, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return slacksim.App{}, err
	}
	var m manifest.Manifest
	if err := yaml.Unmarshal(raw, &m); err != nil {
		return slacksim.App{}, fmt.Errorf("%s: %w", path, err)
	}
	if m.Display.Name == "" {
		return slacksim.App{}, fmt.Errorf("%s: display_information.name is missing", path)
	}
	return App(m), nil
}

// App is the app that a manifest describes, without its secrets: without Socket
// Mode its addresses are those that the manifest names.
func App(m manifest.Manifest) slacksim.App {
	a := slacksim.App{
		Name: m.Display.Name, BotName: cmp.Or(m.Features.Bot.Name, m.Display.Name), SocketMode: m.Settings.SocketMode,
		EventsURL: m.Settings.Events.URL, InteractivityURL: m.Settings.Interactivity.URL, OptionsURL: m.Settings.Interactivity.OptionsURL,
		NoHome: !m.Features.Home.HomeTab, RedirectURLs: m.OAuth.RedirectURLs, Optional: m.OAuth.Scopes.Optional,
		OrgReady: m.Settings.OrgDeploy, Rotation: m.Settings.TokenRotation,
		// Not nil: what a manifest leaves out the app does not have.
		Scopes: append([]string{}, m.OAuth.Scopes.Bot...), Events: append([]string{}, m.Settings.Events.Bot...),
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

// At has what our app is sent go over HTTP to a server at url, which a manifest
// could name only with https.
func At(url string, a slacksim.App) slacksim.App {
	a.SocketMode = false
	a.EventsURL, a.CommandsURL = url+manifest.PathEvents, url+manifest.PathCommands
	a.InteractivityURL, a.OptionsURL = url+manifest.PathInteractivity, url+manifest.PathOptions
	for i := range a.Commands {
		a.Commands[i].URL = ""
	}
	return a
}

// unknown returns the events of an app that the simulated Slack never sends.
func unknown(a slacksim.App) []string {
	known := slacksim.AllEvents()
	return slices.DeleteFunc(slices.Clone(a.Events), func(e string) bool { return slices.Contains(known, e) })
}
