package front

import (
	"context"
	"errors"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/adding"
	"caseline/internal/slack/answering"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/rating"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// A FormAnswer is what becomes of a submitted form: errors beside its fields,
// or another view in its place.
type FormAnswer struct {
	Action string            `json:"response_action"`
	Errors map[string]string `json:"errors,omitempty"`
	View   *view.View        `json:"view,omitempty"`
}

// Submit does what a submitted form says. A nil answer closes the form.
func (f *Front) Submit(ctx context.Context, in wire.Interaction) *FormAnswer {
	if in.View == nil {
		return nil
	}
	if answering.Fills(in.View) {
		return f.submitAnswer(ctx, in)
	}
	switch in.View.CallbackID {
	case view.CallbackCreate:
		return f.submitCase(ctx, in)
	case view.CallbackSearch:
		if field, err := f.finder().Submit(ctx, in); err != nil {
			return &FormAnswer{Action: "errors", Errors: map[string]string{field: f.sentence(err)}}
		}
		return nil
	case view.CallbackPlace:
		return f.submitPlace(ctx, in)
	case view.CallbackWhere:
		return f.submitWhere(ctx, in)
	case rating.Callback:
		return f.submitRating(ctx, in)
	case adding.Callback:
		return f.submitAdd(ctx, in)
	}
	return nil
}

// mayOpen refuses a new case, or the chat asked for with it, that the person may
// not have for an account. Where accounts can be chosen it says so beside the
// choice, for another may do.
func (s spot) mayOpen(account desk.AccountID, chat bool) error {
	err := s.require(served.MayCreate, account)
	if err == nil && chat {
		err = s.require(served.MayChat, account)
	}
	if r, ok := errors.AsType[*desk.Refusal](err); ok && len(s.may(served.MayCreate)) > 1 {
		return &desk.Refusal{Kind: r.Kind, Field: view.FieldAccount, Message: r.Message}
	}
	return err
}

// members are the people chosen, each once, without who asks and ourselves.
func members(chosen []string, self served.Workspace, asks string) []desk.PersonID {
	var people []desk.PersonID
	for _, user := range chosen {
		p := ident.Person(self.ID, user)
		if user == asks || user == self.BotUID || !ident.Valid(user) || slices.Contains(people, p) || len(people) == view.MaxMembers {
			continue
		}
		people = append(people, p)
	}
	return people
}
