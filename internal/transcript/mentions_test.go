package transcript

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

// The file says in each of its forms what ids are called.
func TestMentionsAreNamedInEveryForm(t *testing.T) {
	s := source()
	s.Entries = append(s.Entries, desk.Correspondence{
		Seq: 9, Kind: desk.KindMessage, Chat: "chat-1", Author: desk.ByCustomer("T1/alice"), At: noon,
		Text: "<@U1> of <!subteam^S1> wrote it in <#C1>, not <#C2> or <#C3>",
	})
	s.Names = mrkdwn.Resolver{
		User: func(string) string { return "Bob" },
		Channel: func(id string) (name, instead string) {
			return map[string]string{"C1": "plans"}[id], map[string]string{"C2": "a private channel"}[id]
		},
		Group: func(string) (handle, instead string) { return "ops", "" },
	}
	got, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"<@U1>": "@Bob", "<#C1>": "#plans", "<#C2>": "a private channel", "<!subteam^S1>": "@ops"}
	if diff := cmp.Diff(want, got.Names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	export, err := got.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if back, err := Check(export); err != nil || back.Names["<#C1>"] != "#plans" {
		t.Errorf("the JSON, read again: %v, %v", back.Names, err)
	}
	page, err := got.HTML(s.Names)
	if err != nil {
		t.Fatal(err)
	}
	if text := got.Text(s.Names); !strings.Contains(text, "@Bob of @ops wrote it in #plans, not a private channel or a channel") {
		t.Errorf("the text says:\n%s", text)
	}
	for _, want := range []string{">@ops<", ">#plans<", ">a private channel<", ">a channel<"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
