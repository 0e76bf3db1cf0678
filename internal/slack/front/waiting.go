package front

import (
	"context"
	"log/slog"

	"caseline/internal/casework"
	"caseline/internal/slack/api"
	"caseline/internal/slack/view"
)

// pressWaiting takes the requester's decision on what they wrote while
// waiting. The question gives way to what came of it, so that it is not
// answered twice.
func (f *Front) pressWaiting(ctx context.Context, p press, share bool) error {
	err := f.cases.Decide(ctx, casework.Decision{Case: p.c.ID, Chat: p.about.Chat, By: p.by, Share: share})
	if err != nil {
		return err
	}
	sentence := "What you wrote while waiting stays private. Nothing of it was recorded."
	if share {
		sentence = "What you wrote while waiting is being shared with Support and recorded on case " + string(p.c.Number) + "."
	}
	m := view.Say(sentence)
	if err := f.slack.Respond(ctx, p.ResponseURL, api.Answer{Type: "ephemeral", Replace: true, Thread: threadOf(p.Interaction), Text: m.Text, Blocks: m.Blocks}); err != nil {
		f.log.Debug("question not taken away", slog.String("case", string(p.c.ID)), slog.Any("err", err))
		f.tell(ctx, p.Interaction, view.Say(sentence))
	}
	return nil
}
