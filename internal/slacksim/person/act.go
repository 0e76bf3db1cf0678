package person

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// A Target is the element a person acts on. It stands in a message (Channel and
// TS), in a message only they see (Ephemeral), or in an open modal or a home
// tab (View).
type Target struct {
	Channel   string
	TS        string
	Ephemeral string
	View      string
	BlockID   string
	ActionID  string
}

// What shows a failed press, as Slack's client does next to the button.
const (
	noAnswer  Refusal = "This app is not responding. Please try again."
	badAnswer Refusal = "This app responded with an error. Please try again."
)

// Act presses a button or picks in a select, a menu, checkboxes or a date, and
// tells the app. Picks are the values picked: none for a button, several where
// several can be; for people and channels their ids. Elements of a form's input
// blocks are filled in with Fill.
func (c *Client) Act(ctx context.Context, user string, t Target, picks ...string) error {
	u, ok := c.World.User(user)
	if !ok {
		return Refusal("There is no such person.")
	}
	place, err := c.find(u, t)
	if err != nil {
		return err
	}
	u = u.Met(place.workspace())
	e, ok := place.element(t)
	if !ok {
		return Refusal("That element is no longer there.")
	}
	action, err := c.action(u, t, place, e, picks)
	if err != nil {
		return err
	}
	if blockkit.Str(e.Body, "url") != "" && e.Type() == "button" && !place.app.Interactive() {
		return nil // a link, and nobody to tell
	}
	return c.send(ctx, place, u, t, action)
}

// send tells the app of one action.
func (c *Client) send(ctx context.Context, p place, u world.User, t Target, action values) error {
	payload := c.payload("block_actions", p.app, u)
	payload["actions"] = []any{action}
	payload["trigger_id"] = c.Screens.NewTrigger(p.app.ID, u.Workspace, u.ID, p.view.ID)
	c.describe(payload, p, u)
	if p.view.ID == "" {
		payload["response_url"] = c.Screens.NewResponse("actions", p.response(u, t))
	}
	_, err := c.ask(ctx, p.app, payload)
	return err
}

// ask sends a payload and wants a 200.
func (c *Client) ask(ctx context.Context, app world.App, payload map[string]any) (Answer, error) {
	r, err := interaction(app, payload)
	if err != nil {
		return Answer{}, err
	}
	a, err := c.courier.Carry(ctx, r)
	switch {
	case err != nil:
		return a, noAnswer
	case a.Status/100 != 2:
		return a, badAnswer
	}
	return a, nil
}

// action is the entry in actions[] for an element that a person acted on. It
// remembers what they picked.
func (c *Client) action(u world.User, t Target, p place, e blockkit.Element, picks []string) (values, error) {
	out := values{"type": e.Type(), "action_id": e.ActionID(), "block_id": e.BlockID(), "action_ts": c.actionTS()}
	switch e.Type() {
	case "button":
		out["text"] = e.Body["text"]
		for _, k := range []string{"value", "style", "url"} {
			if v, ok := e.Body[k]; ok {
				out[k] = v
			}
		}
		return out, nil
	case "overflow":
		v, err := blockkit.Pick(e, picks, nil)
		out["selected_option"] = v
		return out, err
	}
	v, err := c.pick(u, t, p, e, picks)
	if err != nil {
		return nil, err
	}
	name, _ := blockkit.ValueField(e.Type())
	out[name] = v
	state := map[string]map[string]values{e.BlockID(): {e.ActionID(): blockkit.WithValue(e, v)}}
	if t.View != "" {
		return out, c.Screens.Put(t.View, state)
	}
	c.remember(u.ID+"/"+t.Channel+t.TS+t.Ephemeral, state)
	return out, nil
}

func (c *Client) remember(key string, state map[string]map[string]values) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.picked[key] == nil {
		c.picked[key] = map[string]map[string]values{}
	}
	for block, vs := range state {
		m := maps.Clone(c.picked[key][block])
		if m == nil {
			m = map[string]values{}
		}
		maps.Copy(m, vs)
		c.picked[key][block] = m
	}
}

// MessageState is what stands in the elements of a message for a person.
func (c *Client) MessageState(user string, m world.Message) map[string]map[string]values {
	return c.state(user+"/"+m.Channel+m.TS, m.Blocks)
}

func (c *Client) state(key string, blocks []world.Block) map[string]map[string]values {
	c.mu.Lock()
	defer c.mu.Unlock()
	return blockkit.Values(blocks, maps.Clone(c.picked[key]))
}

// A place is where a target stands.
type place struct {
	app       world.App
	channel   world.Channel
	message   world.Message
	ephemeral screen.Ephemeral
	view      world.View
}

// workspace is the one that the place is in.
func (p place) workspace() string { return cmp.Or(p.view.Workspace, p.channel.Workspace) }

func (p place) blocks() []world.Block {
	switch {
	case p.view.ID != "":
		return p.view.Blocks
	case p.ephemeral.ID != "":
		return p.ephemeral.Blocks
	}
	return p.message.Blocks
}

func (p place) element(t Target) (blockkit.Element, bool) {
	all := blockkit.Elements(p.blocks())
	i := slices.IndexFunc(all, func(e blockkit.Element) bool {
		return e.ActionID() == t.ActionID && (t.BlockID == "" || e.BlockID() == t.BlockID)
	})
	if i < 0 {
		return blockkit.Element{}, false
	}
	return all[i], true
}

func (p place) response(u world.User, t Target) screen.Response {
	return screen.Response{App: p.app.ID, Workspace: u.Workspace, User: u.ID, Channel: p.channel.ID, TS: t.TS, Ephemeral: t.Ephemeral}
}

// find looks a target's place up.
func (c *Client) find(u world.User, t Target) (place, error) {
	var p place
	var appID string
	switch {
	case t.View != "":
		v, ok := c.Screens.View(t.View)
		if !ok || v.User != u.ID {
			return p, Refusal("That form is no longer open.")
		}
		p.view, appID = v, v.App
	case t.Ephemeral != "":
		e, ok := c.Screens.Ephemeral(u.ID, t.Ephemeral)
		if !ok {
			return p, Refusal("That message is no longer there.")
		}
		p.ephemeral, appID = e, e.App
		p.channel, _ = c.World.Channel(e.Channel)
	default:
		m, err := c.World.Message(u.ID, t.Channel, t.TS)
		if err != nil {
			return p, err
		}
		p.message, appID = m, m.AppID
		p.channel, _ = c.World.Channel(t.Channel)
	}
	app, ok := c.World.Apps.App(appID)
	if !ok {
		return p, Refusal("This message is not from an app.")
	}
	if in, ok := c.World.Apps.Installed(app.ID, u.Met(p.workspace()).Workspace); !ok || in.Revoked {
		return p, Refusal("This app is not installed in the workspace any more.")
	}
	p.app = app
	return p, nil
}

// describe fills in where something happened: container, and message or view.
func (c *Client) describe(payload map[string]any, p place, u world.User) {
	if p.view.ID != "" {
		payload["container"] = map[string]any{"type": "view", "view_id": p.view.ID}
		v, _ := c.Screens.View(p.view.ID) // with what was just picked
		payload["view"] = v.Wire()
		return
	}
	box := map[string]any{"type": "message", "channel_id": p.channel.ID, "is_ephemeral": p.ephemeral.ID != ""}
	key := u.ID + "/" + p.channel.ID + p.message.TS
	if p.ephemeral.ID != "" {
		key = u.ID + "/" + p.ephemeral.Channel + p.ephemeral.ID
		box["message_ts"] = p.ephemeral.ID
		if p.ephemeral.ThreadTS != "" {
			box["thread_ts"] = p.ephemeral.ThreadTS
		}
	} else {
		box["message_ts"] = p.message.TS
		if p.message.ThreadTS != "" {
			box["thread_ts"] = p.message.ThreadTS
		}
		payload["message"] = p.message.Wire(true)
	}
	payload["container"] = box
	payload["channel"] = map[string]any{"id": p.channel.ID, "name": shownName(p.channel)}
	payload["state"] = map[string]any{"values": c.state(key, p.blocks())}
}
