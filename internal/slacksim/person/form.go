package person

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// Fill puts something into an element of an open modal's input block. Picks are
// as for Act; for text it is the text. An element that wants it
// (dispatch_action) tells the app.
func (c *Client) Fill(ctx context.Context, user string, t Target, picks ...string) error {
	u, _ := c.World.User(user)
	p, err := c.find(u, t)
	if err != nil {
		return err
	}
	e, ok := p.element(t)
	if !ok {
		return Refusal("That element is no longer there.")
	}
	if !e.InForm {
		return c.Act(ctx, user, t, picks...)
	}
	action, err := c.action(u, t, p, e, picks)
	if err != nil {
		return err
	}
	if e.Block["dispatch_action"] == true {
		return c.send(ctx, p, u, t, action)
	}
	return nil
}

// Submitted says what came of submitting a form.
type Submitted struct {
	Errors map[string]string // by block: shown there, and the form stays open
	Closed bool              // the form, or all of them, are gone
}

// Submit sends the modal on top. What the client itself can see is missing is
// refused without asking the app.
func (c *Client) Submit(ctx context.Context, user string) (Submitted, error) {
	u, _ := c.World.User(user)
	v, ok := c.Screens.OpenView(user)
	if !ok {
		return Submitted{}, Refusal("No form is open.")
	}
	if wrong := blockkit.Missing(v.Blocks, v.State); len(wrong) > 0 {
		return Submitted{Errors: wrong}, c.Screens.Refuse(v.ID, wrong)
	}
	app, _ := c.World.Apps.App(v.App)
	if err := c.handOver(v); err != nil {
		return Submitted{}, err
	}
	u = u.Met(v.Workspace)
	payload := c.payload("view_submission", app, u)
	payload["view"] = v.Wire()
	payload["trigger_id"] = c.Screens.NewTrigger(app.ID, u.Workspace, u.ID, v.ID)
	payload["response_urls"] = c.responseURLs(u, v)
	a, err := c.ask(ctx, app, payload)
	if err != nil {
		return Submitted{}, Refusal("We had some trouble connecting. Try again?")
	}
	return c.answered(u, v, a)
}

// responseURLs are those of the channels that a form's selects with
// response_url_enabled name.
func (c *Client) responseURLs(u world.User, v world.View) []any {
	out := []any{}
	for _, e := range blockkit.Elements(v.Blocks) {
		if !e.InForm || e.Body["response_url_enabled"] != true {
			continue
		}
		name, _ := blockkit.ValueField(e.Type())
		channel, _ := v.State[e.BlockID()][e.ActionID()][name].(string)
		if channel == "" {
			continue
		}
		at := screen.Response{App: v.App, Workspace: v.Workspace, User: u.ID, Channel: channel}
		out = append(out, map[string]any{
			"block_id": e.BlockID(), "action_id": e.ActionID(), "channel_id": channel, "response_url": c.Screens.NewResponse("app", at),
		})
	}
	return out
}

// handOver lets the app read the files that a form brings it.
func (c *Client) handOver(v world.View) error {
	in, _ := c.World.Apps.Installed(v.App, v.Workspace)
	for _, block := range v.State {
		for _, element := range block {
			files, _ := element["files"].([]any)
			for _, f := range files {
				file, _ := f.(map[string]any)
				give := func(f *world.File) { f.Given = append(slices.Clone(f.Given), in.BotUser) }
				if err := c.World.ChangeFile(blockkit.Str(file, "id"), give); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// answered does what the app answered to a submission.
func (c *Client) answered(u world.User, v world.View, a Answer) (Submitted, error) {
	const trouble Refusal = "We had some trouble connecting. Try again?"
	var said struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if strings.TrimSpace(string(a.Body)) != "" {
		if err := json.Unmarshal(a.Body, &said); err != nil {
			return Submitted{}, trouble
		}
	}
	in, _ := c.World.Apps.Installed(v.App, v.Workspace)
	switch said.Action {
	case "":
		c.Screens.CloseOne(u.ID, v.ID)
		return Submitted{Closed: true}, nil
	case "clear":
		c.Screens.CloseModal(u.ID, true)
		return Submitted{Closed: true}, nil
	case "errors":
		if len(said.Errors) == 0 || !blocksExist(v, said.Errors) {
			return Submitted{}, trouble // Slack shows nothing of errors for blocks that are not there
		}
		return Submitted{Errors: said.Errors}, c.Screens.Refuse(v.ID, said.Errors)
	case "update", "push":
		next, problems := blockkit.ParseView(said.View, "modal")
		if len(problems) > 0 {
			c.log.Warn("view in an answer refused", "err", fmt.Sprint(problems))
			return Submitted{}, trouble
		}
		var err error
		if said.Action == "push" {
			_, err = c.Screens.PushModal(in, u.ID, c.Screens.NewView(next))
		} else {
			_, err = c.Screens.UpdateModal(in, v.ID, "", "", c.Screens.NewView(next))
		}
		if err != nil {
			return Submitted{}, trouble
		}
		return Submitted{}, nil
	}
	return Submitted{}, trouble
}

func blocksExist(v world.View, errors map[string]string) bool {
	ids := map[string]bool{}
	for _, b := range v.Blocks {
		ids[blockkit.Str(b, "block_id")] = blockkit.Str(b, "type") == "input"
	}
	for id := range errors {
		if !ids[id] {
			return false
		}
	}
	return true
}

// Close closes the modal on top, by its close button, or the whole stack, by
// the cross. The app is told where it asked to be.
func (c *Client) Close(ctx context.Context, user string, all bool) error {
	u, _ := c.World.User(user)
	top, ok := c.Screens.OpenView(user)
	if !ok {
		return Refusal("No form is open.")
	}
	for _, v := range c.Screens.CloseModal(user, all || top.ClearOnClose) {
		if !v.NotifyOnClose {
			continue
		}
		app, _ := c.World.Apps.App(v.App)
		payload := c.payload("view_closed", app, u)
		payload["view"], payload["is_cleared"] = v.Wire(), all || top.ClearOnClose
		if _, err := c.ask(ctx, app, payload); err != nil {
			c.log.Info("view_closed not taken", "err", err)
		}
	}
	return nil
}
