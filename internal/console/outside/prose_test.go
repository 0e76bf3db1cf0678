package outside

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"caseline/internal/mrkdwn"
)

// What was kept for one reader is what another would have been shown.
func TestProseIsTheSameToWhoeverReads(t *testing.T) {
	east := time.FixedZone("east", 5*60*60)
	was := mrkdwn.Resolver{
		User:  func(string) string { return "Ann" },
		Emoji: func(string) (text, image string) { return "", "/emoji/T1/party" },
	}
	is := mrkdwn.Resolver{User: func(string) string { return "Beth" }, Location: east}
	var p Prose
	kept := 0
	for _, text := range []string{
		"plain words, 10:30 and **bold**", "`code` & more :smile:", "for <@U1>", "since <!date^1700000000^{time}|then>", ":party: time",
		"https://example.com/a:b", strings.Repeat("long ", 1000), "",
	} {
		for _, r := range []mrkdwn.Resolver{was, is, was, {}} {
			if got, want := p.HTML(text, r), mrkdwn.HTML(text, r); got != want {
				t.Errorf("%.30q: got %s, want %s", text, got, want)
			}
		}
		if _, ok := p.html[text]; ok {
			kept++
		}
	}
	if kept != 4 {
		t.Errorf("%d of these texts are kept, want 4", kept)
	}
}

func TestOnlySoMuchProseIsKept(t *testing.T) {
	var p Prose
	for i := range 2000 {
		p.HTML(fmt.Sprintf("%d %s", i, strings.Repeat("word ", 300)), mrkdwn.Resolver{})
		size := 0
		for text, html := range p.html {
			size += len(text) + len(html)
		}
		if size > maxProse || size != p.bytes {
			t.Fatalf("%d bytes are kept, counted as %d", size, p.bytes)
		}
	}
}
