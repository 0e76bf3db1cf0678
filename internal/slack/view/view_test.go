package view

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/served"
	"caseline/internal/slacksim/blockkit"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func sample() desk.Case {
	return desk.Case{
		ID: "case-111122223333-2026-00000000000000ab", Number: "1234567890", Account: "111122223333", Workspace: "T1",
		Requester: "T1/U1", Subject: "Build is <stuck> & *angry*", Description: "Since ten.", Severity: desk.SeverityHigh,
		Status: desk.StatusUnassigned, Asked: "T1/C1", CreatedAt: noon,
		Chat: desk.ChatSession{ID: "chat-1", State: desk.ChatRequested, Requester: "T1/U1", RequestedAt: noon},
	}
}

var names = Names{Person: func(id string) string {
	return map[string]string{"T1/U1": "Alice <!channel>", "T1/U2": "Bob"}[id]
}}

func ended(c desk.Case) desk.Case {
	c.Status = desk.StatusWorkInProgress
	c.Chat.State, c.Chat.JoinedAt, c.Chat.EndedAt = desk.ChatEnded, noon.Add(time.Minute), noon.Add(time.Hour)
	c.Chat.AgentName, c.Chat.EndedBy, c.Chat.Reason = "Jane", desk.ByCustomer("T1/U2"), desk.EndedByCustomer
	c.Chat.Messages, c.Chat.Files = 12, 1
	return c
}

func inProgress(c desk.Case) desk.Case {
	c.Status = desk.StatusWorkInProgress
	c.Chat.State, c.Chat.JoinedAt, c.Chat.AgentName = desk.ChatInProgress, noon.Add(time.Minute), "Jane"
	return c
}

func resolved(c desk.Case) desk.Case {
	c.Status = desk.StatusResolved
	return c
}

// asSlack reads blocks as generic JSON, and as an independent library does.
func asSlack(t *testing.T, blocks []Block) []blockkit.Block {
	t.Helper()
	text, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var generic []blockkit.Block
	if err := json.Unmarshal(text, &generic); err != nil {
		t.Fatal(err)
	}
	var theirs slack.Blocks
	if err := json.Unmarshal(text, &theirs); err != nil {
		t.Fatalf("slack-go cannot read our blocks: %v", err)
	}
	again, err := json.Marshal(theirs)
	if err != nil {
		t.Fatal(err)
	}
	for _, lost := range missing("", decoded(t, text), decoded(t, again)) {
		t.Errorf("slack-go does not know %s", lost)
	}
	return generic
}

func decoded(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// missing lists the paths of ours that are not in theirs.
func missing(at string, ours, theirs any) []string {
	var lost []string
	switch ours := ours.(type) {
	case map[string]any:
		theirs, _ := theirs.(map[string]any)
		for key, value := range ours {
			other, ok := theirs[key]
			if !ok && value != false {
				lost = append(lost, at+"/"+key)
				continue
			}
			lost = append(lost, missing(at+"/"+key, value, other)...)
		}
	case []any:
		theirs, _ := theirs.([]any)
		if len(ours) != len(theirs) {
			return []string{at}
		}
		for i := range ours {
			lost = append(lost, missing(fmt.Sprintf("%s/%d", at, i), ours[i], theirs[i])...)
		}
	}
	return lost
}

func checkMessage(t *testing.T, m Message) {
	t.Helper()
	if strings.TrimSpace(m.Text) == "" || width(m.Text) > 4000 {
		t.Errorf("text has %d characters", width(m.Text))
	}
	for _, p := range blockkit.CheckMessage(asSlack(t, m.Blocks)) {
		t.Errorf("Slack would refuse the message: %v", p)
	}
}

func checkView(t *testing.T, v View) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	_, problems := blockkit.ParseView(text, "modal")
	for _, p := range problems {
		t.Errorf("Slack would refuse the form: %v", p)
	}
	if len(text) > 250_000 {
		t.Errorf("form has %d bytes", len(text))
	}
	asSlack(t, v.Blocks)
}

func buttons(blocks []Block) []string {
	var ids []string
	for _, b := range blocks {
		if b.Type != "actions" {
			continue
		}
		for _, e := range b.Elements {
			ids = append(ids, e.(*Element).ActionID)
		}
	}
	return ids
}

func text(blocks []Block) string {
	var b strings.Builder
	put := func(t *Text) {
		if t != nil {
			b.WriteString(t.Text + "\n")
		}
	}
	for _, block := range blocks {
		put(block.Text)
		for _, f := range block.Fields {
			put(f)
		}
		for _, e := range block.Elements {
			if t, ok := e.(*Text); ok {
				put(t)
			}
		}
	}
	return b.String()
}

func TestCardSaysWhereTheChatStandsAndWhatCanBeDone(t *testing.T) {
	cancelled := sample()
	cancelled.Chat.State, cancelled.Chat.EndedAt, cancelled.Chat.EndedBy = desk.ChatEnded, noon, desk.ByCustomer("T1/U2")
	noPlace := sample()
	noPlace.Chat.State, noPlace.Chat.Reason, noPlace.Chat.EndedBy = desk.ChatEnded, desk.EndedNoPlace, desk.BySystem()
	tests := []struct {
		name    string
		c       desk.Case
		line    string
		buttons []string
	}{
		{"requested", sample(), "*Waiting for an agent* · since", []string{ActionEnd, ActionDetails, ActionResolve}},
		{"in progress", inProgress(sample()), "*Jane from Support* is here since", []string{ActionEnd, ActionDetails, ActionResolve}},
		{"ended", ended(sample()), "*Ended* by Bob at <!date^1772456400^{time}|13:00 UTC> · 12 messages and 1 file saved", []string{ActionInvite, ActionElsewhere, ActionDetails, ActionResolve}},
		{"cancelled", cancelled, "*Request cancelled* by Bob", []string{ActionInvite, ActionElsewhere, ActionDetails, ActionResolve}},
		{"no place", noPlace, "could not be started", []string{ActionInvite, ActionElsewhere, ActionDetails, ActionResolve}},
		{"resolved", resolved(ended(sample())), "*Ended* by Bob", []string{ActionDetails, ActionReopen}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := Card(tt.c, "Acme", names)
			checkMessage(t, m)
			if got := text(m.Blocks); !strings.Contains(got, tt.line) {
				t.Errorf("card does not say %q:\n%s", tt.line, got)
			}
			if diff := cmp.Diff(tt.buttons, buttons(m.Blocks)); diff != "" {
				t.Errorf("buttons (-want +got):\n%s", diff)
			}
			for _, fact := range []string{"1234567890", "Build is <stuck> & *angry*", "Production impaired · answer within 4 hours", "Acme", "Alice &lt;!channel&gt;"} {
				if !strings.Contains(text(m.Blocks), fact) {
					t.Errorf("card does not say %q", fact)
				}
			}
		})
	}
}

func TestEndAndResolveAskFirst(t *testing.T) {
	for _, c := range []desk.Case{sample(), inProgress(sample())} {
		for _, b := range Card(c, "Acme", names).Blocks {
			for _, e := range b.Elements {
				if e, ok := e.(*Element); ok && (e.ActionID == ActionEnd || e.ActionID == ActionResolve) != (e.Confirm != nil) {
					t.Errorf("%s: confirm is %v", e.ActionID, e.Confirm)
				}
			}
		}
	}
}

func TestPressRoundTrip(t *testing.T) {
	for _, p := range []Press{{Case: "case-1", Chat: "chat-1"}, {Case: "case-1"}} {
		if got, ok := ReadPress(p.value()); !ok || got != p {
			t.Errorf("got %+v, %v, want %+v", got, ok, p)
		}
	}
	for _, s := range []string{"", "case-1", " chat-1"} {
		if p, ok := ReadPress(s); ok {
			t.Errorf("ReadPress(%q): got %+v", s, p)
		}
	}
}

func TestNotices(t *testing.T) {
	jane := desk.Actor{Side: desk.SideAgent, ID: "a", Name: "Jane"}
	bob := desk.ByCustomer("T1/U2")
	chat := func(what desk.ChatEvent, by desk.Actor, reason desk.EndReason) desk.Correspondence {
		return desk.Correspondence{Kind: desk.KindChat, What: string(what), Author: by, Text: string(reason), At: noon}
	}
	tests := []struct {
		name string
		e    desk.Correspondence
		want string
	}{
		{"requested again", chat(desk.EventRequested, bob, ""), "Bob asked for an agent. Until one joins, nothing written here is shared or recorded."},
		{"joined", chat(desk.EventJoined, jane, ""), "Jane from Support joined. Messages are now shared with Support and recorded."},
		{"cancelled", chat(desk.EventCancelled, bob, desk.EndedCancelled), "Request cancelled by Bob. Nothing was recorded. To talk again, press *Invite an agent* on the pinned message."},
		{"ended", chat(desk.EventEnded, bob, desk.EndedByCustomer), "Bob ended the chat at <!date^1772452800^{time}|12:00 UTC>. 12 messages and 1 file saved on case 1234567890. Nothing written from now on is shared or recorded. To talk again, press *Invite an agent* on the pinned message."},
		{"ended by resolving", chat(desk.EventEnded, jane, desk.EndedResolved), "Jane from Support ended the chat at <!date^1772452800^{time}|12:00 UTC>. 12 messages and 1 file saved on case 1234567890. Nothing written from now on is shared or recorded."},
		{"ended by itself", chat(desk.EventEnded, desk.BySystem(), desk.EndedIdle), "The chat ended at <!date^1772452800^{time}|12:00 UTC> because nobody here had written for a while. 12 messages and 1 file saved on case 1234567890. Nothing written from now on is shared or recorded. To talk again, press *Invite an agent* on the pinned message."},
		{"reopened", desk.Correspondence{Kind: desk.KindStatus, What: string(desk.StatusReopened), Author: bob}, "Case 1234567890 was reopened by Bob. To talk to Support here, press *Invite an agent*."},
		{"severity", desk.Correspondence{Kind: desk.KindStatus, What: desk.ChangedSeverity, Text: "urgent", Author: jane}, "Jane from Support changed the severity of case 1234567890 to *Production down*: answers come within 1 hour."},
		{"resolved", desk.Correspondence{Kind: desk.KindStatus, What: string(desk.StatusResolved), Author: bob}, "Case 1234567890 was resolved by Bob."},
		{"somebody unknown", desk.Correspondence{Kind: desk.KindStatus, What: string(desk.StatusResolved), Author: desk.ByCustomer("T1/U9")}, "Case 1234567890 was resolved by Someone."},
		{"a status of later", desk.Correspondence{Kind: desk.KindStatus, What: "on-hold", Author: bob}, "Case 1234567890: on-hold."},
	}
	c := ended(sample())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := Notice(c, c.Chat, tt.e, names)
			checkMessage(t, m)
			if m.Text != tt.want {
				t.Errorf("got  %q\nwant %q", m.Text, tt.want)
			}
		})
	}
}

func TestLink(t *testing.T) {
	c := sample()
	m := Link(c, "C9", names)
	checkMessage(t, m)
	if want := "Alice &lt;!channel&gt; opened case 1234567890: Build is &lt;stuck&gt; &amp; *angry*\nLive chat in <#C9>."; m.Text != want {
		t.Errorf("got %q, want %q", m.Text, want)
	}
	c.Requester = "T1/U9"
	m = Link(c, "", names)
	checkMessage(t, m)
	if want := "Case 1234567890: Build is &lt;stuck&gt; &amp; *angry*\nSupport answers within 4 hours."; m.Text != want {
		t.Errorf("got %q, want %q", m.Text, want)
	}
}

func TestPrivateLines(t *testing.T) {
	c := ended(sample())
	checkMessage(t, Ended(c))
	if diff := cmp.Diff([]string{ActionInvite, ActionReply}, buttons(Ended(c).Blocks)); diff != "" {
		t.Errorf("buttons of the hint after the end (-want +got):\n%s", diff)
	}
	checkMessage(t, Ended(resolved(c)))
	if diff := cmp.Diff([]string{ActionReopen}, buttons(Ended(resolved(c)).Blocks)); diff != "" {
		t.Errorf("buttons of the hint on a resolved case (-want +got):\n%s", diff)
	}
	for reason, want := range map[string]string{
		"restricted_action": "this workspace does not let apps make channels",
		"weird_error":       "it refused (weird_error)",
		"":                  "(no reason given)",
	} {
		m := NoPlace(c, reason, names)
		checkMessage(t, m)
		if !strings.Contains(m.Text, want) {
			t.Errorf("%q: got %q", reason, m.Text)
		}
	}
	if got, want := NotAdded([]string{"Ann", "Bob", "<C>"}).Text, "Slack did not let us add Ann, Bob and &lt;C&gt; to this channel. Somebody who may can add them."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	checkMessage(t, StatusLine(c, Where{Channel: "C9"}, names))
	checkMessage(t, Say("<!channel> & more"))
	if got := Say("<!channel> & more").Text; got != "&lt;!channel&gt; &amp; more" {
		t.Errorf("got %q", got)
	}
}

func TestHelpListsWhatWorksHere(t *testing.T) {
	tests := []struct {
		name string
		h    Here
		has  []string
		not  []string
	}{
		{"nowhere", Here{Command: "/support"}, []string{"not set up"}, []string{"create"}},
		{"configured, everything", Here{Command: "/hilfe", Configured: true, MayCreate: true, MayChat: true, MayReply: true, MayResolve: true, MayRead: true},
			[]string{"`/hilfe create`", "`/hilfe reply &lt;number&gt;`", "`/hilfe resolve &lt;number&gt;`", "`/hilfe invite &lt;number&gt;`", "`/hilfe status &lt;number&gt;`", "`/hilfe help`"}, []string{"endchat"}},
		{"configured, read only", Here{Command: "/support", Configured: true, MayRead: true}, []string{"status"}, []string{"create", "resolve", "invite", "reply"}},
		{"live chat", Here{Command: "/support", Configured: true, Chat: true, Live: true, Open: true, MayChat: true, MayResolve: true, MayRead: true},
			[]string{"`/support endchat`", "`/support resolve`", "`/support status`"}, []string{"invite", "create"}},
		{"chat over", Here{Command: "/support", Configured: true, Chat: true, Open: true, MayChat: true, MayReply: true, MayRead: true},
			[]string{"`/support invite`", "`/support reply`", "`/support status`"}, []string{"endchat", "resolve"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := Help("I do not know <that>.", tt.h)
			checkMessage(t, m)
			for _, s := range append(tt.has, "I do not know &lt;that&gt;.") {
				if !strings.Contains(m.Text, s) {
					t.Errorf("help does not say %q: %s", s, m.Text)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(m.Text, s) {
					t.Errorf("help says %q: %s", s, m.Text)
				}
			}
		})
	}
}

func fields(v View) []string {
	var ids []string
	for _, b := range v.Blocks {
		ids = append(ids, b.ID)
	}
	return ids
}

func TestCreateForm(t *testing.T) {
	how := []string{FieldLanguage, FieldContact, FieldCC, FieldFiles}
	chat := []string{FieldLanguage, FieldContact, FieldMembers, FieldCC, FieldFiles}
	thread := []string{FieldLanguage, FieldContact, FieldPlace, FieldMembers, FieldCC, FieldFiles}
	about := NewCase{IssueType: "technical"}
	service := NewCase{IssueType: "technical", Service: "api"}
	two := []served.Account{{ID: "111122223333", Name: "Acme"}, {ID: "444455556666"}}
	tests := []struct {
		name, step string
		f          NewCaseForm
		want       []string
	}{
		{"what", StepWhat, NewCaseForm{}, []string{FieldSubject, FieldDescription}},
		{"what, several accounts", StepWhat, NewCaseForm{Accounts: two}, []string{FieldAccount, FieldSubject, FieldDescription}},
		{"what, something begun", StepWhat, NewCaseForm{Begun: personal.Draft{ID: "create V1"}}, []string{"", "begun", "", FieldSubject, FieldDescription}},
		{"about", StepAbout, NewCaseForm{NewCase: about}, []string{FieldIssueType, "service:technical", FieldSeverity}},
		{"about a service", StepAbout, NewCaseForm{NewCase: service}, []string{FieldIssueType, "service:technical", "category:technical:api", FieldSeverity}},
		{"how, with chat", StepHow, NewCaseForm{Chat: true}, chat},
		{"how, with a thread", StepHow, NewCaseForm{Chat: true, Thread: true}, thread},
		{"how, with chat, case only chosen", StepHow, NewCaseForm{Chat: true, NewCase: NewCase{Contact: ContactCase}}, how},
		{"how, chat not allowed", StepHow, NewCaseForm{NewCase: NewCase{Contact: ContactChat}}, how},
		{"how, nobody there", StepHow, NewCaseForm{Away: "Nobody is there."}, append([]string{""}, how...)},
		{"review", StepReview, NewCaseForm{NewCase: service, Away: "Nobody is there."}, []string{"", "", "", "draft", "", ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.f.Asked, tt.f.Related, tt.f.Subject, tt.f.Description, tt.f.Catalogue = "T1/C1", "case-1", "Printer", "It burns.", someCatalogue()
			v := CreateForm(tt.f, tt.step)
			checkView(t, v)
			if diff := cmp.Diff(tt.want, fields(v)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			n, step, thread := ReadCreateForm(v.PrivateMetadata)
			if n.Asked != "T1/C1" || n.Related != "case-1" || step != tt.step || thread != tt.f.Thread || v.CallbackID != CallbackCreate {
				t.Errorf("got %+v, %s, %v back", n, step, thread)
			}
		})
	}
}

func someCatalogue() *matters.Catalogue {
	return &matters.Catalogue{
		IssueTypes: []matters.IssueType{{Code: "technical", Name: "Technical", Services: []matters.Service{{Code: "api", Name: "API", Categories: []matters.Category{{Code: "error", Name: "Error"}}}}}},
		Severities: []matters.SeverityLevel{{Severity: desk.SeverityNormal, Name: "System impaired", FirstResponse: time.Hour}},
		Languages:  []matters.Language{{Code: "en", Name: "English"}},
	}
}

// Whatever people typed, however long, Slack takes what we make of it, and
// nothing in it becomes a token.
func TestPropertyAnyTextFits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.OneOf(
			rapid.StringN(0, 5000, -1),
			rapid.StringOfN(rapid.SampledFrom([]rune("<>&!@#*_~`|^ \n😀é")), 0, 5000, -1),
		).Draw(rt, "text")
		c := sample()
		c.Subject, c.Description, c.Chat.AgentName = s, s, s
		c.Chat.EndedBy = desk.Actor{Side: desk.SideAgent, Name: s}
		state := rapid.SampledFrom([]func(desk.Case) desk.Case{
			func(c desk.Case) desk.Case { return c }, inProgress, ended,
		}).Draw(rt, "state")
		c = state(c)
		c.Chat.AgentName = s
		anyone := Names{Person: func(string) string { return s }}
		e := desk.Correspondence{Kind: desk.KindChat, What: string(desk.EventEnded), Author: desk.ByCustomer("T1/U1"), At: noon}
		for _, m := range []Message{
			Card(c, s, anyone), Notice(c, c.Chat, e, anyone), Link(c, "C1", anyone), NoPlace(c, s, anyone),
			NotAdded([]string{s, s}), StatusLine(c, Where{Channel: "C1"}, anyone), Say(s), Help(s, Here{Command: s, Configured: true, MayCreate: true}),
		} {
			checkMessage(t, m)
			for _, b := range m.Blocks {
				checkTokens(t, b.Text)
				for _, f := range b.Fields {
					checkTokens(t, f)
				}
			}
		}
		form := NewCaseForm{NewCase: NewCase{Asked: "T1/C1", Subject: "s" + s, Description: "d" + s, CC: s, Contact: ContactChat}, Chat: true, Catalogue: someCatalogue(), BegunWith: s, Begun: personal.Draft{ID: "create V1"}}
		for _, step := range []string{StepWhat, StepAbout, StepHow, StepReview} {
			checkView(t, CreateForm(form, step))
		}
		checkMessage(t, Draft(form, "U1"))
		checkView(t, Sorry(s, s))
		if w := width(Topic(c)); w > 250 || strings.ContainsAny(Topic(c), "<>") {
			t.Errorf("topic has %d characters: %q", w, Topic(c))
		}
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// checkTokens looks for tokens that are not ours.
func checkTokens(t *testing.T, x *Text) {
	t.Helper()
	if x == nil || x.Type != "mrkdwn" {
		return
	}
	if !x.Verbatim {
		t.Error("Slack may make links of a text")
	}
	for _, part := range strings.Split(x.Text, "<")[1:] {
		if !strings.HasPrefix(part, "!date^") && !strings.HasPrefix(part, "#C1>") {
			t.Errorf("a token of somebody else's: <%.20s", part)
		}
	}
}

func TestWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		15 * time.Minute: "15 minutes", time.Hour: "1 hour", 4 * time.Hour: "4 hours", 24 * time.Hour: "24 hours", 90 * time.Minute: "90 minutes", time.Minute: "1 minute",
	} {
		if got := within(d); got != want {
			t.Errorf("within(%v): got %q, want %q", d, got, want)
		}
	}
	for _, s := range desk.Severities() {
		if s.Level().Name == string(s) {
			t.Errorf("severity %q has no word", s)
		}
	}
	for _, s := range []desk.Status{
		desk.StatusUnassigned, desk.StatusOpened, desk.StatusWorkInProgress, desk.StatusPendingCustomer,
		desk.StatusCustomerAnswered, desk.StatusReopened, desk.StatusResolved,
	} {
		if statusWord(s) == string(s) {
			t.Errorf("status %q has no word", s)
		}
	}
}

func TestCutKeepsEntitiesWhole(t *testing.T) {
	for _, tt := range []struct {
		in    string
		limit int
		want  string
	}{
		{"short", 10, "short"},
		{"a<b", 6, "a&lt;b"},
		{"aa<bb", 6, "aa…"},
		{"😀😀😀", 5, "😀😀…"},
		{"bad \xff", 10, "bad \uFFFD"},
	} {
		if got := escaped(tt.in, tt.limit); got != tt.want {
			t.Errorf("escaped(%q, %d): got %q, want %q", tt.in, tt.limit, got, tt.want)
		}
	}
}

// Slack refuses a message with two rows of one name, and then nobody hears.
func TestDetailsStandBesideTheButtonsOfALostChat(t *testing.T) {
	c := desk.Case{ID: "case-1", Number: "1234567890", Status: desk.StatusWorkInProgress}
	c.Chat = desk.ChatSession{ID: "chat-1", Case: c.ID, State: desk.ChatEnded, Reason: desk.EndedArchived}
	e := desk.Correspondence{Kind: desk.KindChat, What: string(desk.EventEnded), Text: string(desk.EndedArchived), Author: desk.BySystem()}
	m := WithDetails(Notice(c, c.Chat, e, Names{}), c)
	seen := map[string]int{}
	for _, b := range m.Blocks {
		if b.ID != "" {
			seen[b.ID]++
		}
	}
	for id, n := range seen {
		if n > 1 {
			t.Errorf("got %d rows called %q", n, id)
		}
	}
	if last := m.Blocks[len(m.Blocks)-1]; len(last.Elements) != 2 {
		t.Errorf("got %d buttons, want Invite an agent and See details", len(last.Elements))
	}
}
