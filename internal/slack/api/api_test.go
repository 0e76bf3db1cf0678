package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// serve answers every call by h and returns a client for it.
func serve(t *testing.T, o Options, h http.HandlerFunc) *Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	o.BaseURL = srv.URL + "/api/"
	return client(t, o)
}

func client(t *testing.T, o Options) *Client {
	t.Helper()
	transport := Transport()
	t.Cleanup(transport.CloseIdleConnections)
	if o.Transport == nil {
		o.Transport = transport
	}
	c, err := New("xoxb-secret", o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

func TestEveryWayACallCanEnd(t *testing.T) {
	tests := []struct {
		name      string
		answer    http.HandlerFunc
		wantKind  Kind
		wantCode  string
		wantAfter time.Duration
	}{
		{"refused", says(`{"ok":false,"error":"channel_not_found"}`), Refused, "channel_not_found", 0},
		{"refused, in a form nobody knows", says(`{"ok":false}`), Unknown, "", 0},
		{"half done inside Slack", says(`{"ok":false,"error":"internal_error"}`), Unknown, "internal_error", 0},
		{"half done inside Slack, fatally", says(`{"ok":false,"error":"fatal_error"}`), Unknown, "fatal_error", 0},
		{"request did not arrive whole", says(`{"ok":false,"error":"request_timeout"}`), Lost, "request_timeout", 0},
		{"limited", status(429, map[string]string{"Retry-After": "7"}, `{"ok":false,"error":"ratelimited"}`), Limited, "ratelimited", 7 * time.Second},
		{"limited, without a time", status(429, nil, ``), Limited, "ratelimited", defaultRetryAfter},
		{"limited for ever", status(429, map[string]string{"Retry-After": "99999999"}, ``), Limited, "ratelimited", maxRetryAfter},
		{"limited under another name", status(200, map[string]string{"Retry-After": "3"}, `{"ok":false,"error":"rate_limited"}`), Limited, "rate_limited", 3 * time.Second},
		{"Slack is down", status(503, nil, `<html>`), Unknown, "", 0},
		{"redirect", status(302, map[string]string{"Location": "https://example.com/"}, ``), Unknown, "", 0},
		{"no JSON", says(`<html>maintenance</html>`), Unknown, "", 0},
		{"JSON, but not Slack's", says(`[]`), Unknown, "", 0},
		{"empty", says(``), Unknown, "", 0},
		{"ok, without a timestamp", says(`{"ok":true}`), Unknown, "", 0},
		{"ok, with a strange timestamp", says(`{"ok":true,"ts":17}`), Unknown, "", 0},
		{"too long", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"ok":true,"x":"`)
			io.Copy(w, io.LimitReader(zeros{}, maxAnswer+2))
		}, Unknown, "", 0},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"ok":true`)
			panic(http.ErrAbortHandler)
		}, Unknown, "", 0},
		{"connection lost after the request", func(http.ResponseWriter, *http.Request) {
			panic(http.ErrAbortHandler)
		}, Unknown, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := serve(t, Options{}, tt.answer)
			_, err := c.PostMessage(t.Context(), Post{Channel: "C1", Text: "hello"})
			e, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("got %v, want an Error", err)
			}
			if e.Kind != tt.wantKind || e.Code != tt.wantCode || e.After != tt.wantAfter || e.Method != "chat.postMessage" {
				t.Errorf("got %+v (%v), want %v %q after %v", e, err, tt.wantKind, tt.wantCode, tt.wantAfter)
			}
			if strings.Contains(err.Error(), "xoxb") {
				t.Errorf("error shows the token: %v", err)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func status(code int, headers map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range headers {
			w.Header().Set(k, v)
		}
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

func TestNothingListensIsLost(t *testing.T) {
	// A port that was free a moment ago may be somebody's by now; this one is nobody's.
	c := client(t, Options{BaseURL: "http://127.0.0.1:1/api/"})
	_, err := c.PostMessage(t.Context(), Post{Channel: "C1"})
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != Lost {
		t.Errorf("got %v, want lost", err)
	}
}

func TestGivenUpBeforeTheCallIsLost(t *testing.T) {
	c := serve(t, Options{}, says(`{"ok":true,"ts":"1.2"}`))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.PostMessage(ctx, Post{Channel: "C1"})
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != Lost {
		t.Errorf("got %v, want lost", err)
	}
}

func TestNoAnswerInTimeIsUnknown(t *testing.T) {
	release := make(chan struct{})
	c := serve(t, Options{Timeout: 50 * time.Millisecond}, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	_, err := c.PostMessage(t.Context(), Post{Channel: "C1"})
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Kind != Unknown || !errors.Is(err, errCallTimeout) {
		t.Errorf("got %v, want unknown because of the timeout", err)
	}
}

// Answers of calls through slack-go must be told apart in the same way.
func TestCallsThroughTheLibrary(t *testing.T) {
	calls := map[string]func(*Client) error{
		"conversations.create":   func(c *Client) error { _, err := c.CreateChannel(t.Context(), "case-1"); return err },
		"conversations.info":     func(c *Client) error { _, err := c.ChannelInfo(t.Context(), "C1"); return err },
		"conversations.setTopic": func(c *Client) error { return c.SetTopic(t.Context(), "C1", "x") },
		"pins.add":               func(c *Client) error { return c.Pin(t.Context(), "C1", "1.2") },
		"users.info":             func(c *Client) error { _, err := c.UserInfo(t.Context(), "U1"); return err },
		"team.info":              func(c *Client) error { _, err := c.TeamInfo(t.Context()); return err },
		"files.info":             func(c *Client) error { _, err := c.FileInfo(t.Context(), "F1"); return err },
	}
	answers := []struct {
		answer http.HandlerFunc
		want   Kind
	}{
		{says(`{"ok":false,"error":"nope"}`), Refused},
		{status(429, map[string]string{"Retry-After": "1"}, ""), Limited},
		{status(500, nil, ""), Unknown},
		{says("nonsense"), Unknown},
		{says(`{"ok":true,"channel":7,"user":7,"team":7,"file":7,"response_metadata":7}`), Unknown},
	}
	for method, call := range calls {
		for i, a := range answers {
			c := serve(t, Options{}, a.answer)
			err := call(c)
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Kind != a.want || e.Method != method {
				t.Errorf("%s, answer %d: got %v, want %v", method, i, err, a.want)
			}
		}
	}
}

func TestMissingScopeSaysWhich(t *testing.T) {
	c := serve(t, Options{}, says(`{"ok":false,"error":"missing_scope","needed":"groups:write","provided":"chat:write"}`))
	_, err := c.CreateChannel(t.Context(), "case-1")
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Needed != "groups:write" || e.Provided != "chat:write" || Code(err) != "missing_scope" {
		t.Errorf("got %+v", err)
	}
}

func TestScopesAreRemembered(t *testing.T) {
	c := serve(t, Options{}, status(200, map[string]string{"X-OAuth-Scopes": "chat:write, pins:write"}, `{"ok":true,"team_id":"T1"}`))
	if c.Lacks("pins:write") || c.Lacks("chat:write.customize") {
		t.Error("scopes are known before the first call")
	}
	if _, err := c.AuthTest(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c.Lacks("pins:write") || !c.Lacks("chat:write.customize") {
		t.Error("got other scopes than Slack said")
	}
}

func TestPostCarriesEverything(t *testing.T) {
	var got url.Values
	c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		got = r.PostForm
		if r.Header.Get("Authorization") != "Bearer xoxb-secret" {
			t.Error("no token")
		}
		io.WriteString(w, `{"ok":true,"ts":"1610241741.000200","message":{"blocks":[{"type":"never seen","elements":4}]}}`)
	})
	ts, err := c.PostMessage(t.Context(), Post{
		Channel: "C1", Thread: "1.0", Text: "a < b", Blocks: []map[string]string{{"type": "divider", "x": "<&>"}},
		Username: "Jane (Support)", IconURL: "https://example.com/j.png",
		Metadata: &Metadata{Type: "event", Payload: map[string]string{"id": "7.0"}},
	})
	if err != nil || ts != "1610241741.000200" {
		t.Fatalf("got %q, %v", ts, err)
	}
	want := url.Values{
		"channel": {"C1"}, "thread_ts": {"1.0"}, "text": {"a < b"}, "blocks": {`[{"type":"divider","x":"<&>"}]`},
		"username": {"Jane (Support)"}, "icon_url": {"https://example.com/j.png"},
		"metadata":     {`{"event_type":"event","event_payload":{"id":"7.0"}}`},
		"unfurl_links": {"false"}, "unfurl_media": {"false"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
}

func TestHistoryIsReadLeniently(t *testing.T) {
	c := serve(t, Options{}, says(`{"ok":true,"messages":[
		{"ts":"3.0","bot_id":"B1","metadata":{"event_type":"e","event_payload":{"id":"7.0","n":4}}},
		{"ts":4},"nonsense",
		{"ts":"2.0","blocks":[{"type":5}]}],
		"response_metadata":{"next_cursor":"abc"}}`))
	got, next, err := c.History(t.Context(), Span{Channel: "C1", Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	want := []Message{
		{Ts: "3.0", BotID: "B1", Metadata: Metadata{Type: "e", Payload: map[string]string{"id": "7.0"}},
			Raw: json.RawMessage(`{"ts":"3.0","bot_id":"B1","metadata":{"event_type":"e","event_payload":{"id":"7.0","n":4}}}`)},
		// What cannot be read is there all the same: it was not deleted.
		{Raw: json.RawMessage(`{"ts":4}`)},
		{Raw: json.RawMessage(`"nonsense"`)},
		{Ts: "2.0", Metadata: Metadata{Payload: map[string]string{}}, Raw: json.RawMessage(`{"ts":"2.0","blocks":[{"type":5}]}`)},
	}
	if diff := cmp.Diff(want, got); diff != "" || next != "abc" {
		t.Errorf("next %q, messages (-want +got):\n%s", next, diff)
	}
}

// What reads sends a form: that methods which read take JSON is not said
// everywhere.
func TestReadingSendsAForm(t *testing.T) {
	asked := map[string]string{}
	c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		asked[path.Base(r.URL.Path)] = r.Header.Get("Content-Type") + " " + r.PostFormValue("channel") + r.URL.RawQuery
		says(`{"ok":true}`)(w, r)
	})
	for _, thread := range []string{"", "1.0"} {
		if _, _, err := c.History(t.Context(), Span{Channel: "C1", Thread: thread, Limit: 200}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.ChannelInfo(t.Context(), "C1"); err != nil {
		t.Fatal(err)
	}
	const form = "application/x-www-form-urlencoded C1"
	want := map[string]string{"conversations.history": form, "conversations.replies": form, "conversations.info": form}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestInviteTellsWhoWasDeclined(t *testing.T) {
	tests := []struct {
		name, answer string
		want         []Declined
		wantCode     string
	}{
		{"all added", `{"ok":true,"channel":{}}`, nil, ""},
		{"one declined, ok", `{"ok":true,"errors":[{"user":"U2","ok":false,"error":"cant_invite"}]}`, []Declined{{"U2", "cant_invite"}}, ""},
		{"one declined, not ok", `{"ok":false,"error":"user_not_found","errors":[{"user":"U2","ok":false,"error":"user_not_found"}]}`, []Declined{{"U2", "user_not_found"}}, ""},
		{"an object where a list should be", `{"ok":true,"errors":{}}`, nil, ""},
		{"refused as a whole", `{"ok":false,"error":"not_in_channel"}`, nil, "not_in_channel"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := serve(t, Options{}, says(tt.answer))
			got, err := c.Invite(t.Context(), "C1", []string{"U1", "U2"})
			if Code(err) != tt.wantCode || err != nil && tt.wantCode == "" {
				t.Errorf("got %v, want code %q", err, tt.wantCode)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("declined (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRespond(t *testing.T) {
	tests := []struct {
		name     string
		answer   http.HandlerFunc
		wantFail bool
		wantCode string
	}{
		{"ok", says("ok"), false, ""},
		{"JSON", says(`{"ok":true}`), false, ""},
		{"used up", says(`{"ok":false,"error":"used_url"}`), true, "used_url"},
		{"gone", status(404, nil, "expired"), true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "" {
					t.Error("the token went to a response_url")
				}
				tt.answer(w, r)
			})
			err := c.Respond(t.Context(), c.base.JoinPath("../actions/T1/x").String(), Answer{Type: "ephemeral", Text: "hi"})
			if (err != nil) != tt.wantFail || Code(err) != tt.wantCode {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPicturesAreFetchedWithoutTheToken(t *testing.T) {
	c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the token was sent")
		}
		io.WriteString(w, "a picture")
	})
	body, err := c.FetchPicture(t.Context(), c.base.JoinPath("../avatars/1.png").String())
	if err != nil {
		t.Fatal(err)
	}
	defer body.Content.Close()
	if got, err := io.ReadAll(body.Content); string(got) != "a picture" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, address := range []string{"http://avatars.slack-edge.com/1.png", "https://slack-edge.com/1.png", "https://evil@a.slack-edge.com/1.png", "https://a.slack-edge.com.example.com/1.png", "https://gravatar.com.example.com/", "https://127.0.0.1/", "::"} {
		if _, err := c.FetchPicture(t.Context(), address); !errors.Is(err, ErrForeign) {
			t.Errorf("FetchPicture(%q): got %v, want it refused", address, err)
		}
	}
}

// Errors are logged, and the addresses of answers, files and uploads are as
// good as a token.
func TestErrorsDoNotNameAddresses(t *testing.T) {
	hangsUp := func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }
	c := serve(t, Options{}, hangsUp)
	address := c.base.JoinPath("../actions/T1/opensesame").String()
	_, fetch := c.Fetch(t.Context(), address)
	for what, err := range map[string]error{
		"answer": c.Respond(t.Context(), address, Answer{Type: "ephemeral", Text: "hi"}),
		"file":   fetch,
		"upload": c.Upload(t.Context(), address, strings.NewReader("hi"), 2),
	} {
		if err == nil || strings.Contains(err.Error(), "opensesame") {
			t.Errorf("%s: got %v, want an error without the address", what, err)
		}
	}
}

func TestTheTokenGoesNowhereElse(t *testing.T) {
	foreign := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a foreign host was called with %q", r.Header.Get("Authorization"))
	}))
	defer foreign.Close()
	c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, foreign.URL, http.StatusTemporaryRedirect)
	})
	for _, address := range []string{foreign.URL + "/f", "http://slack.com/f", "https://slack.com.example.com/f", "https://evil@slack.com/f", "https://notslack.com/", "::", ""} {
		if _, err := c.Fetch(t.Context(), address); !errors.Is(err, ErrForeign) {
			t.Errorf("Fetch(%q): got %v, want it refused", address, err)
		}
	}
	if _, err := c.Fetch(t.Context(), c.base.String()); !errors.Is(err, ErrSignIn) {
		t.Errorf("got %v for a redirect, want a sign-in", err)
	}
	if err := c.Respond(t.Context(), foreign.URL, Answer{}); err == nil {
		t.Error("a foreign response_url was called")
	}
	if _, err := c.PostMessage(t.Context(), Post{Channel: "C1"}); err == nil {
		t.Error("a redirect of a call was taken for an answer")
	}
}

func TestFetch(t *testing.T) {
	c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/f/ok":
			w.Header().Set("Content-Type", "image/png")
			io.WriteString(w, "bytes")
		case "/f/slow":
			w.Header().Set("Retry-After", "2")
			w.WriteHeader(429)
		case "/f/down":
			w.WriteHeader(502)
		default:
			w.WriteHeader(404)
		}
	})
	at := func(p string) string { return c.base.JoinPath("..", p).String() }
	b, err := c.Fetch(t.Context(), at("f/ok"))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(b.Content)
	if err != nil || string(content) != "bytes" || b.Type != "image/png" || b.Size != 5 {
		t.Errorf("got %q, %+v, %v", content, b, err)
	}
	if err := b.Content.Close(); err != nil {
		t.Error(err)
	}
	for p, want := range map[string]Kind{"f/slow": Limited, "f/down": Unknown, "f/gone": Refused} {
		_, err := c.Fetch(t.Context(), at(p))
		if e, ok := errors.AsType[*Error](err); !ok || e.Kind != want {
			t.Errorf("%s: got %v, want %v", p, err, want)
		}
	}
}

func TestNewChecksTheAddress(t *testing.T) {
	for _, address := range []string{"slack.com/api/", "https://slack.com/api", "ftp://slack.com/", "https:///api/", "::"} {
		if _, err := New("x", Options{BaseURL: address}); err == nil {
			t.Errorf("New took %q", address)
		}
	}
}

func TestErrorText(t *testing.T) {
	for _, tt := range []struct {
		err  *Error
		want string
	}{
		{&Error{Method: "pins.add", Kind: Refused, Code: "not_pinnable"}, "pins.add: not_pinnable"},
		{&Error{Method: "pins.add", Kind: Refused, Code: "missing_scope", Needed: "pins:write"}, "pins.add: missing_scope (needs pins:write)"},
		{&Error{Method: "pins.add", Kind: Lost, Err: io.EOF}, "pins.add: lost: EOF"},
		{&Error{Method: "pins.add"}, "pins.add: unknown"},
	} {
		if got := fmt.Sprint(tt.err); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
