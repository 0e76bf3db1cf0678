package console_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// handled are the keys that scripts answer, as people name them: those of the page, of
// the box in which one writes, of what completes there and of the palette.
func handled(t *testing.T) (keys []string) {
	t.Helper()
	read := func(name, from, to string) string {
		t.Helper()
		script, err := os.ReadFile("static/js/" + name)
		if err != nil {
			t.Fatal(err)
		}
		_, part, ok := strings.Cut(string(script), from)
		part, _, end := strings.Cut(part, to)
		if !ok || !end {
			t.Fatalf("%s has no %q, or it has no end", name, from)
		}
		return part
	}
	found := func(least int, pattern, text string, called func(match []string) string) {
		t.Helper()
		all := regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1)
		if len(all) < least {
			t.Fatalf("found only %d of %s", len(all), pattern)
		}
		for _, match := range all {
			keys = append(keys, called(match))
		}
	}
	first := func(match []string) string { return match[1] }
	names := map[string]string{"ArrowUp": "↑", "Escape": "Esc", "z": "Ctrl Z", "Enter": "Enter", "k": "Ctrl K", "Digit": "Alt 1"}
	named := func(match []string) string {
		if names[match[1]] == "" {
			t.Errorf("how people call %s is not known here", match[1])
		}
		return names[match[1]]
	}
	found(15, `(?m)^  '?([^':\s]+)'?: `, read("keys.js", "const actions = {", "\n};"), first)
	found(1, `/\^(Digit)\[1-9\]\$/`, read("keys.js", "function pressed(", "\n}"), named)
	found(1, `event\.key === '(\w+)'`, read("keys.js", "function pressed(", "\n}"), named)
	composer := read("composer.js", "function pressed(", "\n}")
	found(4, `event\.key(?:\.toLowerCase\(\))? === '(\w+)'`, composer, named)
	found(2, `event\.altKey && event\.code === 'Key(\w)'`, composer, func(match []string) string { return "Alt " + match[1] })
	if strings.Contains(composer, "'Enter' && !event.shiftKey") {
		keys = append(keys, "Shift Enter")
	}
	found(3, `find: /\(\?:.*?\)\\?([/:@])\(`, read("suggest.js", "const kinds = [", "];"), first)
	found(1, `event\.key\.toLowerCase\(\) === '(\w)'`, read("palette.js", "export function start(", "\n}"), named)
	return keys
}

// The sheet of keys has every key that does something, wherever.
func TestEveryKeyIsOnTheSheet(t *testing.T) {
	h := newHouse(t)
	fill(h)
	shown := map[string]bool{}
	for _, row := range parsePage(t, h.signedIn("jane@example.com").get("/").body).all("#help dd") {
		before := ""
		for _, key := range row.all("kbd") {
			shown[key.text], shown[before+" "+key.text] = true, true
			before = key.text
		}
	}
	for _, key := range handled(t) {
		if !shown[key] {
			t.Errorf("the sheet lacks %s", key)
		}
	}
}

// keysOfThePage presses the keys that no other story does, each of which does what the
// sheet says, and what has a button does it by that, too. The tab is at a running chat
// of Jane's.
func keysOfThePage(t *testing.T, tab *browsertest.Tab, s *sample) {
	t.Helper()
	tab.Press("rone line")
	tab.Press(browsertest.Enter, browsertest.Shift)
	tab.Press("and another")
	tab.Until(`document.getElementById('text').value === 'one line\nand another' && document.querySelectorAll('#outbox li').length === 0`)
	tab.Script(`const text = document.getElementById('text'); text.value = ''; text.dispatchEvent(new Event('input', { bubbles: true })); text.blur()`)

	presence := func() desk.Presence {
		t.Helper()
		a, err := s.store.Agent(t.Context(), s.jane.ID)
		if err != nil {
			t.Fatal(err)
		}
		return a.Presence
	}
	for _, want := range []desk.Presence{desk.Online, desk.Away} {
		tab.Press("p")
		tab.Until(`document.querySelector(".presence-button").ariaBusy === null && document.querySelector('.presence').dataset.presence === '` + string(want) + `' && document.querySelector('.presence-button').ariaChecked === '` + map[bool]string{true: "true", false: "false"}[want == desk.Online] + `'`)
		if got := presence(); got != want {
			t.Errorf("p: got %s, want %s", got, want)
		}
	}

	ground := `getComputedStyle(document.body).backgroundColor`
	system := browsertest.Read[string](tab, ground)
	chosen := func(how, theme string) string {
		t.Helper()
		tab.Until(`(document.documentElement.dataset.theme || '') === '` + theme + `' && document.querySelector('[data-theme-label]').textContent === 'Theme: ` + map[bool]string{true: "system", false: theme}[theme == ""] + `'`)
		tab.Reload()
		if got := browsertest.Read[string](tab, `document.documentElement.dataset.theme || ''`); got != theme {
			t.Errorf("%s: loaded again, the theme is %q, want %q", how, got, theme)
		}
		tab.Until(composing)
		return browsertest.Read[string](tab, ground)
	}
	for how, press := range map[string]func(){
		"t":          func() { tab.Press(browsertest.Escape + "t") },
		"the button": func() { tab.Click("#menu > summary"); tab.Click(`[data-do="theme"]`) },
	} {
		press()
		light := chosen(how, "light")
		press()
		dark := chosen(how, "dark")
		press()
		if again := chosen(how, ""); light == dark || again != system {
			t.Errorf("%s: the page is %s in light, %s in dark and %s as the system has it, which was %s", how, light, dark, again, system)
		}
	}

	tab.Resize(1024, 900)
	shown := `getComputedStyle(document.getElementById('rail')).visibility === 'visible' && document.getElementById('rail').getBoundingClientRect().right <= innerWidth`
	tab.Until(`!(` + shown + `)`)
	tab.Press(browsertest.Escape + "i")
	tab.Until(shown)
	tab.Press("i")
	tab.Until(`!(` + shown + `)`)
	tab.Resize(1440, 900)

	at := browsertest.Read[string](tab, `location.pathname`)
	tab.Visit(s.http.URL + "/cases/" + string(s.resolved.Number))
	tab.Press("o")
	tab.Until(`document.getElementById('dialog-reopen').open`)
	tab.Press(browsertest.Escape)
	tab.Until(`!document.querySelector('dialog[open]')`)
	tab.Visit(s.http.URL + at)
	tab.Until(composing)
}
