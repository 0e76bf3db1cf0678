package slacksim_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"caseline/internal/slacksim"
)

// TestWaysToCall sends the same call in every form that clients use.
func TestWaysToCall(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	base := s.sim.World.BaseURL() + "/api/conversations.info"
	multi := "--x\r\nContent-Disposition: form-data; name=\"channel\"\r\n\r\n" + s.ops.ID + "\r\n--x--\r\n"
	for name, c := range map[string]struct{ method, query, kind, body, auth string }{
		"GET, token in the query":  {"GET", "?token=xoxb-1&channel=" + s.ops.ID, "", "", ""},
		"GET, token in the header": {"GET", "?channel=" + s.ops.ID, "", "", "Bearer xoxb-1"},
		"form, token in the form":  {"POST", "", "application/x-www-form-urlencoded", "token=xoxb-1&channel=" + s.ops.ID, ""},
		"JSON":                     {"POST", "", "application/json; charset=utf-8", `{"channel":"` + s.ops.ID + `"}`, "Bearer xoxb-1"},
		"multipart":                {"POST", "", "multipart/form-data; boundary=x", multi, "Bearer xoxb-1"},
		"query and empty JSON":     {"POST", "?channel=" + s.ops.ID, "application/json", "", "Bearer xoxb-1"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, base+c.query, bytes.NewBufferString(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if c.kind != "" {
			req.Header.Set("Content-Type", c.kind)
		}
		if c.auth != "" {
			req.Header.Set("Authorization", c.auth)
		}
		if out := do(t, req); out["ok"] != true {
			t.Errorf("%s: %v", name, out)
		}
	}
	for name, c := range map[string]struct{ kind, body, want string }{
		"bad JSON":     {"application/json", "{", "invalid_json"},
		"bad form":     {"multipart/form-data; boundary=x", "nothing", "invalid_form_data"},
		"unknown type": {"text/plain", "x", "invalid_post_type"},
		"no type":      {"", "x", "missing_post_type"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", base, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer xoxb-1")
		if c.kind != "" {
			req.Header.Set("Content-Type", c.kind)
		}
		if out := do(t, req); out["error"] != c.want {
			t.Errorf("%s: %v, want %s", name, out["error"], c.want)
		}
	}
}

func TestScopesAreTold(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.ws.Install(slacksim.App{ID: "A0SUPPORT", BotName: "Support Chat", BotToken: "xoxb-1", Scopes: []string{"chat:write", "channels:history"}})
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.sim.World.BaseURL()+"/api/auth.test?token=xoxb-1", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got := resp.Header.Get("x-oauth-scopes"); got != "chat:write,channels:history" {
		t.Errorf("x-oauth-scopes = %q", got)
	}
	for _, c := range []struct{ method, needed string }{
		{"users.info", "users:read"}, {"conversations.create", "channels:manage"}, {"chat.postMessage", "chat:write.customize"}, {"pins.add", "pins:write"},
	} {
		out := s.call(t, c.method, "channel", s.ops.ID, "text", "x", "username", "Jane", "user", s.bob.ID, "name", "x")
		if out["error"] != "missing_scope" || out["needed"] != c.needed || out["provided"] != "chat:write,channels:history" {
			t.Errorf("%s: %v", c.method, out)
		}
	}
}
