package work

import (
	"context"
	"fmt"
	"strings"
	"time"

	"caseline/internal/console/drawn"
	"caseline/internal/desk"
)

// A Health says how things stand between us and Slack. The zero Health is
// good.
type Health struct {
	Since time.Time // Slack has not answered since; zero while it does
	Next  time.Time // when it is tried again; zero when that is not known
}

// silence is how long Slack may fail to answer before agents are told.
const silence = 5 * time.Second

// A Banner stands above every page while something is the matter.
type Banner struct {
	Level string // bad or warn
	Text  string
}

// banners says what agents must know about the way to Slack.
func (l *Lists) banners(ctx context.Context, face drawn.Clockface) ([]Banner, error) {
	workspaces, err := l.Read.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	var all []Banner
	for _, w := range workspaces {
		if w.State == desk.WorkspaceDisconnected {
			all = append(all, Banner{"bad", fmt.Sprintf("%s is disconnected: %s. Its chats have ended, and nothing is sent there until the app is installed again.",
				name(w), shutOutWords(w.Reason))})
		}
	}
	h := l.Health()
	if len(all) > 0 || h.Since.IsZero() || face.Now.Sub(h.Since) < silence {
		return all, nil
	}
	waiting, err := l.Read.OpenWords(ctx)
	if err != nil {
		return nil, err
	}
	return append(all, Banner{"warn", silent(face, h, waiting)}), nil
}

// silent says since when Slack has not answered, what waits, and for how long.
func silent(face drawn.Clockface, h Health, waiting int) string {
	text := "Slack has not answered since " + face.HM(h.Since) + "."
	switch waiting {
	case 0:
	case 1:
		text += " 1 message waits"
	default:
		text += fmt.Sprintf(" %d messages wait", waiting)
	}
	if waiting > 0 {
		text += "; nothing is lost."
	}
	if h.Next.After(face.Now) {
		text += " Next try at " + h.Next.In(face.Zone).Format("15:04:05") + "."
	}
	return text
}

func name(w desk.Workspace) string {
	if strings.TrimSpace(w.Name) != "" {
		return w.Name
	}
	return "The workspace " + string(w.ID)
}

// shutOutWords is Slack's reason for not letting us in, for people.
func shutOutWords(reason string) string {
	switch reason {
	case "account_inactive":
		return "the app was uninstalled from it"
	case "token_revoked", "token_expired":
		return "the app’s token was revoked"
	}
	return "Slack does not accept the app’s token (" + reason + ")"
}
