package front

import (
	"context"

	cases "caseline/internal/casework/rating"
	"caseline/internal/slack/rating"
	"caseline/internal/slack/wire"
)

// raters keep what people say of chats; a [cases.Service] does.
type raters interface {
	May(ctx context.Context, r cases.Rate) error
	Rate(ctx context.Context, r cases.Rate) (changed bool, err error)
}

func (f *Front) rater() rating.Rater {
	return rating.Rater{Do: f.rates, Slack: f.slack, Tell: f.tell, Log: f.log}
}

// submitRating takes the form of a comment on a chat.
func (f *Front) submitRating(ctx context.Context, in wire.Interaction) *FormAnswer {
	if err := f.rater().Submit(ctx, in); err != nil {
		return &FormAnswer{Action: "errors", Errors: map[string]string{rating.FieldComment: f.sentence(err)}}
	}
	return nil
}
