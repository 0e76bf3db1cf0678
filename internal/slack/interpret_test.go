package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
)

var self = served.Workspace{ID: "T1", AppID: "A1", BotID: "B1", BotUID: "UBOT"}

func find(id desk.WorkspaceID) (served.Workspace, bool) { return self, id == self.ID }

// envelope wraps an event as Slack does.
func envelope(event string) []byte {
	return []byte(`{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_id":"Ev1","event_time":1610241741,
		"authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true}],"event":` + event + `}`)
}

func at(seconds, micros int64) time.Time { return time.UnixMicro(seconds*1_000_000 + micros).UTC() }

// replied makes m a reply.
func replied(m *desk.Message) {
	m.Thread, m.In, m.Root = true, "T1/C1/1610241700.000100", "slack:T1:C1:1610241700.000100"
}

func said(text string) *desk.Message {
	return &desk.Message{
		Place: "T1/C1", Author: "T1/U1", Text: text, At: at(1610241741, 200), Origin: "slack:T1:C1:1610241741.000200",
	}
}

func revisions(of ...*recording.Revision) (all []recording.Revision) {
	for _, r := range of {
		all = append(all, *r)
	}
	return all
}

func with[T any](m *T, change func(*T)) *T {
	change(m)
	return m
}

func reacted(what string) *recording.Reaction {
	return &recording.Reaction{
		Place: "T1/C1", Of: "slack:T1:C1:1610241741.000200", Ts: "1610241741.000200", By: "T1/U2", Emoji: "eyes", What: what,
		At: at(1610241760, 13600), Origin: "slack:T1:C1:1610241741.000200:reaction:U2:eyes:1610241760.013600",
	}
}

// noChanges knows of no channel with another id.
func noChanges(desk.WorkspaceID) *ident.Channels { return nil }

func TestInterpret(t *testing.T) {
	const head = `"type":"message","channel":"C1","ts":"1610241741.000200","event_ts":"1610241741.000200"`
	const inner = `"type":"message","user":"U1","ts":"1610241741.000200"`
	tests := []struct {
		name  string
		event string
		want  Request
	}{
		{"words", `{` + head + `,"user":"U1","text":"hi"}`, Request{Message: said("hi")}},
		{"the blocks are the exact source", `{` + head + `,"user":"U1","text":"*hi*","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"*hi*"}]}]}]}`,
			Request{Message: said(`\*hi\*`)}},
		{"mentions, to be shown by name", `{` + head + `,"user":"U1","text":"<@U2> and <@U3|bob>, not <@U2> or &lt;@U4&gt;"}`,
			Request{Message: with(said(`<@U2> and <@U3|bob>, not <@U2> or \<@U4>`), func(m *desk.Message) { m.Names = []desk.PersonID{"T1/U2", "T1/U3"} })}},
		{"emote", `{` + head + `,"user":"U1","subtype":"me_message","text":"waves"}`, Request{Message: with(said("waves"), func(m *desk.Message) { m.Me = true })}},
		{"reply in a thread", `{` + head + `,"user":"U1","text":"hi","thread_ts":"1610241700.000100"}`,
			Request{Message: with(said("hi"), replied)}},
		{"parent of a thread", `{` + head + `,"user":"U1","text":"hi","thread_ts":"1610241741.000200"}`, Request{Message: said("hi")}},
		{"broadcast reply", `{` + head + `,"user":"U1","text":"hi","subtype":"thread_broadcast","thread_ts":"1610241700.000100","root":{"user":"U2","text":"root"}}`,
			Request{Message: with(said("hi"), replied)}},
		{"reply in what is no thread", `{` + head + `,"user":"U1","text":"hi","thread_ts":"a/b"}`, Request{Message: said("hi")}},
		{"files, one of them gone", `{` + head + `,"user":"U1","subtype":"file_share","text":"","files":[
			{"id":"F1","name":"a.png","mimetype":"image/png","size":17},{"id":"F2","mode":"tombstone"},{"id":"F3","file_access":"check_file_info","size":-1},{"name":"no id"}]}`,
			Request{Message: with(said(""), func(m *desk.Message) {
				m.Files = []desk.NewFile{
					{SlackID: "F1", Name: "a.png", Type: "image/png", Size: 17, In: "T1", Origin: "slack:T1:C1:1610241741.000200:F1"},
					{SlackID: "F3", Name: "file", In: "T1", Origin: "slack:T1:C1:1610241741.000200:F3"},
				}
			})}},
		{"a forwarded message", `{` + head + `,"user":"U1","text":"look","attachments":[{"is_msg_unfurl":true,"is_share":true,"ts":"1610241000.000100","channel_id":"C2",
			"channel_name":"plans","author_id":"U2","author_name":"Bob","text":"*bold* words","files":[{"id":"F1","name":"a.png"}],
			"message_blocks":[{"team":"T1","channel":"C2","message":{"blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"*exact*"}]}]}]}}]}]}`,
			Request{Message: with(said("look\n\n> *Forwarded* from <@U2|Bob> in <#C2>, <!date^1610241000^{date_short} {time}|2021-01-10 01:10 UTC>\n>\n> \\*exact\\*\n>\n> *File, not forwarded with it:* a.png"),
				func(m *desk.Message) { m.Names = []desk.PersonID{"T1/U2"} })}},
		{"a forwarded message, of which Slack says little", `{` + head + `,"user":"U1","text":"","attachments":[{"is_share":true,"fallback":"words"}]}`,
			Request{Message: said("> *Forwarded*\n>\n> words")}},
		{"the preview of a link to a message", `{` + head + `,"user":"U1","text":"<https://x/p1>","attachments":[{"is_msg_unfurl":true,"from_url":"https://x/p1","text":"words"}]}`,
			Request{Message: said("<https://x/p1>")}},
		{"the preview of a link", `{` + head + `,"user":"U1","text":"","attachments":[{"from_url":"https://x","text":"words"}]}`, ignored("empty")},
		{"a subtype of later that people see", `{` + head + `,"user":"U1","subtype":"hologram","text":"hi"}`, Request{Message: said("hi")}},
		{"a subtype of later that nobody sees", `{` + head + `,"user":"U1","subtype":"hologram","hidden":true,"text":"hi"}`, ignored("hidden")},
		{"empty", `{` + head + `,"user":"U1","text":""}`, ignored("empty")},
		{"blank", `{` + head + `,"user":"U1","text":"  \n "}`, ignored("empty")},

		{"joined the channel", `{` + head + `,"user":"U1","subtype":"channel_join","text":"<@U1> has joined"}`, ignored("system message")},
		{"set the topic", `{` + head + `,"user":"U1","subtype":"group_topic","text":"x"}`, ignored("system message")},
		{"pinned", `{` + head + `,"user":"U1","subtype":"pinned_item","text":"x"}`, ignored("system message")},
		{"started a huddle", `{` + head + `,"user":"U1","subtype":"huddle_thread","text":"x"}`, ignored("system message")},
		{"thread counter", `{` + head + `,"subtype":"message_replied","hidden":true,"message":{` + inner + `}}`, ignored("system message")},

		{"ours by bot", `{` + head + `,"bot_id":"B1","subtype":"bot_message","username":"Jane (Support)","text":"hi"}`, ignored("echo")},
		{"ours by app", `{` + head + `,"bot_id":"B7","app_id":"A1","text":"hi"}`, ignored("echo")},
		{"ours by bot user", `{` + head + `,"user":"UBOT","text":"hi"}`, ignored("echo")},
		{"ours by profile", `{` + head + `,"user":"U9","bot_profile":{"id":"B7","app_id":"A1"},"text":"hi"}`, ignored("echo")},
		{"ours by metadata", `{` + head + `,"user":"U9","metadata":{"event_type":"caseline_delivery","event_payload":{"id":"1.0"}},"text":"hi"}`, ignored("echo")},
		{"a person who calls herself as our agent", `{` + head + `,"user":"U1","username":"Jane (Support)","text":"hi"}`, Request{Message: said("hi")}},
		{"another bot", `{` + head + `,"bot_id":"B2","user":"U9","text":"hi"}`, ignored("bot")},
		{"another bot, by subtype", `{` + head + `,"subtype":"bot_message","text":"hi"}`, ignored("bot")},
		{"Slackbot", `{` + head + `,"user":"USLACKBOT","text":"hi"}`, ignored("nobody")},
		{"nobody", `{` + head + `,"text":"hi"}`, ignored("nobody")},
		{"somebody impossible", `{` + head + `,"user":"U1/../U2","text":"hi"}`, ignored("nobody")},

		{"ten digits after the dot", `{"type":"message","channel":"C1","ts":"1610241741.0002001234","user":"U1","text":"hi"}`,
			Request{Message: with(said("hi"), func(m *desk.Message) { m.Origin = "slack:T1:C1:1610241741.0002001234" })}},
		{"no dot", `{"type":"message","channel":"C1","ts":"1610241741000200","user":"U1","text":"hi"}`,
			Request{Message: with(said("hi"), func(m *desk.Message) { m.Origin = "slack:T1:C1:1610241741000200" })}},
		{"no time", `{"type":"message","channel":"C1","ts":"yesterday","user":"U1","text":"hi"}`, ignored("no time")},
		{"a number for a time", `{"type":"message","channel":"C1","ts":true,"user":"U1","text":"hi"}`, ignored("no time")},
		{"no channel", `{"type":"message","ts":"1610241741.000200","user":"U1","text":"hi"}`, ignored("no channel")},
		{"an impossible channel", `{"type":"message","channel":"C1/2","ts":"1610241741.000200","user":"U1","text":"hi"}`, ignored("no channel")},
		{"a mention of us, which comes as a message too", `{"type":"app_mention","channel":"C1","ts":"1610241741.000200","user":"U1","text":"hi"}`, ignored("not a message")},
		{"another event", `{"type":"pin_added","user":"U1"}`, ignored("not a message")},

		{"a reaction", `{"type":"reaction_added","user":"U2","reaction":"eyes","event_ts":"1610241760.013600","item":{"type":"message","channel":"C1","ts":"1610241741.000200"}}`,
			Request{Reaction: reacted(desk.ReactionAdded)}},
		{"a reaction taken away", `{"type":"reaction_removed","user":"U2","reaction":"eyes","event_ts":"1610241760.013600","item":{"type":"message","channel":"C1","ts":"1610241741.000200"}}`,
			Request{Reaction: reacted(desk.ReactionRemoved)}},
		{"a reaction to a file", `{"type":"reaction_added","user":"U2","reaction":"eyes","event_ts":"1610241760.013600","item":{"type":"file","file":"F1"}}`, ignored("no message")},
		{"a reaction of nobody", `{"type":"reaction_added","reaction":"eyes","event_ts":"1610241760.013600","item":{"type":"message","channel":"C1","ts":"1610241741.000200"}}`, ignored("nobody")},
		{"our own reaction", `{"type":"reaction_added","user":"UBOT","reaction":"eyes","event_ts":"1610241760.013600","item":{"type":"message","channel":"C1","ts":"1610241741.000200"}}`, ignored("echo")},
		{"somebody came", `{"type":"member_joined_channel","user":"U2","channel":"C1","channel_type":"G","event_ts":"1610241760.013600"}`,
			Request{Member: &recording.Member{Place: "T1/C1", Who: "T1/U2", What: desk.MemberJoined, At: at(1610241760, 13600), Origin: "slack:T1:C1:member:U2:1610241760.013600"}}},
		{"somebody left", `{"type":"member_left_channel","user":"U2","channel":"C1","channel_type":"G","event_ts":"1610241760.013600"}`,
			Request{Member: &recording.Member{Place: "T1/C1", Who: "T1/U2", What: desk.MemberLeft, At: at(1610241760, 13600), Origin: "slack:T1:C1:member:U2:1610241760.013600"}}},
		{"somebody came at no time", `{"type":"member_joined_channel","user":"U2","channel":"C1"}`, ignored("no channel")},
		{"no event", `17`, ignored("not a message")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Interpret(envelope(tt.event), find, noChanges)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInterpretChanges(t *testing.T) {
	changed := func(event string) string {
		return `{"type":"message","subtype":"message_changed","hidden":true,"channel":"C1","ts":"1610241760.013600","event_ts":"1610241760.013600",` + event + `}`
	}
	deleted := func(event string) string {
		return `{"type":"message","subtype":"message_deleted","hidden":true,"channel":"C1","ts":"1610241760.013600","event_ts":"1610241760.013600",` + event + `}`
	}
	const (
		was    = `{"type":"message","user":"U1","text":"hi","ts":"1610241741.000200"}`
		origin = "slack:T1:C1:1610241741.000200"
	)
	edit := func(text string, at time.Time, edited string) *recording.Revision {
		return &recording.Revision{Place: "T1/C1", Of: origin, By: "T1/U1", Text: text, At: at, Origin: desk.Origin(origin + ":edit:" + edited), Ts: "1610241741.000200"}
	}
	deletion := func(by desk.PersonID) *recording.Revision {
		return &recording.Revision{Place: "T1/C1", Of: origin, By: by, At: at(1610241760, 13600), Origin: origin + ":deleted", Ts: "1610241741.000200"}
	}
	picture := desk.NewFile{SlackID: "F1", Name: "a.png", In: "T1", Origin: origin + ":F1"}
	const inThread = `"thread_ts":"1610241700.000100",`
	below := func(r *recording.Revision) *recording.Revision { r.In = "T1/C1/1610241700.000100"; return r }
	tests := []struct {
		name  string
		event string
		want  Request
	}{
		{"edit", changed(`"message":{"type":"message","user":"U1","text":"ho","ts":"1610241741.000200","edited":{"user":"U1","ts":"1610241760.000000"}},"previous_message":` + was),
			Request{Message: said("hi"), Edits: revisions(edit("ho", at(1610241760, 13600), "1610241760.000000"))}},
		{"edit that comes again with a preview, later", changed(`"message":{"type":"message","user":"U1","text":"ho","ts":"1610241741.000200","edited":{"user":"U1","ts":"1610241755.000000"},"attachments":[{"from_url":"x"}]}`),
			Request{Edits: revisions(edit("ho", at(1610241755, 999999), "1610241755.000000"))}},
		{"edit within the second of the message", `{"type":"message","subtype":"message_changed","channel":"C1","ts":"1610241741.000900",
			"message":{"type":"message","user":"U1","text":"ho","ts":"1610241741.000200","edited":{"user":"U1","ts":"1610241741.000000"}}}`,
			Request{Edits: revisions(edit("ho", at(1610241741, 900), "1610241741.000000"))}},
		{"edit before the message, by Slack's clock", `{"type":"message","subtype":"message_changed","channel":"C1","ts":"x",
			"message":{"type":"message","user":"U1","text":"ho","ts":"1610241741.000200","edited":{"user":"U1","ts":"1610241739.000000"}}}`,
			Request{Edits: revisions(edit("ho", at(1610241741, 200), "1610241739.000000"))}},
		{"edit without a target in the message", changed(`"message":{"type":"message","user":"U1","text":"ho","edited":{"user":"U1","ts":"1610241760.000000"}},"previous_message":` + was),
			Request{Message: said("hi"), Edits: revisions(edit("ho", at(1610241760, 13600), "1610241760.000000"))}},
		{"edit of what was edited already: its first words are not known", changed(`"message":{"type":"message","user":"U1","text":"third","ts":"1610241741.000200","edited":{"user":"U1","ts":"1610241760.000000"}},
			"previous_message":{"type":"message","user":"U1","text":"second","ts":"1610241741.000200","edited":{"user":"U1","ts":"1610241750.000000"}}`),
			Request{
				Message: with(said(""), func(m *desk.Message) { m.Blank = true }),
				Edits:   revisions(edit("second", at(1610241750, 999999), "1610241750.000000"), edit("third", at(1610241760, 13600), "1610241760.000000")),
			}},
		{"words under a file that had none", changed(`"message":{"type":"message","user":"U1","text":"look","ts":"1610241741.000200","files":[{"id":"F1","name":"a.png"}],"edited":{"user":"U1","ts":"1610241760.000000"}},
			"previous_message":{"type":"message","user":"U1","text":"","ts":"1610241741.000200","files":[{"id":"F1","name":"a.png"}]}`),
			Request{
				Message: with(said(""), func(m *desk.Message) { m.Blank, m.Files = true, []desk.NewFile{picture} }),
				Edits:   revisions(edit("look", at(1610241760, 13600), "1610241760.000000")),
			}},
		{"a file taken away", changed(`"message":{"type":"message","user":"U1","text":"hi","ts":"1610241741.000200","files":[{"id":"F1","mode":"tombstone"}]},
			"previous_message":{"type":"message","user":"U1","text":"hi","ts":"1610241741.000200","files":[{"id":"F1","name":"a.png"}]}`),
			Request{
				Message: with(said("hi"), func(m *desk.Message) { m.Files = []desk.NewFile{picture} }),
				Deletion: &recording.Revision{
					Place: "T1/C1", By: "T1/U1", Files: []desk.Origin{origin + ":F1"}, At: at(1610241760, 13600), Ts: "1610241741.000200",
				},
			}},
		{"deletion with a file", deleted(`"deleted_ts":"1610241741.000200","previous_message":{"type":"message","user":"U1","text":"","ts":"1610241741.000200","files":[{"id":"F1","name":"a.png"}]}`),
			Request{
				Message:  with(said(""), func(m *desk.Message) { m.Files = []desk.NewFile{picture} }),
				Deletion: with(deletion("T1/U1"), func(r *recording.Revision) { r.Files = []desk.Origin{origin + ":F1"} }),
			}},
		{"preview added", changed(`"message":{"type":"message","user":"U1","text":"hi","ts":"1610241741.000200","attachments":[{}]},"previous_message":` + was), ignored("not an edit")},
		{"edited, but the same words", changed(`"message":{"type":"message","user":"U1","text":"hi","ts":"1610241741.000200","edited":{"user":"U1","ts":"1610241760.000000"}},"previous_message":` + was), ignored("same words")},
		{"our own card updated", changed(`"message":{"type":"message","subtype":"bot_message","bot_id":"B1","text":"x","ts":"1610241741.000200","edited":{"user":"B1","ts":"1610241760.000000"}}`), ignored("echo")},
		{"another bot's message updated", changed(`"message":{"type":"message","bot_id":"B2","text":"x","ts":"1610241741.000200","edited":{"user":"B2","ts":"1610241760.000000"}}`), ignored("bot")},
		{"edited at no time", changed(`"message":{"type":"message","user":"U1","text":"ho","ts":"1610241741.000200","edited":{"user":"U1","ts":"now"}}`), ignored("no time")},
		{"a topic edited", changed(`"message":{"type":"message","subtype":"channel_topic","user":"U1","text":"ho","ts":"1610241741.000200","edited":{"user":"U1","ts":"1610241760.000000"}}`), ignored("system message")},
		{"nothing changed", changed(`"previous_message":` + was), ignored("no message")},

		{"deletion", deleted(`"deleted_ts":"1610241741.000200","previous_message":` + was), Request{Message: said("hi"), Deletion: deletion("T1/U1")}},
		{"deletion, no more is known", deleted(`"deleted_ts":"1610241741.000200"`), Request{Deletion: deletion("")}},
		{"tombstone", changed(`"message":{"type":"message","subtype":"tombstone","user":"USLACKBOT","text":"This message was deleted.","ts":"1610241741.000200"},"previous_message":` + was),
			Request{Message: said("hi"), Deletion: deletion("T1/U1")}},
		{"deletion of a tombstone", deleted(`"deleted_ts":"1610241741.000200","previous_message":{"type":"message","subtype":"tombstone","user":"USLACKBOT","text":"This message was deleted.","ts":"1610241741.000200"}`),
			Request{Deletion: deletion("")}},
		{"our own message deleted", deleted(`"deleted_ts":"1610241741.000200","previous_message":{"type":"message","bot_id":"B1","text":"x","ts":"1610241741.000200"}`), Request{CardGone: &casework.CardGone{
			Place: "T1/C1", Thread: "T1/C1/1610241741.000200", TS: "1610241741.000200", By: desk.BySystem(), At: at(1610241760, 13600),
			Origin: "slack:T1:C1:1610241741.000200:deleted",
		}}},
		{"another bot's message deleted", deleted(`"deleted_ts":"1610241741.000200","previous_message":{"type":"message","bot_id":"B2","text":"x","ts":"1610241741.000200"}`), ignored("bot")},
		{"edit of a reply", changed(strings.ReplaceAll(`"message":{"type":"message",THREAD"user":"U1","text":"ho","ts":"1610241741.000200","edited":{"user":"U1","ts":"1610241760.000000"}},"previous_message":{THREAD`+was[1:], "THREAD", inThread)),
			Request{Message: with(said("hi"), replied), Edits: revisions(below(edit("ho", at(1610241760, 13600), "1610241760.000000")))}},
		{"deletion of a reply", deleted(`"deleted_ts":"1610241741.000200","previous_message":{` + inThread + was[1:]),
			Request{Message: with(said("hi"), replied), Deletion: below(deletion("T1/U1"))}},
		{"deletion of nothing", deleted(`"deleted_ts":"x"`), ignored("no time")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Interpret(envelope(tt.event), find, noChanges)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInterpretKnowsItsWorkspacesOnly(t *testing.T) {
	body := []byte(strings.ReplaceAll(string(envelope(`{"type":"message","channel":"C1","ts":"1610241741.000200","user":"U1","text":"hi"}`)), "T1", "T2"))
	got, err := Interpret(body, find, noChanges)
	if err != nil || got.Ignored != "unknown workspace" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := Interpret([]byte(`{"type":`), find, noChanges); err == nil {
		t.Error("half an event was read")
	}
}

func TestLongWordsAreKeptWhole(t *testing.T) {
	long := strings.Repeat("words ", 8000)
	text, err := json.Marshal(long)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Interpret(envelope(fmt.Sprintf(`{"type":"message","channel":"C1","ts":"1610241741.000200","user":"U1","text":%s}`, text)), find, noChanges)
	if err != nil || got.Message == nil || len(got.Message.Text) < len(long)-2 {
		t.Errorf("got %d bytes of %d, %v", len(got.Message.Text), len(long), err)
	}
}

// Whatever Slack sends, Interpret does not panic, and what it makes of it is
// fit to be stored.
func FuzzInterpret(f *testing.F) {
	for _, event := range []string{
		`{"type":"message","channel":"C1","ts":"1610241741.000200","user":"U1","text":"hi","files":[{"id":"F1"}]}`,
		`{"type":"message","subtype":"message_changed","channel":"C1","ts":"1.2","message":{"user":"U1","text":"ho","ts":"1.1","edited":{"ts":"1.0"}},"previous_message":{"user":"U1","ts":"1.1"}}`,
		`{"type":"message","subtype":"message_deleted","channel":"C1","ts":"1.2","deleted_ts":"1.1","previous_message":{"user":"U1","ts":"1.1"}}`,
		`{"type":"message","subtype":"message_changed","channel":"C1","ts":"1.2","message":{"user":"U1","text":"ho","ts":"1.1","files":[{"id":"F2"}],"edited":{"ts":"1.2"}},"previous_message":{"user":"U1","ts":"1.1","edited":{"ts":"1.1"},"files":[{"id":"F1"}]}}`,
		`{"type":"message","channel":"C1","ts":"1.1","user":"U1","attachments":[{"is_share":true,"author_id":"U2","ts":"1.0","text":"> x","message_blocks":[{"message":{"blocks":[{"type":"rich_text"}]}}]}]}`,
		`{"type":"reaction_added","user":"U2","reaction":"eyes","event_ts":"1.2","item":{"type":"message","channel":"C1","ts":"1.1"}}`,
		`{"type":"member_left_channel","user":"U2","channel":"C1","event_ts":"1.2"}`,
		`{"type":"message","channel":"C1","ts":"1610241741.0002001234","user":"U1","blocks":[{"type":"rich_text","elements":[null,{}]}]}`,
	} {
		f.Add(envelope(event))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := Interpret(body, find, noChanges)
		if err != nil {
			return
		}
		if m := r.Message; m != nil {
			if m.Place != "T1/"+m.Place[3:] || m.Origin == "" || m.Author == "" || m.At.IsZero() {
				t.Errorf("got %+v", m)
			}
			if strings.ContainsRune(m.Text, 0) {
				t.Error("text has a NUL, which a database refuses")
			}
		}
		for _, rev := range r.Edits {
			if rev.Of == "" || rev.Origin == "" || rev.Of == rev.Origin || rev.At.IsZero() || strings.ContainsRune(rev.Text, 0) {
				t.Errorf("got %+v", rev)
			}
		}
		if d := r.Deletion; d != nil && (d.Of == "" && len(d.Files) == 0 || d.Of != "" && (d.Origin == "" || d.Of == d.Origin) || d.At.IsZero()) {
			t.Errorf("got %+v", d)
		}
		if x := r.Reaction; x != nil && (x.Of == "" || x.By == "" || x.Emoji == "" || x.At.IsZero() || strings.ContainsRune(x.Emoji, 0)) {
			t.Errorf("got %+v", x)
		}
		if x := r.Member; x != nil && (x.Who == "" || x.At.IsZero()) {
			t.Errorf("got %+v", x)
		}
		if r.Message == nil && r.Edits == nil && r.Deletion == nil && r.Reaction == nil && r.Member == nil && r.Turn == nil && r.CardGone == nil && r.Ignored == "" {
			t.Error("nothing, without a reason")
		}
	})
}
