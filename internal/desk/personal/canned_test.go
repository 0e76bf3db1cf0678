package personal_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
)

func TestBlanksAreFilled(t *testing.T) {
	words := map[string]string{"customer": "Alice", "case": "C-7"}
	for text, want := range map[string]string{
		"Hello {{customer}}, about {{ Case }}.": "Hello Alice, about C-7.",
		"{{order}} of {{customer}}":             "{{order}} of Alice",
		"{{subject}}":                           "{{subject}}", // nothing is known for it
		"{customer} {{}} {{a b}}":               "{customer} {{}} {{a b}}",
	} {
		if got := personal.Fill(text, words); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsUnfilledIsNotSent(t *testing.T) {
	for text, want := range map[string]string{
		"all well": "", "your {{order}} and {{x}}": "{{order}}", "write `{{order}}` there": "", "`a` {{order}}": "{{order}}", "{{ .Values.x }}": "",
	} {
		if got := personal.Unfilled(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
		if err := personal.Filled(text); (err != nil) != (want != "") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestNamesOfCannedReplies(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		ok         bool
	}{
		{"refund-sent", "We sent it.", true}, {"grüße_2", "Hi", true},
		{"", "Hi", false}, {"two words", "Hi", false}, {strings.Repeat("x", 41), "Hi", false}, {"x", " ", false}, {"x", strings.Repeat("x", desk.MaxReply+1), false},
	} {
		err := personal.Canned{Name: tt.name, Text: tt.text}.Check()
		if (err == nil) != tt.ok || !tt.ok && !errors.Is(err, desk.ErrInvalid) {
			t.Errorf("%q: got %v", tt.name, err)
		}
	}
}

func TestWhoIsNamed(t *testing.T) {
	agents := []desk.Agent{{ID: "jo", Name: "Jo"}, {ID: "jo ann", Name: "Jo Ann"}, {ID: "omar", Name: "Omar Ünal"}}
	for note, want := range map[string][]desk.AgentID{
		"@Omar Ünal, look":          {"omar"},
		"@omar ünal and @Jo":        {"omar", "jo"},
		"@Jo Ann, not the other":    {"jo ann"},
		"@Jo @Jo":                   {"jo"},
		"@Joanna, @Omar":            nil,
		"mail x@Jo or Omar Ünal":    nil,
		"(@Jo)":                     {"jo"},
		"@":                         nil,
		"ask @Jo, then @Omar Ünal.": {"jo", "omar"},
	} {
		if got := personal.Named(note, agents); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", note, got, want)
		}
	}
}
