package console_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/console"
	"caseline/internal/desk"
)

// A formPart is a field of a form, or a file in it.
type formPart struct{ name, file, value string }

// send posts a form with files.
func (b *browser) form(path string, parts []formPart, headers ...string) answer {
	b.h.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		part, err := w.CreateFormField(p.name)
		if p.file != "" {
			part, err = w.CreateFormFile(p.name, p.file)
		}
		if err != nil {
			b.h.t.Fatal(err)
		}
		if _, err := part.Write([]byte(p.value)); err != nil {
			b.h.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.h.t.Fatal(err)
	}
	return b.send(http.MethodPost, path, body.String(), append(headers, "Content-Type", w.FormDataContentType())...)
}

// chat is a running chat of Jane's, and her browser.
func chat(t *testing.T, options ...func(*console.Options)) (*house, desk.Case, *browser) {
	t.Helper()
	h := newHouse(t, options...)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	return h, c, h.signedIn("jane@example.com")
}

func (h *house) fileNames(c desk.Case) string {
	h.t.Helper()
	files, err := h.store.Files(h.t.Context(), c.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name+" "+f.Type+" "+string(f.State)+" "+string(h.blobs[f.Hash]))
	}
	return strings.Join(names, "; ")
}

func TestB10_FilesWithWordsByThePlainForm(t *testing.T) {
	h, c, b := chat(t)
	path := "/cases/" + string(c.Number)
	parts := []formPart{
		{"token", "", token}, {"text", "", "here they are"}, {"file", "a.txt", "one"}, {"file", "../b.html", "<!DOCTYPE html>two"}, {"file", "", ""},
	}
	for range 2 { // the form is sent twice
		if got := b.form(path+"/replies", parts); got.status != http.StatusOK || got.path != path {
			t.Fatalf("got %d at %s: %s", got.status, got.path, got.body)
		}
	}
	if got, want := h.fileNames(c), "a.txt text/plain; charset=utf-8 sending one; b.html text/html; charset=utf-8 sending <!DOCTYPE html>two"; got != want {
		t.Errorf("got files %s, want %s", got, want)
	}
	doc := parsePage(t, b.get(path).body)
	if n := len(doc.all(".entry-file.by-agent")); n != 2 {
		t.Errorf("the log shows %d files, want 2", n)
	}
	if says := doc.all(".file-state")[0].text; !strings.Contains(says, "Sending to Slack") {
		t.Errorf("got state %q", says)
	}
	if got := b.form(path+"/replies", []formPart{{"token", "", "only-a-file-0000001"}, {"text", "", " "}, {"file", "c.txt", "three"}}); got.status != http.StatusOK {
		t.Errorf("a file without words: got %d", got.status)
	}
	if got := h.get(c.ID).LastSeq; got != 7 {
		t.Errorf("got %d entries, want 7: opening, request, join, words and three files", got)
	}
}

func TestB10_FilesThatAreNotTaken(t *testing.T) {
	h, c, b := chat(t, func(o *console.Options) { o.MaxFile = 10 })
	path := "/cases/" + string(c.Number)
	many := []formPart{{"token", "", token}}
	for range 11 {
		many = append(many, formPart{"file", "a.txt", "x"})
	}
	for name, tt := range map[string]struct {
		parts []formPart
		want  string
	}{
		"too large": {[]formPart{{"token", "", token}, {"file", "big.txt", "12345678901"}}, "big.txt was not sent. The file is larger than 10 bytes."},
		"empty":     {[]formPart{{"token", "", token}, {"file", "void.txt", ""}}, "void.txt is empty"},
		"none":      {[]formPart{{"token", "", token}}, "Choose a file"},
		"many":      {many, "at most 10 files"},
		"no token":  {[]formPart{{"file", "a.txt", "x"}}, "incomplete"},
	} {
		got := b.form(path+"/files", tt.parts, "Accept", "application/json")
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, tt.want) {
			t.Errorf("%s: got %d %s, want %q", name, got.status, got.body, tt.want)
		}
	}
	got := b.form(path+"/replies", []formPart{{"token", "", token}, {"text", "", "my words"}, {"file", "big.txt", "12345678901"}})
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "my words") || !strings.Contains(got.body, "big.txt was not sent") {
		t.Errorf("the plain form: got %d", got.status)
	}
	h.agent("omar@example.com", "Omar", desk.RoleAgent)
	if got := h.signedIn("omar@example.com").form(path+"/files", []formPart{{"token", "", token}, {"file", "a.txt", "x"}}); got.status != http.StatusForbidden {
		t.Errorf("another agent: got %d, want 403", got.status)
	}
	if got := h.browser().form(path+"/files", []formPart{{"token", "", token}, {"file", "a.txt", "x"}}); got.path != "/login" {
		t.Errorf("a stranger: got %d at %s", got.status, got.path)
	}
	if got := h.fileNames(c); got != "" {
		t.Errorf("got files %s, want none", got)
	}
}

func TestB10_FailedFilesSayWhyAndCanBeRetried(t *testing.T) {
	h, c, b := chat(t)
	path := "/cases/" + string(c.Number)
	h.settleAll(c.ID)
	h.say(c, "T1:UALICE", "", desk.NewFile{SlackID: "F1", Name: "in.txt", Size: 3})
	b.form(path+"/files", []formPart{{"token", "", token}, {"file", "out.txt", "two"}})
	h.settleLane(desk.FileLane(h.file(c, "in.txt").ID), desk.Verdict{Kind: desk.Refused, Reason: "Slack does not let us read the file."})
	h.settleLane(desk.UploadLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: "This workspace does not allow files to be uploaded."})
	doc := parsePage(t, b.get(path).body)
	var says []string
	for _, n := range doc.all(".file-why") {
		says = append(says, strings.Join(strings.Fields(n.text), " "))
	}
	if got, want := strings.Join(says, "; "), "Not fetched: Slack does not let us read the file; Not sent: This workspace does not allow files to be uploaded"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for range 2 {
		for _, form := range doc.all(".file form") {
			if got := b.form(form.attrs["action"], []formPart{{"token", "", token}}); got.status != http.StatusOK || got.path != path {
				t.Errorf("retry: got %d at %s", got.status, got.path)
			}
		}
	}
	if in, out := h.file(c, "in.txt").State, h.file(c, "out.txt").State; in != desk.FileFetching || out != desk.FileSending {
		t.Errorf("got %s and %s", in, out)
	}
	if got := b.form("/files/file-none/retry", nil); got.status != http.StatusNotFound {
		t.Errorf("no such file: got %d", got.status)
	}
}

// Files by paste and drop in a real browser, with words: the words go first.
func TestB10_FilesInABrowser(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	tab.Resize(1200, 800)
	signIn(tab, h, "jane@example.com")
	c := s.running
	before := h.get(c.ID).LastSeq
	tab.Visit(h.http.URL + "/cases/" + string(c.Number))
	tab.Until(`document.getElementById('composer') && document.documentElement.classList.contains('js')`)
	tab.Script(transfer("paste", "text", "pasted.txt"))
	tab.Script(transfer("drop", "main", "dropped.txt"))
	tab.Script(transfer("drop", "main", "unwanted.txt"))
	tab.Until(`[...document.querySelectorAll('.chip-name')].map((n) => n.textContent).join() === 'pasted.txt,dropped.txt,unwanted.txt'`)
	tab.Click(`.chip:nth-child(3) .chip-drop`)
	tab.Lacks(".chip-name", "unwanted.txt")
	tab.Shot("composer-files")
	tab.Type("#text", "two files for you")
	tab.Click("#send")
	tab.Until(`[...document.querySelectorAll('#log .by-agent .file-name')].filter((n) => /pasted|dropped/.test(n.textContent)).length === 2`)
	tab.Until(`document.querySelectorAll('#outbox li').length === 0 && document.querySelector('#chips').hidden`)
	tab.Shot("files-sending")
	entries, err := h.store.Log(t.Context(), c.ID, before, 10)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, e := range entries {
		said = append(said, e.Text)
	}
	if got, want := strings.Join(said, "; "), "two files for you; pasted.txt; dropped.txt"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}

	// A failure shows at once, and so does trying again.
	h.settleLane(desk.UploadLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: "This workspace does not allow files of this kind."})
	tab.Until(`[...document.querySelectorAll('.file-why')].some((n) => n.textContent.includes('files of this kind'))`)
	tab.Shot("file-failed")
	tab.Script(`[...document.querySelectorAll('.file-failed')].at(-1).querySelector('button').click()`)
	tab.Until(`![...document.querySelectorAll('.file-why')].some((n) => n.textContent.includes('files of this kind'))`)
	if got := h.file(c, "pasted.txt").State; got != desk.FileSending {
		t.Errorf("got %s after a retry", got)
	}
}

// transfer is a script that pastes or drops a file.
func transfer(kind, onto, name string) string {
	event := `new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})`
	if kind == "drop" {
		event = `new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})`
	}
	return `const data = new DataTransfer(); data.items.add(new File(['some bytes'], '` + name + `', {type: 'text/plain'}));
document.getElementById('` + onto + `').dispatchEvent(` + event + `)`
}
