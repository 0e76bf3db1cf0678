package client

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/slacksim/world"
)

// TestNoGap cuts the live stream, lets things happen, and looks for them.
func TestNoGap(t *testing.T) {
	o := opened(t, Options{})
	alice := browsertest.Open(t).Tab("alice")
	alice.Visit(o.page("alice", "operations"))
	alice.Type(composer, "half a thought")
	first := o.say("bob", "operations", "before")
	alice.Sees("#main article", "before")
	o.http.CloseClientConnections()
	o.say("bob", "operations", "while away")
	must(t, o.w.Delete(o.users["bob"].ID, first.Channel, first.TS))
	_, _, err := o.w.OpenDirect(o.users["bob"].ID, []string{o.users["alice"].ID}, true)
	must(t, err)
	alice.Sees("#main article", "while away")
	alice.Lacks("#main article", "before")
	alice.Sees("#sidebar a.line", "Bob Okafor")
	alice.Until(`!document.body.hasAttribute('data-offline')`)
	alice.Until(`document.querySelector('` + composer + `').value === 'half a thought'`) // a refresh leaves drafts alone
}

// TestNavigation goes through channels, people and panes without a reload.
func TestNavigation(t *testing.T) {
	o := opened(t, Options{})
	o.furnish()
	alice := browsertest.Open(t).Tab("alice")
	alice.Visit(o.page("alice", "operations"))
	alice.Script(`window.same = true`)
	alice.Type(composer, "draft")
	random := `#sidebar [data-channel=` + o.chans["random"].ID + `]`
	alice.Click(random)
	alice.Sees("[data-testid=channel-title]", "random")
	alice.Sees(".new-line", "New")
	alice.Lacks(random+" .badge", "") // it has been read
	alice.Click(`[data-testid=members]`)
	alice.Sees("#side", "Chen Wei")
	alice.Script(`history.back()`)
	alice.Until(`document.getElementById('side').hidden`)
	alice.Script(`history.back()`)
	alice.Sees("[data-testid=channel-title]", "operations")
	alice.Until(`document.querySelector('` + composer + `').value === 'draft'`)
	alice.Until(`window.same`)
	alice.Click(`[data-testid=person-switcher]`)
	alice.Click(`.menu [data-switch=bob]`)
	alice.Sees("[data-testid=person-switcher]", "Bob")
	alice.Sees("[data-testid=channel-title]", "operations")
	alice.Until(`document.querySelector('` + composer + `').value === ''`) // drafts are a person's own
}

// TestOwnDialogs creates a channel, adds people, sets a topic and forwards.
func TestOwnDialogs(t *testing.T) {
	o := opened(t, Options{})
	o.say("bob", "operations", "worth sharing")
	alice := browsertest.Open(t).Tab("alice")
	alice.Visit(o.page("alice", "operations"))
	alice.Click(`#sidebar [aria-label="Add channels"]`)
	alice.Click(`.menu [data-dialog=create-channel]`)
	alice.Type(`dialog.dialog [name=name]`, "Not Good\r")
	alice.Sees(".toast", "lower-case")
	alice.Script(`document.querySelector('dialog.dialog [name=name]').value = ''`)
	alice.Type(`dialog.dialog [name=name]`, "plans\r")
	alice.Sees("[data-testid=channel-title]", "plans")
	alice.Click(`#main [data-dialog=people]`)
	alice.Click(`dialog.dialog [value=` + o.users["bob"].ID + `]`)
	alice.Click(`dialog.dialog [type=submit]`)
	alice.Sees("#main .system", "Bob Okafor has joined")
	alice.Click(`#main button.topic`)
	alice.Type(`dialog.dialog [name=topic]`, "Next year")
	alice.Click(`dialog.dialog [type=submit]`)
	alice.Sees("#main button.topic", "Next year")
	alice.Click(`#sidebar [data-channel=` + o.chans["operations"].ID + `]`)
	alice.Sees("[data-testid=channel-title]", "operations")
	alice.Sees("#main article", "worth sharing")
	alice.Script(last + `.querySelector('[data-act=message-menu]').click()`)
	alice.Click(`.menu [data-do=forward]`)
	alice.Until(`document.querySelector('#forward-to')`)
	alice.Script(`const s = document.querySelector('#forward-to'); s.value = [...s.options].find(o => o.text === '#plans').value`)
	alice.Click(`dialog.dialog [type=submit]`)
	alice.Sees("[data-testid=channel-title]", "plans")
	alice.Sees("#main .attachment", "worth sharing")
}

// TestInFrame shows the pages inside a page of another origin, where they must
// live as well as alone.
func TestInFrame(t *testing.T) {
	o := opened(t, Options{FrameAncestors: []string{"http://127.0.0.1:*"}})
	m := o.say("bob", "operations", "seen in a frame")
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<!doctype html><iframe src="%s" width="700" height="600"></iframe>`, o.page("alice", "operations"))
	}))
	t.Cleanup(outer.Close)
	hints := o.w.Subscribe()
	defer hints.Close()
	browsertest.Open(t).Tab("outer").Visit(outer.URL)
	within, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	// The script in the frame says that the message has been read.
	for !o.hasRead("alice", m) {
		select {
		case <-hints.C():
			hints.Take()
		case <-within.Done():
			t.Fatal("nothing lives in the frame")
		}
	}
}

func (o *office) hasRead(who string, m world.Message) bool {
	for _, l := range o.w.Sidebar(o.users[who].ID) {
		if l.Channel.ID == m.Channel {
			return l.Read == m.TS
		}
	}
	return false
}
