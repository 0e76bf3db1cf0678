package api

import (
	"io"
	"net/http"
	"slices"
	"testing"
)

func TestOpenConnection(t *testing.T) {
	c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/apps.connections.open" || r.Method != http.MethodPost {
			t.Errorf("got %s %s", r.Method, r.URL.Path)
		}
		io.WriteString(w, `{"ok":true,"url":"wss://wss.slack.com/link/?ticket=1"}`)
	})
	if address, err := c.OpenConnection(t.Context()); err != nil || address != "wss://wss.slack.com/link/?ticket=1" {
		t.Errorf("got %q, %v", address, err)
	}
	c = serve(t, Options{}, says(`{"ok":false,"error":"not_allowed_token_type"}`))
	if _, err := c.OpenConnection(t.Context()); Code(err) != "not_allowed_token_type" {
		t.Errorf("got %v", err)
	}
}

func TestScopesOfTheToken(t *testing.T) {
	c := serve(t, Options{}, status(200, map[string]string{"X-OAuth-Scopes": "chat:write, pins:write"}, `{"ok":true,"team_id":"T1"}`))
	if _, known := c.Scopes(); known {
		t.Error("scopes are known before the first call")
	}
	if _, err := c.AuthTest(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, known := c.Scopes(); !known || !slices.Equal(got, []string{"chat:write", "pins:write"}) {
		t.Errorf("got %v, %v", got, known)
	}
}
