package slacksim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"caseline/internal/slacksim"
)

const homeView = `{"type":"home","callback_id":"home","private_metadata":"p","blocks":[
	{"type":"section","text":{"type":"mrkdwn","text":"*Your cases*"},"accessory":{"type":"overflow","action_id":"more",
		"options":[{"text":{"type":"plain_text","text":"Resolve"},"value":"resolve"},{"text":{"type":"plain_text","text":"Hide"},"value":"hide"}]}},
	{"type":"actions","block_id":"show","elements":[
		{"type":"button","action_id":"create","text":{"type":"plain_text","text":"Create"}},
		{"type":"radio_buttons","action_id":"which","options":[{"text":{"type":"plain_text","text":"Open"},"value":"open"},{"text":{"type":"plain_text","text":"All"},"value":"all"}]},
		{"type":"checkboxes","action_id":"also","options":[{"text":{"type":"mrkdwn","text":"*Mine*"},"value":"mine"},{"text":{"type":"mrkdwn","text":"Shared"},"value":"shared"}]},
		{"type":"datepicker","action_id":"since"}]},
	{"type":"input","block_id":"words","label":{"type":"plain_text","text":"Words"},"element":{"type":"plain_text_input","action_id":"v"}}]}`

// acted is the newest interaction the app was sent, and its first action.
func (s *stage) acted(t *testing.T) (payload, action map[string]any) {
	t.Helper()
	rs := s.app.Requests("/interactivity")
	if len(rs) == 0 {
		t.Fatal("the app was sent no interaction")
	}
	payload = rs[len(rs)-1].Payload()
	if list, ok := payload["actions"].([]any); ok {
		action, _ = list[0].(map[string]any)
	}
	return payload, action
}

func TestHomeIsVisitedAndActedOn(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	home := s.ws.OpenHome(s.bob, s.in)
	if _, ok := home.Now(); ok {
		t.Error("there is a home tab before the app has published one")
	}
	s.quiet(t)
	opened := s.app.Events("app_home_opened")
	if len(opened) != 1 || opened[0]["user"] != s.bob.ID || opened[0]["tab"] != "home" || opened[0]["view"] != nil {
		t.Fatalf("app_home_opened = %v", opened)
	}
	s.ok(t, "views.publish", "user_id", s.bob.ID, "view", homeView)
	if !strings.Contains(home.Words(), "*Your cases*") {
		t.Errorf("the tab says %q", home.Words())
	}
	s.ws.OpenHome(s.bob, s.in)
	s.quiet(t)
	opened = s.app.Events("app_home_opened")
	if view, _ := opened[len(opened)-1]["view"].(map[string]any); view["callback_id"] != "home" {
		t.Errorf("the second visit came without the view: %v", opened)
	}
	if err := home.Press(t.Context(), "Create"); err != nil {
		t.Fatal(err)
	}
	p, a := s.acted(t)
	box, _ := p["container"].(map[string]any)
	if p["type"] != "block_actions" || box["type"] != "view" || a["action_id"] != "create" || p["response_url"] != nil || p["trigger_id"] == "" {
		t.Errorf("payload = %v", p)
	}
	s.ok(t, "views.open", "trigger_id", p["trigger_id"].(string), "view", fmt.Sprintf(formView, "From home"))
	if f := s.ws.View(s.bob); f == nil || f.Title() != "From home" {
		t.Errorf("the form from the home tab: %+v", f)
	}
}

func TestWhatStandsOnAHomeStays(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.ok(t, "views.publish", "user_id", s.bob.ID, "view", homeView)
	home := s.ws.HomeOf(s.bob, s.in)
	for what, pick := range map[string]string{"which": "All", "also": "Shared", "since": "2026-11-20", "more": "Resolve"} {
		if err := home.Press(t.Context(), what, pick); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	if err := home.Set(t.Context(), "Words", "database"); err != nil {
		t.Fatal(err)
	}
	if err := home.Press(t.Context(), "since", "20/11/2026"); err == nil {
		t.Error("a date that is none was taken")
	}
	s.ok(t, "views.publish", "user_id", s.bob.ID, "view", homeView)
	for what, want := range map[string]string{"which": "all", "also": "shared", "since": "2026-11-20", "Words": "database"} {
		got, err := home.Value(what)
		if err != nil || !strings.Contains(fmt.Sprint(got), want) {
			t.Errorf("%s = %v, %v", what, got, err)
		}
	}
	v, _ := home.Now()
	for hash, want := range map[string]string{v.Hash: "", "stale": "hash_conflict"} {
		if out := s.call(t, "views.publish", "user_id", s.bob.ID, "hash", hash, "view", homeView); want != "" && out["error"] != want {
			t.Errorf("hash %s: %v", hash, out)
		}
	}
}

func TestAnAppWithoutAHome(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.in = s.ws.Install(slacksim.App{ID: s.in.ID, BotName: "Support Chat", BotToken: "xoxb-1", NoHome: true, SigningSecret: secret, EventsURL: s.app.URL + "/events"})
	s.refused(t, "not_enabled", "views.publish", "user_id", s.bob.ID, "view", homeView)
	s.ws.OpenMessages(s.bob, s.in)
	s.quiet(t)
	if e := s.app.Events("app_home_opened"); len(e) != 1 || e[0]["tab"] != "messages" {
		t.Errorf("app_home_opened = %v", e)
	}
}

const searchView = `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
	{"type":"input","block_id":"svc","dispatch_action":true,"label":{"type":"plain_text","text":"Service"},"element":{"type":"external_select","action_id":"v","min_query_length":2}},
	{"type":"input","block_id":"tags","optional":true,"label":{"type":"plain_text","text":"Tags"},"element":{"type":"multi_external_select","action_id":"v","min_query_length":0,"max_selected_items":2}}]}`

// opens shows bob a form by the global shortcut.
func (s *stage) opens(t *testing.T, view string) *slacksim.Form {
	t.Helper()
	if err := s.ws.Shortcut(t.Context(), s.bob, s.in, "case_create"); err != nil {
		t.Fatal(err)
	}
	p, _ := s.acted(t)
	if p["type"] != "shortcut" || p["channel"] != nil || p["response_url"] != nil {
		t.Errorf("global shortcut: %v", p)
	}
	s.ok(t, "views.open", "trigger_id", p["trigger_id"].(string), "view", view)
	return s.ws.View(s.bob)
}

func TestOptionsAreSearched(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	form := s.opens(t, searchView)
	option := func(name string) string {
		return fmt.Sprintf(`{"text":{"type":"plain_text","text":"%s"},"value":"v-%s"}`, name, name)
	}
	body := fmt.Sprintf(`{"option_groups":[{"label":{"type":"plain_text","text":"Compute"},"options":[%s]},{"label":{"type":"plain_text","text":"Data"},"options":[%s]}]}`, option("Lambda"), option("Dynamo"))
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/options" {
			fmt.Fprint(w, body)
		}
	})
	if _, err := form.Search(t.Context(), "Service", "a"); err == nil || len(s.app.Requests("/options")) != 0 {
		t.Errorf("one character was searched: %v", err)
	}
	got, err := form.Search(t.Context(), "Service", "am")
	if err != nil || strings.Join(got, " ") != "Lambda Dynamo" {
		t.Fatalf("found %v, %v", got, err)
	}
	if p := s.app.Requests("/options")[0].Payload(); p["type"] != "block_suggestion" || p["value"] != "am" || p["action_id"] != "v" || p["block_id"] != "svc" {
		t.Errorf("payload = %v", p)
	}
	if err := form.Set(t.Context(), "Service", "Dynamo"); err != nil {
		t.Fatal(err)
	}
	if _, a := s.acted(t); fmt.Sprint(a["selected_option"]) == "<nil>" {
		t.Errorf("the app heard %v", a)
	}
	// What was picked from an earlier search can stay beside what is found now.
	body = fmt.Sprintf(`{"options":[%s,%s]}`, option("a"), option("b"))
	if _, err := form.Search(t.Context(), "Tags", ""); err != nil {
		t.Fatal(err)
	}
	if err := form.Set(t.Context(), "Tags", "a"); err != nil {
		t.Fatal(err)
	}
	body = fmt.Sprintf(`{"options":[%s]}`, option("c"))
	if _, err := form.Search(t.Context(), "Tags", ""); err != nil {
		t.Fatal(err)
	}
	if err := form.Set(t.Context(), "Tags", "v-a", "c"); err != nil {
		t.Error(err)
	}
	if err := form.Set(t.Context(), "Tags", "b"); err == nil {
		t.Error("an option that is not offered any more was taken")
	}
	for name, answer := range map[string]string{
		"too many": `{"options":[` + strings.TrimSuffix(strings.Repeat(option("x")+",", 101), ",") + `]}`,
		"too long": `{"options":[` + option(strings.Repeat("x", 76)) + `]}`,
		"no JSON":  `nothing`,
	} {
		body = answer
		if _, err := form.Search(t.Context(), "Tags", "x"); err == nil {
			t.Errorf("%s: the answer was shown", name)
		}
	}
}

const filesView = `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
	{"type":"input","block_id":"f","label":{"type":"plain_text","text":"Files"},"element":{"type":"file_input","action_id":"v","max_files":2,"filetypes":["txt","png"]}},
	{"type":"input","block_id":"to","label":{"type":"plain_text","text":"Where"},"element":{"type":"conversations_select","action_id":"v","response_url_enabled":true}}]}`

func TestFilesAndAnswersOfAForm(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	form := s.opens(t, filesView)
	small := slacksim.Upload{Name: "log.txt", Data: []byte("out of disk")}
	for name, files := range map[string][]slacksim.Upload{
		"three files": {small, small, small},
		"a large one": {{Name: "big.txt", Data: make([]byte, 10<<20+1)}},
		"a wrong one": {{Name: "run.exe", Data: []byte("MZ")}},
	} {
		if err := form.Attach(t.Context(), "Files", files...); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if err := form.Attach(t.Context(), "Files", small); err != nil {
		t.Fatal(err)
	}
	if err := form.Set(t.Context(), "Where", "#nowhere"); err == nil {
		t.Error("a channel that is not there was picked")
	}
	if err := form.Set(t.Context(), "Where", "#ops"); err != nil {
		t.Fatal(err)
	}
	if wrong, err := form.Submit(t.Context()); err != nil || wrong != nil {
		t.Fatal(wrong, err)
	}
	p, _ := s.acted(t)
	view := p["view"].(map[string]any)
	values := view["state"].(map[string]any)["values"].(map[string]any)
	files := values["f"].(map[string]any)["v"].(map[string]any)["files"].([]any)
	if len(files) != 1 {
		t.Fatalf("files = %v", files)
	}
	if out := s.ok(t, "files.info", "file", files[0].(map[string]any)["id"].(string)); out["file"] == nil {
		t.Errorf("the app may not see the file: %v", out)
	}
	urls := p["response_urls"].([]any)
	if len(urls) != 1 {
		t.Fatalf("response_urls = %v", urls)
	}
	to := urls[0].(map[string]any)
	if to["channel_id"] != s.ops.ID || to["block_id"] != "to" {
		t.Errorf("response_urls = %v", urls)
	}
	if status, out := post(t, to["response_url"].(string), `{"response_type":"in_channel","text":"A case was created."}`); status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	if texts := s.ops.Texts(); len(texts) != 1 || texts[0] != "A case was created." {
		t.Errorf("the channel says %v", texts)
	}
}

func TestASelectBeginsWithTheChannelOneIsIn(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	m := s.ops.Post(s.alice, "broken")
	if err := m.Shortcut(t.Context(), s.bob, s.in, "case_add"); err != nil {
		t.Fatal(err)
	}
	p, _ := s.acted(t)
	view := strings.Replace(filesView, `"response_url_enabled":true`, `"default_to_current_conversation":true`, 1)
	s.ok(t, "views.open", "trigger_id", p["trigger_id"].(string), "view", view)
	if got, err := s.ws.View(s.bob).Value("Where"); err != nil || got["selected_conversation"] != s.ops.ID {
		t.Errorf("the select holds %v, %v", got, err)
	}
	out := s.call(t, "views.publish", "user_id", s.bob.ID, "view", `{"type":"home","blocks":[{"type":"input","label":{"type":"plain_text","text":"X"},"element":{"type":"channels_select","response_url_enabled":true}}]}`)
	if out["error"] != "invalid_arguments" {
		t.Errorf("response_url_enabled on a home tab: %v", out)
	}
}
