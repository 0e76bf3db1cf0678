package front

import (
	"context"
	"errors"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/view"
)

// pressRelated opens the form of a new case that follows one which can no
// longer be reopened.
func (f *Front) pressRelated(ctx context.Context, p press) error {
	form, err := f.related(ctx, p)
	if err != nil {
		return err
	}
	return f.slack.OpenView(ctx, p.TriggerID, form)
}

func (f *Front) related(ctx context.Context, p press) (view.View, error) {
	if err := p.require(served.MayCreate, p.c.Account); err != nil {
		return view.View{}, err
	}
	asked := p.place
	if p.chat != nil {
		asked = p.chat.AskedIn() // a case is opened where support is set up
	}
	form, err := f.newCase(ctx, p.spot, asked)
	if err != nil {
		return view.View{}, err
	}
	form.Account, form.Subject, form.Description = p.c.Account, p.c.Subject, "Follows case "+string(p.c.Number)+".\n\n"
	form.Related = p.c.ID
	return view.CreateForm(form, view.StepWhat), nil
}

// likeRelated begins a case with the matter, severity and language of the one
// that it follows, as far as the catalogue still has them.
func (f *Front) likeRelated(ctx context.Context, n *view.NewCase) error {
	c, err := f.store.Case(ctx, n.Related)
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	topics := f.book.Catalogue()
	n.Severity = c.Severity
	if _, ok := topics.Language(c.Language); ok {
		n.Language = c.Language
	}
	if s, ok := topics.Service(c.IssueType, c.Service); ok {
		n.IssueType, n.Service = c.IssueType, c.Service
		if _, ok := s.Category(c.Category); ok {
			n.Category = c.Category
		}
	}
	return nil
}

// pressStill keeps a quiet chat running.
func (f *Front) pressStill(ctx context.Context, p press) error {
	_, changed, err := f.cases.StillHere(ctx, casework.StillHere{
		Target: casework.Target{Case: p.c.ID, Where: p.place}, Chat: p.about.Chat,
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
