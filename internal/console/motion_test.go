package console_test

import (
	"slices"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// watchMoves notes what moves for longer than the time between two pictures, whenever
// something on the page changes, and before anything of it is at its end.
const watchMoves = `window.moves = []; {
	const name = (e) => e.id || e.className || e.localName;
	const note = () => {
		for (const a of document.getAnimations()) {
			const time = a.effect.getComputedTiming();
			if (time.delay + time.duration * Math.min(time.iterations, 9) > 17) window.moves.push(name(a.effect.target) + (a.effect.pseudoElement || ''));
		}
	};
	for (const sign of ['transitionrun', 'animationstart']) addEventListener(sign, note, true);
	new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
	addEventListener('hashchange', note);
	const smooth = Element.prototype.scrollIntoView;
	Element.prototype.scrollIntoView = function (how) { if (how?.behavior === 'smooth') window.moves.push('scroll'); return smooth.call(this, how); };
	note();
}`

// For those who want no motion nothing moves that does for others: a question, a menu,
// the palette, what is told in passing, a chat that is offered, the details on a phone.
func TestNothingMovesForWhoWantsNoMotion(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	for _, calm := range []bool{false, true} {
		tab.Calm(calm)
		tab.Resize(1440, 900)
		tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
		tab.Until(live)
		tab.Script(watchMoves)
		tab.Press("s")
		tab.Until(`document.getElementById('dialog-severity').open`)
		tab.Press(browsertest.Escape)
		tab.Until(`!document.querySelector('dialog[open]')`)
		tab.Press("k", browsertest.Ctrl)
		tab.Until(`document.querySelector('#palette[open] li')`)
		tab.Press(browsertest.Escape)
		tab.Until(`!document.querySelector('dialog[open]')`)
		tab.Click("#menu > summary")
		tab.Until(`document.querySelector('#menu .menu-panel').checkVisibility()`)
		tab.Press(browsertest.Escape)
		tab.Press("rwords")
		tab.Press("n", browsertest.Alt)
		h.say(s.running, "T1:UALICE", "are you there?")
		tab.Sees("#log", "are you there?")
		h.online(s.jane)
		h.opened("One more", "Please.", "T1:UEMI", desk.SeverityLow)
		h.offers()
		tab.Until(`document.querySelector('.offer') && document.querySelector('.toast')`)
		tab.Script(`document.getElementById('text').value = ''; document.getElementById('text').dispatchEvent(new Event('input', { bubbles: true })); document.getElementById('text').blur()`)
		tab.Resize(390, 844)
		tab.Press("i")
		tab.Until(`getComputedStyle(document.getElementById('rail')).visibility === 'visible'`)
		tab.Press("i")
		tab.Until(`getComputedStyle(document.getElementById('rail')).visibility !== 'visible'`)
		moved := browsertest.Read[[]string](tab, `[...new Set(window.moves)]`)
		if calm && len(moved) > 0 {
			t.Errorf("it moves for who wants no motion: %q", moved)
		}
		for _, what := range []string{"dialog-severity", "palette", "toast", "offer", "rail"} {
			if !calm && !slices.Contains(moved, what) {
				t.Errorf("%s does not move for anybody, so this shows nothing of it: %q", what, moved)
			}
		}
		tab.Press("P") // passes it to a colleague
		tab.Until(`!document.querySelector('.offer')`)
	}
}
