package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// clicked is the function by which a page says where a click has arrived. It
// tells before the page can go to another.
const clicked = "browsertestClicked"

//go:embed aim.js
var aimScript string

// An aim is where to press, or why not now.
type aim struct {
	X, Y float64
	Not  string
}

// A landing is where a click has arrived.
type landing struct {
	Try string
	Hit bool
	On  string
}

// Click presses the first thing in sight that the selector finds, once it is
// enabled, not busy, at rest and not covered, and sees to it that the click has
// reached it. A press that was lost, because the page was drawn anew under it,
// is made again and told of: a person would have lost it too.
func (tab *Tab) Click(selector string) {
	tab.t.Helper()
	if err := tab.click(selector); err != nil {
		tab.fail("click "+selector, err)
	}
}

var errLost = errors.New("the press was lost")

func (tab *Tab) click(selector string) error {
	return tab.again(func(ctx context.Context) error {
		err := tab.press(ctx, selector)
		if errors.Is(err, errLost) {
			tab.t.Logf("%s: click %s: %v", tab.name, selector, err)
		}
		return err
	})
}

// press presses once.
func (tab *Tab) press(ctx context.Context, selector string) error {
	tab.tries++
	number := strconv.Itoa(tab.tries)
	at, err := chromedp.Evaluate[aim](fmt.Sprintf("(%s)(%s, %s)", aimScript, quoted(selector), quoted(number)), chromedp.EvalAwaitPromise)(ctx, tab.target)
	if err != nil {
		return err
	}
	if at.Not != "" {
		return errors.New(at.Not)
	}
	mouse := input.DispatchMouseEventParams{Type: chromedp.MouseMoved, X: at.X, Y: at.Y}
	for _, kind := range []input.DispatchMouseEventType{chromedp.MouseMoved, chromedp.MousePressed, chromedp.MouseReleased} {
		if mouse.Type = kind; kind != chromedp.MouseMoved {
			mouse.Button, mouse.ClickCount = input.MouseButtonLeft, 1
		}
		if _, err := cdp.Call(ctx, tab.target, input.DispatchMouseEvent, mouse); err != nil {
			return err
		}
	}
	return tab.landed(ctx, number)
}

// landed waits until the page says where the click of a try has arrived. The
// browser answers for the mouse only after the page has dealt with it, so a
// page that says nothing for long has got no click.
func (tab *Tab) landed(ctx context.Context, number string) error {
	silent := time.NewTimer(3 * time.Second)
	defer silent.Stop()
	for {
		select {
		case said := <-tab.clicks:
			var l landing
			if err := json.Unmarshal([]byte(said), &l); err != nil {
				return err
			}
			switch {
			case l.Try != number: // of an earlier try
			case l.Hit:
				return nil
			default:
				return fmt.Errorf("%w: it came to %s", errLost, l.On)
			}
		case <-silent.C:
			return fmt.Errorf("%w: no click came of it", errLost)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
