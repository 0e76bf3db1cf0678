package webapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
)

func (a *API) serveMethod(w http.ResponseWriter, r *http.Request) {
	note := Call{At: a.clock.Now(), Method: r.PathValue("method")}
	defer func() { a.journal(note) }()
	w.Header().Set("Date", note.At.UTC().Format(http.TimeFormat))
	in, err := readArgs(r)
	if err != nil {
		a.reply(w, &note, nil, err)
		return
	}
	c := &call{api: a, name: note.Method, args: in, note: &note, token: bearer(r, in), client: clientOf(r, in)}
	note.Args = in.withoutSecrets()
	rule, struck := a.faults.Decide(c.name, cmp.Or(in.str("channel"), in.str("channel_id")))
	if struck {
		note.Fault = strings.Join([]string{string(rule.When), string(rule.How)}, " ")
		a.wait(r, rule)
		if rule.When == fault.Lost || rule.How == fault.RateLimited {
			a.fail(w, r, rule)
			return
		}
		if rule.Error != "" {
			a.reply(w, &note, nil, errors.New(rule.Error))
			return
		}
	}
	out, err := a.run(c, w.Header())
	note.Applied = err == nil
	if struck && rule.When == fault.Landed {
		a.fail(w, r, rule)
		return
	}
	a.reply(w, &note, out, err)
}

// bearer takes the token from the header, or else from the arguments.
func bearer(r *http.Request, in args) string {
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(t)
	}
	return in.str("token")
}

// run answers one call.
func (a *API) run(c *call, header http.Header) (answer, error) {
	m, ok := a.methods[c.name]
	if !ok {
		return nil, errors.New("unknown_method")
	}
	if m.open {
		if err := a.limits.take(c, m, ""); err != nil {
			return nil, err
		}
		return m.do(c)
	}
	in, err := a.letIn(c, m)
	if err != nil {
		return nil, err
	}
	if in.OrgWide() {
		if in, err = c.within(in, m); err != nil {
			return nil, err
		}
	}
	if ws, _ := a.world.Workspace(in.Workspace); ws.Moving {
		return nil, errors.New("team_added_to_org")
	}
	c.in, c.note.App, c.note.Workspace = in, in.App, in.Workspace
	header.Set("X-OAuth-Scopes", strings.Join(in.Scopes, ","))
	header.Set("X-Accepted-OAuth-Scopes", strings.Join(m.scopes, ","))
	channel := ""
	if m.perCh {
		channel = c.args.str("channel")
	}
	if err := a.limits.take(c, m, channel); err != nil {
		return nil, err
	}
	if len(m.scopes) > 0 && !slices.ContainsFunc(m.scopes, in.Allows) {
		return nil, c.lacks(m.scopes[0])
	}
	return m.do(c)
}

// letIn returns the installation that a call's token stands for.
func (a *API) letIn(c *call, m method) (world.Installation, error) {
	if c.token == "" {
		return world.Installation{}, errors.New("not_authed")
	}
	app, granted, ofApp := a.byAppToken(c.token)
	if ofApp && !m.ofApp {
		return world.Installation{}, errors.New("not_allowed_token_type")
	}
	if ofApp {
		c.app = app
		return world.Installation{App: app.ID, Scopes: granted}, nil
	}
	in, err := a.world.Apps.ByToken(c.token, a.clock.Now())
	if err == nil && m.ofApp {
		return in, errors.New("not_allowed_token_type")
	}
	return in, err
}

// lacks refuses a call for want of a scope.
func (c *call) lacks(scope string) error {
	return refusal{"missing_scope", answer{"needed": scope, "provided": strings.Join(c.in.Scopes, ",")}}
}

// needs refuses a call unless the scope was granted.
func (c *call) needs(scope string) error {
	if c.in.Allows(scope) {
		return nil
	}
	return c.lacks(scope)
}

// A tooFast is the refusal of a call that came too soon.
type tooFast struct{ seconds int }

func (tooFast) Error() string { return "ratelimited" }

func (a *API) reply(w http.ResponseWriter, note *Call, out answer, err error) {
	body := answer{"ok": true}
	status := http.StatusOK
	if err != nil {
		note.Error = err.Error()
		body = answer{"ok": false, "error": err.Error()}
		if r, ok := errors.AsType[refusal](err); ok {
			maps.Copy(body, r.more)
		}
		if t, ok := errors.AsType[tooFast](err); ok {
			w.Header().Set("Retry-After", strconv.Itoa(t.seconds))
			status = http.StatusTooManyRequests
		}
	} else {
		maps.Copy(body, out)
		note.OK = true
		note.TS, _ = out["ts"].(string)
	}
	writeJSON(w, status, body)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	// The caller may be gone; there is nobody left to tell.
	_ = e.Encode(body)
}
