package client

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"

	"caseline/internal/slacksim/world"
)

// TestNoGap cuts the live stream, lets things happen, and looks for them.
func TestNoGap(t *testing.T) {
	ctx := browser(t)
	o := opened(t, Options{})
	run(t, ctx, visit(o.page("alice", "operations")), chromedp.SendKeys(chromedp.CSS(composer), "half a thought"))
	first := o.say("bob", "operations", "before")
	run(t, ctx, shows("#main article", "before"))
	o.http.CloseClientConnections()
	o.say("bob", "operations", "while away")
	must(t, o.w.Delete(o.users["bob"].ID, first.Channel, first.TS))
	_, _, err := o.w.OpenDirect(o.users["bob"].ID, []string{o.users["alice"].ID}, true)
	must(t, err)
	run(t, ctx, shows("#main article", "while away"), lacks("#main article", "before"), shows("#sidebar a.line", "Bob Okafor"),
		until(`!document.body.hasAttribute('data-offline')`),
		until(`document.querySelector('`+composer+`').value === 'half a thought'`)) // a refresh leaves drafts alone
}

// TestNavigation goes through channels, people and panes without a reload.
func TestNavigation(t *testing.T) {
	ctx := browser(t)
	o := opened(t, Options{})
	o.furnish()
	run(t, ctx, visit(o.page("alice", "operations")), script(`window.same = true`),
		chromedp.SendKeys(chromedp.CSS(composer), "draft"),
		chromedp.Click(chromedp.CSS(`#sidebar [data-channel=`+o.chans["random"].ID+`]`)), shows("[data-testid=channel-title]", "random"), shows(".new-line", "New"),
		until(`!document.querySelector('#sidebar [data-channel=`+o.chans["random"].ID+`] .badge')`), // it has been read
		chromedp.Click(chromedp.CSS(`[data-testid=members]`)), shows("#side", "Chen Wei"),
		script(`history.back()`), until(`document.getElementById('side').hidden`),
		script(`history.back()`), shows("[data-testid=channel-title]", "operations"),
		until(`document.querySelector('`+composer+`').value === 'draft'`), until(`window.same`),
		chromedp.Click(chromedp.CSS(`[data-testid=person-switcher]`)), chromedp.Click(chromedp.CSS(`.menu [data-switch=bob]`)),
		shows("[data-testid=person-switcher]", "Bob"), shows("[data-testid=channel-title]", "operations"),
		until(`document.querySelector('`+composer+`').value === ''`)) // drafts are a person's own
}

// TestOwnDialogs creates a channel, adds people, sets a topic and forwards.
func TestOwnDialogs(t *testing.T) {
	ctx := browser(t)
	o := opened(t, Options{})
	o.say("bob", "operations", "worth sharing")
	run(t, ctx, visit(o.page("alice", "operations")),
		chromedp.Click(chromedp.CSS(`#sidebar [aria-label="Add channels"]`)), chromedp.Click(chromedp.CSS(`.menu [data-dialog=create-channel]`)),
		chromedp.SendKeys(chromedp.CSS(`dialog.dialog [name=name]`), "Not Good\r"), shows(".toast", "lower-case"),
		script(`document.querySelector('dialog.dialog [name=name]').value = ''`),
		chromedp.SendKeys(chromedp.CSS(`dialog.dialog [name=name]`), "plans\r"), shows("[data-testid=channel-title]", "plans"),
		chromedp.Click(chromedp.CSS(`#main [data-dialog=people]`)), chromedp.Click(chromedp.CSS(`dialog.dialog [value=`+o.users["bob"].ID+`]`)),
		chromedp.Click(chromedp.CSS(`dialog.dialog [type=submit]`)), shows("#main .system", "Bob Okafor has joined"),
		chromedp.Click(chromedp.CSS(`#main button.topic`)), chromedp.SendKeys(chromedp.CSS(`dialog.dialog [name=topic]`), "Next year"),
		chromedp.Click(chromedp.CSS(`dialog.dialog [type=submit]`)), shows("#main button.topic", "Next year"),
		chromedp.Click(chromedp.CSS(`#sidebar [data-channel=`+o.chans["operations"].ID+`]`)), shows("#main article", "worth sharing"),
		script(last+`.querySelector('[data-act=message-menu]').click()`), chromedp.Click(chromedp.CSS(`.menu [data-do=forward]`)),
		script(`{const s = document.querySelector('#forward-to'); s.value = [...s.options].find(o => o.text === '#plans').value}`),
		chromedp.Click(chromedp.CSS(`dialog.dialog [type=submit]`)), shows("[data-testid=channel-title]", "plans"), shows("#main .attachment", "worth sharing"))
}

// TestInFrame shows the pages inside a page of another origin, where they must
// live as well as alone.
func TestInFrame(t *testing.T) {
	ctx := browser(t)
	o := opened(t, Options{FrameAncestors: []string{"http://127.0.0.1:*"}})
	m := o.say("bob", "operations", "seen in a frame")
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<!doctype html><iframe src="%s" width="700" height="600"></iframe>`, o.page("alice", "operations"))
	}))
	t.Cleanup(outer.Close)
	hints := o.w.Subscribe()
	defer hints.Close()
	run(t, ctx, chromedp.Navigate(outer.URL))
	within, cancel := context.WithTimeout(ctx, patience)
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
