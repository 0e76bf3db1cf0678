package scenario

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"caseline/internal/slacksim/client"
	"caseline/internal/store/storetest"
)

// TestBrowser_AWholeChatByHand is the product as two people use it: Alice on
// the pages of the simulated Slack, Jane in the console, both in one browser.
func TestBrowser_AWholeChatByHand(t *testing.T) {
	t.Parallel()
	top := openBrowser(t)
	h := newHouse(t, storetest.SQLiteURL(t))
	slackTab, consoleTab := newTab(t, top), newTab(t, top)
	alice := &person{h: h, ctx: slackTab, name: "slack"}
	jane := &person{h: h, ctx: consoleTab, name: "console"}

	alice.visits(h.pages() + "/client/" + h.ws.ID + "/alice/" + h.ops.ID)
	jane.visits(h.url + "/login")
	jane.types(`input[name=email]`, janeEmail)
	jane.types(`input[name=password]`, password+"\r")
	jane.sees("body", "Nobody is waiting")

	alice.types(`[data-testid=composer]`, "/support create \r")
	alice.sees("#modal-title", "Create a support case")
	alice.shot("form")
	alice.types(`#modal [data-action-id=subject]`, "Build is stuck")
	alice.types(`#modal [data-action-id=description]`, "Since ten every build stops at step 3.")
	alice.clicks(`#modal button[type=submit]`)
	alice.sees(`.messages[data-channel="`+h.ops.ID+`"]`, "Live chat in")

	// The request appears in the queue without a reload.
	jane.sees("main", "Build is stuck")
	jane.shot("queue")
	jane.clicks(`main a[href^="/cases/"]`)
	jane.clicks(`[data-key=join]`)
	jane.sees("#log", "joined")

	chat := h.ws.ChannelByID(h.chats(h.alice)[0])
	alice.visits(h.pages() + "/client/" + h.ws.ID + "/alice/" + chat.ID)
	alice.sees(".messages", "Jane from Support joined")
	alice.types(`[data-testid=composer]`, "It stops at *step 3*\r")
	jane.sees("#log strong", "step 3")
	jane.types("#text", "Looking at it **now**\r")
	alice.sees(".messages", "Looking at it now")
	alice.sees(".messages", "Jane (Support)")
	jane.sees("#log", "In Slack")
	jane.shot("chat")
	alice.shot("chat")

	alice.clicks(`.messages [data-action-id=end_chat]`)
	alice.clicks(`dialog[open] button[value=yes]`)
	alice.sees(".messages", "ended the chat")
	jane.sees("#log", "Alice Martin")
	jane.sees("#log .transcript, #log [class*=transcript]", "2 messages")
	jane.shot("ended")
	jane.visits(h.url + "/cases/" + strings.TrimPrefix(chat.Name(), "case-"))
	jane.sees("#log", "It stops at step 3")
	jane.sees("#log", "Looking at it now")
}

// pages serves the client that people use the simulated Slack with, and
// returns its address.
func (h *house) pages() string {
	h.Helper()
	if !h.mounted {
		s, err := client.New(h.slack.People, client.Options{})
		h.must(err)
		h.Cleanup(s.Stop)
		h.slack.Mount("/client/", s.Handler())
		h.mounted = true
	}
	return h.slack.World.BaseURL()
}

// openBrowser opens a browser, or skips out loud. CASELINE_BROWSER says which
// one, and CASELINE_FORBID_SKIP makes the lack of it a failure.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	path := os.Getenv("CASELINE_BROWSER")
	if path == "" {
		path = "/usr/bin/chromium"
	}
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CASELINE_FORBID_SKIP") != "" {
			t.Fatalf("no browser: %v", err)
		}
		t.Skipf("NO BROWSER at %s: the pages are not tested in one; set CASELINE_BROWSER", path)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-component-update", true),
	)
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	return newTab(t, allocator) // its first tab holds the browser open
}

func newTab(t *testing.T, parent context.Context) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(parent)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// A person looks at one tab.
type person struct {
	h    *house
	ctx  context.Context
	name string
}

func (p *person) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.h.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for _, step := range steps {
		if err := chromedp.Do(ctx, step); err != nil {
			shown, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`document.body.innerText`))
			p.h.Fatalf("%s: %s: %v\nThe page shows:\n%s", p.name, what, err, shown)
		}
	}
}

func (p *person) visits(url string) {
	p.h.Helper()
	p.do("visit "+url, chromedp.Navigate(url), waitFor(`document.readyState === "complete"`))
}

func (p *person) types(selector, text string) {
	p.h.Helper()
	p.do("type into "+selector, chromedp.WaitVisible(selector), chromedp.SendKeys(selector, text))
}

func (p *person) clicks(selector string) {
	p.h.Helper()
	p.do("find "+selector, chromedp.WaitVisible(selector))
	// A live page may draw anew what was just found; a person clicks again.
	for range 3 {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		err := chromedp.Do(ctx, chromedp.Click(selector))
		cancel()
		if err == nil {
			return
		}
	}
	p.do("click "+selector, chromedp.Click(selector))
}

// sees waits for a text in something that the selector finds.
func (p *person) sees(selector, text string) {
	p.h.Helper()
	p.do("see "+text, waitFor(fmt.Sprintf(`[...document.querySelectorAll(%q)].some(e => e.innerText.includes(%q))`, selector, text)))
}

// shot keeps pictures of the page in three widths, if CASELINE_SHOTS names a
// folder for them.
func (p *person) shot(name string) {
	p.h.Helper()
	dir := os.Getenv("CASELINE_SHOTS")
	if dir == "" {
		return
	}
	for _, width := range []int64{1440, 768, 390} {
		p.do("resize", chromedp.EmulateViewport(width, 900))
		picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
		p.h.must(err)
		p.h.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s-%d.png", p.name, name, width)), picture, 0o600))
	}
	p.do("resize", chromedp.EmulateViewport(1440, 900))
}

// waitFor waits until an expression is true in the page, also when the page
// goes to another on the way.
func waitFor(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		look := time.NewTicker(25 * time.Millisecond)
		defer look.Stop()
		for {
			ok, err := chromedp.Evaluate[bool]("Boolean("+expression+")")(ctx, target)
			if ok && err == nil {
				return nil
			}
			select {
			case <-look.C:
			case <-ctx.Done():
				return errors.Join(context.Cause(ctx), err)
			}
		}
	})
}
