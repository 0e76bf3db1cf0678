package webapi

import (
	"errors"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/world"
)

// view reads the argument view.
func (c *call) view(kind string) (world.View, error) {
	raw := c.args.raw("view")
	if len(raw) == 0 {
		return world.View{}, missing("view")
	}
	if len(raw) > blockkit.MaxView {
		return world.View{}, errors.New("view_too_large")
	}
	v, problems := blockkit.ParseView(raw, kind)
	if len(problems) > 0 {
		return world.View{}, invalid("invalid_arguments", blockkit.Strings(problems)...)
	}
	return c.api.screens.NewView(v), nil
}

func (c *call) viewsOpen() (answer, error) { return c.show(false) }
func (c *call) viewsPush() (answer, error) { return c.show(true) }

func (c *call) show(push bool) (answer, error) {
	v, err := c.view("modal")
	if err != nil {
		return nil, err
	}
	if c.args.str("trigger_id") == "" {
		return nil, missing("trigger_id")
	}
	v, err = c.api.screens.OpenModal(c.in, c.args.str("trigger_id"), v, push)
	if err != nil {
		return nil, err
	}
	return answer{"view": v.Wire()}, nil
}

func (c *call) viewsUpdate() (answer, error) {
	v, err := c.view("modal")
	if err != nil {
		return nil, err
	}
	id, external := c.args.str("view_id"), c.args.str("external_id")
	if id == "" && external == "" {
		return nil, missing("view_id or external_id")
	}
	v, err = c.api.screens.UpdateModal(c.in, id, external, c.args.str("hash"), v)
	if err != nil {
		return nil, err
	}
	return answer{"view": v.Wire()}, nil
}

func (c *call) viewsPublish() (answer, error) {
	v, err := c.view("home")
	if err != nil {
		return nil, err
	}
	user := c.args.str("user_id")
	if user == "" {
		return nil, missing("user_id")
	}
	v, err = c.api.screens.PublishHome(c.in, user, c.args.str("hash"), v)
	if err != nil {
		return nil, err
	}
	return answer{"view": v.Wire()}, nil
}
