//go:build gallery

package console_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"caseline/internal/auth"
)

// TestGallery takes pictures of the pages for people to look at, into the
// folder that CASELINE_GALLERY names:
//
//	CASELINE_GALLERY=pictures go test -tags gallery -run Gallery ./internal/console
func TestGallery(t *testing.T) {
	dir := os.Getenv("CASELINE_GALLERY")
	if dir == "" {
		t.Fatal("CASELINE_GALLERY names no folder for the pictures")
	}
	h := newHouse(t)
	s := fill(h)
	empty := newHouse(t)
	empty.agent("jane@example.com", "Jane Doe", "agent")
	ctx := tab(t)
	for _, theme := range []string{"light", "dark"} {
		for _, size := range [][2]int64{{1440, 900}, {768, 1024}, {390, 844}} {
			shoot := func(name, url string, then ...string) {
				t.Helper()
				do(t, ctx, chromedp.Navigate(url))
				until(t, ctx, `document.documentElement.classList.contains('js') || !document.querySelector('script')`)
				for _, step := range then {
					do(t, ctx, script(step))
				}
				do(t, ctx, chromedp.Sleep(250*time.Millisecond))
				picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, size[0], theme))
				if err := os.WriteFile(file, picture, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			do(t, ctx, chromedp.EmulateViewport(size[0], size[1]), chromedp.Navigate(h.http.URL+"/login"),
				script(`document.cookie='caseline_theme=`+theme+`; Path=/'`))
			clearSession(t, ctx, h)
			shoot("signin", h.http.URL+"/login")
			signIn(t, ctx, empty, "jane@example.com")
			shoot("empty", empty.http.URL+"/")
			clearSession(t, ctx, h)
			signIn(t, ctx, h, "jane@example.com")
			shoot("queue", h.http.URL+"/")
			shoot("chats", h.http.URL+"/chats")
			shoot("cases", h.http.URL+"/cases")
			shoot("requested", h.http.URL+"/cases/"+string(s.requested.Number))
			shoot("running", h.http.URL+"/cases/"+string(s.running.Number))
			shoot("running-top", h.http.URL+"/cases/"+string(s.running.Number), `document.getElementById('log-scroll').scrollTop=0`)
			shoot("running-mid", h.http.URL+"/cases/"+string(s.running.Number), `document.getElementById('log-scroll').scrollTop=700`)
			shoot("ended", h.http.URL+"/cases/"+string(s.ended.Number), `document.querySelector('.transcript').open=true`, `document.getElementById('log-scroll').scrollTop=1e6`)
			shoot("watch", h.http.URL+"/cases/"+string(s.watched.Number))
			shoot("confirm", h.http.URL+"/cases/"+string(s.running.Number), `document.querySelector('[data-key="end"]').click()`)
			shoot("help", h.http.URL+"/", `document.getElementById('help').showModal()`)
			shoot("menu", h.http.URL+"/", `document.getElementById('menu').open=true`)
			shoot("details", h.http.URL+"/cases/"+string(s.running.Number)+"#rail")
			shoot("error", h.http.URL+"/cases/0000000001")
			clearSession(t, ctx, h)
		}
	}
}

// clearSession takes away the cookie of the sign-in, as time does.
func clearSession(t *testing.T, ctx context.Context, h *house) {
	t.Helper()
	_, err := chromedp.Run(ctx, func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, network.DeleteCookies, network.DeleteCookiesParams{Name: auth.CookieName, URL: h.http.URL})
		return chromedp.Void{}, err
	})
	if err != nil {
		t.Fatal(err)
	}
}
