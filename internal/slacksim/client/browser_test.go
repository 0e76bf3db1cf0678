package client

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser opens one, or skips out loud. CASELINE_BROWSER says which one, and
// CASELINE_FORBID_SKIP makes the lack of it a failure.
func browser(t *testing.T) context.Context {
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
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-component-update", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	return tab(t, ctx)
}

// tab opens another tab, and fails the test for what its scripts complain of.
func tab(t *testing.T, parent context.Context) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(parent)
	must(t, chromedp.Do(ctx))
	var reader sync.WaitGroup
	messages := chromedp.Console(ctx)
	reader.Go(func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() || strings.Contains(m.Text, "Content Security Policy") {
				t.Errorf("the page complains: %s (%s:%d)", m.Text, m.URL, m.Line)
			}
		}
	})
	t.Cleanup(func() {
		cancel()
		reader.Wait()
	})
	return ctx
}

// patience is how long a page has to come to a state.
const patience = 15 * time.Second

// run runs steps in a tab, and says what the page showed if one fails.
func run(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	within, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	for i, step := range steps {
		if err := chromedp.Do(within, step); err != nil {
			shown, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
			t.Fatalf("step %d: %v\nThe page shows:\n%s", i, err, shown)
		}
	}
}

// until waits for an expression to be true in the page, or in the one it is
// just being replaced by.
func until(expression string) chromedp.Action[chromedp.Void] {
	poll := chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(patience))
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) (err error) {
		for range 5 {
			if _, err = poll(ctx, target); err == nil || errors.Is(err, chromedp.ErrPollingTimeout) || ctx.Err() != nil {
				return err
			}
		}
		return err
	})
}

// shows waits for a text in something that a selector finds.
func shows(selector, text string) chromedp.Action[chromedp.Void] {
	return until("[...document.querySelectorAll(`" + selector + "`)].some(e => e.innerText.includes(`" + text + "`))")
}

// lacks waits until a selector finds nothing with the text.
func lacks(selector, text string) chromedp.Action[chromedp.Void] {
	return until("![...document.querySelectorAll(`" + selector + "`)].some(e => e.innerText.includes(`" + text + "`))")
}

func script(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](expression)
}

// visit opens a page and waits until its script works.
func visit(url string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.Navigate(url), until(`document.readyState === 'complete'`))
}
