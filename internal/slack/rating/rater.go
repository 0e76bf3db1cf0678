package rating

import (
	"context"
	"encoding/json"
	"log/slog"

	"caseline/internal/casework/rating"
	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// useCases keep what people say.
type useCases interface {
	May(ctx context.Context, r rating.Rate) error
	Rate(ctx context.Context, r rating.Rate) (changed bool, err error)
}

// A window opens forms and answers presses.
type window interface {
	OpenView(ctx context.Context, trigger string, v any) error
	Respond(ctx context.Context, address string, a api.Answer) error
}

// A Rater takes what people say of chats.
type Rater struct {
	Do    useCases
	Slack window
	// Tell tells whoever pressed a button something privately.
	Tell func(ctx context.Context, in wire.Interaction, m view.Message)
	Log  *slog.Logger
}

// Presses reports whether a button is one of ours, FormTitle what the form is
// called that it opens; empty for none.
func Presses(action string) bool { kind, _ := read(action); return kind != "" }

// FormTitle is what the form is called that a button opens; empty for none.
func FormTitle(action string) string {
	if kind, _ := read(action); kind == actionComment {
		return Title
	}
	return ""
}

// Press does what a button says, which somebody pressed who may be there.
func (r Rater) Press(ctx context.Context, in wire.Interaction, at view.Press, by desk.PersonID) error {
	kind, score := read(in.Actions[0].ActionID)
	said := rating.Rate{Case: at.Case, Chat: at.Chat, By: by, Score: score}
	if err := r.Do.May(ctx, said); err != nil {
		return err
	}
	switch kind {
	case actionScore:
		r.Tell(ctx, in, chosen(at, score))
		return nil
	case actionComment:
		return r.Slack.OpenView(ctx, in.TriggerID, form(origin{Case: at.Case, Chat: at.Chat, Score: score, Answer: in.ResponseURL}))
	}
	return r.rate(ctx, in, said, in.ResponseURL)
}

// Submit takes the form. An error is to be shown beside FieldComment.
func (r Rater) Submit(ctx context.Context, in wire.Interaction) error {
	var o origin
	w := desk.WorkspaceID(in.Workspace())
	if json.Unmarshal([]byte(in.View.PrivateMetadata), &o) != nil || !ident.Valid(in.User.ID) {
		return &desk.Refusal{Kind: desk.ErrInvalid, Message: "This form is too old to be used. Press one of the five answers again."}
	}
	comment := in.View.State.Get(FieldComment, FieldComment).Text
	said := rating.Rate{Case: o.Case, Chat: o.Chat, By: ident.Person(w, in.User.ID), Score: o.Score, Remark: comment}
	return r.rate(ctx, in, said, o.Answer)
}

// rate keeps what somebody says, and thanks them in place of the question.
func (r Rater) rate(ctx context.Context, in wire.Interaction, said rating.Rate, answer string) error {
	changed, err := r.Do.Rate(ctx, said)
	if err != nil {
		return err
	}
	m := view.Say("Thank you. You rated this chat: " + label(said.Score) + ". You can change that for three days: press another answer.")
	if !changed {
		m = view.Say("You have said that already, thank you: " + label(said.Score) + ".")
	}
	err = r.Slack.Respond(ctx, answer, api.Answer{Type: "ephemeral", Replace: true, Text: m.Text, Blocks: m.Blocks})
	if err != nil {
		r.Log.Debug("thanks not shown in place of the question", slog.String("case", string(said.Case)), slog.Any("err", err))
		r.Tell(ctx, in, m)
	}
	return nil
}
