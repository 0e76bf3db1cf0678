package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"caseline/internal/slacksim/blockkit"
)

// errNoOptions is for answers to a search that Slack does not show.
var errNoOptions = errors.New("the options are not what Slack takes")

// An Offer is a group of options for an external select; groups without a
// label have an empty one.
type Offer struct {
	Label   string
	Options []map[string]any
}

// Suggest asks the app what an external select offers for what was typed.
func (c *Client) Suggest(ctx context.Context, user string, t Target, typed string) ([]Offer, error) {
	u, _ := c.World.User(user)
	p, err := c.find(u, t)
	if err != nil {
		return nil, err
	}
	u = u.Met(p.workspace())
	e, ok := p.element(t)
	if !ok {
		return nil, Refusal("That element is no longer there.")
	}
	least := 3
	if n, ok := e.Body["min_query_length"].(float64); ok {
		least = int(n)
	}
	if utf8.RuneCountInString(typed) < least {
		return nil, Refusal(fmt.Sprintf("Type at least %d characters to search.", least))
	}
	payload := c.payload("block_suggestion", p.app, u)
	payload["action_id"], payload["block_id"], payload["value"] = e.ActionID(), e.BlockID(), typed
	c.describe(payload, p, u)
	delete(payload, "state")
	a, err := c.ask(ctx, p.app, payload)
	if err != nil {
		return nil, err
	}
	offers, all, err := readOffers(a.Body)
	if err != nil {
		return nil, badAnswer
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offered[u.ID+"/"+e.BlockID()+"/"+e.ActionID()] = all
	return offers, nil
}

func readOffers(body []byte) (offers []Offer, all []map[string]any, err error) {
	var said struct {
		Options []map[string]any `json:"options"`
		Groups  []struct {
			Label   map[string]any   `json:"label"`
			Options []map[string]any `json:"options"`
		} `json:"option_groups"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, nil, err
	}
	var offered map[string]any
	if err := json.Unmarshal(body, &offered); err != nil || len(blockkit.CheckOffer(offered)) > 0 {
		return nil, nil, errors.Join(errNoOptions, err)
	}
	if said.Options != nil {
		offers = append(offers, Offer{Options: said.Options})
		all = said.Options
	}
	for _, g := range said.Groups {
		offers = append(offers, Offer{Label: blockkit.Str(g.Label, "text"), Options: g.Options})
		all = append(all, g.Options...)
	}
	return offers, all, nil
}
