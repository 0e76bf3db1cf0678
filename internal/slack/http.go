package slack

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// An ephemeral is an answer that only the person who asked sees.
type ephemeral struct {
	Type   string       `json:"response_type"`
	Text   string       `json:"text"`
	Blocks []view.Block `json:"blocks,omitempty"`
}

func private(m view.Message) ephemeral {
	return ephemeral{Type: "ephemeral", Text: m.Text, Blocks: m.Blocks}
}

// events takes an Events API request. Slack is told that we have an event only
// when it is durable; else it is asked to send it again.
func (in *Ingress) events(ctx context.Context, w http.ResponseWriter, body []byte, retry int) {
	p, ok := in.intake.peek(body, retry)
	if !ok {
		return
	}
	if p.Type == wire.TypeURLVerification {
		verifyURL(w, body)
		return
	}
	if err := in.intake.take(ctx, body, p); err != nil {
		in.intake.opt.Log.Error("event not taken: slack is asked to send it again", slog.String("event", p.EventID), slog.Any("err", err))
		http.Error(w, "The event could not be stored. Send it again.", http.StatusInternalServerError)
	}
}

// verifyURL proves to Slack that this address is ours.
func verifyURL(w http.ResponseWriter, body []byte) {
	e, err := wire.DecodeEnvelope(body)
	if err != nil {
		return // unreachable: Peek read the same
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	io.WriteString(w, e.Challenge)
}

// command answers a slash command.
func (in *Ingress) command(ctx context.Context, w http.ResponseWriter, body []byte, _ int) {
	s, err := wire.DecodeSlash(body)
	if err != nil {
		in.malformed(w, "command: malformed", err)
		return
	}
	if m := in.intake.Command(ctx, s); m != nil {
		answerJSON(w, private(*m))
	}
}

// interaction answers a pressed button, a submitted form, a shortcut or a menu.
func (in *Ingress) interaction(ctx context.Context, w http.ResponseWriter, body []byte, _ int) {
	i, err := wire.DecodeInteractionForm(body)
	if err != nil {
		in.malformed(w, "interaction: malformed", err)
		return
	}
	if a := in.intake.Interaction(ctx, in.intake.locate(ctx, i)); a != nil {
		answerJSON(w, a)
	}
}

// malformed answers a signed request that is not what its address takes. A
// status of 200 would hide from the person that nothing happened.
func (in *Ingress) malformed(w http.ResponseWriter, why string, err error) {
	in.intake.opt.Log.Warn("request not understood", slog.Any("err", err))
	in.refuse(w, http.StatusBadRequest, why, "The request is signed but not understood: "+err.Error()+".")
}
