package client

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
)

// played is a whole simulated Slack with its pages, whose outages can be
// switched.
type played struct {
	sim   *slacksim.Server
	ws    *slacksim.Workspace
	alice *slacksim.User
	ops   *slacksim.Channel
	page  string // alice's, of the channel
}

func playing(t *testing.T) *played {
	t.Helper()
	p := &played{sim: simtest.Start(t, slacksim.Options{})}
	p.ws = p.sim.Workspace("acme")
	p.alice = p.ws.AddUser("alice", "Alice Novak", slacksim.Admin)
	p.ops = p.ws.AddChannel("case-1000000042", world.Private, p.alice, p.ws.AddUser("bob", "Bob Okafor"))
	p.ws.AddChannel("general", world.Public, p.alice)
	in := p.ws.Install(slacksim.App{BotName: "Support", BotToken: "xoxb-1"})
	p.ops.Invite(p.alice, in.Bot)
	pages := ok[*Server](t)(New(p.sim.People, Options{Server: p.sim}))
	srv := httptest.NewServer(pages.Handler())
	t.Cleanup(func() {
		pages.Stop()
		srv.Close()
	})
	p.page = srv.URL + "/client/" + p.ws.ID + "/alice/" + p.ops.ID
	return p
}

// calls has the app call some methods, one of them in vain.
func (p *played) calls(t *testing.T) {
	t.Helper()
	for _, method := range []string{"auth.test", "chat.postMessage?channel=" + p.ops.ID + "&text=Case+opened", "conversations.info?channel=CNONE"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.sim.World.BaseURL()+"/api/"+method, nil)
		must(t, err)
		req.Header.Set("Authorization", "Bearer xoxb-1")
		r := ok[*http.Response](t)(http.DefaultClient.Do(req))
		must(t, r.Body.Close())
	}
}

// focus goes to something as the Tab key does.
func focus(selector string) chromedp.Action[chromedp.Void] {
	return script("document.querySelector(`" + selector + "`).focus()")
}

func TestSimulationInBrowser(t *testing.T) {
	ctx := browser(t)
	p := playing(t)
	enter := func(selector string) chromedp.Action[chromedp.Void] {
		return chromedp.Steps(until("document.querySelector(`"+selector+"`)"), focus(selector), until("document.activeElement.matches(`"+selector+"`)"), chromedp.SendKeys(chromedp.CSS(selector), "\r"))
	}
	run(t, ctx, visit(p.page), enter("[data-testid=simulation]"), shows("#side .sim h3", "This channel"))
	run(t, ctx, enter("[data-sim=archive]"), shows("[data-testid=archived]", "archived"), shows("[data-testid=closed]", "nothing new can be posted"),
		until(`!document.querySelector('#main [data-composer]')`))
	run(t, ctx, enter("[data-sim=unarchive]"), until(`document.querySelector('#main [data-composer]')`))
	run(t, ctx, enter("[data-name=down]"), until(`document.querySelector('[data-name=down]').ariaChecked === 'true'`), shows("[data-testid=simulation] .badge", "1"))
	p.calls(t)
	run(t, ctx, shows(".sim-log .bad", "auth.test"))
	run(t, ctx, enter("[data-name=down]"), until(`document.querySelector('[data-name=down]').ariaChecked === 'false'`))
	run(t, ctx, enter("[data-sim=renumber]"), until(`!location.pathname.endsWith('`+p.ops.ID+`')`), shows("#side .sim-facts", p.ops.ID))
	now, _ := p.sim.World.ChannelNamed(p.ws.ID, "case-1000000042")
	run(t, ctx, shows("[data-testid=channel-id]", now.ID), until(`location.pathname.endsWith('`+now.ID+`')`))
	// Somebody else deletes it while Alice looks at it.
	must(t, p.sim.World.DeleteChannel(p.alice.ID, now.ID))
	run(t, ctx, shows("#main .gone-page h2", "This channel is gone"), lacks("#sidebar .line", "case-1000000042"))
}

// TestSimulationScreenshots leaves pictures of the pane, as TestScreenshots
// does of the other pages.
func TestSimulationScreenshots(t *testing.T) {
	dir := os.Getenv("CASELINE_SHOTS")
	if dir == "" {
		t.Skip("CASELINE_SHOTS names no folder for screenshots")
	}
	ctx := browser(t)
	p := playing(t)
	p.calls(t)
	must(t, p.sim.SwitchOutage("slow", true))
	for _, size := range []int64{1440, 768, 390} {
		for _, scheme := range []string{"light", "dark"} {
			shoot(t, ctx, size, scheme, p.page+"?panel=simulation", filepath.Join(dir, fmt.Sprintf("outages-%s-%d.png", scheme, size)))
		}
	}
}

func shoot(t *testing.T, ctx context.Context, size int64, scheme, url, path string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	must(t, err)
	run(t, ctx, chromedp.EmulateViewport(size, 860), visit(url))
	snap(t, ctx, path)
}
