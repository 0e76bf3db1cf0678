package front

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
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

// choose redraws the form of a new case when another way of contact is chosen
// in it. What was entered stays, because Slack keeps it by the fields' names.
func (f *Front) choose(ctx context.Context, in wire.Interaction) {
	if in.View.CallbackID != view.CallbackCreate || in.Actions[0].ActionID != view.ActionContact {
		return
	}
	w := desk.WorkspaceID(in.Workspace())
	asked, thread := view.ReadCreateForm(in.View.PrivateMetadata)
	where, _ := ident.Split(asked)
	at, err := f.spot(ctx, w, where.Channel, ident.Person(w, in.User.ID))
	if err != nil {
		f.log.Warn("form not redrawn", slog.Any("err", err))
		return
	}
	accounts, err := f.accounts(ctx, at)
	if err != nil {
		f.log.Warn("form not redrawn", slog.Any("err", err))
		return
	}
	form := view.CreateForm(view.NewCaseForm{Asked: asked, Accounts: accounts, Chat: true, Thread: thread, Contact: in.Actions[0].One()})
	err = f.slack.UpdateView(ctx, in.View.ID, in.View.Hash, form)
	if err != nil && api.Code(err) != "hash_conflict" { // a later choice was faster
		f.log.Warn("form not redrawn", slog.Any("err", err))
	}
}

// Submit does what a submitted form says. A nil answer closes the form.
func (f *Front) Submit(ctx context.Context, in wire.Interaction) *FormAnswer {
	if in.View == nil {
		return nil
	}
	switch in.View.CallbackID {
	case view.CallbackCreate:
		return f.submitCase(ctx, in)
	case view.CallbackReply:
		return f.submitReply(ctx, in)
	case view.CallbackSearch:
		if field, err := f.finder().Submit(ctx, in); err != nil {
			return &FormAnswer{Action: "errors", Errors: map[string]string{field: f.sentence(err)}}
		}
		return nil
	case view.CallbackPlace:
		return f.submitPlace(ctx, in)
	}
	return nil
}

// submitCase opens the case that a form describes, or says why not.
func (f *Front) submitCase(ctx context.Context, in wire.Interaction) *FormAnswer {
	err := f.open(ctx, in)
	if err == nil {
		return nil
	}
	if r, ok := errors.AsType[*desk.Refusal](err); ok {
		if slices.Contains([]string{view.FieldAccount, view.FieldSubject, view.FieldDescription, view.FieldSeverity}, r.Field) {
			return &FormAnswer{Action: "errors", Errors: map[string]string{r.Field: r.Message}}
		}
		instead := view.Sorry("Not this time", r.Message)
		return &FormAnswer{Action: "update", View: &instead}
	}
	// The form stays open, so that nothing typed is lost. Submitting it again
	// opens no second case.
	return &FormAnswer{Action: "errors", Errors: map[string]string{view.FieldSubject: f.sentence(err)}}
}

// open opens the case that a form describes.
func (f *Front) open(ctx context.Context, in wire.Interaction) error {
	w := desk.WorkspaceID(in.Workspace())
	self, known := f.installed.Find(w)
	from, _ := view.ReadCreateForm(in.View.PrivateMetadata)
	asked, ok := ident.Split(from)
	if !known || !ok || asked.Workspace != w || !ident.Valid(in.User.ID) {
		f.log.Warn("form not understood", slog.String("workspace", string(w)))
		return refuse(desk.ErrInvalid, "This form is too old to be used. Please open a new one.")
	}
	by, state := ident.Person(w, in.User.ID), in.View.State
	at, err := f.spot(ctx, w, asked.Channel, by)
	if err != nil {
		return err
	}
	typed := func(field string) string { return state.Get(field, field).One() }
	account, err := at.account(typed(view.FieldAccount))
	if err != nil {
		return err
	}
	chat := state.Get(view.FieldContact, view.ActionContact).One() == view.ContactChat
	if err := at.mayOpen(account, chat); err != nil {
		return err
	}
	opened := casework.Open{
		Account: account, Workspace: w, Asked: at.place, Requester: by,
		Subject:     typed(view.FieldSubject),
		Description: mrkdwn.FromSlack(mrkdwn.Escape(typed(view.FieldDescription)), nil),
		Severity:    desk.Severity(typed(view.FieldSeverity)),
		Chat:        chat, Origin: ident.FormOrigin(w, in.View.ID),
	}
	if chat {
		opened.Kind = desk.PlaceKind(state.Get(view.FieldPlace, view.FieldPlace).One())
		opened.Members = members(state.Get(view.FieldMembers, view.FieldMembers).SelectedUsers, self, in.User.ID)
	}
	_, err = f.cases.Open(ctx, opened)
	return err
}

// mayOpen refuses a new case, or the chat asked for with it, that the person may
// not have for an account. Where accounts can be chosen it says so beside the
// choice, for another may do.
func (s spot) mayOpen(account desk.AccountID, chat bool) error {
	err := s.require(desk.MayCreate, account)
	if err == nil && chat {
		err = s.require(desk.MayChat, account)
	}
	if r, ok := errors.AsType[*desk.Refusal](err); ok && len(s.may(desk.MayCreate)) > 1 {
		return &desk.Refusal{Kind: r.Kind, Field: view.FieldAccount, Message: r.Message}
	}
	return err
}

// members are the people chosen, each once, without who asks and ourselves.
func members(chosen []string, self desk.Workspace, asks string) []desk.PersonID {
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
