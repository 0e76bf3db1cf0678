package browsertest

import (
	"context"
	"os"
	"os/exec"
	"strings"
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

// shell and whole are the programs that a browser can be: Chromium without what
// shows it on a screen, which does the same with pages in far less time, and all of it.
const (
	shell = "chromium-headless-shell"
	whole = "chromium"
)

// Open opens a browser, or skips the test out loud where there is none. Open it
// after the servers that it visits, so that it goes before them.
func Open(t testing.TB) *Browser {
	t.Helper()
	return open(t, shell, whole)
}

// OpenWhole opens a browser that also shows notifications.
func OpenWhole(t testing.TB) *Browser {
	t.Helper()
	return open(t, whole)
}

func open(t testing.TB, names ...string) *Browser {
	t.Helper()
	path := found(t, names)
	k := keeperOf(path)
	p, id, err := k.enter(path, t.Logf)
	if err != nil {
		t.Fatalf("the browser at %s does not start: %v", path, err)
	}
	t.Cleanup(func() { k.leave(p, id, t.Logf) })
	return &Browser{t: t, person: id, program: p}
}

// found is where the first of the programs is. Without one the test skips.
func found(t testing.TB, names []string) string {
	t.Helper()
	if path := os.Getenv("CASELINE_BROWSER"); path != "" {
		names = []string{path}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CASELINE_FORBID_SKIP") != "" {
		t.Fatalf("no browser (%s), and skipping is forbidden", strings.Join(names, ", "))
	}
	t.Skipf("SKIPPED: no browser (%s); install one, or set CASELINE_BROWSER, to run this test", strings.Join(names, ", "))
	return ""
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
