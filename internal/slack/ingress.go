package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"caseline/internal/slack/wire"
)

// answerTime leaves half a second of Slack's three for the way there and back.
const answerTime = 2500 * time.Millisecond

var errAnswerTime = errors.New("slack waits no longer")

// An Ingress takes in what Slack sends over HTTP. Make one with [NewIngress].
type Ingress struct {
	verifier *wire.Verifier
	intake   *Intake
	mux      http.ServeMux
}

// NewIngress returns an Ingress that hands to intake what verifier lets pass.
func NewIngress(verifier *wire.Verifier, intake *Intake) *Ingress {
	in := &Ingress{verifier: verifier, intake: intake}
	in.mux.Handle("POST /slack/events", in.signed(in.events))
	in.mux.Handle("POST /slack/commands", in.signed(in.command))
	in.mux.Handle("POST /slack/interactivity", in.signed(in.interaction))
	in.mux.Handle("POST /slack/options", in.signed(in.interaction))
	in.mux.HandleFunc("GET /slack/commands", there)
	return in
}

// there answers Slack's question, now and then, whether a command's address is
// there and its certificate good. Nothing is read of it.
func there(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

// ServeHTTP serves POST /slack/events, /slack/commands, /slack/interactivity
// and /slack/options, whose requests are interactions too.
func (in *Ingress) ServeHTTP(w http.ResponseWriter, r *http.Request) { in.mux.ServeHTTP(w, r) }

// Counts says how often each thing came that was not stored or done, and why:
// "event: bot", "unsigned".
func (in *Ingress) Counts() map[string]int64 { return in.intake.tally.Counts() }

// A handler answers a request that is Slack's, within answerTime. Slack has sent
// it retry times before.
type handler func(ctx context.Context, w http.ResponseWriter, body []byte, retry int)

// signed lets a request through to h when its body is signed.
func (in *Ingress) signed(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := readBody(w, r, in.intake.opt.MaxBody)
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			in.intake.opt.Log.Warn("request too large", slog.Any("err", err))
			in.refuse(w, http.StatusRequestEntityTooLarge, "too large", "The request is larger than limits.max_body in the configuration allows.")
			return
		}
		if err != nil {
			in.refuse(w, http.StatusBadRequest, "cut off", "The request did not arrive whole.")
			return
		}
		err = in.verifier.Verify(r.Header.Get(wire.HeaderTimestamp), r.Header.Get(wire.HeaderSignature), body, in.intake.opt.Now())
		if err != nil {
			in.unsigned(w, err)
			return
		}
		retry, _ := strconv.Atoi(r.Header.Get(wire.HeaderRetryNum)) // without the header it is the first
		// What Slack has sent is dealt with even if Slack hangs up meanwhile.
		ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(r.Context()), answerTime, errAnswerTime)
		defer cancel()
		h(ctx, w, body, retry)
	})
}

// readBody reads a body of up to most bytes, into room that is made once where
// the request says how long it is.
func readBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	var b bytes.Buffer
	if 0 < r.ContentLength && r.ContentLength <= most {
		b.Grow(int(r.ContentLength) + bytes.MinRead) // which it wants to have left at the end
	}
	_, err := b.ReadFrom(http.MaxBytesReader(w, r.Body, most))
	return b.Bytes(), err
}

// unsigned refuses a request that is not Slack's, and tells an operator who
// looks for the reason.
func (in *Ingress) unsigned(w http.ResponseWriter, err error) {
	in.intake.opt.Log.Warn("request refused", slog.Any("err", err))
	sentence := "The request's signature does not match: check the signing secret in the configuration."
	switch {
	case errors.Is(err, wire.ErrUnsigned):
		sentence = "The request is not signed. This address takes requests from Slack only."
	case errors.Is(err, wire.ErrStale):
		sentence = "The request's timestamp is more than five minutes from this server's clock: check the clock."
	}
	in.refuse(w, http.StatusUnauthorized, "unsigned", sentence)
}

func (in *Ingress) refuse(w http.ResponseWriter, status int, why, sentence string) {
	in.intake.tally.Add(why)
	http.Error(w, sentence, status)
}

// answerJSON writes v with status 200.
func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.Encode(v) // Slack may have hung up; nothing follows from it
}
