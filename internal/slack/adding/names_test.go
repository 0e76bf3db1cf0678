package adding

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMentionsGetNames(t *testing.T) {
	names := map[string]string{"U1": "Alice Martin"}
	for text, want := range map[string]string{
		"":                            "",
		"hello <@U1>, and <@U2>":      "hello <@U1|Alice Martin>, and <@U2>",
		"<@U1|al> is called so":       "<@U1|al> is called so",
		`\<@U1> is text`:              `\<@U1> is text`,
		"<@U1":                        "<@U1",
		"<@not an id> and <@U1><@U1>": "<@not an id> and <@U1|Alice Martin><@U1|Alice Martin>",
	} {
		if got := labelled(text, names); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if diff := cmp.Diff([]string{"U1", "U2"}, mentioned("<@U1> <@U2> <@U1> <@U3|c>")); diff != "" {
		t.Error(diff)
	}
}
