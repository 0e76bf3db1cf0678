package api

import (
	"slices"
	"testing"
)

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
