package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/slack/front"
	"caseline/internal/slack/front/fronttest"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
	"caseline/internal/slack/wire/wiretest"
)

const secret = "8f742231b10e8888abcd99yyyzzz85a5"

var now = time.Unix(1610241741, 0)

// kept is an inbox that keeps what it is given, or fails.
type kept struct {
	events []desk.Event
	err    error
}

func (k *kept) Accept(_ context.Context, e desk.Event) (bool, error) {
	if k.err != nil {
		return false, k.err
	}
	k.events = append(k.events, e)
	return true, nil
}

// heard hears of people.
type heard struct {
	names []string
	err   error
}

func (h *heard) Changed(_ context.Context, _ desk.WorkspaceID, u wire.User) error {
	h.names = append(h.names, u.Profile.DisplayName)
	return h.err
}

func newIngress(t *testing.T, k *kept, people refresher) *Ingress {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	installed := ident.NewInstalled(self)
	return NewIngress(wire.NewVerifier(secret), NewIntake(k, front.New(nil, nil, nil, installed, front.Options{Log: log}), installed, IntakeOptions{
		Log: log, Now: func() time.Time { return now }, People: people,
	}))
}

// signedRequest is a request as Slack sends it.
func signedRequest(path, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	ts := strconv.FormatInt(now.Unix(), 10)
	r.Header.Set(wire.HeaderTimestamp, ts)
	r.Header.Set(wire.HeaderSignature, wire.Sign(secret, ts, []byte(body)))
	return r
}

func serve(h http.Handler, r *http.Request) (status int, body string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestNothingUnsignedIsRead(t *testing.T) {
	const body = `{"type":"url_verification","challenge":"c"}`
	tests := []struct {
		name   string
		change func(*http.Request)
		says   string
	}{
		{"no signature", func(r *http.Request) { r.Header.Del(wire.HeaderSignature) }, "not signed"},
		{"no timestamp", func(r *http.Request) { r.Header.Del(wire.HeaderTimestamp) }, "not signed"},
		{"another signature", func(r *http.Request) {
			r.Header.Set(wire.HeaderSignature, wire.Sign("other", r.Header.Get(wire.HeaderTimestamp), []byte(body)))
		}, "signing secret"},
		{"another body", func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(body + " ")) }, "signing secret"},
		{"stale", func(r *http.Request) {
			ts := strconv.FormatInt(now.Unix()-301, 10)
			r.Header.Set(wire.HeaderTimestamp, ts)
			r.Header.Set(wire.HeaderSignature, wire.Sign(secret, ts, []byte(body)))
		}, "clock"},
	}
	for _, path := range []string{"/slack/events", "/slack/commands", "/slack/interactivity"} {
		for _, tt := range tests {
			t.Run(path+"/"+tt.name, func(t *testing.T) {
				in := newIngress(t, &kept{}, nil)
				r := signedRequest(path, body)
				tt.change(r)
				status, answer := serve(in, r)
				if status != http.StatusUnauthorized || !strings.Contains(answer, tt.says) || strings.Contains(answer, `"c"`) {
					t.Errorf("got %d %q, want 401 and %q", status, answer, tt.says)
				}
				if in.Counts()["unsigned"] != 1 {
					t.Errorf("counted %v", in.Counts())
				}
			})
		}
	}
}

// ssl_check must not be a way around the signature.
func TestSSLCheckIsSignedToo(t *testing.T) {
	in := newIngress(t, &kept{}, nil)
	status, _ := serve(in, httptest.NewRequest(http.MethodPost, "/slack/commands", strings.NewReader("ssl_check=1")))
	if status != http.StatusUnauthorized {
		t.Errorf("unsigned: got %d", status)
	}
	if status, body := serve(in, signedRequest("/slack/commands", "ssl_check=1")); status != http.StatusOK || body != "" {
		t.Errorf("signed: got %d %q", status, body)
	}
	// Whether the address is there may be asked by anybody: nothing is read of it.
	status, body := serve(in, httptest.NewRequest(http.MethodGet, "/slack/commands?ssl_check=1&command=/support&text=create", nil))
	if status != http.StatusOK || body != "" {
		t.Errorf("GET: got %d %q", status, body)
	}
	if got := in.Counts(); len(got) != 1 || got["unsigned"] != 1 {
		t.Errorf("counted %v", got)
	}
}

// The signature covers the body only.
func TestTheQueryIsNeverRead(t *testing.T) {
	in := newIngress(t, &kept{}, nil)
	r := signedRequest("/slack/interactivity?payload="+url.QueryEscape(`{"type":"block_actions"}`), "")
	if status, _ := serve(in, r); status != http.StatusBadRequest {
		t.Errorf("interaction in the query: got %d, want 400", status)
	}
	if status, _ := serve(in, signedRequest("/slack/commands?command=/support&text=create", "")); status != http.StatusBadRequest {
		t.Errorf("command in the query: got %d, want 400", status)
	}
}

func TestOversizedAndMisdirected(t *testing.T) {
	in := newIngress(t, &kept{}, nil)
	status, answer := serve(in, signedRequest("/slack/events", strings.Repeat("x", maxBody+1)))
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(answer, "limits.max_body") {
		t.Errorf("too large: got %d %q", status, answer)
	}
	if status, _ := serve(in, httptest.NewRequest(http.MethodGet, "/slack/events", nil)); status != http.StatusMethodNotAllowed {
		t.Errorf("GET: got %d", status)
	}
	if status, _ := serve(in, signedRequest("/slack/other", "{}")); status != http.StatusNotFound {
		t.Errorf("elsewhere: got %d", status)
	}
	r := signedRequest("/slack/events", "{}")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), broken{}))
	if status, _ := serve(in, r); status != http.StatusBadRequest {
		t.Errorf("cut off: got %d", status)
	}
}

// The largest thing Slack sends is the edit of a message of full length: its
// words four times, as text and as blocks, before and after, each character
// written with up to twelve bytes.
func TestTheEditOfALongMessageIsTaken(t *testing.T) {
	k := &kept{}
	words := strings.Repeat(`\ud83d\ude00`, 40_000)
	message := `{"type":"message","user":"U1","ts":"1610241741.000200","edited":{"user":"U1","ts":"1610241742.000000"},"text":"` + words +
		`","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"` + words + `"}]}]}]}`
	body := envelope(`{"type":"message","subtype":"message_changed","channel":"C1","ts":"1610241742.000300","message":` + message +
		`,"previous_message":` + message + `}`)
	if status, answer := serve(newIngress(t, k, nil), signedRequest("/slack/events", string(body))); status != http.StatusOK || len(k.events) != 1 {
		t.Errorf("got %d %q, %d events kept", status, answer, len(k.events))
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("gone") }

func TestURLVerification(t *testing.T) {
	in := newIngress(t, &kept{}, nil)
	status, body := serve(in, signedRequest("/slack/events", `{"token":"x","challenge":"3eZbrw1a<b>","type":"url_verification"}`))
	if status != http.StatusOK || body != "3eZbrw1a<b>" {
		t.Errorf("got %d %q", status, body)
	}
}

func TestEventsAreStoredBeforeTheyAreAcked(t *testing.T) {
	k := &kept{}
	in := newIngress(t, k, nil)
	body := string(envelope(`{"type":"message","channel":"C1","ts":"1610241741.000200","user":"U1","text":"hi"}`))
	r := signedRequest("/slack/events", body)
	r.Header.Set("X-Slack-Retry-Num", "3") // the retry may be the first that came through
	if status, answer := serve(in, r); status != http.StatusOK || answer != "" {
		t.Fatalf("got %d %q", status, answer)
	}
	want := []desk.Event{{Key: "slack:T1:Ev1", Lane: "place:T1/C1", Body: []byte(body), ReceivedAt: now}}
	if diff := cmp.Diff(want, k.events); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	k.err = errors.New("disk full")
	if status, _ := serve(in, signedRequest("/slack/events", body)); status != http.StatusInternalServerError {
		t.Errorf("not stored: got %d, want 500 so that Slack sends it again", status)
	}
}

func TestEventsWithoutAnIDAreToldApart(t *testing.T) {
	k := &kept{}
	in := newIngress(t, k, nil)
	for _, text := range []string{"one", "two", "two"} {
		body := fmt.Sprintf(`{"type":"event_callback","team_id":"T1","event":{"type":"message","channel":"C1","ts":"1.2","user":"U1","text":%q}}`, text)
		serve(in, signedRequest("/slack/events", body))
	}
	if len(k.events) != 3 || k.events[0].Key == k.events[1].Key || k.events[1].Key != k.events[2].Key {
		t.Errorf("got %+v", k.events)
	}
}

// What can never be used is acked, counted, and not stored.
func TestEventsThatAreNotKept(t *testing.T) {
	tests := []struct{ name, body, count string }{
		{"our own message", string(envelope(`{"type":"message","channel":"C1","ts":"1.2","bot_id":"B1","subtype":"bot_message","text":"hi"}`)), "event: echo"},
		{"our app's message", string(envelope(`{"type":"message","channel":"C1","ts":"1.2","bot_id":"B9","app_id":"A1","text":"hi"}`)), "event: echo"},
		{"another bot's message", string(envelope(`{"type":"message","channel":"C1","ts":"1.2","bot_id":"B2","text":"hi"}`)), "event: bot"},
		{"a bot's message by subtype", string(envelope(`{"type":"message","channel":"C1","ts":"1.2","subtype":"bot_message","text":"hi"}`)), "event: bot"},
		{"somebody joined", string(envelope(`{"type":"message","channel":"C1","ts":"1.2","user":"U1","subtype":"channel_join","text":"hi"}`)), "event: system message"},
		{"no channel", string(envelope(`{"type":"message","ts":"1.2","user":"U1","text":"hi"}`)), "event: no channel"},
		{"an event of later", string(envelope(`{"type":"hologram_opened","user":"U1"}`)), "event: not a message"},
		{"no event at all", string(envelope(`[]`)), "event: not a message"},
		{"another workspace", `{"type":"event_callback","team_id":"T9","event":{"type":"message"}}`, "event: unknown workspace"},
		{"another outer type", `{"type":"hologram"}`, "event: unknown outer type"},
		{"half an envelope", `{"type":"event_callback","event":{`, "event: unreadable"},
		{"no JSON", `payload=x`, "event: unreadable"},
		{"nothing", ``, "event: unreadable"},
		{"too many events", `{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":1610241720}`, "app_rate_limited"},
		{"a home, and nobody listens", string(envelope(`{"type":"app_home_opened","user":"U1","tab":"home"}`)), "event: no home"},
		{"written to the app", string(envelope(`{"type":"message","channel":"D1","channel_type":"im","ts":"1.2","user":"U1","text":"hi"}`)), "event: written to the app"},
		{"a person changed, and nobody listens", string(envelope(`{"type":"user_change","user":{"id":"U1"}}`)), "event: not a message"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := &kept{}
			in := newIngress(t, k, nil)
			status, answer := serve(in, signedRequest("/slack/events", tt.body))
			if status != http.StatusOK || answer != "" || len(k.events) != 0 {
				t.Errorf("got %d %q, %d stored", status, answer, len(k.events))
			}
			if diff := cmp.Diff(map[string]int64{tt.count: 1}, in.Counts()); diff != "" {
				t.Errorf("counted (-want +got):\n%s", diff)
			}
		})
	}
}

// Slack tells of events that it leaves out, and by a late retry of one that
// others may be lost.
func TestB8_WhatSlackLeavesOutIsToldOn(t *testing.T) {
	event := string(envelope(`{"type":"message","channel":"C1","ts":"1.2","user":"U1","text":"hi"}`))
	for _, tt := range []struct {
		name, body, retry string
		want              int
	}{
		{"too many events", `{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":1610241720}`, "", 1},
		{"a first try", event, "", 0},
		{"a retry at once", event, "1", 0},
		{"a retry after a minute", event, "2", 1},
		{"the last retry", event, "3", 1},
		{"no number", event, "many", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := newIngress(t, &kept{}, nil)
			missed := 0
			in.intake.opt.Missed = func() { missed++ }
			r := signedRequest("/slack/events", tt.body)
			r.Header.Set("X-Slack-Retry-Num", tt.retry)
			if serve(in, r); missed != tt.want {
				t.Errorf("told %d times, want %d", missed, tt.want)
			}
			r.Header.Set("X-Slack-Signature", "v0=forged")
			if serve(in, r); missed != tt.want {
				t.Error("a forged request was believed")
			}
		})
	}
}

func TestPeopleAreRefreshed(t *testing.T) {
	h := &heard{}
	in := newIngress(t, &kept{}, h)
	serve(in, signedRequest("/slack/events", string(envelope(`{"type":"user_change","user":{"id":"U1","profile":{"display_name":"Alice"}}}`))))
	serve(in, signedRequest("/slack/events", string(envelope(`{"type":"user_change","user":{"id":"no/body"}}`))))
	h.err = errors.New("busy")
	status, _ := serve(in, signedRequest("/slack/events", string(envelope(`{"type":"user_change","user":{"id":"U2","profile":{"display_name":"Bob"}}}`))))
	if status != http.StatusOK || !cmp.Equal(h.names, []string{"Alice", "Bob"}) {
		t.Errorf("got %d, heard of %v", status, h.names)
	}
}

func TestInteractionsThatAreNotUsed(t *testing.T) {
	in := newIngress(t, &kept{}, nil)
	for _, payload := range []string{
		`{"type":"view_closed"}`, `{"type":"shortcut","callback_id":"x"}`, `{"type":"hologram"}`, `{}`,
		`{"type":"block_actions"}`, `{"type":"block_actions","actions":[]}`, `{"type":"view_submission"}`, `{"type":"view_submission","view":{"callback_id":"other"}}`,
	} {
		status, body := serve(in, signedRequest("/slack/interactivity", "payload="+url.QueryEscape(payload)))
		if status != http.StatusOK || body != "" {
			t.Errorf("%s: got %d %q", payload, status, body)
		}
	}
	for _, form := range []string{"", "payload=", "payload={", "other=1"} {
		status, body := serve(in, signedRequest("/slack/interactivity", form))
		if status != http.StatusBadRequest || !strings.Contains(body, "not understood") {
			t.Errorf("%q: got %d %q", form, status, body)
		}
	}
}

// A press without a channel or an address to answer to is answered by nothing,
// and harms nothing.
func TestPressesFromNowhere(t *testing.T) {
	in := newIngress(t, &kept{}, nil)
	for _, payload := range []string{
		`{"type":"block_actions","team":{"id":"T1"},"actions":[{"action_id":"end_chat","value":"x"}]}`,
		`{"type":"block_actions","team":null,"user":{"id":"U1"},"actions":[{"action_id":"end_chat","value":"case-1 chat-1"}]}`,
		`{"type":"block_actions","view":{"id":"V1"},"actions":[{"action_id":"contact_method"}]}`,
	} {
		status, body := serve(in, signedRequest("/slack/interactivity", "payload="+url.QueryEscape(payload)))
		if status != http.StatusOK || body != "" {
			t.Errorf("%s: got %d %q", payload, status, body)
		}
	}
}

func TestCommandFromAnotherWorkspace(t *testing.T) {
	in := newIngress(t, &kept{}, nil)
	for _, form := range []string{
		"command=/support&team_id=T9&channel_id=C1&user_id=U1", "command=/support&team_id=T1", "command=/support&team_id=T1&channel_id=C/1&user_id=U1",
	} {
		status, body := serve(in, signedRequest("/slack/commands", form))
		if status != http.StatusOK || !strings.Contains(body, `"response_type":"ephemeral"`) || !strings.Contains(body, "not set up in this workspace") {
			t.Errorf("%s: got %d %q", form, status, body)
		}
	}
}

// Whatever comes signed, the process answers and goes on.
func FuzzIngress(f *testing.F) {
	f.Add("events", string(envelope(`{"type":"message","channel":"C1","ts":"1.2","user":"U1","text":"hi"}`)))
	f.Add("commands", "command=/support&team_id=T9")
	f.Add("interactivity", "payload="+url.QueryEscape(`{"type":"block_actions","team":{"id":"T1"},"actions":[{"action_id":"end_chat","value":"x"}]}`))
	f.Add("interactivity", "payload="+url.QueryEscape(`{"type":"view_submission","view":{"callback_id":"case_create","private_metadata":"T1/C1"}}`))
	for _, body := range wiretest.All(f, wiretest.Interactions, "") {
		f.Add("interactivity", url.Values{"payload": {string(body)}}.Encode())
	}
	for _, body := range wiretest.All(f, wiretest.Slash, ".txt") {
		f.Add("commands", string(body))
	}
	installed := ident.NewInstalled(self, acme)
	answers := front.New(nil, fronttest.Nothing{}, fronttest.Silent{}, installed, front.Options{})
	in := NewIngress(wire.NewVerifier(secret), NewIntake(&kept{}, answers, installed, IntakeOptions{Now: func() time.Time { return now }}))
	f.Fuzz(func(t *testing.T, path, body string) {
		if path != "events" && path != "commands" && path != "interactivity" || len(body) > maxBody {
			return
		}
		w := httptest.NewRecorder()
		in.ServeHTTP(w, signedRequest("/slack/"+path, body))
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			t.Errorf("got %d", w.Code)
		}
	})
}

// visits hears who looks at the app's home, and who writes to the app.
type visits struct {
	heard []string
	err   error
}

func (v *visits) Open(_ context.Context, w desk.WorkspaceID, user string, page int) error {
	v.heard = append(v.heard, fmt.Sprint("home ", w, " ", user, " ", page))
	return v.err
}

func (v *visits) Wrote(w desk.WorkspaceID, user, channel string) {
	v.heard = append(v.heard, fmt.Sprint("wrote ", w, " ", user, " ", channel))
}

func TestVisitsAndWordsToTheApp(t *testing.T) {
	v := &visits{}
	k := &kept{}
	in := newIngress(t, k, nil)
	in.intake.opt.Homes = v
	post := func(event string) int {
		t.Helper()
		status, _ := serve(in, signedRequest("/slack/events", string(envelope(event))))
		return status
	}
	for _, event := range []string{
		`{"type":"app_home_opened","user":"U1","tab":"home","channel":"D1"}`,
		`{"type":"app_home_opened","user":"U1","tab":"messages","channel":"D1"}`,
		`{"type":"app_home_opened","user":"no/body","tab":"home"}`,
		`{"type":"message","channel":"D1","channel_type":"im","ts":"1.2","user":"U1","text":"hi"}`,
		`{"type":"message","channel":"D1","channel_type":"im","ts":"1.3","user":"U9","bot_id":"B1","text":"our answer"}`,
		`{"type":"message","channel":"D1","subtype":"message_changed","ts":"1.4","message":{"ts":"1.2","user":"U1","text":"hi!"}}`,
	} {
		if status := post(event); status != http.StatusOK {
			t.Errorf("%s: got %d", event, status)
		}
	}
	if diff := cmp.Diff([]string{"home T1 U1 0", "wrote T1 U1 D1"}, v.heard); diff != "" || len(k.events) != 0 {
		t.Errorf("kept %d; heard (-want +got):\n%s", len(k.events), diff)
	}
	v.err = errors.New("busy") // Slack is to send it again
	if status := post(`{"type":"app_home_opened","user":"U2","tab":"home"}`); status != http.StatusInternalServerError {
		t.Errorf("got %d", status)
	}
}
