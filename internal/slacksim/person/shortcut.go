package person

import (
	"context"
	"slices"

	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// RunShortcut runs an app's global shortcut.
func (c *Client) RunShortcut(ctx context.Context, user, app, callbackID string) error {
	u, a, err := c.shortcut(user, app, callbackID, false)
	if err != nil {
		return err
	}
	payload := c.payload("shortcut", a, u)
	payload["callback_id"], payload["action_ts"] = callbackID, c.actionTS()
	payload["trigger_id"] = c.Screens.NewTrigger(a.ID, u.Workspace, user, "")
	_, err = c.ask(ctx, a, payload)
	return err
}

// RunOnMessage runs an app's message shortcut on any message the person sees.
func (c *Client) RunOnMessage(ctx context.Context, user, app, callbackID, channel, ts string) error {
	u, a, err := c.shortcut(user, app, callbackID, true)
	if err != nil {
		return err
	}
	m, err := c.World.Message(user, channel, ts)
	if err != nil {
		return err
	}
	ch, _ := c.World.Channel(channel)
	payload := c.payload("message_action", a, u)
	payload["callback_id"], payload["action_ts"], payload["message_ts"] = callbackID, c.actionTS(), ts
	payload["trigger_id"] = c.Screens.NewTrigger(a.ID, u.Workspace, user, "")
	payload["channel"] = map[string]any{"id": ch.ID, "name": shownName(ch)}
	payload["message"] = m.Wire(true)
	payload["response_url"] = c.Screens.NewResponse("app", screen.Response{
		App: a.ID, Workspace: u.Workspace, User: user, Channel: channel,
	})
	_, err = c.ask(ctx, a, payload)
	return err
}

func (c *Client) shortcut(user, app, callbackID string, onMessage bool) (world.User, world.App, error) {
	u, ok := c.World.User(user)
	if !ok {
		return u, world.App{}, Refusal("There is no such person.")
	}
	in, ok := c.World.Apps.Installed(app, u.Workspace)
	a, _ := c.World.Apps.App(app)
	has := slices.ContainsFunc(a.Shortcuts, func(s world.Shortcut) bool {
		return s.CallbackID == callbackID && s.OnMessage == onMessage
	})
	if !ok || in.Revoked || !has || u.Stranger() {
		return u, a, Refusal("There is no such shortcut.")
	}
	return u, a, nil
}
