package slack

import (
	"context"
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

// command answers a slash command.
func (in *Ingress) command(ctx context.Context, w http.ResponseWriter, body []byte) {
	s, err := wire.DecodeSlash(body)
	if err != nil {
		in.malformed(w, "command: malformed", err)
		return
	}
	if s.SSLCheck {
		return
	}
	if m := in.front.Command(ctx, s); m != nil {
		answerJSON(w, private(*m))
	}
}

// interaction answers a pressed button, a submitted form or a shortcut.
func (in *Ingress) interaction(ctx context.Context, w http.ResponseWriter, body []byte) {
	i, err := wire.DecodeInteractionForm(body)
	if err != nil {
		in.malformed(w, "interaction: malformed", err)
		return
	}
	switch i.Type {
	case wire.TypeBlockActions:
		in.front.Press(ctx, i)
	case wire.TypeViewSubmission:
		if a := in.front.Submit(ctx, i); a != nil {
			answerJSON(w, a)
		}
	case wire.TypeBlockSuggestion:
		answerJSON(w, in.front.Suggest(ctx, i))
	case wire.TypeShortcut, wire.TypeMessageAction:
		in.front.Shortcut(ctx, i)
	default:
		in.tally.add("interaction: not used")
		in.opt.Log.Debug("interaction dropped", slog.String("event", i.Type))
	}
}

// malformed answers a signed request that is not what its address takes. A
// status of 200 would hide from the person that nothing happened.
func (in *Ingress) malformed(w http.ResponseWriter, why string, err error) {
	in.opt.Log.Warn("request not understood", slog.Any("err", err))
	in.refuse(w, http.StatusBadRequest, why, "The request is signed but not understood: "+err.Error()+".")
}
