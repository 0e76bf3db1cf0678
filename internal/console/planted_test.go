package console_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/casework"
	"caseline/internal/casework/setup"
	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// planted is markup that does something where it is not only text. Each has its
// mark, so that whoever finds it knows where it came from.
func planted(mark string) string {
	return fmt.Sprintf(`%[1]s"'><img src=x onerror="window.planted='%[1]s'"><script>window.planted='%[1]s'</script><svg onload="window.planted='%[1]s'"><a href="javascript:window.planted='%[1]s'">x</a></textarea></title><iframe srcdoc="<script>parent.planted='%[1]s'</script>"></iframe>`, mark)
}

// short is planted for where only little can be.
func short(mark string) string {
	return fmt.Sprintf(`%[1]s"'><img src=x onerror="window.planted='%[1]s'"><svg onload="window.planted='%[1]s'">`, mark)
}

// A plantedSlack tells of channels, groups and emoji with names that are markup.
type plantedSlack struct{}

func (plantedSlack) Learn(context.Context, desk.WorkspaceID, []string) {}

func (plantedSlack) Channel(desk.WorkspaceID, string) (name, instead string) {
	return planted("channel"), ""
}
func (plantedSlack) Group(desk.WorkspaceID, string) (handle, instead string) {
	return planted("group"), ""
}

func (plantedSlack) Find(desk.WorkspaceID, string) (common string, pictured bool) { return "", true }

func (plantedSlack) Picture(context.Context, desk.WorkspaceID, string) (content io.ReadSeekCloser, kind, hash string, err error) {
	return nil, "", "", desk.ErrNotFound
}

// plantedHouse is a house in which everything that comes from Slack, and all that
// people here type, is markup.
func plantedHouse(t *testing.T) (*house, []string) {
	t.Helper()
	h := newHouse(t, func(o *console.Options) {
		o.Mentions, o.Emoji = plantedSlack{}, plantedSlack{}
		o.Person = func(w desk.WorkspaceID, user string) desk.PersonID { return desk.PersonID(string(w) + ":" + user) }
		o.Address = func(desk.Place) string { return "javascript:window.planted='place'" }
		o.Hints = []string{planted("hint")}
	})
	ctx := t.Context()
	olivia := h.agent("olivia@example.com", planted("ol")[:60], desk.RoleOperator)
	for _, id := range []desk.PersonID{"T1:UALICE", "T1:UBOB"} {
		if err := h.cases.NamePerson(ctx, desk.Person{ID: id, Name: planted("person"), Avatar: "javascript:window.planted='avatar'", External: true}); err != nil {
			t.Fatal(err)
		}
	}
	by := desk.By{Actor: desk.ByAgent(olivia), Via: desk.ViaConsole}
	h.update(func(tx store.Tx) error {
		w := served.Workspace{ID: "T1", Name: planted("workspace"), URL: "javascript:window.planted='url'"}
		return tx.SaveWorkspace(ctx, &w)
	})
	if err := h.setup.LinkWorkspace(ctx, setup.Link{By: by, Account: northwind, Workspace: "T1"}); err != nil {
		t.Fatal(err)
	}
	h.update(func(tx store.Tx) error {
		return tx.SaveChannel(ctx, &served.ChannelConfig{Account: northwind, Workspace: "T1", Channel: "C1", Name: planted("configured"), Permissions: served.FullPermissions()})
	})
	c := h.opened(short("subject"), planted("description"), "T1:UALICE", desk.SeverityHigh)
	h.settleAll(c.ID)
	waits := h.opened(short("waiting"), planted("waits"), "T1:UBOB", desk.SeverityLow)
	h.join(c, olivia)
	said := h.say(c, "T1:UALICE", planted("text")+"\n```\n"+planted("code")+"\n```\n> "+planted("quote")+"\n:party"+planted("emoji")+": :wave: <@UBOB> <#C7> <!subteam^S1> [x](javascript:window.planted='link') <javascript:window.planted='autolink'> ![x](https://evil.example/x.png)",
		desk.NewFile{SlackID: "F1", Name: short("file") + ".html", Type: "text/html"}, desk.NewFile{SlackID: "F2", Name: short("picture") + ".svg", Type: "image/svg+xml"})
	h.edit(c, said, "T1:UALICE", planted("edited"))
	h.fetched(c, short("file")+".html", "text/html", []byte(planted("html")))
	h.fetched(c, short("picture")+".svg", "image/svg+xml", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`))
	h.reply(c, olivia, planted("reply"))
	if err := h.cases.Note(ctx, casework.Note{Case: c.ID, Agent: olivia, Text: planted("note"), Origin: h.origin()}); err != nil {
		t.Fatal(err)
	}
	h.settleAll(c.ID)
	return h, []string{
		"/", "/chats", "/cases", "/cases?q=window", "/cases/" + string(c.Number), "/cases/" + string(waits.Number), "/me", "/setup", "/setup/accounts/" + string(northwind),
		"/setup/accounts/" + string(northwind) + "/channels/T1/C1", "/setup/accounts/" + string(northwind) + "/channels/T1/C1/remove", "/setup/agents", "/setup/agents/" + string(olivia.ID), "/audit", "/audit?who=%3Cscript%3E",
		"/login?next=%2F%22%3E%3Cscript%3E", "/cases?q=%22%3E%3Cscript%3Ewindow.planted%3D1%3C/script%3E", "/setup/agents?q=%22%3E%3Cscript%3E", "/nowhere/%3Cscript%3E",
	}
}

// What people in Slack write is text, wherever it stands: nothing of it is run, by
// a real browser, with the whole policy and what it would complain of.
func TestNothingThatIsPlantedIsRun(t *testing.T) {
	h, paths := plantedHouse(t)
	tab := browsertest.Open(t).Tab("console") // the test fails when the browser complains, as it does of what the policy forbids
	signIn(tab, h, "olivia@example.com")
	found := 0
	for _, path := range paths {
		tab.Visit(h.http.URL + path)
		tab.Script(`document.querySelectorAll('details').forEach((d) => { d.open = true })`)
		if ran := browsertest.Read[string](tab, `String(window.planted ?? '')`); ran != "" {
			t.Errorf("%s: what was planted as %s has run", path, ran)
		}
		bad := browsertest.Read[string](tab, `[...document.querySelectorAll('*')].filter((e) =>
			[...e.attributes].some((a) => a.name.startsWith('on') || /^\s*javascript:/i.test(a.value) && ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(a.name)) ||
			e.localName === 'iframe' || e.localName === 'script' && !e.src || e.localName === 'img' && new URL(e.src).origin !== location.origin
		).map((e) => e.outerHTML.slice(0, 200)).join('\n')`)
		if bad != "" {
			t.Errorf("%s: there is markup that was planted:\n%s", path, bad)
		}
		if browsertest.Read[bool](tab, `document.body.textContent.includes('onerror=')`) {
			found++
		}
	}
	if found < 8 {
		t.Errorf("what was planted stands on %d pages only, so this shows little", found)
	}
}

var (
	inlineStyle  = regexp.MustCompile(`<[^>]*\sstyle\s*=`)
	inlineScript = regexp.MustCompile(`<script(?:\s[^>]*)?>\s*[^<\s]`)
	onAttribute  = regexp.MustCompile(`<[a-z][^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*\son[a-z]+\s*=`)
)

// Every page has the whole policy, and nothing in it that the policy would have to
// make an exception for.
func TestEveryPageHasThePolicy(t *testing.T) {
	h, paths := plantedHouse(t)
	b := h.signedIn("olivia@example.com")
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	for _, path := range append(paths, "/audit.csv", "/audit.json", "/worklist", "/static/none", "/favicon.ico") {
		got := b.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got.header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, got.header.Get(name))
			}
		}
		if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			continue
		}
		if got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: it may be kept: %q", path, got.header.Get("Cache-Control"))
		}
		for what, re := range map[string]*regexp.Regexp{"a style": inlineStyle, "a script": inlineScript, "a handler": onAttribute} {
			if at := re.FindString(got.body); at != "" {
				t.Errorf("%s: has %s in it: %.200s", path, what, at)
			}
		}
	}
}

// What customers send is never a page of ours, whatever it says that it is.
func TestFilesAreNeverPages(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("Hello", "Please help.", "T1:UALICE", desk.SeverityNormal)
	h.settleAll(c.ID)
	h.join(c, jane)
	b := h.signedIn("jane@example.com")
	for name, kind := range map[string]string{
		"a.html": "text/html", "b.svg": "image/svg+xml", "c.pdf": "application/pdf", "d.xml": "application/xml", "e.xhtml": "application/xhtml+xml", "f.js": "text/javascript",
		"g.png": "text/html; charset=utf-8", "h.html": "image/svg+xml;x=image/png", "i": "", "j.mht": "multipart/related",
	} {
		h.say(c, "T1:UALICE", "", desk.NewFile{SlackID: "F" + name, Name: name, Type: kind})
		f := h.fetched(c, name, kind, []byte("<script>alert(1)</script>"))
		for _, query := range []string{"", "?inline", "?inline=1"} {
			got := b.get("/files/" + string(f.ID) + query)
			for header, want := range map[string]string{
				"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
			} {
				if got.status != http.StatusOK || got.header.Get(header) != want {
					t.Errorf("%s%s: got %d, %s %q", name, query, got.status, header, got.header.Get(header))
				}
			}
			if !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%s%s: got %q", name, query, got.header.Get("Content-Disposition"))
			}
		}
	}
}
