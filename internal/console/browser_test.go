package console_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab opens a real browser, or skips the test out loud where there is none.
func tab(t *testing.T) context.Context {
	t.Helper()
	path := os.Getenv("CASELINE_BROWSER")
	if path == "" {
		path = "/usr/bin/chromium"
	}
	if _, err := exec.LookPath(path); err != nil {
		if os.Getenv("CASELINE_FORBID_SKIP") == "1" {
			t.Fatalf("no browser at %s, and skipping is forbidden", path)
		}
		t.Skipf("SKIPPED: no browser at %s; set CASELINE_BROWSER to run this test", path)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	wrong := &complaints{}
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithListener(wrong.hear))
	t.Cleanup(func() {
		cancel()
		stop()
		wrong.report(t)
	})
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	limited, release := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(release)
	return limited
}

// complaints are what a browser finds wrong with our pages: scripts that
// fail, and whatever the policy forbids.
type complaints struct {
	mu   sync.Mutex // guards said
	said []string
}

func (c *complaints) hear(ev any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		text := ev.ExceptionDetails.Text
		if ev.ExceptionDetails.Exception != nil {
			text += " " + ev.ExceptionDetails.Exception.Description
		}
		c.said = append(c.said, text)
	case *log.EventEntryAdded:
		if ev.Entry.Source == log.EntrySourceSecurity || ev.Entry.Source == log.EntrySourceJavascript {
			c.said = append(c.said, ev.Entry.Text)
		}
	}
}

func (c *complaints) report(t *testing.T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range c.said {
		t.Errorf("the browser complains: %s", text)
	}
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// until waits until a script's expression is true, across navigations.
func until(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	var last error
	for {
		var ok bool
		if ok, last = chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); ok && last == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s: %v", expression, last)
		case <-look.C:
		}
	}
}

func signIn(t *testing.T, ctx context.Context, h *house, email string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(h.http.URL+"/login"))
	until(t, ctx, `document.documentElement.classList.contains('js')`)
	do(t, ctx, script(fmt.Sprintf(`document.forms[0].email.value=%q;document.forms[0].password.value=%q;document.forms[0].submit()`, email, password)))
	until(t, ctx, `location.pathname === '/' && document.documentElement.classList.contains('js')`)
}

// script runs JavaScript for its effect.
func script(text string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Evaluate[any]("void(function(){"+text+"}())")(ctx, t)
		return chromedp.Void{}, err
	}
}
