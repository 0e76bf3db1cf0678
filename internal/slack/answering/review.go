package answering

import (
	"context"
	"encoding/json"
	"errors"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/reading"
	"caseline/internal/slack/sharing"
	"caseline/internal/slack/view"
)

// draftKind is what a draft of an answer is.
const draftKind = "answer"

// An entered is what has been entered in a form.
type entered struct {
	Text    string         `json:"text"`
	CC      string         `json:"cc,omitempty"` // as it was typed
	Contact string         `json:"contact,omitempty"`
	Chosen  string         `json:"place,omitempty"`
	Members []string       `json:"members,omitempty"` // Slack's ids
	Files   []desk.NewFile `json:"files,omitempty"`
}

func (f filled) draftID() string { return draftKind + " " + f.view.ID }

// recall reads what has been entered: from the fields that came back or, where
// it was reviewed, from the draft. Files that were chosen before an edit stay
// unless others are chosen.
func (a Answerer) recall(ctx context.Context, f *filled) error {
	var before entered
	d, err := a.Drafts.Find(ctx, f.draftID())
	switch {
	case err == nil && d.Owner == ident.Person(f.in, f.user):
		if err := json.Unmarshal([]byte(d.Body), &before); err != nil {
			return err
		}
	case err == nil || errors.Is(err, desk.ErrNotFound):
		if f.Step == stepReview {
			return &desk.Refusal{Kind: desk.ErrConflict, Message: "This form was sent already, or it was open for more than a day. If your message is not on the case, please open a new form."}
		}
	default:
		return err
	}
	if f.Step == stepReview {
		f.entered, f.known = before, true
		return nil
	}
	f.entered = entered{
		Text: f.typed(view.FieldText, view.FieldText), CC: f.typed(view.FieldCC, view.FieldCC),
		Contact: f.typed(view.FieldContact, view.ActionContact), Chosen: f.typed(view.FieldPlace, view.FieldPlace),
		Members: f.wanted(), Files: before.Files,
	}
	if f.shows(view.FieldMembers) {
		f.Members = f.view.State.Get(view.FieldMembers, view.FieldMembers).SelectedUsers
	}
	if files := ident.Files(f.view.State.Get(view.FieldFiles, view.FieldFiles).Files, f.named()); len(files) > 0 {
		f.Files = files
	}
	return nil
}

// keep keeps what was entered, if it can be added to the case as it is now.
func (a Answerer) keep(ctx context.Context, f filled) error {
	answer, err := a.asked(ctx, f)
	if err != nil {
		return err
	}
	c := f.c // tried on a copy
	if f.reopens {
		if _, _, err := c.Reopen(answer.By, 0, answer.Origin, a.Now()); err != nil {
			return err
		}
	}
	if _, err := c.Answer(answer.Answer, make([]desk.FileID, len(answer.Files)), a.Now()); err != nil {
		return err
	}
	body, err := json.Marshal(f.entered)
	if err != nil {
		return err
	}
	return a.Drafts.Keep(ctx, personal.Draft{ID: f.draftID(), Owner: ident.Person(f.in, f.user), Kind: draftKind, Body: string(body)})
}

// back is the form again with what went wrong after the review, so that nothing
// that was entered is lost; or only that, when what was entered is not known.
func (a Answerer) back(f filled, err error) view.View {
	sentence := a.Sentence(err)
	if !f.known {
		return reading.Stopped(f.c, f.Place, sentence)
	}
	if _, refused := errors.AsType[*desk.Refusal](err); refused {
		f.Step = ""
	}
	f.note = sentence
	return f.sheet.view()
}

// show shows the channel what is about to be sent, once as it is now.
func (a Answerer) show(ctx context.Context, f filled) view.View {
	body, err := json.Marshal(f.entered)
	if err != nil {
		return a.back(f, err)
	}
	where, _ := ident.Split(f.Place)
	m := f.sheet.draft(f.user)
	err = a.Share(ctx, sharing.Draft(string(f.in), f.view.ID, body), api.Post{Channel: string(where.Channel), Text: m.Text, Blocks: m.Blocks})
	f.shared = err == nil || errors.Is(err, sharing.ErrAlready)
	if !f.shared {
		f.note = a.Sentence(err)
	}
	return f.sheet.view()
}
