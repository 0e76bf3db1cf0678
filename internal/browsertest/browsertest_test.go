package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
)

// shown opens a tab with a page of this body, in a browser of its own.
func shown(t *testing.T, body string) *Tab {
	t.Helper()
	return Open(t).shown(t, body)
}

func (b *Browser) shown(t *testing.T, body string) *Tab {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "img-src 'none'")
		if r.URL.Path != "/" {
			body = "<h1>" + r.URL.Path + "</h1>"
		}
		fmt.Fprint(w, "<!doctype html>"+body)
	}))
	t.Cleanup(server.Close)
	tab := (&Browser{t: t, program: b.program, person: b.person}).Tab("page")
	tab.Visit(server.URL)
	return tab
}

// counted is a script that counts the clicks on buttons in the title.
const counted = `<script>
document.title = '0';
document.addEventListener('click', (e) => { if (e.target.closest('button')) document.title = Number(document.title) + 1; });
const draw = () => { box.innerHTML = '<button>Press</button>'; };
</script>`

func TestClickReachesWhatIsThere(t *testing.T) {
	b := Open(t)
	for name, body := range map[string]string{
		"drawn anew all the time": `<div id="box"></div>` + counted + `<script>draw(); setInterval(draw, 120);</script>`,
		"drawn anew under the press": `<div id="box"></div>` + counted + `<script>draw();
			addEventListener('mousedown', draw, { once: true });</script>`,
		"gone under the press": `<div id="box"></div>` + counted + `<script>draw();
			addEventListener('mousedown', () => { box.innerHTML = ''; setTimeout(draw, 300); }, { once: true });</script>`,
		"another in its place": `<div id="box"></div>` + counted + `<script>draw();
			addEventListener('mousedown', () => { box.innerHTML = '<p style="height: 2em; margin: 0">Not this</p>'; setTimeout(draw, 300); }, { once: true });</script>`,
		"comes late":    `<div id="box"></div>` + counted + `<script>setTimeout(draw, 300);</script>`,
		"disabled":      `<button disabled>Press</button>` + counted + `<script>setTimeout(() => { document.querySelector('button').disabled = false; }, 300);</script>`,
		"hidden":        `<button style="visibility: hidden">Press</button>` + counted + `<script>setTimeout(() => { document.querySelector('button').style = ''; }, 300);</script>`,
		"covered":       `<button>Press</button><p style="position: fixed; inset: 0; margin: 0">In front</p>` + counted + `<script>setTimeout(() => document.querySelector('p').remove(), 300);</script>`,
		"moving":        `<style>@keyframes go { from { margin-left: 900px; } }</style><button style="animation: go .4s linear">Press</button>` + counted,
		"far down":      `<p style="height: 5000px"></p><button>Press</button><p style="height: 5000px"></p>` + counted,
		"under a head":  `<p style="position: fixed; inset: 0 0 auto; height: 100px; margin: 0; background: red"></p><p style="height: 5000px"></p><button>Press</button><p style="height: 5000px"></p>` + counted + `<script>scrollTo(0, 99999);</script>`,
		"one is hidden": `<button hidden>Not this</button><button>Press</button>` + counted,
		"over two lines": `<p style="width: 9em">Here and there: <button style="display: inline; all: unset">something to
			press that is long</button></p>` + counted,
	} {
		t.Run(name, func(t *testing.T) {
			tab := b.shown(t, body)
			tab.Click("button")
			if got := Read[string](tab, "document.title"); got != "1" {
				t.Errorf("the page heard %s clicks, want 1", got)
			}
		})
	}
}

func TestClickThatLeavesThePage(t *testing.T) {
	tab := shown(t, `<a href="/next">Go</a>`)
	tab.Click("a")
	tab.Sees("h1", "/next")
	if tab.tries != 1 {
		t.Errorf("pressed %d times, want once", tab.tries)
	}
}

// What cannot be done says why.
func TestFailuresSayWhy(t *testing.T) {
	tab := shown(t, `<button id="off" disabled>Off</button><button id="none" hidden>None</button><button id="under">Under</button>
		<p class="front" style="position: fixed; inset: 0; margin: 0">In front</p><input id="stubborn" onfocus="this.blur()">`)
	tab.waits = time.Millisecond // one try
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"absent":    {tab.click("#absent"), "nothing on the page is that"},
		"disabled":  {tab.click("#off"), "it is disabled"},
		"hidden":    {tab.click("#none"), "it is hidden"},
		"covered":   {tab.click("#under"), `it is covered by <p class="front"`},
		"selector":  {tab.click("<"), "not a valid selector"},
		"no field":  {tab.typeInto("#absent", "x"), "nothing on the page is that"},
		"blurred":   {tab.typeInto("#stubborn", "x"), "it does not take the focus"},
		"condition": {tab.until("1 > 2"), "did not become true"},
		"exception": {tab.until("document.querySelector('#absent').value"), "Cannot read properties of null"},
		"text":      {tab.until(says("button", "Other")), "not within 1ms"},
	} {
		if tt.err == nil || !strings.Contains(tt.err.Error(), tt.want) {
			t.Errorf("%s: got %v, want it to say %q", name, tt.err, tt.want)
		}
	}
}

func TestTypeSaysWhatTheFieldLost(t *testing.T) {
	const page = `<form><div id="box"><input name="a" value="been"></div><textarea name="b"></textarea></form><p id="sent"></p>
	<script>document.forms[0].addEventListener('submit', (e) => { e.preventDefault(); sent.textContent = new FormData(e.target).get('a'); });</script>`
	tab := shown(t, page)
	tab.Script(`document.querySelector('input').setSelectionRange(4, 4)`)
	tab.Type("input", " there 👍")
	tab.Type("input", "!"+Enter)
	tab.Sees("#sent", "been there 👍!")
	tab.Script(`document.querySelector('input').select()`)
	tab.Type("input", "anew"+Enter)
	tab.Sees("#sent", "anew")
	tab.Type("textarea", "one")
	tab.Press(Enter, Shift)
	tab.Press("two")
	tab.Until(`document.querySelector('textarea').value === 'one\ntwo'`)

	tab.Script(`document.querySelector('input').addEventListener('input', (e) => { if (e.target.value.length === 6) box.innerHTML = '<input name=a>'; })`)
	if err := tab.typeInto("input", "abc"); err == nil || !strings.Contains(err.Error(), "not \"anewabc\"") {
		t.Errorf("a field that was drawn anew: got %v", err)
	}
	tab.Script(`document.querySelector('input').addEventListener('input', (e) => { e.target.value = e.target.value.slice(0, 2); })`)
	if err := tab.typeInto("input", "abc"); err == nil || !strings.Contains(err.Error(), `the field has "ab", not "abc"`) {
		t.Errorf("a field that cuts: got %v", err)
	}
}

// A key that a script takes for itself types nothing; one that is held with Alt
// neither.
func TestPress(t *testing.T) {
	tab := shown(t, `<input autofocus><script>
	addEventListener('keydown', (e) => { if (e.key === 'j' || e.altKey) { e.preventDefault(); document.title += e.altKey ? e.code : e.key; } });</script>`)
	tab.Until(`document.activeElement === document.querySelector('input')`) // autofocus comes with the first drawing
	tab.Press("ajb")
	tab.Press("n", Alt)
	tab.Until(`document.title === 'jKeyN' && document.querySelector('input').value === 'ab'`)
}

func TestVisitAndReloadWaitForThePage(t *testing.T) {
	tab := shown(t, `<script>window.marked = sessionStorage.getItem('seen') ?? 'first'; sessionStorage.setItem('seen', 'second');</script>`)
	for _, want := range []string{"first", "second"} {
		if got := Read[string](tab, "window.marked"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		tab.Reload()
	}
	tab.Visit(Read[string](tab, "location.href") + "#part")
	tab.Until(`location.hash === '#part'`)
	tab.Visit(Read[string](tab, "location.origin") + "/other")
	tab.Sees("h1", "/other")
}

func TestComplaints(t *testing.T) {
	b := Open(t)
	for want, body := range map[string]string{
		"no such thing":           `<script>throw new Error('no such thing')</script>`,
		"never was":               `<script>Promise.reject(new Error('never was'))</script>`,
		"said so 7":               `<script>console.error('said so', 7)</script>`,
		"Content Security Policy": `<img src="/x.png">`,
		"":                        `<script>console.log('fine'); fetch('/nowhere')</script>`,
	} {
		tab := b.shown(t, body)
		heard := func(context.Context) error {
			tab.wrong.mu.Lock()
			defer tab.wrong.mu.Unlock()
			if all := strings.Join(tab.wrong.said, "; "); (all == "") != (want == "") || !strings.Contains(all, want) {
				return fmt.Errorf("got complaints %q, want %q", all, want)
			}
			return nil
		}
		if err := tab.again(heard); err != nil {
			t.Error(err)
		}
		tab.wrong.mu.Lock()
		tab.wrong.said = nil
		tab.wrong.mu.Unlock()
	}
}

// Two tabs are two windows of one person: what one keeps the other has, and
// each behaves as if it were looked at.
func TestTabs(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!doctype html><input>") }))
	t.Cleanup(server.Close)
	b := Open(t)
	one, two := b.Tab("one"), b.Tab("two")
	one.Visit(server.URL)
	two.Visit(server.URL)
	one.Script(`localStorage.setItem('kept', 'here')`)
	two.Until(`localStorage.getItem('kept') === 'here'`)
	for _, tab := range []*Tab{one, two} {
		tab.Until(`document.hasFocus() && document.visibilityState === 'visible' && innerWidth === 1440`)
		tab.Type("input", "words")
	}
}

func TestShots(t *testing.T) {
	t.Setenv("CASELINE_SHOTS", t.TempDir())
	tab := shown(t, `<p>Words</p>`)
	tab.Shot("words", Light, Dark)
	for _, file := range []string{"page-words-1440-light.png", "page-words-390-dark.png"} {
		if !exists(t, file) {
			t.Errorf("there is no %s", file)
		}
	}
}

func exists(t *testing.T, file string) bool {
	t.Helper()
	_, err := os.Stat(filepath.Join(os.Getenv("CASELINE_SHOTS"), file))
	return err == nil
}

// What one person keeps another lacks, in the same program.
func TestPersons(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "been", Value: "here"})
		_, err := r.Cookie("been")
		fmt.Fprintf(w, "<!doctype html><p>%v</p>", err == nil)
	}))
	t.Cleanup(server.Close)
	may := func(tab *Tab, want string) {
		tab.Script(`navigator.permissions.query({ name: 'geolocation' }).then((p) => { document.title = p.state; })`)
		tab.Until(`document.title === '` + want + `'`)
	}
	one, other := Open(t), Open(t)
	tab := one.Tab("one")
	tab.Visit(server.URL)
	tab.Script(`localStorage.setItem('kept', 'here')`)
	tab.Permit(server.URL, "geolocation", true)
	may(tab, "granted")
	tab.Reload()
	tab.Sees("p", "true")
	tab = other.Tab("other")
	tab.Visit(server.URL)
	tab.Sees("p", "false")
	tab.Until(`localStorage.getItem('kept') === null`)
	may(tab, "prompt")
}

// A program that has ended is replaced for whoever comes next, and leaves nothing.
func TestProgramIsReplaced(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var k keeper
	path := found(t, []string{shell, whole})
	for range 2 {
		p, _, err := k.enter(path, t.Logf)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := within()
		if _, err = cdp.Call(ctx, p.browser, browser.Crash, cdp.Empty{}); err == nil {
			t.Error("a program that crashed answers")
		}
		cancel()
		<-p.ended
	}
	k.end()
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestHeld runs in a process of its own, which ends without a word.
func TestHeld(t *testing.T) {
	if os.Getenv("BROWSERTEST_HELD") != "" {
		Open(t).Tab("held")
		os.Exit(7)
	}
	dir := t.TempDir()
	path := found(t, []string{shell, whole})
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestHeld$")
	cmd.Env = append(os.Environ(), "BROWSERTEST_HELD=1", "TMPDIR="+dir, "CASELINE_BROWSER="+path)
	if out, err := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 7 {
		t.Fatalf("it ended by %v: %s", err, out)
	}
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for range 200 { // it goes a moment later
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
		<-look.C
	}
	t.Errorf("the browser's folder is still in %s", dir)
}
