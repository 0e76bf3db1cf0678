package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A Tab is what one person looks at. Its methods fail the test when what they
// are to do or to wait for does not come about.
type Tab struct {
	t      testing.TB
	name   string // in messages and in the names of pictures
	target *chromedp.Target
	person cdp.BrowserContextID // who looks at it
	wrong  complaints
	clicks chan string   // what the page says of clicks
	tries  int           // of presses, so that each has a number
	waits  time.Duration // after which nothing is tried again
}

// Tab opens another tab.
func (b *Browser) Tab(name string) *Tab {
	b.t.Helper()
	tab := &Tab{t: b.t, name: name, person: b.person, clicks: make(chan string, 16), waits: patience}
	target, done, err := b.program.tab(b.person, tab.hear)
	if err != nil {
		b.t.Fatalf("%s: open a tab: %v", name, err)
	}
	tab.target = target
	b.t.Cleanup(func() {
		done()
		tab.wrong.report(b.t, name)
	})
	return tab
}

func (tab *Tab) hear(event any) {
	if e, ok := event.(*runtime.EventBindingCalled); ok && e.Name == clicked {
		select {
		case tab.clicks <- e.Payload:
		default: // nobody waits for clicks any more
		}
		return
	}
	tab.wrong.hear(event)
}

// within returns a context that lasts as long as a page has for anything.
func within() (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(context.Background(), patience, fmt.Errorf("no answer within %v", patience))
}

// try runs an action within the time that a page has for anything.
func try[T any](tab *Tab, a chromedp.Action[T]) (T, error) {
	ctx, cancel := within()
	defer cancel()
	v, err := a(ctx, tab.target)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return v, err
}

// fail ends the test and says what the page showed.
func (tab *Tab) fail(what string, err error) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	shown, lost := chromedp.Evaluate[string]("location.href + '\\n' + (document.body?.innerText ?? '')")(ctx, tab.target)
	if lost != nil {
		shown = fmt.Sprintf("(it does not say: %v)", lost)
	}
	tab.t.Fatalf("%s: %s: %v\nThe page shows:\n%s", tab.name, what, err, shown)
}

// Visit goes to an address and waits until the page and its scripts are there. A page
// whose scripts begin only after it was shown says so until then, by data-begins.
func (tab *Tab) Visit(url string) {
	tab.t.Helper()
	tab.arrive("visit "+url, func(ctx context.Context, target *chromedp.Target) (string, error) {
		loaded, err := cdp.Call(ctx, target, page.Navigate, page.NavigateParams{URL: url})
		if err == nil && loaded.ErrorText != "" {
			err = errors.New(loaded.ErrorText)
		}
		return string(loaded.LoaderID), err
	})
}

// Reload loads the page again.
func (tab *Tab) Reload() {
	tab.t.Helper()
	tab.arrive("reload", func(ctx context.Context, target *chromedp.Target) (string, error) {
		_, err := cdp.Call(ctx, target, page.Reload, page.ReloadParams{})
		return "reload", err
	})
}

// arrive goes to a page that takes the place of this one. The way there returns
// nothing when it leads to another part of the same page.
func (tab *Tab) arrive(what string, way chromedp.Action[string]) {
	tab.t.Helper()
	if _, err := try(tab, chromedp.Evaluate[chromedp.Void]("window.browsertestLeft = true")); err != nil {
		tab.fail(what, err)
	}
	loads, err := try(tab, way)
	if err != nil {
		tab.fail(what, err)
	}
	there := "document.readyState === 'complete' && !('begins' in document.documentElement.dataset)"
	if loads != "" {
		there += " && !window.browsertestLeft"
	}
	if err := tab.until(there); err != nil {
		tab.fail(what, err)
	}
}

// Until waits until an expression is true, in this page or the next.
func (tab *Tab) Until(expression string) {
	tab.t.Helper()
	if err := tab.until(expression); err != nil {
		tab.fail("wait for "+expression, err)
	}
}

func (tab *Tab) until(expression string) error {
	return tab.again(func(ctx context.Context) error {
		ok, err := chromedp.Evaluate[bool]("Boolean("+expression+")")(ctx, tab.target)
		if err == nil && !ok {
			err = errNotYet
		}
		return err
	})
}

var errNotYet = errors.New("it did not become true")

// again tries until it succeeds or patience ends, but at least once. It then
// returns what the last try came to.
func (tab *Tab) again(once func(context.Context) error) error {
	ctx, cancel := within()
	defer cancel()
	late := time.NewTimer(tab.waits)
	defer late.Stop()
	look := time.NewTicker(25 * time.Millisecond)
	defer look.Stop()
	last := errors.New("the browser does not answer")
	for {
		err := once(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil {
			last = err
		}
		select {
		case <-look.C:
		case <-late.C:
			return fmt.Errorf("not within %v: %w", tab.waits, last)
		case <-ctx.Done():
			return fmt.Errorf("not within %v: %w", patience, last)
		}
	}
}

// Sees waits for a text in something that the selector finds.
func (tab *Tab) Sees(selector, text string) {
	tab.t.Helper()
	if err := tab.until(says(selector, text)); err != nil {
		tab.fail(fmt.Sprintf("see %q in %s", text, selector), err)
	}
}

// Lacks waits until nothing that the selector finds has the text. Without a
// text it waits until the selector finds nothing.
func (tab *Tab) Lacks(selector, text string) {
	tab.t.Helper()
	if err := tab.until("!" + says(selector, text)); err != nil {
		tab.fail(fmt.Sprintf("see %q no more in %s", text, selector), err)
	}
}

func says(selector, text string) string {
	return fmt.Sprintf("[...document.querySelectorAll(%s)].some((e) => e.innerText.includes(%s))", quoted(selector), quoted(text))
}

// quoted returns a text as JavaScript writes it.
func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err) // unreachable: a string can be written as JSON
	}
	return string(raw)
}

// Script runs statements in the page, once, for what a person does by other
// means. What they need must be there: wait for it first.
func (tab *Tab) Script(text string) {
	tab.t.Helper()
	if _, err := try(tab, chromedp.Evaluate[chromedp.Void]("void function () {"+text+"\n}()")); err != nil {
		tab.fail("run "+text, err)
	}
}

// Read returns what an expression is in the page now.
func Read[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	v, err := try(tab, chromedp.Evaluate[T](expression))
	if err != nil {
		tab.fail("read "+expression, err)
	}
	return v
}

// Attach chooses files in the field for files that the selector finds.
func (tab *Tab) Attach(selector string, paths ...string) {
	tab.t.Helper()
	err := tab.again(func(ctx context.Context) error {
		field, err := chromedp.Evaluate[*runtime.RemoteObject]("document.querySelector("+quoted(selector)+")")(ctx, tab.target)
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, tab.target, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: paths, ObjectID: field.ObjectID})
		return err
	})
	if err != nil {
		tab.fail("attach files to "+selector, err)
	}
}
