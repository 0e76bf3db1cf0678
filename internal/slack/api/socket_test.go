package api

import (
	"net/http"
	"strings"
	"testing"
)

func TestOpenConnection(t *testing.T) {
	c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/api/apps.connections.open" || r.Header.Get("Authorization") != "Bearer xoxb-secret" {
			t.Errorf("asked by %s %s with %q", r.Method, r.URL.Path, r.Header.Get("Authorization"))
		}
		says(`{"ok":true,"url":"wss://wss-primary.slack.com/link/?ticket=t&app_id=A1"}`)(w, r)
	})
	if got, err := c.OpenConnection(t.Context()); err != nil || got != "wss://wss-primary.slack.com/link/?ticket=t&app_id=A1" {
		t.Errorf("got %q, %v", got, err)
	}
	c = serve(t, Options{}, says(`{"ok":false,"error":"forbidden_team"}`))
	if _, err := c.OpenConnection(t.Context()); Code(err) != "forbidden_team" || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}
