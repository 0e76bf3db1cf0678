package pace

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBuckets(t *testing.T) {
	tests := []struct {
		name, method, channel string
		want                  []string
	}{
		{"a post", "chat.postMessage", "C1", []string{"T1/chat.postMessage", "T1/post/C1", "T1/post"}},
		{"a file is a post", "files.completeUploadExternal", "C1", []string{"T1/files.completeUploadExternal", "T1/post/C1", "T1/post"}},
		{"a file for nobody yet", "files.completeUploadExternal", "", []string{"T1/files.completeUploadExternal", "T1/post"}},
		{"not a post", "chat.update", "C1", []string{"T1/chat.update"}},
		{"unknown", "made.up", "C1", []string{"T1/made.up"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, b := range Slack().Buckets("T1", tt.method, tt.channel) {
				got = append(got, b.Key)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
		})
	}
}

// perMinute is the most a limit lets through in any minute.
func perMinute(l Limit) int {
	return max(l.Burst, 1) + int(time.Minute/l.Every)
}

func TestSlackStaysWithinThePublishedFigures(t *testing.T) {
	tests := []struct {
		method string
		most   int // calls in any minute
	}{
		{"chat.postMessage", 300},
		{"chat.meMessage", 50},
		{"chat.update", 50},
		{"chat.delete", 50},
		{"chat.postEphemeral", 100},
		{"chat.getPermalink", 600},
		{"auth.test", 600},
		{"conversations.create", 20},
		{"conversations.invite", 50},
		{"conversations.info", 50},
		{"conversations.history", 50},
		{"conversations.replies", 50},
		{"conversations.members", 100},
		{"conversations.setTopic", 20},
		{"conversations.archive", 20},
		{"conversations.list", 20},
		{"conversations.open", 50},
		{"pins.add", 20},
		{"pins.remove", 20},
		{"pins.list", 20},
		{"views.open", 100},
		{"views.update", 100},
		{"views.push", 100},
		{"users.info", 100},
		{"users.list", 20},
		{"team.info", 50},
		{"files.getUploadURLExternal", 100},
		{"files.completeUploadExternal", 100},
		{"files.info", 100},
		{"never.heard.of.it", 20},
	}
	table := Slack()
	for _, tt := range tests {
		if got := perMinute(table.Rule(tt.method).Method); got > tt.most {
			t.Errorf("%s: got %d in a minute, want at most %d", tt.method, got, tt.most)
		}
	}
	r := table.Rule("chat.postMessage")
	if r.Channel.Every < time.Second {
		t.Errorf("posts into one channel: got one every %v, want at most one a second", r.Channel.Every)
	}
	if got := perMinute(r.Posts); got > 300 {
		t.Errorf("posts in a workspace: got %d in a minute, want at most 300", got)
	}
}

func TestEveryRuleLimits(t *testing.T) {
	for method, r := range Slack().rules {
		if r.Method.Every <= 0 || r.Method.Burst < 1 {
			t.Errorf("%s: got %+v, want a limit", method, r.Method)
		}
	}
}

func TestFewHistories(t *testing.T) {
	for _, method := range []string{"conversations.history", "conversations.replies"} {
		if got := perMinute(Few().Rule(method).Method); got != 1 {
			t.Errorf("%s: got %d in a minute, want 1", method, got)
		}
	}
	if got, want := Few().Rule("chat.postMessage"), Slack().Rule("chat.postMessage"); got != want {
		t.Errorf("posting: got %+v, want %+v", got, want)
	}
}

func TestZeroTableLimitsNothing(t *testing.T) {
	buckets := Table{}.Buckets("T1", "chat.postMessage", "C1")
	for range 1000 {
		if wait := Take(start, buckets); wait != 0 {
			t.Fatalf("got wait %v, want none", wait)
		}
	}
}
