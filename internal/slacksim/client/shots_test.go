package client

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestScreenshots leaves pictures of the pages in the folder CASELINE_SHOTS
// names, for people to look at.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("CASELINE_SHOTS")
	if dir == "" {
		t.Skip("CASELINE_SHOTS names no folder for screenshots")
	}
	ctx := browser(t)
	o := opened(t, Options{})
	o.furnish()
	thread := ""
	for _, m := range o.w.All(o.chans["operations"].ID) {
		if m.ReplyCount > 1 {
			thread = m.TS
		}
	}
	pages := map[string]string{
		"start": o.http.URL + "/client/", "operations": o.page("alice", "operations"), "case": o.page("alice", "case-1000000042"),
		"thread": o.page("alice", "operations") + "?thread=" + thread, "pins": o.page("bob", "case-1000000042") + "?panel=pins",
		"app": o.http.URL + "/client/" + o.ws.ID + "/alice/apps/" + o.app.ID, "dm": o.page("alice", "dm"),
		"shared": o.page("alice", "shared"), "members": o.page("alice", "shared") + "?panel=members", "archived": o.page("alice", "old"),
		"gone": o.http.URL + "/client/" + o.ws.ID + "/alice/CNONE", "simulation": o.page("alice", "shared") + "?panel=simulation",
	}
	only := os.Getenv("CASELINE_SHOTS_ONLY")
	for _, size := range []int64{1440, 768, 390} {
		for _, scheme := range []string{"light", "dark"} {
			if only != "" && !strings.Contains(only, fmt.Sprintf("%s-%d", scheme, size)) {
				continue
			}
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			must(t, err)
			run(t, ctx, chromedp.EmulateViewport(size, 860))
			shot := func(name string) {
				snap(t, ctx, filepath.Join(dir, fmt.Sprintf("%s-%s-%d.png", name, scheme, size)))
			}
			for name, url := range pages {
				run(t, ctx, visit(url))
				shot(name)
			}
			o.shootForms(ctx, shot)
		}
	}
}

func (o *office) shootForms(ctx context.Context, shot func(name string)) {
	t := o.t.(*testing.T)
	v := o.openModal("alice", everyInput)
	run(t, ctx, visit(o.page("alice", "operations")), until(`document.querySelector('#modal dialog[open]')`))
	shot("modal")
	must(t, o.screens.Refuse(v.ID, map[string]string{"subject": "Please complete this required field.", "description": "Please tell us a little more."}))
	run(t, ctx, shows("#modal .field-error", "required"))
	shot("modalerrors")
	run(t, ctx, chromedp.Click(chromedp.CSS(`#modal [data-block-id=members] [role=combobox]`)), shows("#modal .listbox:not([hidden]) [role=option]", "Bob"))
	shot("modalpicker")
	o.screens.CloseModal(o.users["alice"].ID, true)
	run(t, ctx, until(`!document.querySelector('#modal dialog')`), script(`document.querySelector('[data-testid=person-switcher]')?.click()`))
	shot("switcher")
	run(t, ctx, script(`document.body.click(); document.body.toggleAttribute('data-sidebar', true)`), until(`getComputedStyle(document.getElementById('sidebar')).visibility === 'visible'`))
	shot("sidebar")
	run(t, ctx, visit(o.page("alice", "case-1000000042")), script(`document.querySelector('[data-own] [data-act=message-menu]').click()`))
	shot("menu")
	run(t, ctx, script(`document.body.click(); document.querySelector('#main [data-act=react-menu]').click()`))
	shot("react")
	run(t, ctx, script(`document.body.click(); document.querySelector('#main [data-action-id=end]').click()`), until(`document.querySelector('dialog.dialog')`))
	shot("confirm")
	run(t, ctx, script(`document.querySelector('dialog.dialog').close()`), chromedp.SendKeys(chromedp.CSS(composer), "/"), until(`document.querySelector('.complete')`))
	shot("complete")
	run(t, ctx, visit(o.page("alice", "case-1000000042")), script(`document.querySelector('[data-own] [data-act=message-menu]').click(); document.querySelector('.menu [data-do=edit]').click()`), until(`document.querySelector('.edit-box textarea:focus')`))
	shot("edit")
	run(t, ctx, script(`sessionStorage.clear()`))
}

func snap(t *testing.T, ctx context.Context, path string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	must(t, err)
	must(t, os.WriteFile(path, png, 0o600))
}
