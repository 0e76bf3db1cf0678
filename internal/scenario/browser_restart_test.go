package scenario

import (
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/store/storetest"
)

// The whole server stops under an open page and starts again on the same database and
// address. Jane's reply waits in her page meanwhile, and Alice writes. Then the page
// shows what Alice wrote and sends the reply once; Jane is signed in still, and nobody
// reloaded anything.
func TestBrowser_B8_AServerStartsAgainUnderAnOpenPage(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		h := newHouse(t, url)
		c := h.asks(h.alice, "Build is stuck").joins()
		jane := browsertest.Open(t).Tab("jane")
		h.signsIn(jane, janeEmail)
		jane.Visit(h.url + "/cases/" + c.number)
		jane.Sees(".chatstate", "You are in this chat")
		jane.Until(`document.querySelector('#linkstate[hidden]') && document.documentElement.classList.contains('js')`)
		jane.Script(`window.stays = true`)

		h.stopApp()
		jane.Until(`!document.getElementById('linkstate').hidden`)
		jane.Type("#text", "looking at it now"+browsertest.Enter)
		jane.Until(`document.querySelector('#outbox .delivery-waiting')?.textContent.includes('Not sent yet')`)
		c.post(h.alice, "it stops at step 3")
		h.startApp()

		jane.Sees("#log", "it stops at step 3")
		jane.Until(`document.getElementById('linkstate').hidden && document.querySelectorAll('#outbox li').length === 0`)
		jane.Sees("#log", "looking at it now")
		h.quiet()
		c.once("looking at it now")
		n := 0
		for _, e := range c.log() {
			if strings.Contains(e.Text, "looking at it now") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the reply is on record %d times", n)
		}
		jane.Until(`window.stays && location.pathname.endsWith('/` + c.number + `')`)
		jane.Type("#text", "and still here"+browsertest.Enter)
		c.says("and still here")
	})
}
