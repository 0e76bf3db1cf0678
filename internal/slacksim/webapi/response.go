package webapi

import (
	"errors"
	"io"
	"net/http"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/screen"
)

// serveResponse takes what an app posts to a response_url.
func (a *API) serveResponse(w http.ResponseWriter, r *http.Request) {
	note := Call{At: a.clock.Now(), Method: "response_url"}
	defer func() { a.journal(note) }()
	rule, struck := a.faults.Decide("response_url", "")
	if struck {
		note.Fault = string(rule.When) + " " + string(rule.How)
		a.wait(r, rule)
		if rule.When == fault.Lost {
			a.fail(w, r, rule)
			return
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		err = a.respond(r.PathValue("token"), body, &note)
	}
	note.Applied = err == nil
	if struck && rule.When == fault.Landed {
		a.fail(w, r, rule)
		return
	}
	switch {
	case err == nil:
		note.OK = true
		writeJSON(w, http.StatusOK, answer{"ok": true})
	case errors.Is(err, entity.ErrUsedURL), errors.Is(err, entity.ErrExpiredURL), errors.Is(err, entity.ErrNotFound):
		note.Error = err.Error()
		writeJSON(w, http.StatusNotFound, answer{"ok": false, "error": err.Error()})
	default:
		note.Error = err.Error()
		writeJSON(w, http.StatusInternalServerError, answer{"ok": false, "error": err.Error()})
	}
}

func (a *API) respond(token string, body []byte, note *Call) error {
	m, err := screen.ParseAnswer(body)
	if err != nil {
		return err
	}
	to, err := a.screens.UseResponse(token)
	if err != nil {
		return err
	}
	note.App, note.Workspace = to.App, to.Workspace
	note.Args = args{"channel": to.Channel, "response_type": m.ResponseType}
	return a.screens.Answer(to, m)
}
