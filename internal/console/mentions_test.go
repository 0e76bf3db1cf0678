package console_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"caseline/internal/casework"
	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

// known are the mentions that this test's Slack tells of.
type known struct{ learned []string }

func (k *known) Learn(_ context.Context, _ desk.WorkspaceID, texts []string) {
	k.learned = append(k.learned, texts...)
}

func (*known) Channel(_ desk.WorkspaceID, id string) (name, instead string) {
	switch id {
	case "C7":
		return "plans", ""
	case "C8":
		return "", "a private channel"
	}
	return "", ""
}

func (*known) Group(desk.WorkspaceID, string) (handle, instead string) { return "sre", "" }

func TestMentionsAreNamedOnThePageAndInWhatIsFound(t *testing.T) {
	slack := &known{}
	h, c, jane := chat(t, func(o *console.Options) {
		o.Mentions = slack
		o.Person = func(w desk.WorkspaceID, user string) desk.PersonID { return desk.PersonID(string(w) + ":" + user) }
	})
	said := "zeppelin: ask <@UBOB> or <!subteam^S1> in <#C7>, not <#C8|layoffs> or <#C9>"
	h.say(c, c.Requester, said)
	page := jane.get("/cases/" + string(c.Number)).body
	for _, want := range []string{">@Bob Martínez<", ">@sre<", ">#plans<", ">a private channel<", ">a channel<"} {
		if !strings.Contains(page, `<span class="mention"`+want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if !slices.Contains(slack.learned, said) {
		t.Error("nobody asked what the text mentions before it was shown")
	}
	found := jane.get("/cases?q=zeppelin").body
	if want := "ask @Bob Martínez or @sre in #plans, not a private channel or a channel"; !strings.Contains(found, want) {
		t.Errorf("what is found does not say %q", want)
	}
	if strings.Contains(page+found, "layoffs") {
		t.Error("a channel is named that agents must not know of")
	}
}

// In a note the names of agents stand out, the reader's own more than others; in what
// goes to the customer, in code and where nobody is called so they are words.
func TestNamesStandOutInNotes(t *testing.T) {
	h, c, jane := chat(t)
	omar := h.agent("omar@example.com", "Omar <b>", desk.RoleAgent)
	note := "ask @Jane Doe, @omar <b> or @Nobody; `@Jane Doe` is code, x@Jane Doe is none & **@Jane Doe** is"
	if err := h.cases.Note(t.Context(), casework.Note{Case: c.ID, Agent: omar, Text: mrkdwn.Canonical(note), Origin: h.origin()}); err != nil {
		t.Fatal(err)
	}
	h.reply(c, h.named("jane@example.com"), "hello @Omar <b>")
	page := parsePage(t, jane.get("/cases/"+string(c.Number)).body)
	var found []string
	for _, m := range page.all(".prose .mention") {
		found = append(found, m.text+" "+m.attrs["class"])
	}
	if want := []string{"@Jane Doe mention mention-me", "@omar <b> mention", "@Jane Doe mention mention-me"}; !slices.Equal(found, want) {
		t.Errorf("got %q, want %q", found, want)
	}
	if got := page.one(t, ".entry-note .prose").text; !strings.Contains(got, "or @Nobody; @Jane Doe is code, x@Jane Doe is none & @Jane Doe is") {
		t.Errorf("got %q", got)
	}
}
