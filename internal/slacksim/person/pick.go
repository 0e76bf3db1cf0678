package person

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/world"
)

// maxFormFile is how large a file Slack takes in a form.
const maxFormFile = 10 << 20

// pick turns what was picked into what the state holds.
func (c *Client) pick(u world.User, t Target, p place, e blockkit.Element, picks []string) (any, error) {
	switch {
	case e.Type() == "file_input":
		return c.pickFiles(e, picks)
	case strings.HasSuffix(e.Type(), "users_select"):
		for _, id := range picks {
			if who, ok := c.World.User(id); id != "" && (!ok || !who.In(u.Workspace)) {
				return nil, Refusal("There is no such person.")
			}
		}
	case strings.HasSuffix(e.Type(), "channels_select"), strings.HasSuffix(e.Type(), "conversations_select"):
		for _, id := range picks {
			if _, err := c.World.SeenChannel(u.ID, id); id != "" && err != nil {
				return nil, Refusal("There is no such channel.")
			}
		}
	}
	known := append(c.Offered(u.ID, e), blockkit.Chosen(e, c.stands(u, t, p))...)
	v, err := blockkit.Pick(e, picks, known)
	if err != nil {
		return nil, Refusal(fmt.Sprintf("That cannot be picked here: %v.", err))
	}
	if most, ok := e.Body["max_selected_items"].(float64); ok && len(picks) > int(most) {
		return nil, Refusal(fmt.Sprintf("At most %d can be picked here.", int(most)))
	}
	return v, nil
}

// Offered returns the options that the app offered last for an external select.
func (c *Client) Offered(user string, e blockkit.Element) []map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.offered[user+"/"+e.BlockID()+"/"+e.ActionID()])
}

// stands is what stands in the elements of the place that a person acts in.
func (c *Client) stands(u world.User, t Target, p place) map[string]map[string]values {
	if t.View != "" {
		v, _ := c.Screens.View(t.View)
		return v.State
	}
	return c.state(u.ID+"/"+t.Channel+t.TS+t.Ephemeral, p.blocks())
}

// pickFiles takes files that were uploaded for a form.
func (c *Client) pickFiles(e blockkit.Element, picks []string) (any, error) {
	most := 10
	if m, ok := e.Body["max_files"].(float64); ok {
		most = int(m)
	}
	if len(picks) > most {
		return nil, Refusal(fmt.Sprintf("You can upload at most %d files here.", most))
	}
	files := []any{}
	for _, id := range picks {
		f, ok := c.World.File(id)
		if !ok {
			return nil, Refusal("There is no such file.")
		}
		if err := mayBring(e, f); err != nil {
			return nil, err
		}
		files = append(files, f.Wire())
	}
	return files, nil
}

// mayBring says why the client does not take a file into a form.
func mayBring(e blockkit.Element, f world.File) error {
	if f.Size > maxFormFile {
		return Refusal(f.Name + " is too large: files in a form have at most 10 MB.")
	}
	allowed := blockkit.List(e.Body, "filetypes")
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(f.Name), "."))
	fits := slices.ContainsFunc(allowed, func(a any) bool { return a == ending || a == f.Filetype() })
	if len(allowed) > 0 && !fits {
		return Refusal(f.Name + " is of a kind that this form does not take.")
	}
	return nil
}
