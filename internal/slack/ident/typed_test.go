package ident

import (
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

func TestChannelsAreReadAsPeopleNameThem(t *testing.T) {
	one := []served.Workspace{{ID: "T1", URL: "https://acme.slack.com/"}}
	two := append(one, served.Workspace{ID: "T2", URL: "https://bolt.slack.com/"})
	for _, tc := range []struct {
		typed   string
		known   []served.Workspace
		channel desk.ChannelID // empty when it is not understood
		in      desk.WorkspaceID
	}{
		{"C0123456789", one, "C0123456789", "T1"},
		{" G0123456789 ", one, "G0123456789", "T1"},
		{"C0123456789", two, "C0123456789", ""},
		{"<#C0123456789|ops>", one, "C0123456789", "T1"},
		{"https://bolt.slack.com/archives/C0123", two, "C0123", "T2"},
		{"https://BOLT.slack.com/archives/C0123/p1610241741000200?thread_ts=1.2", two, "C0123", "T2"},
		{"https://else.slack.com/archives/C0123", two, "C0123", ""},
		{"https://app.slack.com/client/T2/C0123", two, "C0123", "T2"},
		{"https://app.slack.com/client/T9/C0123", two, "C0123", ""},
		{"slack://channel?team=T2&id=C0123", two, "C0123", "T2"},
		{"#ops", one, "", ""},
		{"ops", one, "", ""},
		{"", one, "", ""},
		{"D0123456789", one, "", ""},
		{"https://app.slack.com/client/T2", two, "", ""},
		{"https://acme.slack.com/archives/../C0123", one, "", ""},
		{"ftp://acme.slack.com/archives/C0123", one, "", ""},
		{"https://%zz", one, "", ""},
	} {
		got, ok := ReadChannel(tc.typed)
		if got.Channel != tc.channel || ok != (tc.channel != "") {
			t.Errorf("%q: got %+v, %v", tc.typed, got, ok)
			continue
		}
		if in, _ := got.In(tc.known); ok && in != tc.in {
			t.Errorf("%q: got workspace %q, want %q", tc.typed, in, tc.in)
		}
	}
}
