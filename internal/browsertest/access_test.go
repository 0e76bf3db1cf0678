package browsertest

import (
	"strings"
	"testing"
)

const flawed = `<!doctype html><html><head><meta name="color-scheme" content="light dark"><title> </title><style>
.pale { color: #999; background: #fff } .tiny { display: inline-block; width: 10px; height: 10px; padding: 0; border: 0 } .unseen:focus { outline: none; box-shadow: none }
.wide { width: 500px } .clip { height: 1.2em; overflow: hidden; width: 14em; font: 16px monospace } @keyframes go { to { rotate: 1turn } } .moves { width: 9px; animation: go 1s infinite linear }
.field { border: 1px solid #eee; background: #fff }
</style></head><body>
<h1>One</h1><h3>Three</h3><h1>Two</h1>
<p class="pale">Too pale to be read</p><button></button><button class="tiny" aria-label="a"></button><button class="tiny" aria-label="b"></button>
<a href="#" class="unseen">unseen</a><a href="#" tabindex="3">first</a><i id="twice"></i><i id="twice"></i><nav>unnamed</nav>
<img><input class="field" aria-label="a field"><div class="wide">wide</div><div class="clip">These are some words</div><div class="moves">m</div>
<ol id="log" role="log" aria-live="off" aria-relevant="removals"></ol><p id="late" role="alert"></p><p class="field-error">Wrong</p></body></html>`

// What is wrong with a page is found, and nothing with one that is right.
func TestUsableFindsWhatIsWrong(t *testing.T) {
	tab := shown(t, flawed)
	found := strings.Join(tab.unusable([]string{Light}), "\n")
	for _, want := range []string{
		"a button (", "contrast 2.85 of <p.pale>", "edge 1.16 of <input.field>", "the focus is not seen on <a.unseen>", "tabindex 3 of <a>", "target of 10 × 10 px", "2 elements have the id twice",
		"0 <main>", "2 <h1>", "<h3> “Three” comes after <h1>", "a landmark without a name: <nav>", "the page has the language “”", "no title", "no alt: <img>", "it moves for those who want no motion",
		"320 px: the page is 5", "cut off by wider spaces: <div.clip>", "#log is not told of politely", "what is added to #log is not told", "it is not said what is told of <ol#log>", "#late is no status", "what is wrong is not told: <p.field-error>",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("%q is not found", want)
		}
	}
	if t.Failed() {
		t.Log(found)
	}
	right := shown(t, `<!doctype html><html lang="en"><head><title>Right</title></head><body><main><h1>Right</h1><p>Words to <a href="#">read</a>.</p><button>Press</button></main></body></html>`)
	if got := right.unusable([]string{Light, Dark}); len(got) > 0 {
		t.Errorf("got %q", got)
	}
}
