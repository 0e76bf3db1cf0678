package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"caseline/internal/slacksim/compose"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// Command runs a slash command as typed, with its slash. Whatever comes of it,
// also a failure of the app, is shown to the person as Slack does; the error is
// only for those who want to know at once.
func (c *Client) Command(ctx context.Context, user, channel, threadTS, typed string) error {
	u, ok := c.World.User(user)
	if !ok {
		return Refusal("There is no such person.")
	}
	ch, err := c.World.SeenChannel(user, channel)
	if err != nil {
		return err
	}
	u = u.Met(ch.Workspace)
	name, text, _ := strings.Cut(strings.TrimSpace(typed), " ")
	app, cmd, ok := c.findCommand(u.Workspace, name)
	switch {
	case !ok || u.Stranger(): // people of other organisations have no commands
		return c.tell(u, ch, threadTS, fmt.Sprintf("`%s` is not a valid command. In Slack, all messages that start with the “/” character are interpreted as commands.", name))
	case threadTS != "":
		return c.tell(u, ch, threadTS, fmt.Sprintf("%s is not supported in threads. Sorry!", name))
	}
	text = strings.TrimSpace(text)
	if cmd.ShouldEscape {
		text = compose.Mentions(text, c.names(u.Workspace))
	}
	at := screen.Response{App: app.ID, Workspace: u.Workspace, User: user, Channel: channel}
	answer, err := c.courier.Carry(ctx, Request{App: app, Kind: SlashCommand, URL: cmd.URL, Form: c.commandForm(app, u, ch, name, text, at)})
	if err == nil && answer.Status/100 != 2 {
		err = errors.New("http_service_error")
	}
	if err == nil {
		err = c.answerCommand(at, answer)
	}
	if err != nil {
		return c.tell(u, ch, "", fmt.Sprintf("%s failed with the error \"%s\"", name, reason(err)))
	}
	return nil
}

// findCommand returns the app in a workspace that has the slash command.
func (c *Client) findCommand(workspace, command string) (world.App, world.Command, bool) {
	for _, a := range c.World.Apps.In(workspace) {
		for _, cmd := range a.Commands {
			if cmd.Command == command {
				return a, cmd, true
			}
		}
	}
	return world.App{}, world.Command{}, false
}

func (c *Client) commandForm(app world.App, u world.User, ch world.Channel, name, text string, at screen.Response) url.Values {
	ws, _ := c.World.Workspace(u.Workspace)
	in, _ := c.World.Apps.Installed(app.ID, ws.ID)
	form := url.Values{
		"token":                 {app.VerificationToken},
		"team_id":               {ws.ID},
		"team_domain":           {ws.Domain},
		"channel_id":            {ch.ID},
		"channel_name":          {shownName(ch)},
		"user_id":               {u.ID},
		"user_name":             {u.Name},
		"command":               {name},
		"text":                  {text},
		"api_app_id":            {app.ID},
		"is_enterprise_install": {strconv.FormatBool(in.OrgWide())},
		"response_url":          {c.Screens.NewResponse("commands", at)},
		"trigger_id":            {c.Screens.NewTrigger(app.ID, ws.ID, u.ID, "")},
	}
	if org, ok := c.World.Organisation(ws.Enterprise); ok {
		form.Set("enterprise_id", org.ID)
		form.Set("enterprise_name", org.Name)
	}
	return form
}

// answerCommand shows what the app said: nothing, words, or a message.
func (c *Client) answerCommand(at screen.Response, a Answer) error {
	body := strings.TrimSpace(string(a.Body))
	if body == "" {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(a.ContentType)
	if kind != "application/json" {
		return c.Screens.Answer(at, screen.Answer{Text: &body})
	}
	if body == "{}" {
		return nil
	}
	var probe struct {
		Text *string `json:"text"`
	}
	if json.Unmarshal(a.Body, &probe) != nil {
		return errors.New("invalid_json")
	}
	m, err := screen.ParseAnswer(a.Body)
	if err != nil {
		return err
	}
	return c.Screens.Answer(at, m)
}

// tell shows words of Slack's own to one person, and returns them as the
// reason why what was asked did not happen.
func (c *Client) tell(u world.User, ch world.Channel, threadTS, text string) error {
	_, err := c.Screens.ShowEphemeral(screen.Ephemeral{User: u.ID, Channel: ch.ID, ThreadTS: threadTS, BotUser: world.Slackbot, Text: compose.Escape(text)})
	return errors.Join(Refusal(text), err)
}

// reason is what the client shows of an error.
func reason(err error) error {
	if errors.Is(err, ErrUnreachable) {
		return ErrUnreachable
	}
	return err
}
