package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/desk"
)

const token = "aaaaaaaa-bbbb-cccc-dddd-000000000001"

func TestAChatByFormsAlone(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	b := h.signedIn("jane@example.com")
	page := "/cases/" + string(c.Number)

	// Each form is sent as the page has it, as a browser without scripts does.
	submit := func(doc *node, selector string, more url.Values) *node {
		t.Helper()
		form := doc.one(t, selector)
		fields := url.Values{}
		for _, in := range form.all("input") {
			if _, checked := in.attrs["checked"]; in.attrs["type"] == "radio" && !checked {
				continue
			}
			fields.Set(in.attrs["name"], in.attrs["value"])
		}
		for name, values := range more {
			fields[name] = values
		}
		got := b.post(form.attrs["action"], fields)
		if got.status != http.StatusOK {
			t.Fatalf("%s: got %d", selector, got.status)
		}
		return parsePage(t, got.body)
	}
	doc := parsePage(t, b.get(page).body)
	if says := doc.says(t, ".dock-join strong"); says != "Alice Chen is waiting for an agent." {
		t.Errorf("got %q", says)
	}
	doc = submit(doc, "form.dock-join", nil)
	if got := h.get(c.ID).Chat; got.State != desk.ChatInProgress || got.Agent != jane.ID {
		t.Fatalf("got chat %+v", got)
	}
	doc = submit(doc, "form#composer", url.Values{"text": {"Hello Alice"}})
	if !strings.Contains(doc.one(t, "#log").text, "Hello Alice") {
		t.Error("the log lacks the reply")
	}
	doc = submit(doc, "form[data-confirm=dialog-end]", nil)
	if says := doc.says(t, "h1"); says != "End this chat?" {
		t.Fatalf("got %q, want to be asked", says)
	}
	if got := h.get(c.ID).Chat.State; got != desk.ChatInProgress {
		t.Fatalf("got %s before the answer", got)
	}
	doc = submit(doc, "main form", nil)
	if got := h.get(c.ID).Chat; got.State != desk.ChatEnded || got.Messages != 1 {
		t.Fatalf("got chat %+v", got)
	}
	doc = submit(doc, "form[data-confirm=dialog-resolve]", nil)
	doc = submit(doc, "main form", nil)
	if got := h.get(c.ID).Status; got != desk.StatusResolved {
		t.Fatalf("got %s", got)
	}
	if got := doc.says(t, "#dock strong"); got != "This case is resolved." {
		t.Errorf("got %q", got)
	}
}

func TestWhoMayAct(t *testing.T) {
	s := fill(newHouse(t))
	jane, omar := s.signedIn("jane@example.com"), s.signedIn("omar@example.com")
	theirs := "/cases/" + string(s.watched.Number) // Omar's
	form := url.Values{"token": {token}, "text": {"me too"}, "sure": {"1"}}
	for path, want := range map[string]string{
		"/join":    "Omar Haddad has already joined this chat. You can join as a second agent.",
		"/replies": "Omar Haddad is in this chat. Join it as a second agent to write to the customer.",
		"/end":     "Omar Haddad is in this chat. Ask them to end it or to resolve the case.",
		"/resolve": "Omar Haddad is in this chat. Ask them to end it or to resolve the case.",
	} {
		got := jane.post(theirs+path, form, "Accept", "application/json")
		says := decode[struct{ Error string }](t, got).Error
		if got.status < 400 || got.status >= 500 || says != want {
			t.Errorf("%s: got %d %q, want a refusal %q", path, got.status, says, want)
		}
	}
	if got := s.get(s.watched.ID); got.Revision != s.watched.Revision {
		t.Error("the case changed")
	}
	doc := parsePage(t, jane.get(theirs).body)
	if len(doc.all("[data-key=end]"))+len(doc.all("[data-key=composer-chat]")) > 0 {
		t.Error("the page offers what the agent may not do")
	}
	// An operator may end what an agent is in.
	if got := omar.post("/cases/"+string(s.running.Number)+"/end", form); got.status != http.StatusOK {
		t.Errorf("got %d", got.status)
	}
	if got := s.get(s.running.ID).Chat.State; got != desk.ChatEnded {
		t.Errorf("got %s", got)
	}
}

// Where no chat of the agent's runs, the composer adds to the case and says so.
func TestAddingToTheCaseOutsideItsChat(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	for name, c := range map[string]desk.Case{"requested": s.requested, "ended": s.ended, "watched": s.watched} {
		path := "/cases/" + string(c.Number)
		form := url.Values{"token": {token + name}, "text": {"we found it"}}
		for range 2 { // sending it twice adds it once
			if got := b.post(path+"/answers", form); got.status != http.StatusOK {
				t.Fatalf("%s: got %d", name, got.status)
			}
		}
		doc := parsePage(t, b.get(path).body)
		if got := len(doc.all("#dock form[data-key=composer-case]")); got != 1 {
			t.Errorf("%s: got %d composers for the case", name, got)
		}
		if got := strings.Count(doc.says(t, "#log"), "we found it"); got != 1 {
			t.Errorf("%s: the words stand in the log %d times", name, got)
		}
		if !strings.Contains(doc.says(t, "#log"), "added to the case") {
			t.Errorf("%s: the log does not say that they were no part of the chat", name)
		}
	}
	got := b.post("/cases/"+string(s.resolved.Number)+"/answers", url.Values{"token": {token}, "text": {"too late"}}, "Accept", "application/json")
	says := decode[struct{ Error string }](t, got).Error
	if got.status != http.StatusConflict || !strings.Contains(says, "is resolved, so nothing can be added to it") {
		t.Errorf("resolved: got %d %q", got.status, says)
	}
}

// What was typed is still there when it could not be sent.
func TestTypedWordsSurviveARefusal(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	path := "/cases/" + string(s.running.Number) + "/replies"
	long := strings.Repeat("x", desk.MaxReply+1)
	got := b.post(path, url.Values{"token": {token}, "text": {long}})
	doc := parsePage(t, got.body)
	if got.status != http.StatusUnprocessableEntity || doc.one(t, "textarea").text != long {
		t.Errorf("got %d and %d characters back", got.status, len(doc.one(t, "textarea").text))
	}
	if says := doc.says(t, "#composer .field-error"); !strings.HasPrefix(says, "A reply may be 40000 characters long") {
		t.Errorf("got %q", says)
	}
	if got := b.post(path, url.Values{"token": {token}, "text": {" \n "}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing but blanks: got %d", got.status)
	}
	s.end(s.running, desk.ByCustomer("T1:UALICE"), desk.EndedByCustomer)
	refused := b.post(path, url.Values{"token": {token}, "text": {"too late"}}, "Accept", "application/json")
	if says := decode[struct{ Error string }](t, refused).Error; refused.status != http.StatusConflict || !strings.HasPrefix(says, "The chat is over") {
		t.Errorf("got %d %q", refused.status, says)
	}
}

func TestBadForms(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	path := "/cases/" + string(s.running.Number)
	for name, token := range map[string]string{"none": "", "short": "abc", "odd": "aaaaaaaa:aaaaaaaa/aaaa", "long": strings.Repeat("a", 65)} {
		if got := b.post(path+"/replies", url.Values{"token": {token}, "text": {"hi"}}); got.status != http.StatusUnprocessableEntity {
			t.Errorf("token %s: got %d, want 422", name, got.status)
		}
	}
	if got := b.send("POST", path+"/replies", "text="+strings.Repeat("a", 2<<20)); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("an oversized form: got %d, want 413", got.status)
	}
	if got := b.send("POST", path+"/replies", "%zz"); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a malformed form: got %d, want 422", got.status)
	}
	if got := b.post("/presence", url.Values{"presence": {"asleep"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown presence: got %d, want 422", got.status)
	}
}

func TestPresence(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	got := b.post("/presence", url.Values{"presence": {"online"}, "back": {"/chats"}})
	if got.path != "/chats" {
		t.Errorf("got %s, want to be where it was pressed", got.path)
	}
	doc := parsePage(t, got.body)
	if says := doc.says(t, ".presence-text"); says != "Online" || doc.one(t, "[role=switch]").attrs["aria-checked"] != "true" {
		t.Errorf("got %q", says)
	}
	if got := b.post("/presence", url.Values{"presence": {"away"}, "back": {"https://evil.example"}}); got.path != "/" {
		t.Errorf("got %s", got.path)
	}
}

// A file from Slack is something to keep and never a page of ours.
func TestB10_FilesAreNeverPages(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	h.say(c, "T1:UALICE", "", desk.NewFile{SlackID: "1", Name: "a.html"}, desk.NewFile{SlackID: "2", Name: "b.png"},
		desk.NewFile{SlackID: "3", Name: "c.svg"}, desk.NewFile{SlackID: "4", Name: "d.txt"}, desk.NewFile{SlackID: "5", Name: "e\"\r\nSet-Cookie: x=1;ü.txt"})
	files := map[string]string{"a.html": "text/html; charset=utf-8", "b.png": "image/png", "c.svg": "image/svg+xml", "e Set-Cookie x=1;ü.txt": "text/plain"}
	for name, kind := range files {
		h.fetched(c, name, kind, []byte("<script>alert(1)</script>"))
	}
	b := h.signedIn("jane@example.com")
	for name := range files {
		for _, query := range []string{"", "?inline"} {
			got := b.get("/files/" + string(h.file(c, name).ID) + query)
			shown := name == "b.png" && query != ""
			disposition := got.header.Get("Content-Disposition")
			if strings.HasPrefix(disposition, "inline") != shown || !shown && got.header.Get("Content-Type") != "application/octet-stream" {
				t.Errorf("%q%s: got %q as %q", name, query, disposition, got.header.Get("Content-Type"))
			}
			if csp := got.header.Get("Content-Security-Policy"); csp != "default-src 'none'; sandbox" || got.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%q: got policy %q", name, csp)
			}
			if got.header.Get("Set-Cookie") != "" {
				t.Errorf("%q: a name became a header", name)
			}
		}
	}
	page := parsePage(t, b.get("/cases/"+string(c.Number)).body)
	if n := len(page.all(".file-preview")); n != 1 {
		t.Errorf("%d files are shown in the page, want the picture alone", n)
	}
	if got := b.get("/files/" + string(h.file(c, "d.txt").ID)); got.status != http.StatusNotFound {
		t.Errorf("a file still in Slack: got %d, want 404", got.status)
	}
}
