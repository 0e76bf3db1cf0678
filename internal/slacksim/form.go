package slacksim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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

// maxSteps is more steps than any form has.
const maxSteps = 20

// FillIn goes through a form of one or more steps as a person does: it fills in
// the fields that a step shows, each a label with its values, in their order,
// sends it, and goes on while the form stays open with another step. In a menu
// that is searched it types the value. It returns the problems shown, if a step
// was refused.
func (f *Form) FillIn(ctx context.Context, fields ...[]string) (map[string]string, error) {
	for range maxSteps {
		left, problems, err := f.Step(ctx, fields...)
		if err != nil || len(problems) > 0 {
			return problems, err
		}
		fields = left
		v, open := f.Now()
		if !open {
			return nil, nil
		}
		if v.Submit == nil {
			return nil, fmt.Errorf("the form cannot be sent: %s", f.Words())
		}
	}
	return nil, errors.New("the form never ends")
}

// Step is FillIn for one step. It returns the fields that the step did not show
// too.
func (f *Form) Step(ctx context.Context, fields ...[]string) (left [][]string, problems map[string]string, err error) {
	if left, err = f.fillStep(ctx, fields); err != nil {
		return nil, nil, err
	}
	problems, err = f.Submit(ctx)
	return left, problems, err
}

// fillStep fills in the fields that are shown and returns the others.
func (f *Form) fillStep(ctx context.Context, fields [][]string) (left [][]string, err error) {
	for _, field := range fields {
		if !slices.Contains(f.Labels(), field[0]) {
			left = append(left, field)
			continue
		}
		if _, e, err := f.target(field[0]); err == nil && strings.HasSuffix(e.Type(), "external_select") {
			if _, err := f.Search(ctx, field[0], field[1]); err != nil {
				return nil, fmt.Errorf("search for %s: %w", field[0], err)
			}
		}
		if err := f.Set(ctx, field[0], field[1:]...); err != nil {
			return nil, fmt.Errorf("fill in %s: %w", field[0], err)
		}
	}
	return left, nil
}
