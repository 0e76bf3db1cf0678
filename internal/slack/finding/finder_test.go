package finding

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
)

// usedUp is a Slack whose addresses for answers take nothing any more.
type usedUp struct {
	Window
	posted []api.Post
}

func (u *usedUp) Respond(context.Context, string, api.Answer) error { return errors.New("used_url") }

func (u *usedUp) PostEphemeral(_ context.Context, _ string, p api.Post) error {
	u.posted = append(u.posted, p)
	return nil
}

func TestResultsComeAnewWhenTheirAddressIsUsedUp(t *testing.T) {
	slack := &usedUp{}
	f := Finder{Slack: slack, Log: slog.New(slog.DiscardHandler)}
	f.show(t.Context(), "U1", ident.Where{Workspace: "T1", Channel: "C1", Thread: "1.1"}, "https://hooks.slack.com/x", true, view.Say("found"))
	if len(slack.posted) != 1 || slack.posted[0].Channel != "C1" || slack.posted[0].Thread != "1.1" || !strings.Contains(slack.posted[0].Text, "found") {
		t.Errorf("posted %+v", slack.posted)
	}
}
