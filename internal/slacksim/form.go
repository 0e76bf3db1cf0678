package slacksim

import (
	"context"

	"caseline/internal/slacksim/blockkit"
)

// A Form is a handle to a modal that is open before a person.
type Form struct {
	sheet
	ID string
}

// Title is what stands above the form.
func (f *Form) Title() string {
	v, _ := f.Now()
	return blockkit.Str(v.Title, "text")
}

// Errors are shown in the form after a refused submission, by block.
func (f *Form) Errors() map[string]string {
	v, _ := f.Now()
	return v.Errors
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
