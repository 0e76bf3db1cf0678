package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack"
	"caseline/internal/slack/ident"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

func TestAPersonOpensACaseAndTalks(t *testing.T) {
	e := newEdge(t, slacksim.Options{Unfurl: true, ThreadCounters: true})
	c := e.create(e.alice, []string{"Severity", "Production impaired · answer within 4 hours"}, []string{"People to add to the chat", "bob"})
	room := e.room(c)
	if got, want := room.Members(), []string{e.app.Bot.Name, "alice", "bob"}; !cmp.Equal(got, want) {
		t.Errorf("members: got %v, want %v", got, want)
	}
	room.Post(e.alice, "before the agent came")
	e.settled()
	e.join(c)
	e.settled()
	first := room.Post(e.alice, "it *broke* <!here>")
	second := room.Post(e.bob, "see https://example.com")
	room.Reply(e.bob, first.TS, "in a thread")
	e.settled()
	second.Edit(e.bob, "see the log")
	gone := room.Post(e.bob, "oops")
	e.settled()
	gone.Delete(e.bob)
	e.settled()
	e.must(e.cases.Reply(t.Context(), casework.Reply{Case: c.ID, Agent: jane, Text: "looking", Origin: "console:1"}))
	e.settled()
	if said := e.say(room, e.alice, "/support endchat"); !strings.Contains(said, "has ended") {
		t.Errorf("told %q", said)
	}
	room.Post(e.alice, "after the end")
	want := []string{
		"message Since ten.", "chat requested", "chat joined",
		`message it **broke** \<!here>`, "message see <https://example.com>", "message thread in a thread", "edit see the log",
		"message oops", "deletion", "message looking", "chat ended customer", "transcript customer",
	}
	if diff := cmp.Diff(want, e.story(c)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	if hint := e.told(e.alice); !strings.Contains(hint, "not recorded") {
		t.Errorf("after the end alice was told %q", hint)
	}
	people, err := e.store.People(t.Context(), []desk.PersonID{ident.Person(e.self.ID, e.bob.ID)})
	e.must(err)
	if got := people[ident.Person(e.self.ID, e.bob.ID)].Name; got != "Bob Stone" {
		t.Errorf("bob is called %q", got)
	}
	if notice := room.Find(func(m world.Message) bool { return strings.Contains(m.Text, "ended the chat") }); notice == nil || !strings.HasPrefix(notice.Text(), "Alice Martin ended the chat") {
		t.Errorf("notice of the end: %v", notice.Text())
	}
}

// Everything by button, as in threads where commands do not work.
func TestEverythingByButton(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	c := e.create(e.alice)
	card := e.card(c)
	e.join(c)
	e.settled()
	e.must(card.Press(t.Context(), e.bobIn(c), "See details"))
	if w := e.ws.View(e.bob); w == nil || !strings.Contains(w.Title(), string(c.Number)) {
		t.Fatal("no details opened")
	}
	e.must(card.Press(t.Context(), e.bob, "End chat"))
	e.settled()
	if got := e.read(c).Chat; got.State != desk.ChatEnded || got.EndedBy.ID != string(ident.Person(e.self.ID, e.bob.ID)) {
		t.Errorf("chat is %+v", got)
	}
	e.must(card.Press(t.Context(), e.alice, "Invite an agent"))
	e.settled()
	if got := e.read(c).Chat; got.State != desk.ChatRequested {
		t.Errorf("chat is %+v", got)
	}
	e.must(card.Press(t.Context(), e.alice, "Resolve case"))
	e.settled()
	if got := e.read(c); got.Open() || got.Chat.State != desk.ChatEnded {
		t.Errorf("case is %+v", got)
	}
	if told := e.told(e.alice); told != "" {
		t.Errorf("what worked was commented: %q", told)
	}
}

// bobIn lets bob into a case's room.
func (e *edge) bobIn(c desk.Case) *slacksim.User {
	e.t.Helper()
	e.room(c).Invite(e.alice, e.bob)
	return e.bob
}

func TestDoubleClicksAndStaleCards(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	c := e.create(e.alice)
	card := e.card(c)
	old, _ := card.Now()
	e.join(c)
	e.settled()

	// The button is gone from the card; a client that shows the old one sends
	// it all the same.
	press := func(action string) string {
		t.Helper()
		e.stale(old, e.alice, action)
		e.settled()
		return e.told(e.alice)
	}
	e.must(card.Press(t.Context(), e.alice, "End chat"))
	if told := press("end_chat"); told != "The chat has already ended." {
		t.Errorf("second end: told %q", told)
	}
	e.must(card.Press(t.Context(), e.alice, "Invite an agent"))
	e.settled()
	if told := press("invite_agent"); !strings.Contains(told, "already asked") {
		t.Errorf("second invitation: told %q", told)
	}
	if told := press("end_chat"); !strings.Contains(told, "earlier chat") {
		t.Errorf("old card: told %q", told)
	}
	if got := e.read(c).Chat.State; got != desk.ChatRequested {
		t.Errorf("an old card ended the new chat: it is %s", got)
	}
	e.join(c)
	if told := press("invite_agent"); !strings.Contains(told, "Jane from Support is already in the chat") {
		t.Errorf("invitation during the chat: told %q", told)
	}
	e.must(card.Press(t.Context(), e.alice, "Resolve case"))
	if told := press("resolve_case"); !strings.Contains(told, "already resolved") {
		t.Errorf("second resolution: told %q", told)
	}
	if told := press("invite_agent"); !strings.Contains(told, "Reopen it first") {
		t.Errorf("invitation to a resolved case: told %q", told)
	}
	story := strings.Join(e.story(c), "\n")
	for what, want := range map[string]int{"chat requested": 2, "chat joined": 2, "chat ended": 2, "status resolved": 1, "transcript": 2} {
		if got := strings.Count(story, what); got != want {
			t.Errorf("%s: got %d, want %d, in\n%s", what, got, want, story)
		}
	}
}

func TestCommandsAnswerPlainly(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	random := e.ws.AddChannel("random", world.Public, e.alice)
	limited := e.ws.AddChannel("limited", world.Public, e.alice)
	e.configure(limited, served.MayRead)
	c := e.create(e.alice, []string{"Contact method", "Slack notifications"})
	other := e.otherAccount()
	number := string(c.Number)
	tests := []struct {
		ch   *slacksim.Channel
		text string
		want string
	}{
		{e.ops, "/support", "What you can do here"},
		{e.ops, "/support help", "`/support create`"},
		{e.ops, "/support dance <!channel>", "“dance” is not something that /support can do."},
		{random, "/support", "Support is not set up in this channel."},
		{random, "/support create", "Support is not set up in this channel."},
		{random, "/support resolve " + number, "Support is not set up in this channel."},
		{limited, "/support create", "This channel may not open cases."},
		{limited, "/support resolve " + number, "This channel may not resolve cases."},
		{limited, "/support invite " + number, "This channel may not start a live chat."},
		{limited, "/support status " + number, "*Case " + number + "* · Build is stuck"},
		{e.ops, "/support resolve", "Say which case by its number, for example /support resolve 1234567890."},
		{e.ops, "/support status soon", "“soon” is not a case number."},
		{e.ops, "/support status 1111111111", "There is no case 1111111111 that can be seen from this channel."},
		{e.ops, "/support status " + string(other.Number), "There is no case " + string(other.Number) + " that can be seen from this channel."},
		{e.ops, "/support endchat", "Say which case by its number"},
		{e.ops, "/support endchat " + number, "There is no chat to end on case " + number + ": none was asked for."},
		{e.ops, "/support STATUS #" + number, "No live chat."},
		{e.ops, "/support resolve " + number, "Case " + number + " is resolved."},
		{e.ops, "/support resolve " + number, "Case " + number + " is already resolved."},
		{e.ops, "/support invite " + number, "Case " + number + " is resolved. Reopen it first, then ask for a chat."},
	}
	for _, tt := range tests {
		if got := e.say(tt.ch, e.alice, tt.text); !strings.Contains(got, tt.want) {
			t.Errorf("%s in #%s: told %q, want %q", tt.text, tt.ch.Name(), got, tt.want)
		}
	}
}

// otherAccount opens a case of another account.
func (e *edge) otherAccount() desk.Case {
	e.t.Helper()
	c, err := e.cases.Open(e.t.Context(), casework.Open{
		Account: "999999999999", Workspace: e.self.ID, Asked: ident.Channel(e.self.ID, "C0OTHER"), Requester: ident.Person(e.self.ID, "U0OTHER"),
		Subject: "secret", Description: "secret", Severity: desk.SeverityLow, Origin: "other", Chat: true,
	})
	e.must(err)
	return c
}

func TestCommandsInAChat(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	c := e.create(e.alice)
	room := e.room(c)
	number := string(c.Number)
	steps := []struct {
		do   func()
		text string
		want string
	}{
		{nil, "/support", "`/support endchat`"},
		{nil, "/support create", "This channel is for case " + number},
		{nil, "/support invite", "already asked to join"},
		{nil, "/support status", "Waiting for an agent"},
		{nil, "/support endchat", "request for an agent on case " + number + " is cancelled"},
		{nil, "/support endchat", "it has already ended"},
		{nil, "/support help", "`/support invite`"},
		{nil, "/support invite", "Support was asked to join"},
		{func() { e.join(c) }, "/support invite", "Jane from Support is already in the chat"},
		{func() { e.configure(e.ops, served.MayRead) }, "/support resolve", "This channel may not resolve cases."},
		{nil, "/support endchat", "The chat on case " + number + " has ended"}, // whoever is here may
		{nil, "/support invite", "This channel may not start a live chat."},
		{func() { e.configure(e.ops, served.FullPermissions()...) }, "/support resolve", "Case " + number + " is resolved."},
		{nil, "/support help", "`/support status`"},
	}
	for _, s := range steps {
		if s.do != nil {
			s.do()
		}
		if got := e.say(room, e.alice, s.text); !strings.Contains(got, s.want) {
			t.Errorf("%s: told %q, want %q", s.text, got, s.want)
		}
	}
}

func TestFormSaysWhatIsWrong(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	a, err := e.ops.Command(t.Context(), e.alice, "/support create Printer burns")
	e.must(err)
	if v, err := a.Form.Value("Subject"); err != nil || fmt.Sprint(v["value"]) != "Printer burns" {
		t.Errorf("subject is %v, %v", v, err)
	}
	e.must(a.Form.Set(t.Context(), "Subject", "   "))
	e.must(a.Form.Set(t.Context(), "Description", "It burns."))
	problems, err := a.Form.Submit(t.Context())
	e.must(err)
	if diff := cmp.Diff(map[string]string{"subject": "Write a subject: a few words that say what it is about."}, problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	e.configure(e.ops, served.MayRead)
	e.must(a.Form.Set(t.Context(), "Subject", "Printer burns"))
	if problems, err := a.Form.Submit(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("got %v, %v", problems, err)
	}
	if now, ok := a.Form.Now(); !ok || !strings.Contains(fmt.Sprint(now.Blocks), "may not open cases") {
		t.Errorf("the form does not say that it is not allowed any more: %v", now.Blocks)
	}
	if cases, err := e.store.RecentCases(t.Context(), time.Time{}, 9); err != nil || len(cases) != 0 {
		t.Errorf("%d cases were opened, %v", len(cases), err)
	}
}

func TestFormWithoutChat(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	e.configure(e.ops, served.MayCreate)
	a, err := e.ops.Command(t.Context(), e.alice, "/support create-case")
	e.must(err)
	for range 2 {
		_, problems, err := a.Form.Step(t.Context(), matter()...)
		if e.must(err); len(problems) > 0 {
			t.Fatal(problems)
		}
	}
	want := []string{"Contact language", "Contact method", "Additional contacts", "Files"}
	if diff := cmp.Diff(want, a.Form.Labels()); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if got, err := a.Form.Options("Contact method"); err != nil || !cmp.Equal(got, []string{"Slack notifications"}) {
		t.Errorf("contact: %v, %v", got, err)
	}
}

func TestFormShowsMembersForALiveChatOnly(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	a, err := e.ops.Command(t.Context(), e.alice, "/support create")
	e.must(err)
	for range 2 {
		_, problems, err := a.Form.Step(t.Context(), matter()...)
		if e.must(err); len(problems) > 0 {
			t.Fatal(problems)
		}
	}
	e.must(a.Form.Set(t.Context(), "Additional contacts", "bob@example.com"))
	short := []string{"Contact language", "Contact method", "Additional contacts", "Files"}
	for _, step := range []struct {
		contact string
		want    []string
	}{
		{"Slack notifications", short},
		{"Live chat in Slack", []string{"Contact language", "Contact method", "People to add to the chat", "Additional contacts", "Files"}},
	} {
		e.must(a.Form.Set(t.Context(), "Contact method", step.contact))
		if diff := cmp.Diff(step.want, a.Form.Labels()); diff != "" {
			t.Errorf("%s: fields (-want +got):\n%s", step.contact, diff)
		}
		if v, err := a.Form.Value("Additional contacts"); err != nil || fmt.Sprint(v["value"]) != "bob@example.com" {
			t.Errorf("%s: the addresses are %v, %v", step.contact, v, err)
		}
	}
}

func TestDescriptionIsTakenAsTyped(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	c := e.create(e.alice, []string{"Description", "if a < b && c > d\n<!channel> <@U1>"})
	m, _ := e.card(c).Now()
	if s := fmt.Sprint(m.Blocks); !strings.Contains(s, "if a < b && c > d\n<!channel> <@U1>") {
		t.Errorf("card does not show the description as typed: %s", s)
	}
}

func TestFormCannotBeOpenedTooLate(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	e.sim.Refuse("views.open", "expired_trigger_id")
	if got := e.say(e.ops, e.alice, "/support create"); !strings.Contains(got, "within three seconds") {
		t.Errorf("told %q", got)
	}
	e.sim.Refuse("views.open", "invalid_arguments")
	if got := e.say(e.ops, e.alice, "/support create"); !strings.Contains(got, "went wrong on our side") {
		t.Errorf("told %q", got)
	}
}

// The button's own address is used up: the person is told by a message.
func TestPrivateAnswerFallsBack(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	c := e.create(e.alice)
	card := e.card(c)
	old, _ := card.Now()
	e.must(card.Press(t.Context(), e.alice, "End chat"))
	e.settled()
	e.sim.Fail("response_url", slacksim.Lost)
	e.stale(old, e.alice, "end_chat")
	if told := e.told(e.alice); told != "The chat has already ended." {
		t.Errorf("told %q", told)
	}
}

func TestFileOfAChatIsBroughtHere(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	c := e.create(e.alice)
	room := e.room(c)
	e.join(c)
	e.settled()
	room.Upload(e.alice, "log.txt", []byte("it broke"), "see the log")
	want := []string{"message Since ten.", "chat requested", "chat joined", "message see the log", "file log.txt"}
	if diff := cmp.Diff(want, e.story(c)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	files, err := e.store.Files(t.Context(), c.ID)
	e.must(err)
	if len(files) != 1 || files[0].State != desk.FileReady {
		t.Errorf("files: %+v", files)
	}
}

// An edit that overtakes its message, and a deletion that does, keep the words.
func TestChangesThatComeFirst(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	c := e.create(e.alice)
	room := e.room(c)
	e.join(c)
	e.settled()
	before := e.story(c)
	at, _ := ident.Split(e.read(c).Place)
	ts := func(n int) string { return fmt.Sprintf("%d.00000%d", time.Now().Unix()+1, n) }
	user := e.alice.ID
	message := func(n int) string {
		return fmt.Sprintf(`{"type":"message","channel":%q,"ts":%q,"event_ts":%q,"user":%q,"text":"first"}`, at.Channel, ts(n), ts(n), user)
	}
	edit := fmt.Sprintf(`{"type":"message","subtype":"message_changed","channel":%q,"ts":%q,"event_ts":%q,
		"message":{"type":"message","user":%q,"text":"second","ts":%q,"edited":{"user":%q,"ts":%q}},
		"previous_message":{"type":"message","user":%q,"text":"first","ts":%q}}`, at.Channel, ts(8), ts(8), user, ts(1), user, ts(7), user, ts(1))
	deletion := fmt.Sprintf(`{"type":"message","subtype":"message_deleted","channel":%q,"ts":%q,"event_ts":%q,"deleted_ts":%q,
		"previous_message":{"type":"message","user":%q,"text":"first","ts":%q}}`, at.Channel, ts(9), ts(9), ts(2), user, ts(2))
	for i, event := range []string{edit, message(1), edit, deletion, message(2), deletion} {
		_, err := e.inbox.Accept(t.Context(), desk.Event{
			Key: fmt.Sprint(i), Lane: desk.PlaceLane(e.read(c).Place),
			Body: fmt.Appendf(nil, `{"type":"event_callback","team_id":%q,"event":%s}`, e.self.ID, event),
		})
		e.must(err)
	}
	want := append(before, "message first", "edit second", "message first", "deletion")
	if diff := cmp.Diff(want, e.story(c)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	_ = room
}

func TestChannelsAreChecked(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	secret := e.ws.AddChannel("secret", world.Private, e.alice)
	public := e.ws.AddChannel("public", world.Public, e.alice)
	closed := e.ws.AddChannel("closed", world.Public, e.alice)
	closed.Invite(e.alice, e.app.Bot)
	closed.Archive(e.alice)
	for _, tt := range []struct {
		ch   *slacksim.Channel
		want string
	}{
		{e.ops, ""}, {secret, "private and the app is not in it"}, {public, "invite the app there"}, {closed, "archived"},
	} {
		err := slack.CheckChannel(t.Context(), e.api, desk.ChannelID(tt.ch.ID))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
}

func TestSetupSaysWhoWeAre(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	want := served.Workspace{ID: desk.WorkspaceID(e.ws.ID), Name: "acme", AppID: "A0SUPPORT", BotID: e.app.BotID, BotUID: e.app.Bot.ID}
	got := e.self
	got.URL = ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("workspace (-want +got):\n%s", diff)
	}
	kept, err := e.store.Workspace(t.Context(), e.self.ID)
	if err != nil || kept != e.self {
		t.Errorf("kept %+v, %v", kept, err)
	}
	e.sim.Refuse("auth.test", "invalid_auth")
	if _, err := slack.Setup(t.Context(), e.api, e.store, ident.NewInstalled(), nil); err == nil || !strings.Contains(err.Error(), "invalid_auth") {
		t.Errorf("got %v", err)
	}
}
