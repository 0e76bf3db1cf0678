package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/socket"
	"caseline/internal/slacksim/world"
)

// timedOut is Slack's name for an event that an app did not take in time.
func timedOut(app world.App) string {
	if app.SocketMode {
		return "timeout"
	}
	return "http_timeout"
}

// socketReason is reason for what goes over a socket.
func socketReason(app world.App, err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, socket.ErrTimeout):
		return timedOut(app)
	case errors.Is(err, socket.ErrNoConnection), errors.Is(err, socket.ErrBroken):
		return "connection_failed"
	}
	return "unknown_error"
}

func (d *Dispatcher) overSocket(ctx context.Context, app world.App, p parcel, body []byte) (failure, connection string) {
	e := socket.Envelope{App: app.ID, Type: socket.Events, Payload: body, Attempt: p.attempt, Reason: p.reason}
	reply, err := d.sockets.Carry(ctx, e, d.timeout)
	return socketReason(app, err), reply.Connection
}

// carryOverSocket is Carry for apps with Socket Mode: the payload of the answer
// is what the body of one over HTTP would be.
func (d *Dispatcher) carryOverSocket(ctx context.Context, r person.Request) (person.Answer, error) {
	d.wait(1)
	defer d.wait(-1)
	note := Attempt{At: d.clock.Now(), App: r.App.ID, Kind: string(r.Kind)}
	defer func() { d.journal(note) }()
	e, err := enveloped(r)
	if err != nil {
		return person.Answer{}, err
	}
	reply, err := d.sockets.Carry(ctx, e, d.timeout)
	note.Socket, note.Failure = reply.Connection, socketReason(r.App, err)
	switch {
	case errors.Is(err, socket.ErrTimeout):
		return person.Answer{}, person.ErrTimeout
	case err != nil:
		return person.Answer{}, fmt.Errorf("%w: %w", person.ErrUnreachable, err)
	}
	a := person.Answer{Status: http.StatusOK, ContentType: "application/json"}
	if e.Answerable {
		a.Body = reply.Payload
	}
	return a, nil
}

// enveloped is what a person did as an envelope: the fields of a command as an
// object, the payload of an interaction as it is.
func enveloped(r person.Request) (socket.Envelope, error) {
	e := socket.Envelope{App: r.App.ID, Type: socket.Interactive}
	if r.Kind == person.SlashCommand {
		fields := map[string]string{}
		for name := range r.Form {
			fields[name] = r.Form.Get(name)
		}
		raw, err := json.Marshal(fields)
		e.Type, e.Payload, e.Answerable = socket.Commands, raw, true
		return e, err
	}
	e.Payload = json.RawMessage(r.Form.Get("payload"))
	var p struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return e, fmt.Errorf("read an interaction: %w", err)
	}
	e.Answerable = p.Type == "view_submission" || p.Type == "block_suggestion"
	return e, nil
}
