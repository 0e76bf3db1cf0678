package socket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/gorilla/websocket"

	"caseline/internal/slack/wire"
)

const (
	// answerTime leaves half a second of Slack's three for the way there and back.
	answerTime = 2500 * time.Millisecond
	// afterTime is how long may take what an answer has done after it.
	afterTime = 8 * time.Second
)

var (
	errAnswerTime = errors.New("slack waits no longer")
	errAfterTime  = errors.New("what follows an answer took too long")
)

// unreadable is what a person reads whose command cannot be decoded. Without an
// answer they would think that it was done.
const unreadable = `{"response_type":"ephemeral","text":"That command could not be read. Please try again."}`

// work does what an envelope asks for, beside the reading. It has begun.
func (c *conn) work(ctx context.Context, f wire.Frame) {
	before, done := c.client.turn(f)
	c.jobs.Go(func() {
		then := c.answer(ctx, f, before, done)
		c.finish()
		if then == nil {
			return
		}
		ctx, cancel := context.WithTimeoutCause(ctx, afterTime, errAfterTime)
		defer cancel()
		defer c.client.caught("after the ack", f)
		then(ctx)
	})
}

// turn gets an event in line with those of its channel.
func (c *Client) turn(f wire.Frame) (before <-chan struct{}, done func()) {
	if f.Type != wire.TypeEventsAPI {
		return nil, func() {}
	}
	p, err := wire.Peek(f.Payload)
	if err != nil || p.Channel == "" {
		return nil, func() {}
	}
	return c.turns.join(p.Workspace + "/" + p.Channel)
}

// answer has the intake take an envelope and acks it. It returns what is to be
// done after.
func (c *conn) answer(ctx context.Context, f wire.Frame, before <-chan struct{}, done func()) (then func(context.Context)) {
	ctx, cancel := context.WithTimeoutCause(ctx, answerTime, errAnswerTime)
	defer cancel()
	defer done()
	defer c.client.caught("not acked", f)
	if before != nil {
		select {
		case <-before:
		case <-ctx.Done():
			c.client.tally.Add("event: not taken")
			return nil
		}
	}
	switch f.Type {
	case wire.TypeEventsAPI:
		if err := c.client.intake.Event(ctx, f.Payload, int(f.RetryAttempt)); err != nil {
			c.client.tally.Add("event: not taken")
			c.client.opt.Log.Error("event not taken: slack is left to send it again", slog.Any("err", err))
			return nil
		}
		c.ack(f.EnvelopeID, nil)
	case wire.TypeSlash:
		s, err := wire.DecodeSlashPayload(f.Payload)
		if err != nil {
			c.misunderstood(f, err, []byte(unreadable))
			return nil
		}
		return c.give(f, c.client.intake.Command(ctx, s))
	case wire.TypeInteractive:
		in, err := wire.DecodeInteraction(f.Payload)
		if err != nil {
			c.misunderstood(f, err, nil)
			return nil
		}
		return c.give(f, c.client.intake.Interaction(ctx, in))
	}
	return nil
}

// caught counts a panic and lets the connection go on, as a server of HTTP does.
func (c *Client) caught(what string, f wire.Frame) {
	if p := recover(); p != nil {
		c.tally.Add("panic")
		c.opt.Log.Error("panic over what slack sent: "+what, slog.String("event", f.Type), slog.String("err", fmt.Sprintf("%v\n%s", p, debug.Stack())))
	}
}

func (c *conn) misunderstood(f wire.Frame, err error, answer []byte) {
	c.client.tally.Add(f.Type + ": malformed")
	c.client.opt.Log.Warn("a payload from slack is not understood", slog.String("event", f.Type), slog.Any("err", err))
	c.ack(f.EnvelopeID, answer)
}

// give acks an envelope with an answer.
func (c *conn) give(f wire.Frame, a Answer) (then func(context.Context)) {
	payload := a.Payload
	if payload != nil && !f.AcceptsPayload {
		c.client.tally.Add("answer: nobody waits for it")
		payload = nil
	}
	c.ack(f.EnvelopeID, payload)
	return a.Then
}

// An ack tells Slack that we have an envelope.
type ack struct {
	ID      string          `json:"envelope_id"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// ack acks an envelope, in one frame of a size that Slack takes. Without an id
// there is nothing to ack.
func (c *conn) ack(id string, payload []byte) {
	if id == "" {
		return
	}
	body, err := wire.Encode(ack{ID: id, Payload: payload})
	if err == nil && len(body) >= maxFrame {
		err = fmt.Errorf("an answer of %d bytes", len(payload))
	}
	if err != nil {
		c.client.tally.Add("answer: cannot be sent")
		c.client.opt.Log.Error("an answer is left out that slack would not take", slog.Any("err", err))
		if body, err = wire.Encode(ack{ID: id}); err != nil || len(body) >= maxFrame {
			return // an id of 20 KB is none of Slack's
		}
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.ws.SetWriteDeadline(c.client.opt.Now().Add(writeTimeout))
	if err := c.ws.WriteMessage(websocket.TextMessage, body); err != nil {
		c.client.tally.Add("ack: not sent")
		c.broken()
	}
}
