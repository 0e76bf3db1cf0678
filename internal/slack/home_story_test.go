package slack_test

import (
	"strings"
	"testing"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
	"caseline/internal/store"
)

// sees waits until somebody's home says something, or does not.
func (e *edge) sees(h *slacksim.Home, has bool, texts ...string) {
	e.t.Helper()
	for _, text := range texts {
		e.wait("the home to say "+text, func() bool { return strings.Contains(h.Words(), text) == has })
	}
}

// opens opens a case of somebody without a form, with or without a chat.
func (e *edge) opens(u *slacksim.User, in *slacksim.Channel, subject string, chat bool) desk.Case {
	e.t.Helper()
	c, err := e.cases.Open(e.t.Context(), casework.Open{
		Account: "111122223333", Workspace: e.self.ID, Asked: ident.Channel(e.self.ID, desk.ChannelID(in.ID)), Requester: ident.Person(e.self.ID, u.ID),
		Subject: subject, Description: "Since ten.", Severity: desk.SeverityNormal, IssueType: "technical", Service: "api", Category: "error", Language: "en",
		Chat: chat, Origin: desk.Origin("test:" + subject),
	})
	e.must(err)
	return c
}

func TestTheHomeShowsWhatIsOpenAndFollowsIt(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	home := e.ws.OpenHome(e.alice, e.app)
	e.sees(home, true, "You have no open cases.", "Create a support case")

	quiet, live := e.opens(e.alice, e.ops, "Quiet one", false), e.opens(e.alice, e.ops, "Live one", true)
	bobs := e.opens(e.bob, e.ops, "Bob's", false)
	e.sees(home, true, "Quiet one", "Live one", "You take part in 2 open cases.", "*Live chats*", string(quiet.Number))
	if words := home.Words(); strings.Contains(words, "Bob's") || strings.Index(words, "Live one") > strings.Index(words, "Quiet one") {
		t.Errorf("the home is\n%s", words)
	}
	_, err := e.cases.Answer(t.Context(), casework.Answer{Case: bobs.ID, Answer: desk.Answer{By: desk.ByCustomer(ident.Person(e.self.ID, e.alice.ID)), Text: "me too", Origin: "o1"}})
	e.must(err)
	e.sees(home, true, "Bob's")
	e.join(live)
	e.sees(home, true, "Jane")

	// Everything is done by the buttons that there are elsewhere.
	e.must(home.Press(t.Context(), "See details"))
	if w := e.ws.View(e.alice); w == nil || !strings.Contains(w.Title(), string(live.Number)) {
		t.Fatalf("details: %q", e.shown(e.alice))
	}
	_, _, err = e.cases.Resolve(t.Context(), casework.Resolve{Target: casework.Target{Case: live.ID}, By: desk.ByAgent(jane), Origin: "o2"})
	e.must(err)
	e.sees(home, false, "Live one")
	e.must(home.Press(t.Context(), "Reply"))
	problems, err := e.ws.View(e.alice).FillIn(t.Context(), []string{"Your reply", "from my home"})
	e.must(err)
	if story := strings.Join(e.story(bobs), "\n"); len(problems) > 0 || !strings.Contains(story, "from my home") {
		t.Errorf("%v; the log is\n%s", problems, story)
	}
	e.must(home.Press(t.Context(), "Resolve case"))
	e.sees(home, false, "Bob's")
	if c := e.read(bobs); c.Open() {
		t.Error("the case is open")
	}
}

// B6 holds on the home, too: what one may do follows from the channel that asked,
// as it is set now, for this person, who must be in it or in the chat.
func TestB6_TheHomeAllowsWhatTheChannelOfTheCaseDoes(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	e.opens(e.alice, e.ops, "Build is stuck", false)
	home := e.ws.OpenHome(e.alice, e.app)
	e.sees(home, true, "Build is stuck", "Reply", "Resolve case")
	stale, _ := home.Now()

	// What is on the home stays there, so that it shows what was allowed.
	stays := e.sim.Fail("views.publish", slacksim.Lost, slacksim.Always)
	e.configure(e.ops, served.MayRead)
	for _, tt := range []struct{ button, says string }{{"Reply", "may not answer cases"}, {"Resolve case", "may not resolve cases"}, {"Create a support case", "may not open cases"}} {
		e.must(home.Press(t.Context(), tt.button))
		if got := e.shown(e.alice); !strings.Contains(got, tt.says) {
			t.Errorf("%s: the window says %q, want %q", tt.button, got, tt.says)
		}
	}
	stays()
	home = e.ws.OpenHome(e.alice, e.app)
	e.sees(home, false, "Reply", "Resolve case")
	e.sees(home, true, "Build is stuck", "You cannot create a case from here.", "may not open cases")
	if now, _ := home.Now(); now.Hash == stale.Hash {
		t.Error("the home was not shown anew")
	}

	e.configure(e.ops, served.FullPermissions()...)
	e.must(e.store.Update(t.Context(), func(tx store.Tx) error {
		c := served.ChannelConfig{Account: "111122223333", Workspace: e.self.ID, Channel: desk.ChannelID(e.ops.ID), Permissions: served.FullPermissions(),
			Narrow: []served.Narrowing{{Permission: served.MayResolve, People: []desk.PersonID{ident.Person(e.self.ID, e.bob.ID)}}}}
		return tx.SaveChannel(t.Context(), &c)
	}))
	home = e.ws.OpenHome(e.alice, e.app)
	e.sees(home, true, "Reply")
	e.sees(home, false, "Resolve case")

	e.ops.Leave(e.alice)
	home = e.ws.OpenHome(e.alice, e.app)
	e.sees(home, true, "One more case is not shown", "you are in none of them")
	e.sees(home, false, "Build is stuck")
}

func TestAHomeHasPagesOfTen(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	for i := range 12 {
		e.opens(e.alice, e.ops, "Matter "+string(rune('a'+i))+".", false)
	}
	home := e.ws.OpenHome(e.alice, e.app)
	e.sees(home, true, "Matter l.", "Matter c.", "Page 1 of 2")
	e.sees(home, false, "Matter b.")
	e.must(home.Press(t.Context(), "Next"))
	e.sees(home, true, "Matter b.", "Matter a.", "Page 2 of 2")
	if v, _ := home.Now(); len(v.Blocks) > 100 {
		t.Errorf("%d blocks", len(v.Blocks))
	}
	e.must(home.Press(t.Context(), "Previous"))
	e.sees(home, true, "Matter l.")
}

func TestACaseIsCreatedFromHomeAndByShortcut(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	home := e.ws.OpenHome(e.alice, e.app)
	e.sees(home, true, "Create a support case")
	e.must(home.Press(t.Context(), "Create a support case"))
	problems, err := e.ws.View(e.alice).FillIn(t.Context(), append(matter(), []string{"Contact method", "Slack notifications"})...)
	e.must(err)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c := e.newest()
	if at, _ := ident.Split(c.Asked); string(at.Channel) != e.ops.ID {
		t.Errorf("the case is asked for in %s", c.Asked)
	}
	e.sees(home, true, "Build is stuck", string(c.Number))

	// Where several channels may, one is chosen; where none may, the form says so.
	dev := e.ws.AddChannel("dev", world.Private, e.alice, e.app.Bot)
	e.configure(dev, served.FullPermissions()...)
	e.configure(e.ws.AddChannel("secret", world.Private, e.bob, e.app.Bot), served.FullPermissions()...)
	e.ws.OpenHome(e.alice, e.app) // so that Slack is asked where she is
	e.must(e.sim.Quiesce(t.Context()))
	e.must(e.ws.Shortcut(t.Context(), e.alice, e.app, "case_create"))
	form := e.ws.View(e.alice)
	if offered, err := form.Options("Channel"); err != nil || strings.Join(offered, " ") != "#dev #ops" {
		t.Errorf("offered %q, %v", offered, err)
	}
	problems, err = form.FillIn(t.Context(), append([][]string{{"Channel", "#dev"}, {"Contact method", "Slack notifications"}}, matter()...)...)
	e.must(err)
	if at, _ := ident.Split(e.newest().Asked); len(problems) > 0 || string(at.Channel) != dev.ID {
		t.Errorf("the case is asked for in %s; %v", e.newest().Asked, problems)
	}
	chloe := e.ws.AddUser("chloe", "Chloé Dubois")
	e.must(e.ws.Shortcut(t.Context(), chloe, e.app, "case_create"))
	if got := e.shown(chloe); !strings.Contains(got, "you are in none of them") {
		t.Errorf("the window says %q", got)
	}
}

func TestWhoWritesToTheAppIsToldWhereToWrite(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	dm := e.ws.OpenMessages(e.alice, e.app)
	dm.Post(e.alice, "help, the build is stuck")
	dm.Post(e.alice, "anybody?")
	answered := func() (n int) {
		for _, m := range dm.Messages() {
			if strings.Contains(m.Text, "Nobody reads what is written here") {
				n++
			}
		}
		return n
	}
	e.wait("an answer", func() bool { return answered() > 0 })
	e.must(e.sim.Quiesce(t.Context()))
	if n := answered(); n != 1 {
		t.Errorf("answered %d times", n)
	}
	if lanes, err := e.store.PendingLanes(t.Context(), 10); err != nil || len(lanes) > 0 {
		t.Errorf("kept %v, %v", lanes, err)
	}
	if _, shown := e.ws.Home(e.alice, e.app); shown {
		t.Error("a visit to the messages showed the home")
	}
}

// files attached to a message, and its words, come along; whose they are is said.
func TestACaseIsCreatedFromAMessage(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	e.must(e.sim.Quiesce(t.Context()))
	m := e.ops.Upload(e.bob, "build.log", []byte("step 3 hangs"), "the *build* is `stuck`, see https://ci.example/7")
	e.must(m.Shortcut(t.Context(), e.alice, e.app, "case_from_message"))
	form := e.ws.View(e.alice)
	v, err := form.Value("Description")
	e.must(err)
	if got := v["value"].(string); !strings.HasPrefix(got, "the build is stuck") || !strings.Contains(got, "Message from") || !strings.Contains(got, "/archives/"+e.ops.ID+"/p") {
		t.Errorf("the description begins as %q", got)
	}
	fields := [][]string{{"Subject", "Build is stuck"}, {"Service", "API"}, {"Category", "Error or failure"}, {"Contact method", "Slack notifications"}}
	problems, err := form.FillIn(t.Context(), fields...)
	e.must(err)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c := e.newest()
	if !strings.HasPrefix(c.Description, "the **build** is `stuck`, see <https://ci.example/7>") || !strings.Contains(c.Description, e.bob.ID+"|Bob Stone>") || !strings.Contains(c.Description, "|ops>") {
		t.Errorf("the description is %q", c.Description)
	}
	e.settled()
	if files, err := e.store.Files(t.Context(), c.ID); err != nil || len(files) != 1 || files[0].State != desk.FileReady {
		t.Errorf("files: %+v, %v", files, err)
	}

	// One may change the words, and leave the files.
	e.must(m.Shortcut(t.Context(), e.alice, e.app, "case_from_message"))
	form = e.ws.View(e.alice)
	e.must(form.Set(t.Context(), "Files of the message"))
	problems, err = form.FillIn(t.Context(), append(fields, []string{"Description", "In *my* words"})...)
	e.must(err)
	if c := e.newest(); len(problems) > 0 || c.Description != "In **my** words" {
		t.Errorf("the description is %q; %v", c.Description, problems)
	}
	if files, err := e.store.Files(t.Context(), e.newest().ID); err != nil || len(files) != 0 {
		t.Errorf("files: %+v, %v", files, err)
	}
}

func TestAMessageIsAddedToACaseOnce(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	c, other := e.opens(e.alice, e.ops, "Build is stuck", false), e.opens(e.bob, e.ops, "Printer jams", false)
	m := e.ops.Upload(e.bob, "build.log", []byte("step 3 hangs"), "it hangs at *step 3*")
	add := func(u *slacksim.User, number desk.CaseNumber, note string) string {
		t.Helper()
		e.must(m.Shortcut(t.Context(), u, e.app, "message_to_case"))
		form := e.ws.View(u)
		offered, err := form.Search(t.Context(), "Case", string(number)[:6])
		e.must(err)
		if len(offered) == 0 {
			t.Fatalf("no case is offered for %s; the window says %q", number, form.Words())
		}
		e.must(form.Set(t.Context(), "Case", offered[0]))
		if note != "" {
			e.must(form.Set(t.Context(), "Your note", note))
		}
		problems, err := form.Submit(t.Context())
		e.must(err)
		if len(problems) > 0 {
			return problems["case"]
		}
		return e.shown(u)
	}
	if said := add(e.alice, c.Number, "this is *it*"); !strings.Contains(said, "is on case "+string(c.Number)) {
		t.Errorf("told %q", said)
	}
	for _, u := range []*slacksim.User{e.alice, e.bob} {
		if said := add(u, c.Number, "again"); !strings.Contains(said, "on case "+string(c.Number)+" already") {
			t.Errorf("told %q", said)
		}
	}
	if said := add(e.alice, other.Number, ""); !strings.Contains(said, "is on case "+string(other.Number)) {
		t.Errorf("another case: told %q", said)
	}
	e.settled()
	for id, want := range map[desk.CaseID]string{c.ID: "this is **it**\n\n", other.ID: "*Message from*"} {
		entries, err := e.store.Log(t.Context(), id, 1, 100)
		e.must(err)
		var words []desk.Correspondence
		for _, one := range entries {
			if one.Kind == desk.KindMessage {
				words = append(words, one)
			}
		}
		if len(words) != 1 || !strings.HasPrefix(words[0].Text, want) || !strings.Contains(words[0].Text, "> it hangs at **step 3**") ||
			!strings.Contains(words[0].Text, "/archives/"+e.ops.ID+"/p") || !strings.Contains(words[0].Text, e.bob.ID+"|Bob Stone>") {
			t.Errorf("words: %+v", words)
		}
		if files, err := e.store.Files(t.Context(), id); err != nil || len(files) != 1 || files[0].State != desk.FileReady {
			t.Errorf("files: %+v, %v", files, err)
		}
	}
}

func TestMessageShortcutsThatAreRefused(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	random := e.ws.AddChannel("random", world.Public, e.alice, e.app.Bot)
	c := e.create(e.alice)
	room := e.room(c)
	e.join(c)
	e.settled()
	limited := e.ws.AddChannel("limited", world.Private, e.alice, e.app.Bot)
	e.configure(limited, served.MayRead)
	deleted := e.ops.Post(e.alice, "never mind")
	recorded := room.Post(e.alice, "in the chat")
	e.settled()
	for name, tt := range map[string]struct {
		on             *slacksim.Message
		shortcut, says string
	}{
		"not set up":           {random.Post(e.alice, "hello"), "case_from_message", "not set up in this channel"},
		"not set up for it":    {random.Post(e.alice, "hello"), "message_to_case", "not set up in this channel"},
		"may not create":       {limited.Post(e.alice, "hello"), "case_from_message", "may not open cases"},
		"may not reply":        {limited.Post(e.alice, "hello"), "message_to_case", "may not answer cases"},
		"in another's channel": {recorded, "case_from_message", "This channel is for case " + string(c.Number)},
	} {
		e.must(tt.on.Shortcut(t.Context(), e.alice, e.app, tt.shortcut))
		if got := e.shown(e.alice); !strings.Contains(got, tt.says) {
			t.Errorf("%s: the window says %q, want %q", name, got, tt.says)
		}
	}
	submit := func(on *slacksim.Message, before func()) string {
		t.Helper()
		e.must(on.Shortcut(t.Context(), e.alice, e.app, "message_to_case"))
		form := e.ws.View(e.alice)
		offered, err := form.Search(t.Context(), "Case", "stuck")
		e.must(err)
		e.must(form.Set(t.Context(), "Case", offered[0]))
		before()
		problems, err := form.Submit(t.Context())
		e.must(err)
		return problems["case"] + e.shown(e.alice)
	}
	if said := submit(recorded, func() {}); !strings.Contains(said, "already") {
		t.Errorf("what was said in the chat: told %q", said)
	}
	if said := submit(deleted, func() { deleted.Delete(e.alice) }); !strings.Contains(said, "no longer there") {
		t.Errorf("what was deleted: told %q", said)
	}
	if said := submit(e.ops.Post(e.alice, "too late"), func() { e.configure(e.ops, served.MayRead) }); !strings.Contains(said, "may not answer cases") {
		t.Errorf("without the permission: told %q", said)
	}
	story := strings.Join(e.story(c), "\n")
	if strings.Contains(story, "Message from") {
		t.Errorf("something was added:\n%s", story)
	}
}

// An outage of views.publish ends with the home shown, and restarts nothing else.
func TestAHomeIsShownOnceSlackTakesIt(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	e.opens(e.alice, e.ops, "Build is stuck", false)
	defer e.sim.Fail("views.publish", slacksim.Lost)()
	home := e.ws.OpenHome(e.alice, e.app)
	e.sees(home, true, "Build is stuck")
}
