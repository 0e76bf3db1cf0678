package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
)

// wants posts a form as a script does and expects a sentence, or none.
func (b *browser) wants(t *testing.T, what, path string, form url.Values, sentence string) {
	t.Helper()
	if !form.Has("token") {
		b.h.count++
		form.Set("token", fmt.Sprintf("%s%d", token, b.h.count))
	}
	got := b.post(path, form, "Accept", "application/json")
	says := decode[struct{ Error string }](t, got).Error
	if says != sentence || (got.status < 400) != (sentence == "") {
		t.Errorf("%s: got %d %q, want %q", what, got.status, says, sentence)
	}
}

// A form is what the page has in a form, as a browser without scripts sends it.
func formOf(t *testing.T, doc *node, selector string) (action string, fields url.Values) {
	t.Helper()
	form := doc.one(t, selector)
	fields = url.Values{}
	for _, in := range form.all("input") {
		if _, checked := in.attrs["checked"]; in.attrs["type"] == "radio" && !checked {
			continue
		}
		fields.Set(in.attrs["name"], in.attrs["value"])
	}
	return form.attrs["action"], fields
}

// events are the grey lines of a page's log.
func events(doc *node) []string {
	var lines []string
	for _, e := range doc.all("#log .event span") {
		lines = append(lines, e.text)
	}
	return lines
}

func TestB5_B12_AChatIsHandedOver(t *testing.T) {
	s := fill(newHouse(t))
	bea := s.agent("bea@example.com", "Bea Lund", desk.RoleAgent)
	jane, omar, hers := s.signedIn("jane@example.com"), s.signedIn("omar@example.com"), s.signedIn("bea@example.com")
	page := "/cases/" + string(s.running.Number)
	to := func(agent string) url.Values { return url.Values{"sure": {"1"}, "to": {agent}} }

	hers.wants(t, "somebody else's chat", page+"/hand", to(string(bea.ID)), "Jane Doe is in this chat. Ask them to hand it over.")
	jane.wants(t, "to nobody", page+"/hand", url.Values{"sure": {"1"}}, "Choose who goes on with this chat.")
	jane.wants(t, "to somebody unknown", page+"/hand", to("agent-x"), "There is no such agent any more. Choose somebody else.")
	if got := s.get(s.running.ID); got.Revision != s.running.Revision {
		t.Fatal("a refused wish changed the case")
	}
	for range 2 { // pressed twice
		jane.wants(t, "to bea", page+"/hand", to(string(bea.ID)), "")
	}
	got := s.get(s.running.ID)
	if got.Chat.Agent != bea.ID || got.LastSeq != s.running.LastSeq+1 {
		t.Fatalf("got %+v after %d entries, want one entry and Bea", got.Chat, got.LastSeq-s.running.LastSeq)
	}
	jane.wants(t, "what she no longer has", page+"/hand", to("queue"), "Bea Lund is in this chat. Ask them to hand it over.")
	row := parsePage(t, hers.get("/chats").body).one(t, ".row")
	if says := row.one(t, ".row-preview .tag-agent").text; says != "Handed over by Jane Doe" {
		t.Errorf("Bea's chats say %q", says)
	}
	list := decode[struct {
		Handed []struct{ Says string }
	}](t, hers.get("/chats", "Accept", "application/json"))
	if len(list.Handed) != 1 || list.Handed[0].Says != "Handed over by Jane Doe: "+s.running.Subject {
		t.Errorf("got %+v", list.Handed)
	}

	// Back to the queue, where it comes before the most severe.
	for range 2 {
		hers.wants(t, "to the queue", page+"/hand", to("queue"), "")
	}
	queue := parsePage(t, jane.get("/").body)
	first := queue.all(".row")[0]
	if !strings.Contains(first.text, "Came back") || !strings.Contains(first.text, s.running.Subject) || !strings.Contains(first.text, "Bea Lund handed this chat back to the queue") {
		t.Errorf("the queue begins with %q", first.text)
	}
	doc := parsePage(t, omar.get(page).body)
	if says := doc.says(t, ".dock-join strong"); says != "Alice Chen is waiting for the next agent." {
		t.Errorf("the dock says %q", says)
	}
	if says := doc.one(t, "[data-key=end]").text; says != "End chat" {
		t.Errorf("the button says %q: a chat that was joined is ended, not cancelled", says)
	}
	omar.wants(t, "go on", page+"/join", url.Values{}, "")
	lines := events(parsePage(t, omar.get(page).body))
	want := []string{"Jane Doe handed this chat over to Bea Lund", "Bea Lund handed this chat back to the queue", "Omar Haddad joined and goes on with this chat"}
	if diff := cmp.Diff(want, lines[len(lines)-3:]); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	// A supervisor hands over what an agent is in.
	s.handsOver(s.running, s.omar, bea)
	omar.wants(t, "by a supervisor", page+"/hand", to(string(s.jane.ID)), "")
	if got := s.get(s.running.ID).Chat.Agent; got != s.jane.ID {
		t.Errorf("got %s, want Jane", got)
	}
}

// Without a script the question is a page, and stays until it is answered.
func TestB5_HandingOverByFormsAlone(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	page := "/cases/" + string(s.running.Number)
	action, fields := formOf(t, parsePage(t, b.get(page).body), "form[data-confirm=dialog-hand]")
	doc := parsePage(t, b.post(action, fields).body)
	if says := doc.says(t, "h1"); says != "Hand this chat over" {
		t.Fatalf("got %q", says)
	}
	var choices []string
	for _, c := range doc.all("main .choice") {
		choices = append(choices, c.one(t, ".choice-name").text+": "+c.one(t, ".choice-state").text)
	}
	if diff := cmp.Diff([]string{"Omar Haddad: Offline", "Back to the queue: Comes first there"}, choices); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
	action, fields = formOf(t, doc, "main form")
	again := b.post(action, fields)
	doc = parsePage(t, again.body)
	if says := doc.says(t, ".field-error"); again.status != http.StatusUnprocessableEntity || says != "Choose who goes on with this chat." {
		t.Errorf("got %d %q", again.status, says)
	}
	fields.Set("to", "queue")
	if got := b.post(action, fields); got.path != page {
		t.Errorf("got to %s", got.path)
	}
	if got := s.get(s.running.ID).Chat; got.State != desk.ChatRequested || !got.Returned {
		t.Errorf("got chat %+v", got)
	}
}

func TestB12_ASecondAgentJoinsWritesAndLeaves(t *testing.T) {
	s := fill(newHouse(t))
	jane, omar := s.signedIn("jane@example.com"), s.signedIn("omar@example.com")
	page := "/cases/" + string(s.watched.Number)                  // Omar's
	late := jane.post(page+"/join", url.Values{"token": {token}}) // from a queue in which it still waited
	if says := parsePage(t, late.body).says(t, "#toasts"); late.status != http.StatusConflict || says != "Omar Haddad has already joined this chat. You can join as a second agent." {
		t.Errorf("got %d %q", late.status, says)
	}
	action, fields := formOf(t, parsePage(t, late.body), "form.dock-watch") // which stands right there
	var doc *node
	for range 2 {
		doc = parsePage(t, jane.post(action, fields).body)
	}
	if got := s.get(s.watched.ID).Chat; got.Agent != s.omar.ID || len(got.Others) != 1 || got.Others[0].ID != string(s.jane.ID) {
		t.Fatalf("got chat %+v", got)
	}
	if says := doc.says(t, ".chatstate-live"); !strings.HasPrefix(says, "You are in the chat of Omar Haddad") {
		t.Errorf("the head says %q", says)
	}
	jane.wants(t, "a second agent's words", page+"/replies", url.Values{"text": {"I know this one."}}, "")
	jane.wants(t, "end what is Omar's", page+"/end", url.Values{"sure": {"1"}}, "Omar Haddad is in this chat. Ask them to end it or to resolve the case.")
	if says := parsePage(t, jane.get("/chats").body).says(t, ".rows"); !strings.Contains(says, "with Omar Haddad") {
		t.Errorf("her chats say %q", says)
	}
	doc = parsePage(t, omar.get(page).body)
	var people []string
	for _, p := range doc.all(".people .people-what") {
		people = append(people, p.text)
	}
	if diff := cmp.Diff([]string{"Requester", "Support", "Support, too"}, people); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	// With two in it nothing goes back to the queue, and either may leave.
	omar.wants(t, "to the queue past her", page+"/hand", url.Values{"sure": {"1"}, "to": {"queue"}}, "Jane Doe is in this chat too. Hand it over to them.")
	for range 2 {
		omar.wants(t, "leave", page+"/leave", url.Values{"sure": {"1"}}, "")
	}
	if got := s.get(s.watched.ID).Chat; got.Agent != s.jane.ID || len(got.Others) != 0 {
		t.Errorf("got chat %+v, want Jane alone", got)
	}
	jane.wants(t, "leave alone", page+"/leave", url.Values{"sure": {"1"}}, "You are the only agent in this chat. Hand it over, or end it.")
	lines := events(parsePage(t, jane.get(page).body))
	want := []string{"Jane Doe joined as a second agent", "Omar Haddad left · Jane Doe goes on with this chat"}
	if diff := cmp.Diff(want, lines[len(lines)-2:]); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	s.end(s.watched, desk.ByCustomer("T1:UDEV"), desk.EndedByCustomer)
	omar.wants(t, "join what is over", page+"/join", url.Values{"also": {"1"}}, "The chat is over, so it cannot be joined.")
}

// Two tabs: what one shows was changed in the other, or by a colleague.
func TestB5_AStalePageIsToldSo(t *testing.T) {
	s := fill(newHouse(t))
	omar := s.signedIn("omar@example.com") // an operator, who may end everything
	page := "/cases/" + string(s.requested.Number)
	before := parsePage(t, omar.get(page).body)
	if says := before.says(t, "#dialog-end h2"); says != "Cancel this request?" {
		t.Errorf("the question says %q", says)
	}
	action, fields := formOf(t, before, "#dialog-end form")
	s.join(s.requested, s.jane)
	joined := s.get(s.requested.ID)
	omar.wants(t, "cancel", action, fields, "The chat has changed since you looked. Look again, then decide.")
	action, fields = formOf(t, parsePage(t, omar.get(page).body), "#dialog-hand form")
	fields.Set("to", string(s.omar.ID))
	bea := s.agent("bea@example.com", "Bea Lund", desk.RoleAgent)
	s.handsOver(s.requested, s.jane, bea)
	omar.wants(t, "take over", action, fields, "The chat has changed since you looked. Look again, then decide.")
	if got := s.get(s.requested.ID); got.Chat.Agent != bea.ID || got.LastSeq != joined.LastSeq+1 {
		t.Errorf("got chat %+v", got.Chat)
	}
	// Without a script the question stands there anew, with why beside it.
	action, fields = formOf(t, before, "#dialog-resolve form")
	got := omar.post(action, fields)
	if says := parsePage(t, got.body).says(t, "main .field-error"); got.status != http.StatusConflict || !strings.HasPrefix(says, "The chat has changed") {
		t.Errorf("got %d %q", got.status, says)
	}
}

func TestAnAgentCancelsARequest(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	page := "/cases/" + string(s.requested.Number)
	action, fields := formOf(t, parsePage(t, b.get(page).body), "#dialog-end form")
	for range 2 {
		if got := b.post(action, fields); got.status != http.StatusOK {
			t.Fatalf("got %d", got.status)
		}
	}
	got := s.get(s.requested.ID)
	if got.Chat.State != desk.ChatEnded || got.Chat.Reason != desk.EndedCancelled || got.LastSeq != s.requested.LastSeq+1 {
		t.Errorf("got chat %+v", got.Chat)
	}
	lines := events(parsePage(t, b.get(page).body))
	if last := lines[len(lines)-1]; last != "Jane Doe cancelled the request" {
		t.Errorf("the log says %q", last)
	}
}

func TestACaseIsReopened(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	page := "/cases/" + string(s.ended.Number)
	b.wants(t, "resolve", page+"/resolve", url.Values{"sure": {"1"}}, "")
	before := s.get(s.ended.ID).LastSeq
	doc := parsePage(t, b.get(page).body)
	if n := len(doc.all(".head-more")); n != 0 {
		t.Error("a resolved case offers to change its severity")
	}
	action, fields := formOf(t, doc, "form[data-confirm=dialog-reopen]")
	doc = parsePage(t, b.post(action, fields).body)
	if says := doc.says(t, "h1"); says != "Reopen this case?" {
		t.Fatalf("got %q", says)
	}
	action, fields = formOf(t, doc, "main form")
	for range 2 {
		doc = parsePage(t, b.post(action, fields).body)
	}
	if got := s.get(s.ended.ID); got.Status != desk.StatusReopened || got.LastSeq != before+1 {
		t.Errorf("got %s after %d entries", got.Status, got.LastSeq-before)
	}
	if lines := events(doc); lines[len(lines)-1] != "Jane Doe reopened the case" {
		t.Errorf("the log says %q", lines)
	}
}

// After too long it says what to do instead, beside the question.
func TestACaseThatIsTooOldIsNotReopened(t *testing.T) {
	s := fill(newHouse(t)) // which reopens what was resolved within a day
	b := s.signedIn("jane@example.com")
	got := b.post("/cases/"+string(s.resolved.Number)+"/reopen", url.Values{"token": {token}, "sure": {"1"}})
	want := "Case " + string(s.resolved.Number) + " was resolved more than a day ago and can no longer be reopened. Create a new case that follows it. " +
		"That is done in Slack: ask the requester to, and to name this case in it."
	if says := parsePage(t, got.body).says(t, "main .field-error"); got.status != http.StatusConflict || says != want {
		t.Errorf("got %d %q", got.status, says)
	}
	if now := s.get(s.resolved.ID); now.Open() {
		t.Error("it was reopened")
	}
}

func TestSeverityIsChanged(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	page := "/cases/" + string(s.running.Number)
	action, fields := formOf(t, parsePage(t, b.get(page).body), ".facts form")
	doc := parsePage(t, b.post(action, fields).body)
	if says := doc.says(t, "main option[selected]"); says != "Urgent: Production down" {
		t.Errorf("the form begins with %q", says)
	}
	action, fields = formOf(t, doc, "main form")
	fields.Set("severity", "low")
	for range 2 {
		doc = parsePage(t, b.post(action, fields).body)
	}
	got := s.get(s.running.ID)
	if got.Severity != desk.SeverityLow || got.LastSeq != s.running.LastSeq+1 {
		t.Errorf("got %s after %d entries", got.Severity, got.LastSeq-s.running.LastSeq)
	}
	if lines := events(doc); lines[len(lines)-1] != "Jane Doe changed the severity to Low" {
		t.Errorf("the log says %q", lines)
	}
	fields.Set("severity", "critical") // from a page that shows what it was before
	b.wants(t, "stale", action, fields, "Somebody has changed the severity to Low since you looked. Look again, then decide.")
	b.wants(t, "unknown", page+"/severity", url.Values{"sure": {"1"}, "severity": {"bad"}}, "Choose a severity.")
	b.wants(t, "resolved", "/cases/"+string(s.resolved.Number)+"/severity", url.Values{"severity": {"high"}},
		"Case "+string(s.resolved.Number)+" is resolved. Reopen it first, then change its severity.")
}

// An agent whose console is away is shown as reconnecting wherever their chat
// stands, and no longer once they are back.
func TestB5_AnAgentWhoIsAwayIsReconnecting(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	page := "/cases/" + string(s.watched.Number)
	shown := func() []bool {
		t.Helper()
		if err := s.cases.MindAgent(t.Context(), s.watched.ID, time.Time{}); err != nil {
			t.Fatal(err)
		}
		doc := parsePage(t, b.get(page).body)
		return []bool{
			strings.Contains(doc.says(t, ".chatstate"), "Omar Haddad is reconnecting"),
			strings.Contains(doc.says(t, "#dock"), "Their console has lost the connection."),
			strings.Contains(doc.says(t, ".people"), "Reconnecting"),
			strings.Contains(doc.says(t, ".work"), "Reconnecting"),
			strings.Contains(parsePage(t, b.get("/cases").body).says(t, ".rows"), "Reconnecting"),
		}
	}
	if diff := cmp.Diff([]bool{true, true, true, true, true}, shown()); diff != "" {
		t.Errorf("while he is away (-want +got):\n%s", diff)
	}
	s.signedIn("omar@example.com")
	if diff := cmp.Diff([]bool{false, false, false, false, false}, shown()); diff != "" {
		t.Errorf("when he is back (-want +got):\n%s", diff)
	}
}
