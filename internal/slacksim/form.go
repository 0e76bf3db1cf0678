package slacksim

import (
	"context"
	"fmt"
	"slices"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/world"
)

// A Form is a handle to a modal that is open before a person.
type Form struct {
	ID   string
	ws   *Workspace
	user *User
}

// Now is the form as it is, if it is still open.
func (f *Form) Now() (world.View, bool) { return f.ws.sim.Screens.View(f.ID) }

// Title is what stands above the form.
func (f *Form) Title() string {
	v, _ := f.Now()
	return blockkit.Str(v.Title, "text")
}

// Labels returns the labels of the form's inputs, in order.
func (f *Form) Labels() []string {
	v, _ := f.Now()
	var out []string
	for _, e := range blockkit.Elements(v.Blocks) {
		if e.InForm {
			out = append(out, blockkit.TextOf(e.Block, "label"))
		}
	}
	return out
}

// Errors are shown in the form after a refused submission, by block.
func (f *Form) Errors() map[string]string {
	v, _ := f.Now()
	return v.Errors
}

func (f *Form) target(what string) (person.Target, blockkit.Element, error) {
	v, ok := f.Now()
	if !ok {
		return person.Target{}, blockkit.Element{}, fmt.Errorf("%q: the form is no longer open", what)
	}
	e, ok := findElement(v.Blocks, what)
	if !ok {
		return person.Target{}, e, fmt.Errorf("%q: %w", what, errNotThere)
	}
	return person.Target{View: f.ID, BlockID: e.BlockID(), ActionID: e.ActionID()}, e, nil
}

// Set fills in an element, found by block_id, action_id or label. For selects
// the values may be given by what is shown; people by name.
func (f *Form) Set(ctx context.Context, what string, values ...string) error {
	t, e, err := f.target(what)
	if err != nil {
		return err
	}
	picks := slices.Clone(values)
	for i, v := range picks {
		for _, o := range blockkit.Options(e.Body) {
			if blockkit.TextOf(o, "text") == v {
				picks[i] = blockkit.Str(o, "value")
			}
		}
		if field, _ := blockkit.ValueField(e.Type()); field == "selected_user" || field == "selected_users" {
			if u := f.ws.User(v); u != nil {
				picks[i] = u.ID
			}
		}
	}
	return f.ws.sim.People.Fill(ctx, f.user.ID, t, picks...)
}

// Value is the entry of state.values for an element.
func (f *Form) Value(what string) (map[string]any, error) {
	t, _, err := f.target(what)
	if err != nil {
		return nil, err
	}
	v, _ := f.Now()
	return v.State[t.BlockID][t.ActionID], nil
}

// Options returns what a select shows to pick from.
func (f *Form) Options(what string) ([]string, error) {
	_, e, err := f.target(what)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, o := range blockkit.Options(e.Body) {
		out = append(out, blockkit.TextOf(o, "text"))
	}
	return out, nil
}

// Suggest types into an external select and returns what the app offers.
func (f *Form) Suggest(ctx context.Context, what, typed string) ([]person.Offer, error) {
	t, _, err := f.target(what)
	if err != nil {
		return nil, err
	}
	return f.ws.sim.People.Suggest(ctx, f.user.ID, t, typed)
}

// Press presses a button of the form that is not its submit button.
func (f *Form) Press(ctx context.Context, what string, picks ...string) error {
	t, _, err := f.target(what)
	if err != nil {
		return err
	}
	return f.ws.sim.People.Act(ctx, f.user.ID, t, picks...)
}

// Submit sends the form. It returns the problems shown at its blocks, if it was
// refused.
func (f *Form) Submit(ctx context.Context) (map[string]string, error) {
	out, err := f.ws.sim.People.Submit(ctx, f.user.ID)
	return out.Errors, err
}

// Close closes the form by its close button.
func (f *Form) Close(ctx context.Context) error {
	return f.ws.sim.People.Close(ctx, f.user.ID, false)
}

// CloseAll closes it and those below by the cross.
func (f *Form) CloseAll(ctx context.Context) error {
	return f.ws.sim.People.Close(ctx, f.user.ID, true)
}
