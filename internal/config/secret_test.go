package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

const hidden = "hunter2"

// A holder has a secret where fmt's methods do not reach.
type holder struct {
	secret  Secret
	pointer *Secret
	list    []Secret
	any     any
}

func TestSecretNeverPrints(t *testing.T) {
	s := NewSecret(hidden)
	h := holder{s, &s, []Secret{s}, s}
	c := Default()
	c.Slack.BotToken, c.Slack.SigningSecrets, c.Database.URL = s, []Secret{s}, s
	c.Agents = []Agent{{Email: "jane@example.com", Password: s}}

	var out strings.Builder
	for _, v := range []any{s, &s, []Secret{s}, map[string]Secret{"a": s}, h, &h, c, &c, struct{ S Secret }{s}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p", "%t"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		fmt.Fprintln(&out, v)
		if j, err := json.Marshal(v); err == nil {
			out.Write(j)
		}
		if y, err := yaml.Marshal(v); err == nil {
			out.Write(y)
		}
		out.WriteString(cmp.Diff(v, nil, cmp.AllowUnexported(holder{})))
	}
	var logged bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&logged, nil), slog.NewJSONHandler(&logged, nil)} {
		slog.New(handler).Info("start", "secret", s, "pointer", &s, "config", c, "group", slog.GroupValue(slog.Any("s", s)))
	}
	out.Write(logged.Bytes())
	out.WriteString(c.Redacted())

	for _, leak := range []string{hidden, fmt.Sprintf("%x", hidden), fmt.Sprintf("%X", hidden)} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("printed %q", leak)
		}
	}
}

func TestSecret(t *testing.T) {
	s := NewSecret(hidden)
	if s.Reveal() != hidden || !s.IsSet() || s.String() != "redacted" {
		t.Errorf("got %q, set %v, printed %q", s.Reveal(), s.IsSet(), s)
	}
	if !s.Equal(NewSecret(hidden)) || s.Equal(NewSecret("other")) || s.Equal(Secret{}) {
		t.Error("Equal does not go by the value")
	}
	for _, none := range []Secret{{}, NewSecret("")} {
		if none.IsSet() || none.String() != "" || none.Reveal() != "" || !none.Equal(Secret{}) {
			t.Errorf("got %q, set %v", none.Reveal(), none.IsSet())
		}
	}
}

func TestRedacted(t *testing.T) {
	c, err := load(t, fullText)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Redacted()
	for _, want := range []string{"listen: 0.0.0.0:9000", "bot_token: redacted", "- redacted", "url: redacted", "password: redacted", "max_body: 512 KiB", "secure_cookies: "} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant it to contain %q", got, want)
		}
	}
}
