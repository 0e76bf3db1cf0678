package console

import (
	"fmt"
	"html/template"
	"strings"
	"testing"
	"time"

	"caseline/internal/console/drawn"
	"caseline/internal/console/work"
	"caseline/internal/desk"
)

// Rows that are kept as they were drawn show the time that it is, and name a new
// wish each time.
func TestKeptRowsShowTheTime(t *testing.T) {
	p, err := newPages()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	nasty := `"><script>` + "\x00\x01" + `</script>`
	row := func(id, subject string, state desk.ChatState) work.Row {
		return work.Row{
			Case:         &desk.Case{ID: desk.CaseID(id), Subject: subject, Severity: desk.SeverityHigh, ChangedAt: began, Chat: desk.ChatSession{State: state, RequestedAt: began, JoinedAt: began}},
			AccountTitle: nasty, Level: desk.Level{Name: nasty, FirstResponse: time.Hour}, Mine: state == desk.ChatInProgress,
		}
	}
	f := work.Frame{
		Me:      desk.Agent{Role: desk.RoleAgent},
		Waiting: []work.Row{row("1", "One", desk.ChatRequested), row("2", nasty, desk.ChatRequested)},
		Mine:    []work.Row{row("3", nasty, desk.ChatInProgress)}, Recent: []work.Row{row("4", "Four", desk.ChatEnded)},
	}
	for _, part := range []struct{ page, name string }{{"queue", "list"}, {"case", "worklist"}} {
		tokens := map[string]bool{}
		for _, seconds := range []int{245, 250} {
			f.Base.Clockface = drawn.Clockface{Zone: time.UTC, Now: began.Add(time.Duration(seconds) * time.Second)}
			var got string
			if err := p.Render(part.page, part.name, f, func(body []byte) error { got = string(body); return nil }); err != nil {
				t.Fatal(err)
			}
			if clock := fmt.Sprintf(">4:%02d</time>", seconds-240); strings.Count(got, clock) != 2 {
				t.Errorf("%s at %d s: not twice %s in\n%s", part.page, seconds, clock, got)
			}
			if strings.Contains(got, "<script") || strings.ContainsRune(got, 0) || !strings.Contains(got, template.HTMLEscapeString(`"><script>`)) {
				t.Errorf("%s: markup got through, or text did not:\n%s", part.page, got)
			}
			for _, rest := range strings.Split(got, `name="token" value="`)[1:] {
				token, _, _ := strings.Cut(rest, `"`)
				if tokens[token] || len(token) < 20 {
					t.Errorf("token %q is none, or there was one", token)
				}
				tokens[token] = true
			}
		}
		if part.page == "queue" && len(tokens) != 4 {
			t.Errorf("got %d tokens on two pages of two rows", len(tokens))
		}
	}
}
