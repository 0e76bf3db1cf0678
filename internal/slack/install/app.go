package install

import (
	"fmt"
	"log/slog"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// An App is our app in one workspace: what calls of Slack are made with there.
type App struct {
	Workspace  desk.WorkspaceID
	Token      string // a secret: an App never prints it
	Team       string // api.Options.Team: the workspace when the token is an organisation's, else empty
	Enterprise string // the organisation that the workspace is part of; empty outside one
	Version    int64  // of the installation

	of served.InstallationID
}

// String names the workspace.
func (a App) String() string { return "app in " + string(a.Workspace) }

// Format prints as String does, whatever the verb.
func (a App) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, a.String()) }

// LogValue logs what String returns.
func (a App) LogValue() slog.Value { return slog.StringValue(a.String()) }
