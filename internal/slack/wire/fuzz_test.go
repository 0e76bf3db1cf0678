package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// isObject reports whether the standard library takes body for a JSON object.
func isObject(body []byte) bool {
	return json.Valid(body) && bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{"))
}

// sameJudgement checks that a body is refused if and only if it is no JSON
// object, or nested deeper than anything Slack sends.
func sameJudgement(t *testing.T, body []byte, err error) {
	t.Helper()
	var syntax *SyntaxError
	switch {
	case err == nil && !isObject(body):
		t.Errorf("took %q, which is no JSON object", body)
	case err != nil && !errors.As(err, &syntax):
		t.Errorf("got error %v, want a SyntaxError", err)
	case err != nil && isObject(body) && syntax.Reason != "nested too deeply":
		t.Errorf("refused %q: %v", body, err)
	}
}

// storable checks that text can go into any database.
func storable(t *testing.T, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("got text %q, want UTF-8 without NUL", s)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, body := range payloads(f, "events") {
		f.Add(body)
	}
	f.Add([]byte(`{"event":{"type":"message","text":"\ud83d\u0000\u00"}}`))
	f.Add([]byte(`{"event":{"type":"message","type":"pin_added","channel":{"id":null}},"event":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, ev, err := Decode(body)
		sameJudgement(t, body, err)
		peekAgrees(t, body)
		if err != nil {
			return
		}
		for _, o := range e.Odd {
			if !json.Valid(o.Raw) {
				t.Errorf("odd part %s is not as it came: %q", o.Path, o.Raw)
			}
		}
		if m, ok := ev.Content.(*Message); ok {
			storable(t, m.Text, m.User, m.Channel, m.Username, string(m.Ts), m.Author())
			if _, _, err := DecodeMessage(ev.Raw); err != nil {
				t.Errorf("the message by itself: %v", err)
			}
			m.Target().Micros()
		}
	})
}

func FuzzDecodeInteraction(f *testing.F) {
	for _, body := range payloads(f, "interactions") {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		in, err := DecodeInteraction(body)
		sameJudgement(t, body, err)
		if err != nil {
			return
		}
		storable(t, in.Workspace(), in.User.ID, in.Typed)
		if in.View != nil {
			for _, e := range in.View.State {
				storable(t, e.BlockID, e.ActionID, e.One())
			}
		}
	})
}

func FuzzDecodeForms(f *testing.F) {
	for _, body := range payloads(f, "slash") {
		f.Add(body)
	}
	for _, raw := range payloads(f, "interactions") {
		f.Add([]byte(url.Values{"payload": {string(raw)}}.Encode()))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if s, err := DecodeSlash(body); err == nil {
			storable(t, s.Command, s.Text, s.UserID, s.ChannelID)
		}
		if s, err := DecodeSlashPayload(body); err == nil {
			storable(t, s.Command, s.Text)
		} else if !errors.Is(err, ErrNoCommand) {
			sameJudgement(t, body, err)
		}
		if in, err := DecodeInteractionForm(body); err == nil {
			storable(t, in.Type, in.TriggerID)
		}
	})
}
