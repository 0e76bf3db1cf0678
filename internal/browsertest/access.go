package browsertest

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

//go:embed access.js
var accessScript string

//go:embed spacing.js
var spacingScript string

// reflow is how wide a window is in which nobody need scroll sideways (WCAG 1.4.10).
const reflow = 320

// pressed are the roles of what people use, which need a name.
func pressed() []string {
	return []string{
		"button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "switch", "menuitem", "tab", "slider", "spinbutton",
		"DisclosureTriangle", "img", "image", "dialog", "Date",
	}
}

// Usable fails the test for what of the page in sight somebody could not use who
// sees little, hears it, uses a keyboard or does not want it to move (WCAG 2.2,
// level AA, as far as a program can tell). It looks at the page as it stands, in
// the colours that are named, then in a narrow window and with wide spaces. The
// page has these afterwards: whoever goes on with it loads it anew.
func (tab *Tab) Usable(schemes ...string) {
	tab.t.Helper()
	if len(schemes) == 0 {
		schemes = []string{Light}
	}
	at := Read[string](tab, "location.pathname + location.search")
	if all := tab.unusable(schemes); len(all) > 0 {
		tab.t.Errorf("%s at %s:\n%s", tab.name, at, strings.Join(all, "\n"))
	}
}

// unusable is what somebody could not use, each with how the page was looked at.
func (tab *Tab) unusable(schemes []string) (all []string) {
	tab.t.Helper()
	say := func(where string, wrong []string) {
		for _, w := range wrong {
			if line := where + ": " + w; !slices.Contains(all, line) {
				all = append(all, line)
			}
		}
	}
	say("names", tab.nameless())
	for _, scheme := range schemes {
		tab.prefer(scheme, "reduce")
		tab.Script(`window.browsertestDrawn = false; requestAnimationFrame(() => requestAnimationFrame(() => { window.browsertestDrawn = true; }))`)
		tab.Until(`window.browsertestDrawn`)
		say(scheme, Read[[]string](tab, "("+accessScript+")()"))
	}
	tab.Resize(reflow, height)
	say("320 px", Read[[]string](tab, "("+accessScript+")()"))
	tab.Resize(width, height)
	say("spaces", Read[[]string](tab, "("+spacingScript+")()"))
	tab.scheme("")
	return all
}

// Calm has the system say that whoever uses it wants little to move, or no longer.
func (tab *Tab) Calm(on bool) {
	tab.t.Helper()
	motion := ""
	if on {
		motion = "reduce"
	}
	tab.prefer("", motion)
}

// prefer makes the system prefer a scheme of colours and how much things move.
func (tab *Tab) prefer(scheme, motion string) {
	tab.t.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: motion}}
	if _, err := try(tab, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	})); err != nil {
		tab.fail("choose colours and motion", err)
	}
}

// nameless are the things that assistive devices are told of without a name.
func (tab *Tab) nameless() []string {
	tab.t.Helper()
	tree, err := try(tab, func(ctx context.Context, target *chromedp.Target) (accessibility.GetFullAXTreeResult, error) {
		return cdp.Call(ctx, target, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	})
	if err != nil {
		tab.fail("read what assistive devices are told", err)
	}
	var wrong []string
	used := 0
	for _, n := range tree.Nodes {
		if n.Ignored || n.Role == nil || !slices.Contains(pressed(), text(n.Role)) {
			continue
		}
		used++
		if strings.TrimSpace(text(n.Name)) == "" {
			wrong = append(wrong, fmt.Sprintf("a %s (node %d) has no name", text(n.Role), n.BackendDOMNodeID))
		}
	}
	if used == 0 {
		wrong = append(wrong, "nothing on the page can be used")
	}
	return wrong
}

// text is a value of the tree that is one.
func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.Trim(string(v.Value), `"`)
}
