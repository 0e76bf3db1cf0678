package client

import (
	"bufio"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/slacksim/client/kit"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/world"
)

// post sends a form as the client's script does.
func (o *office) post(who, path string, fields ...string) (status int, body string) {
	o.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r, err := http.PostForm(o.http.URL+"/client/"+o.ws.ID+"/"+who+path, form)
	must(o.t, err)
	raw, err := io.ReadAll(r.Body)
	must(o.t, err)
	must(o.t, r.Body.Close())
	return r.StatusCode, strings.TrimSpace(string(raw))
}

func (o *office) wantPost(want int, who, path string, fields ...string) string {
	o.t.Helper()
	got, body := o.post(who, path, fields...)
	if got != want {
		o.t.Fatalf("POST %s as %s: %d %s, want %d", path, who, got, body, want)
	}
	return body
}

const done204, refused = http.StatusNoContent, http.StatusUnprocessableEntity

func (o *office) message(channel string) world.Message {
	o.t.Helper()
	all := o.w.All(o.chans[channel].ID)
	return all[len(all)-1]
}

func TestWriting(t *testing.T) {
	o := opened(t, Options{})
	at := "/" + o.chans["operations"].ID
	o.wantPost(done204, "alice", at+"/messages", "text", "one\r\n*two* \n")
	m := o.message("operations")
	if m.Text != "one\n*two*" {
		t.Errorf("text is %q", m.Text)
	}
	on := at + "/m/" + m.TS
	if _, source := o.get(o.page("alice", "operations") + "/m/" + m.TS + "/source"); source != "one\n*two*" {
		t.Errorf("source is %q", source)
	}
	o.wantPost(refused, "alice", at+"/messages", "text", "  ")
	o.wantPost(refused, "dana", at+"/messages", "text", "hello")
	o.wantPost(refused, "bob", on+"/edit", "text", "mine")
	o.wantPost(done204, "alice", on+"/edit", "text", "three\r\nfour")
	o.wantPost(done204, "bob", on+"/react", "emoji", "eyes")
	o.wantPost(done204, "bob", on+"/pin")
	o.wantPost(done204, "bob", at+"/messages", "text", "reply", "thread_ts", m.TS, "broadcast", "1")
	got := ok[world.Message](t)(o.w.Message(o.users["alice"].ID, m.Channel, m.TS))
	if got.Text != "three\nfour" || got.PinnedBy != o.users["bob"].ID || len(got.Reactions) != 1 || got.ReplyCount != 1 {
		t.Errorf("message is %+v", got)
	}
	o.wantPost(done204, "bob", on+"/react", "emoji", "eyes")
	o.wantPost(done204, "bob", on+"/pin")
	o.wantPost(refused, "bob", on+"/delete")
	o.wantPost(done204, "alice", on+"/forward", "to", o.chans["random"].ID, "text", "look")
	if shared := o.message("random"); len(shared.Attachments) != 1 || shared.Text != "look" {
		t.Errorf("forwarded %+v", shared)
	}
	o.wantPost(done204, "alice", on+"/delete")
	o.wantPost(refused, "alice", on+"/delete")
}

func TestChannelDeeds(t *testing.T) {
	o := opened(t, Options{})
	o.wantPost(refused, "bob", "/channels", "name", "Bad Name")
	o.wantPost(done204, "bob", "/channels", "name", "plans", "private", "1")
	plans, there := o.w.ChannelNamed(o.ws.ID, "plans")
	if !there || plans.Kind != world.Private {
		t.Fatalf("channel %+v", plans)
	}
	at := "/" + plans.ID
	o.wantPost(done204, "bob", at+"/people", "people", o.users["chen"].ID, "people", o.users["alice"].ID)
	o.wantPost(refused, "bob", at+"/people", "people", o.users["chen"].ID)
	o.wantPost(done204, "chen", at+"/topic", "topic", "Where to go")
	o.wantPost(done204, "alice", at+"/leave")
	o.wantPost(done204, "erin", "/"+o.chans["operations"].ID+"/join")
	o.wantPost(done204, "erin", "/direct", "people", o.users["bob"].ID)
	plans, _ = o.w.Channel(plans.ID)
	if plans.Topic.Value != "Where to go" || plans.Has(o.users["alice"].ID) || !plans.Has(o.users["chen"].ID) {
		t.Errorf("channel %+v", plans)
	}
	m := o.say("bob", "operations", "@erin hello")
	unread := func() int {
		for _, l := range o.w.Sidebar(o.users["erin"].ID) {
			if l.Channel.ID == m.Channel {
				return l.Mentions
			}
		}
		return -1
	}
	before := unread()
	o.wantPost(done204, "erin", "/"+m.Channel+"/read", "ts", m.TS)
	if after := unread(); before != 1 || after != 0 {
		t.Errorf("mentions: %d, then %d", before, after)
	}
}

// upload posts a message with a file.
func (o *office) upload(who, channel, name string, data []byte) int {
	o.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	must(o.t, form.WriteField("text", "see"))
	part := ok[io.Writer](o.t)(form.CreateFormFile("files", name))
	ok[int](o.t)(part.Write(data))
	must(o.t, form.Close())
	r, err := http.Post(o.page(who, channel)+"/messages", form.FormDataContentType(), &b)
	must(o.t, err)
	must(o.t, r.Body.Close())
	return r.StatusCode
}

func TestFiles(t *testing.T) {
	o := opened(t, Options{MaxUpload: 100_000})
	for _, tt := range []struct{ name, data, kind, disposition string }{
		{"notes.txt", "<script>", "application/octet-stream", `attachment; filename=notes.txt`},
		{"page.html", "<script>", "application/octet-stream", `attachment; filename=page.html`},
		{"drawing.svg", "<svg onload=x/>", "application/octet-stream", `attachment; filename=drawing.svg`},
		{"a b\".png", string(picture(t, 20, 20)), "image/png", `inline; filename="a b\".png"`},
	} {
		if got := o.upload("alice", "case-1000000042", tt.name, []byte(tt.data)); got != done204 {
			t.Fatalf("upload of %s: %d", tt.name, got)
		}
		f, _ := o.w.File(o.message("case-1000000042").FileIDs[0])
		path := o.ws.ID + "/%s/files/" + f.ID + "/" + url.PathEscape(f.Name)
		r, body := o.get(o.http.URL + "/client/" + strings.Replace(path, "%s", "bob", 1))
		if body != tt.data || r.Header.Get("Content-Type") != tt.kind || r.Header.Get("Content-Disposition") != tt.disposition ||
			!strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %d bytes, %v", tt.name, len(body), r.Header)
		}
		if got := o.status(o.http.URL + "/client/" + strings.Replace(path, "%s", "dana", 1)); got != http.StatusNotFound {
			t.Errorf("Dana gets %s: %d", tt.name, got)
		}
	}
	if got := o.upload("alice", "operations", "big", make([]byte, 200_000)); got != http.StatusRequestEntityTooLarge {
		t.Errorf("a big file: %d", got)
	}
}

func TestBadPosts(t *testing.T) {
	o := opened(t, Options{})
	at := o.page("alice", "operations") + "/messages"
	r, err := http.Post(at, "multipart/form-data; boundary=x", strings.NewReader("--x\r\nbroken"))
	must(t, err)
	must(t, r.Body.Close())
	if r.StatusCode != http.StatusBadRequest {
		t.Errorf("a broken form: %s", r.Status)
	}
	req := ok[*http.Request](t)(http.NewRequestWithContext(t.Context(), http.MethodPost, at, strings.NewReader("text=x")))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	r, err = http.DefaultClient.Do(req)
	must(t, err)
	must(t, r.Body.Close())
	if r.StatusCode != http.StatusForbidden {
		t.Errorf("a post from elsewhere: %s", r.Status)
	}
	if m := o.message("operations"); !m.System() {
		t.Errorf("it was posted: %q", m.Text)
	}
}

func TestCommands(t *testing.T) {
	o := opened(t, Options{})
	at := "/" + o.chans["operations"].ID + "/messages"
	o.wantPost(done204, "alice", at, "text", "/support create now")
	if got := o.payloads(); len(got) != 1 || got[0]["command"] != "/support" || got[0]["text"] != "create now" {
		t.Errorf("the app was asked %v", got)
	}
	o.wantPost(done204, "alice", at, "text", "/nonsense")
	o.answers(func(person.Request, map[string]any) person.Answer { return person.Answer{Status: 500} })
	o.wantPost(done204, "alice", at, "text", "/support")
	want := []string{
		"/nonsense is not a valid command. In Slack, all messages that start with the “/” character are interpreted as commands.",
		`/support failed with the error "http_service_error"`,
	}
	page := o.read(o.page("alice", "operations"))
	if diff := cmp.Diff(want, page.Texts(".ephemeral .said")); diff != "" {
		t.Errorf("what Slack says (-want +got):\n%s", diff)
	}
	o.wantPost(done204, "alice", "/dismiss", "ts", page.One(".ephemeral").Attrs["data-message-ts"])
	if got := o.read(o.page("alice", "operations")).All(".ephemeral"); len(got) != 1 {
		t.Errorf("%d are left after dismissing one", len(got))
	}
	_, list := o.get(o.http.URL + "/client/" + o.ws.ID + "/alice/suggestions")
	for _, want := range []string{`"/support"`, `"@bob"`, `"#operations"`, `":tada:"`, `"Create a support case"`} {
		if !strings.Contains(list, want) {
			t.Errorf("suggestions lack %s", want)
		}
	}
	o.answers(nil)
	m := o.say("bob", "operations", "broken")
	o.wantPost(done204, "alice", "/shortcut", "app", o.app.ID, "callback", "create")
	o.wantPost(done204, "alice", "/"+m.Channel+"/m/"+m.TS+"/shortcut", "app", o.app.ID, "callback", "from-message")
	o.wantPost(refused, "alice", "/shortcut", "app", o.app.ID, "callback", "none")
	var kinds []any
	for _, p := range o.payloads()[2:] {
		kinds = append(kinds, p["type"])
	}
	if diff := cmp.Diff([]any{"shortcut", "message_action"}, kinds); diff != "" {
		t.Errorf("the app was told (-want +got):\n%s", diff)
	}
}

func TestPressing(t *testing.T) {
	o := opened(t, Options{})
	card := o.appPost("operations", world.Posting{Text: "c", Blocks: blocks(t, strings.Replace(cardBlocks, "%s", "U", 1))})
	where := []string{"channel", card.Channel, "ts", card.TS, "block_id", "do", "action_id"}
	o.wantPost(done204, "bob", "/fill", append(where, "end")...)
	o.wantPost(done204, "bob", "/fill", append(where, "more", "value", "mute")...)
	o.wantPost(refused, "bob", "/fill", append(where, "lever")...)
	o.wantPost(refused, "bob", "/fill", append(where, "more", "value", "forged")...)
	o.wantPost(refused, "dana", "/fill", "view", "VNONE", "block_id", "b", "action_id", "a")
	var got []any
	for _, p := range o.payloads() {
		a := p["actions"].([]any)[0].(map[string]any)
		got = append(got, a["action_id"], a["value"])
		if option, isOption := a["selected_option"].(map[string]any); isOption {
			got = append(got, option["value"])
		}
	}
	if diff := cmp.Diff([]any{"end", "42", "more", nil, "mute"}, got); diff != "" {
		t.Errorf("the app was told (-want +got):\n%s", diff)
	}
	o.answers(func(person.Request, map[string]any) person.Answer { return person.Answer{Status: 503} })
	if body := o.wantPost(refused, "bob", "/fill", append(where, "end")...); !strings.Contains(body, "try again") {
		t.Errorf("a failing app says %q", body)
	}
}

func TestForm(t *testing.T) {
	o := opened(t, Options{})
	o.answers(o.supportApp)
	v := o.openModal("alice", everyInput)
	at := "/views/" + v.ID
	o.wantPost(done204, "alice", at+"/submit", kit.FieldName("subject", "v"), "", kit.FieldName("description", "v"), "d", kit.FieldName("severity", "v"), "high", kit.FieldName("contact", "v"), "chat")
	page := o.read(o.page("alice", "operations"))
	if got := page.One("#modal .field-error").Text(); got != "Please complete this required field." {
		t.Errorf("an empty subject says %q", got)
	}
	if got := page.One("#modal select option[selected]").Attrs["value"]; got != "high" {
		t.Errorf("the severity is now %q", got)
	}
	offers := o.wantPost(http.StatusOK, "alice", "/suggest", "view", v.ID, "block_id", "related", "action_id", "v", "typed", "42")
	if want := `[{"label":"","options":[{"value":"1000000042","label":"Checkout is slow","extra":""}]}]`; offers != want {
		t.Errorf("offers are %s, want %s", offers, want)
	}
	o.wantPost(done204, "alice", "/fill", "view", v.ID, "block_id", "related", "action_id", "v", "value", "1000000042")
	o.wantPost(done204, "alice", "/fill", "view", v.ID, "block_id", "since", "action_id", "v", "value", "2026-11-20T08:40")
	o.wantPost(done204, "alice", at+"/submit", kit.FieldName("subject", "v"), "No payments since 8", kit.FieldName("description", "v"), "d",
		kit.FieldName("severity", "v"), "high", kit.FieldName("contact", "v"), "mail", kit.FieldName("members", "v"), o.users["bob"].ID, kit.FieldName("since", "v"), "2026-11-20T08:40")
	all := o.payloads()
	values := all[len(all)-1]["view"].(map[string]any)["state"].(map[string]any)["values"].(map[string]any)
	in := func(block string) map[string]any { return values[block].(map[string]any)["v"].(map[string]any) }
	if in("since")["selected_date_time"] != 1795164000.0 || in("related")["selected_option"] == nil || in("subject")["value"] != "No payments since 8" {
		t.Errorf("submitted %v", values)
	}
	if _, open := o.screens.OpenView(o.users["alice"].ID); open {
		t.Error("the form is still open")
	}
	o.wantPost(refused, "alice", at+"/submit")
}

func TestClosing(t *testing.T) {
	o := opened(t, Options{})
	v := o.openModal("alice", everyInput)
	o.wantPost(done204, "bob", "/views/"+v.ID+"/close") // not his: nothing happens
	if _, open := o.screens.OpenView(o.users["alice"].ID); !open {
		t.Fatal("Bob closed Alice's form")
	}
	o.wantPost(done204, "alice", "/views/"+v.ID+"/close")
	if all := o.payloads(); len(all) != 1 || all[0]["type"] != "view_closed" {
		t.Errorf("the app was told %v", all)
	}
}

func TestHome(t *testing.T) {
	o := opened(t, Options{})
	at := "/apps/" + o.app.ID
	ok[world.View](t)(o.w.PublishHome(o.in, o.users["alice"].ID, "", world.View{Blocks: blocks(t, `[
		{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"new","text":{"type":"plain_text","text":"Create a case"}}]}]`)}))
	o.wantPost(done204, "alice", at+"/opened")
	page := o.read(o.http.URL + "/client/" + o.ws.ID + "/alice" + at)
	if got := page.One(".home button[data-action-id=new]").Text(); got != "Create a case" {
		t.Errorf("the home tab has %q", got)
	}
	o.wantPost(done204, "alice", "/fill", "view", page.One(".home [data-surface]").Attrs["data-view"], "block_id", "b", "action_id", "new")
	if all := o.payloads(); len(all) != 1 || all[0]["type"] != "block_actions" {
		t.Errorf("the app was told %v", all)
	}
}

// TestStream checks that hints say where to look, to those who may, and that
// Stop ends the stream.
func TestStream(t *testing.T) {
	o := opened(t, Options{})
	r, err := http.Get(o.http.URL + "/client/" + o.ws.ID + "/erin/stream")
	must(t, err)
	defer r.Body.Close()
	lines := bufio.NewScanner(r.Body)
	next := func() string {
		for lines.Scan() {
			if data, isData := strings.CutPrefix(lines.Text(), "data: "); isData {
				return data
			}
		}
		return "end"
	}
	if got := next(); got != "{}" {
		t.Fatalf("begins with %q", got)
	}
	o.say("bob", "case-1000000042", "secret")
	o.say("bob", "operations", "seen by all")
	if got, want := next(), `{"kind":"channel","id":"`+o.chans["operations"].ID+`"}`; got != want {
		t.Errorf("hint %s, want %s", got, want)
	}
	o.server.Stop()
	if got := next(); got != "end" {
		t.Errorf("after Stop came %q", got)
	}
}
