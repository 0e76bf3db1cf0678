package wire

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/slack/wire/wiretest"
)

// payload reads a file of the corpus.
func payload(t testing.TB, name string) []byte {
	t.Helper()
	return wiretest.Read(t, name)
}

// payloads returns all files of a folder of the corpus by their names.
func payloads(t testing.TB, folder string) map[string][]byte {
	t.Helper()
	return wiretest.All(t, folder, "")
}

// decodeEvent decodes an event of testdata.
func decodeEvent(t *testing.T, name string) (Envelope, Event) {
	t.Helper()
	e, ev, err := Decode(payload(t, "events/"+name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return e, ev
}

// decodeMessage decodes a message event of testdata.
func decodeMessage(t *testing.T, name string) *Message {
	t.Helper()
	_, ev := decodeEvent(t, name)
	m, ok := ev.Content.(*Message)
	if !ok {
		t.Fatalf("got %T, want a message", ev.Content)
	}
	return m
}

// withoutRaw hides raw parts from a comparison that is not about them.
var withoutRaw = cmp.FilterPath(func(p cmp.Path) bool {
	return p.Last().Type() == reflectRaw
}, cmp.Ignore())

func TestEnvelope(t *testing.T) {
	got, ev := decodeEvent(t, "message")
	want := Envelope{
		Type: TypeEventCallback, TeamID: "T0ACME", ContextTeamID: "T0ACME", APIAppID: "A0CASE",
		EventID: "Ev0000001", EventTime: 1610241741, EventContext: "4-opaque",
		Authorizations: []Authorization{{TeamID: "T0ACME", UserID: "U0BOT", IsBot: true}},
		Event:          ev.Raw,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("envelope (-want +got):\n%s", diff)
	}
	if !json.Valid(ev.Raw) || !strings.Contains(string(ev.Raw), `"the build is stuck"`) {
		t.Errorf("got raw event %s, want the event as it came", ev.Raw)
	}
}

func TestEnvelopeOfOtherTypes(t *testing.T) {
	e, _ := decodeEvent(t, "url_verification")
	if e.Type != TypeURLVerification || !strings.HasPrefix(e.Challenge, "3eZbrw1aBm2rZg") {
		t.Errorf("got type %q, challenge %q", e.Type, e.Challenge)
	}
	e, _ = decodeEvent(t, "app_rate_limited")
	if e.Type != TypeAppRateLimited || e.MinuteRateLimited != 1518467820 {
		t.Errorf("got type %q, minute %d", e.Type, e.MinuteRateLimited)
	}
}

func TestWorkspace(t *testing.T) {
	tests := []struct{ name, want string }{
		{"message", "T0ACME"},
		{"message_external_person", "T0ACME"}, // not the author's
		{"message_authed_users", "T0ACME"},
		{"grid_message", "T0ACME"},
		{"grid_message_external_person", "T0ACME"},
		{"grid_app_uninstalled", ""}, // of the organisation as a whole
		{"app_rate_limited", "T0ACME"},
		{"url_verification", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, _ := decodeEvent(t, tt.name)
			if got := e.Workspace(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	e, _ := decodeEvent(t, "message_authed_users")
	if want := []Authorization{{TeamID: "T0ACME", UserID: "U0BOT"}}; !cmp.Equal(want, e.Authorizations) {
		t.Errorf("older payload: got %+v, want %+v", e.Authorizations, want)
	}
}

// Every payload of the corpus decodes, the whole and the event by itself
// alike, and only the one made of wrong kinds has odd parts.
func TestCorpus(t *testing.T) {
	for name, body := range payloads(t, "events") {
		t.Run(name, func(t *testing.T) {
			e, ev, err := Decode(body)
			if err != nil {
				t.Fatal(err)
			}
			if len(e.Odd) > 0 && !strings.Contains(name, "odd") {
				t.Errorf("got odd parts %s, want none", e.Odd)
			}
			alone, err := DecodeEnvelope(body)
			if err != nil {
				t.Fatal(err)
			}
			if string(alone.Event) != string(e.Event) {
				t.Errorf("got event %s, want %s", alone.Event, e.Event)
			}
			if ev.Type == "" {
				return
			}
			again, err := DecodeEvent(alone.Event)
			if err != nil {
				t.Fatal(err)
			}
			again.Odd = nil
			if diff := cmp.Diff(ev, again); diff != "" {
				t.Errorf("the event by itself (-in envelope +alone):\n%s", diff)
			}
		})
	}
}

func TestWrongKindsAreKeptAndMarked(t *testing.T) {
	e, ev := decodeEvent(t, "message_odd_kinds")
	got := map[string]string{}
	for _, o := range e.Odd {
		got[o.Path] = string(o.Raw)
	}
	want := map[string]string{
		"event.thread_ts":     `false`,
		"event.channel_type":  "[\n   \"group\"\n  ]",
		"event.edited":        `"yes"`,
		"event.files[1].size": `"big"`,
		"event.files[3]":      `"F3"`,
		"event.attachments":   `{}`,
		"event.metadata":      `[]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("odd parts (-want +got):\n%s", diff)
	}
	if e.EventTime != 1610241741 {
		t.Errorf("got event time %d, want it read from text", e.EventTime)
	}
	m := ev.Content.(*Message)
	wantMessage := &Message{
		Type: "message", Text: "7", User: "U0ALICE", Ts: "1610241741.0002", EventTs: "1515449522000016", Channel: "C0OPS", Hidden: true,
		Files: []File{{ID: "F1", Size: 20480}, {ID: "F2"}},
	}
	if diff := cmp.Diff(wantMessage, m); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	if !strings.Contains(string(ev.Raw), "from_the_future") {
		t.Error("the unknown field is not in the raw event")
	}
}

func TestNotJSON(t *testing.T) {
	deep := `{"event":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`
	tests := []struct{ name, body string }{
		{"empty", ""},
		{"blank", " \n"},
		{"no object", `"event_callback"`},
		{"a list", `[]`},
		{"cut off", `{"type":"event_callback","event":{"type":"mess`},
		{"cut off in an escape", `{"type":"\`},
		{"cut off in a code point", `{"type":"\u00`},
		{"two objects", `{} {}`},
		{"a comma too many", `{"type":"x",}`},
		{"a comma too few", `{"type":"x" "team_id":"T"}`},
		{"a list with a comma too many", `{"authorizations":[{},]}`},
		{"no colon", `{"type" "x"}`},
		{"a bare key", `{type:"x"}`},
		{"an unknown word", `{"type":nil}`},
		{"an unknown escape", `{"type":"\x41"}`},
		{"a line break in text", "{\"type\":\"a\nb\"}"},
		{"a leading zero", `{"event_time":0123}`},
		{"a bare minus", `{"event_time":-}`},
		{"a number without fraction", `{"event_time":1.}`},
		{"a number without exponent", `{"event_time":1e}`},
		{"nested too deeply", deep},
		{"a form", "payload=%7B%7D"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Decode([]byte(tt.body))
			if _, ok := err.(*SyntaxError); !ok {
				t.Fatalf("got error %v, want a SyntaxError", err)
			}
			if _, err := Peek([]byte(tt.body)); err == nil {
				t.Error("Peek: got no error")
			}
		})
	}
}
