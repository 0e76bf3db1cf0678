package front

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"caseline/internal/desk"
	"caseline/internal/desk/sought"
	"caseline/internal/slack/ident"
)

// quiet is a store with a configured channel and no case.
type quiet struct{ *held }

func (quiet) CaseByNumber(context.Context, desk.CaseNumber) (desk.Case, error) {
	return desk.Case{}, desk.ErrNotFound
}

func (quiet) Search(context.Context, sought.Query) (sought.Found, error) { return sought.Found{}, nil }

// Whatever somebody types after the command is answered once, by a message or a
// window that Slack takes, and nothing that they typed becomes a mention.
func FuzzCommand(f *testing.F) {
	for _, text := range []string{
		"", "help", "create", "search", "search gateway -timeout \"two words\" be*", "reply 1234567890", "resolve", "reopen 1", "status", "endchat", "invite 1234567890 thread",
		"search <!channel> <@U1> &amp;", "CREATE-CASE now", "\x00", "search \"", "nonsense " + strings.Repeat("x", 500),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, slack := hold(), &showing{}
		close(h.answer)
		front := New(nil, quiet{h}, slack, ident.NewInstalled(self()), Options{Book: shelf{}, Drafts: none{}})
		m := front.Command(t.Context(), command(text, "1"))
		views := slack.of("V-1")
		if m == nil && len(views) == 0 {
			t.Fatalf("%q is not answered", text)
		}
		if m == nil {
			return
		}
		told, err := json.Marshal(m)
		if err != nil || !utf8.Valid(told) {
			t.Fatalf("%q: %v", text, err)
		}
		if n := utf8.RuneCountInString(m.Text); n > 4000 {
			t.Errorf("%q is answered in %d characters", text, n)
		}
		for _, token := range []string{"<!channel", "<!here", "<!everyone", "<@", "<!subteam"} {
			if strings.Contains(m.Text, token) {
				t.Errorf("%q is answered with %s", text, token)
			}
		}
	})
}
