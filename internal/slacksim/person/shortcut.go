package person

import (
	"context"
	"slices"

	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// RunShortcut runs an app's global shortcut.
func (c *Client) RunShortcut(ctx context.Context, user, app, callbackID string) error {
	u, a, err := c.shortcut(user, app, callbackID, "")
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
	ch, _ := c.World.Channel(channel)
	u, a, err := c.shortcut(user, app, callbackID, ch.Workspace)
	if err != nil {
		return err
	}
	m, err := c.World.Message(user, channel, ts)
	if err != nil {
		return err
	}
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

// shortcut finds a shortcut of an app: one on a message in a workspace, or if that is
// empty a global one.
func (c *Client) shortcut(user, app, callbackID, workspace string) (world.User, world.App, error) {
	u, ok := c.World.User(user)
	if !ok {
		return u, world.App{}, Refusal("There is no such person.")
	}
	u = u.Met(workspace)
	in, ok := c.World.Apps.Installed(app, u.Workspace)
	a, _ := c.World.Apps.App(app)
	has := slices.ContainsFunc(a.Shortcuts, func(s world.Shortcut) bool {
		return s.CallbackID == callbackID && s.OnMessage == (workspace != "")
	})
	if !ok || in.Revoked || !has || u.Stranger() {
		return u, a, Refusal("There is no such shortcut.")
	}
	return u, a, nil
}
