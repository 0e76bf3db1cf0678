package front

import (
	"context"
	"errors"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/view"
)

// reopen opens the case of this channel again, or the one whose number was
// typed.
func (f *Front) reopen(ctx context.Context, c call) (*view.Message, error) {
	found, err := f.find(ctx, c.spot, c.rest, c.Command+" reopen", served.MayReply)
	if err != nil {
		return nil, err
	}
	_, changed, err := f.cases.Reopen(ctx, casework.Reopen{
		Target: casework.Target{Case: found.ID, Where: c.place}, By: desk.ByCustomer(c.by), Origin: c.origin,
	})
	switch {
	case errors.Is(err, desk.ErrTooLate):
		m := view.TooLate(found, f.sentence(err), c.require(served.MayCreate, found.Account) == nil)
		return &m, nil
	case err != nil:
		return nil, err
	case !changed:
		return say(openAlready(found)), nil
	}
	return say("Case " + string(found.Number) + " is open again."), nil
}

func openAlready(c desk.Case) string { return "Case " + string(c.Number) + " is already open." }

func (f *Front) pressReopen(ctx context.Context, p press) error {
	if err := p.require(served.MayReply, p.c.Account); err != nil {
		return err
	}
	_, changed, err := f.cases.Reopen(ctx, casework.Reopen{
		Target: casework.Target{Case: p.c.ID, Where: p.place}, By: desk.ByCustomer(p.by), Origin: p.origin,
	})
	switch {
	case errors.Is(err, desk.ErrTooLate):
		f.tell(ctx, p.Interaction, view.TooLate(p.c, f.sentence(err), p.require(served.MayCreate, p.c.Account) == nil))
		return nil
	case err == nil && !changed:
		return refuse(desk.ErrConflict, openAlready(p.c))
	}
	return err
}

// pressRelated opens the form of a new case that follows one which can no
// longer be reopened.
func (f *Front) pressRelated(ctx context.Context, p press) error {
	if err := p.require(served.MayCreate, p.c.Account); err != nil {
		return err
	}
	asked := p.place
	if p.chat != nil {
		asked = p.chat.AskedIn() // a case is opened where support is set up
	}
	form, err := f.newCase(ctx, p.spot, asked)
	if err != nil {
		return err
	}
	form.Account, form.Subject, form.Description = p.c.Account, p.c.Subject, "Follows case "+string(p.c.Number)+".\n\n"
	form.Related = p.c.ID
	return f.slack.OpenView(ctx, p.TriggerID, view.CreateForm(form, view.StepWhat))
}

// pressStill keeps a quiet chat running.
func (f *Front) pressStill(ctx context.Context, p press) error {
	_, changed, err := f.cases.StillHere(ctx, casework.StillHere{
		Target: casework.Target{Case: p.c.ID, Where: p.place}, Chat: p.about.Chat, By: p.by,
	})
	switch {
	case err != nil:
		return err
	case !changed:
		return refuse(desk.ErrConflict, "Somebody has answered already. The chat goes on.")
	}
	f.tell(ctx, p.Interaction, view.Say("Good to know. The chat goes on."))
	return nil
}
