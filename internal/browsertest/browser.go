package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const (
	// patience is how long a page has to come to a state. It is for a machine
	// with much else to do, and no measure of speed.
	patience = 30 * time.Second
	starts   = 2 // how often a browser is started that does not come up
)

// A Browser is open until its test ends.
type Browser struct {
	t testing.TB
	// open opens a tab whose events are heard.
	open func(hear func(any)) (*chromedp.Target, context.CancelFunc, error)
}

// Open opens a browser, or skips the test out loud where there is none. Open it
// after the servers that it visits, so that it goes before them.
func Open(t testing.TB) *Browser {
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
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options(path)...)
	t.Cleanup(stop)
	var err error
	for range starts {
		var ctx context.Context
		if ctx, err = start(allocator); err == nil {
			return &Browser{t: t, open: func(hear func(any)) (*chromedp.Target, context.CancelFunc, error) { return openTab(ctx, hear) }}
		}
		t.Logf("start the browser: %v", err)
	}
	t.Fatalf("the browser at %s does not start: %v", path, err)
	return nil
}

// options are how the browser is started. It makes a folder for its data
// itself, which is removed when all its processes have ended.
func options(path string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
	)
}

// start starts a browser. The context it returns holds it open.
func start(allocator context.Context) (context.Context, error) {
	ctx, cancel := chromedp.NewContext(allocator)
	late := time.AfterFunc(patience, cancel)
	err := chromedp.Do(ctx)
	if !late.Stop() {
		err = errors.Join(err, fmt.Errorf("not within %v", patience))
	}
	if err != nil {
		cancel()
	}
	return ctx, err
}

// openTab opens a tab of the browser that a context holds open. It behaves as
// the one that a person looks at, however many there are.
func openTab(browser context.Context, hear func(any)) (*chromedp.Target, context.CancelFunc, error) {
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithListener(hear))
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
