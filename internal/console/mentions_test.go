package console_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"caseline/internal/console"
	"caseline/internal/desk"
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
