package browsertest

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a page has to come to a state. It is for a machine with
// much else to do, and no measure of speed.
const patience = 2 * time.Minute

// A Browser is one person's until the test ends: what it keeps, may do and has
// open is apart from all others.
type Browser struct {
	t       testing.TB
	program *program
	person  cdp.BrowserContextID
}

// Open opens a browser, or skips the test out loud where there is none. Open it
// after the servers that it visits, so that it goes before them.
func Open(t testing.TB) *Browser {
	t.Helper()
	path := found(t)
	p, id, err := shared().enter(path, t.Logf)
	if err != nil {
		t.Fatalf("the browser at %s does not start: %v", path, err)
	}
	t.Cleanup(func() { shared().leave(p, id, t.Logf) })
	return &Browser{t: t, person: id, program: p}
}

// found is where the browser is. Without one the test skips.
func found(t testing.TB) string {
	t.Helper()
	path := os.Getenv("CASELINE_BROWSER")
	if path == "" {
		path = "/usr/bin/chromium"
	}
	if _, err := exec.LookPath(path); err != nil {
		if os.Getenv("CASELINE_FORBID_SKIP") != "" {
			t.Fatalf("no browser at %s, and skipping is forbidden", path)
		}
		t.Skipf("SKIPPED: no browser at %s; set CASELINE_BROWSER to run this test", path)
	}
	return path
}

// openTab opens a tab for one of those who use the program. It behaves as the one
// that a person looks at, however many there are.
func openTab(program context.Context, id cdp.BrowserContextID, hear func(any)) (*chromedp.Target, context.CancelFunc, error) {
	ctx, cancel := chromedp.NewContext(program, chromedp.WithExistingBrowserContext(id), chromedp.WithListener(hear))
	late := time.AfterFunc(patience, cancel)
	defer late.Stop()
	err := chromedp.Do(ctx,
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
			return err
		}),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, runtime.AddBinding, runtime.AddBindingParams{Name: clicked})
			return err
		}),
		chromedp.EmulateViewport(width, height),
	)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	return chromedp.FromContext(ctx).Target, cancel, nil
}
