package dispatch

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/world"
)

const (
	maxAnswer    = 1 << 20
	maxRedirects = 2
)

// Sign returns the value of X-Slack-Signature for a body.
func Sign(secret, timestamp string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(h, "v0:%s:%s", timestamp, body)
	return "v0=" + hex.EncodeToString(h.Sum(nil))
}

// Envelope is the body in which an event goes to its app.
// Shared says that it happened in a channel that another organisation shares.
func Envelope(app world.App, e entity.Event, eventID string, shared bool) ([]byte, error) {
	out := map[string]any{
		"token":                 app.VerificationToken,
		"team_id":               orNull(e.Workspace),
		"context_team_id":       orNull(e.Workspace),
		"enterprise_id":         e.Enterprise,
		"context_enterprise_id": orNull(e.Enterprise),
		"api_app_id":            e.App,
		"event":                 e.Body,
		"type":                  "event_callback",
		"event_id":              eventID,
		"event_time":            e.At,
		"authorizations":        []any{authorization(e)},
		"is_ext_shared_channel": shared,
		"event_context":         fmt.Sprintf("4-%s-%s-%s", e.Type(), e.Workspace, e.Channel),
	}
	if e.Enterprise == "" {
		delete(out, "enterprise_id") // only those on Grid have it
	}
	return json.Marshal(out)
}

// authorization is the installation that an event goes to. A whole organisation's
// names no workspace.
func authorization(e entity.Event) map[string]any {
	out := map[string]any{
		"enterprise_id": orNull(e.Enterprise), "team_id": e.Workspace, "user_id": e.BotUser, "is_bot": true, "is_enterprise_install": e.OrgInstall,
	}
	if e.OrgInstall {
		out["team_id"] = nil
	}
	return out
}

func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// send makes one attempt to deliver an event.
func (d *Dispatcher) send(ctx context.Context, key string, p parcel) sent {
	out := sent{parcel: p, lane: key}
	if p.plan.pause > 0 {
		ch, stop := d.clock.After(p.plan.pause)
		defer stop()
		select {
		case <-ch:
		case <-ctx.Done():
			out.failure, out.noRetry = "unknown_error", true
			return out
		}
	}
	app, _ := d.world.Apps.App(p.event.App)
	if d.drops(app, p) {
		out.dropped = true
		return out
	}
	note := Attempt{
		At: d.clock.Now(), App: app.ID, Kind: "events_api", Type: p.event.Type(), EventID: p.id, RetryNum: p.attempt, Reason: p.reason,
	}
	defer func() { note.Failure = out.failure; d.journal(note) }()
	if p.plan.lost {
		out.failure = "connection_failed"
		return out
	}
	body, err := d.body(app, p)
	if err != nil {
		out.failure, out.noRetry = "unknown_error", true
		return out
	}
	if app.SocketMode {
		out.failure, note.Socket = d.overSocket(ctx, app, p, body)
	} else {
		out.failure, out.noRetry, note.Status = d.overHTTP(ctx, app, p, body)
	}
	if p.plan.landed && out.failure == "" {
		out.failure = timedOut(app)
	}
	return out
}

// drops reports whether a parcel is not to be sent at all.
func (d *Dispatcher) drops(app world.App, p parcel) bool {
	late := d.late > 0 && !app.DelayedEvents && d.clock.Now().Sub(time.Unix(p.event.At, 0)) > d.late
	return app.EventsOff || late || d.gone(p.event) || (!app.SocketMode && app.EventsURL == "")
}

// gone reports whether the app was uninstalled since, or has no token any more:
// then it is told that and nothing else.
func (d *Dispatcher) gone(e entity.Event) bool {
	in, ok := d.world.Apps.Installed(e.App, e.Workspace)
	return ok && in.Revoked && e.Type() != "app_uninstalled" && e.Type() != "tokens_revoked" && e.Type() != "team_access_revoked"
}

// body is what the app is sent of a parcel.
func (d *Dispatcher) body(app world.App, p parcel) ([]byte, error) {
	if p.notice != nil {
		return json.Marshal(p.notice)
	}
	ch, _ := d.world.Channel(p.event.Channel)
	return Envelope(app, p.event, p.id, len(ch.Connected) > 0)
}

func (d *Dispatcher) overHTTP(ctx context.Context, app world.App, p parcel, body []byte) (failure string, noRetry bool, status int) {
	header := http.Header{"Content-Type": {"application/json"}}
	if p.attempt > 0 {
		header.Set("X-Slack-Retry-Num", strconv.Itoa(p.attempt))
		header.Set("X-Slack-Retry-Reason", p.reason)
	}
	a, err := d.post(ctx, app, app.EventsURL, header, body)
	failure = reason(a, err)
	return failure, failure != "" && a.header.Get("X-Slack-No-Retry") == "1", a.status
}

// reason is Slack's name for what went wrong, or empty.
func reason(a reply, err error) string {
	tlsErr := new(tls.CertificateVerificationError)
	switch {
	case errors.Is(err, person.ErrTimeout):
		return "http_timeout"
	case errors.As(err, &tlsErr):
		return "ssl_error"
	case err != nil:
		return "connection_failed"
	case a.status/100 == 3:
		return "too_many_redirects"
	case a.status/100 != 2:
		return "http_error"
	}
	return ""
}

// A reply is what an app answered.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// post sends a signed body and gives the app its three seconds.
func (d *Dispatcher) post(ctx context.Context, app world.App, to string, header http.Header, body []byte) (reply, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer, stop := d.clock.After(d.timeout)
	defer stop()
	type result struct {
		reply
		err error
	}
	done := make(chan result, 1)
	go func() {
		a, err := d.follow(ctx, app, to, header, body)
		done <- result{a, err}
	}()
	select {
	case r := <-done:
		return r.reply, r.err
	case <-timer:
		cancel(person.ErrTimeout)
		<-done
		return reply{}, person.ErrTimeout
	}
}

// follow sends a body and follows at most two redirects.
func (d *Dispatcher) follow(ctx context.Context, app world.App, to string, header http.Header, body []byte) (reply, error) {
	for hop := 0; ; hop++ {
		a, err := d.once(ctx, app, to, header, body)
		if err != nil || a.status/100 != 3 || hop == maxRedirects {
			return a, err
		}
		base, err := url.Parse(to)
		if err != nil {
			return a, err
		}
		next, err := base.Parse(a.header.Get("Location"))
		if err != nil {
			return a, err
		}
		to = next.String()
	}
}

func (d *Dispatcher) once(ctx context.Context, app world.App, to string, header http.Header, body []byte) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header = header.Clone()
	stamp := strconv.FormatInt(d.clock.Now().Unix(), 10)
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", Sign(app.SigningSecret, stamp, body))
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	resp, err := d.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return reply{}, err
	}
	return reply{resp.StatusCode, resp.Header, data}, nil
}

// Carry sends what a person did to the app, and brings its answer back.
func (d *Dispatcher) Carry(ctx context.Context, r person.Request) (person.Answer, error) {
	if r.App.SocketMode {
		return d.carryOverSocket(ctx, r)
	}
	if r.URL == "" {
		return person.Answer{}, person.ErrUnreachable
	}
	d.wait(1)
	defer d.wait(-1)
	note := Attempt{At: d.clock.Now(), App: r.App.ID, Kind: string(r.Kind)}
	defer func() { d.journal(note) }()
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	a, err := d.post(ctx, r.App, r.URL, header, []byte(r.Form.Encode()))
	note.Status, note.Failure = a.status, reason(a, err)
	switch {
	case errors.Is(err, person.ErrTimeout):
		return person.Answer{}, err
	case err != nil:
		return person.Answer{}, fmt.Errorf("%w: %w", person.ErrUnreachable, err)
	}
	return person.Answer{Status: a.status, ContentType: a.header.Get("Content-Type"), Body: a.body}, nil
}

func (d *Dispatcher) wait(n int) {
	d.mu.Lock()
	d.waiting += n
	d.mu.Unlock()
	d.world.Hint(feed.Hint{Kind: feed.Events})
}

// VerifyURL asks an app's events address to prove that it is the app's, as
// Slack does before it takes the address.
func (d *Dispatcher) VerifyURL(ctx context.Context, app world.App) error {
	challenge := d.world.NewID("challenge")
	body, err := json.Marshal(map[string]any{"token": app.VerificationToken, "challenge": challenge, "type": "url_verification"})
	if err != nil {
		return err
	}
	a, err := d.post(ctx, app, app.EventsURL, http.Header{"Content-Type": {"application/json"}}, body)
	if err != nil {
		return err
	}
	if a.status != http.StatusOK || !bytes.Contains(a.body, []byte(challenge)) {
		return fmt.Errorf("the events address did not answer the challenge: status %d", a.status)
	}
	return nil
}
