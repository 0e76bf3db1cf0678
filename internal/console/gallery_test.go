//go:build gallery

package console_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"caseline/internal/auth"
	"caseline/internal/casework"
	"caseline/internal/desk"
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
	back, given := hands(s)
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
				if strings.HasPrefix(name, "ask") {
					until(t, ctx, `document.querySelector('.card-ask') && document.documentElement.classList.contains('js')`)
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
			shoot("menu-case", h.http.URL+"/cases/"+string(s.running.Number), `document.querySelector('.head-more').open=true`)
			shoot("hand", h.http.URL+"/cases/"+string(s.running.Number), `document.querySelector('[data-key="hand"]').click()`, `document.querySelector('#dialog-hand input[type=radio]').click()`)
			shoot("severity", h.http.URL+"/cases/"+string(s.running.Number), `document.querySelector('[data-key="severity"]').click()`)
			shoot("refused", h.http.URL+"/cases/"+string(s.resolved.Number), `document.querySelector('[data-key="reopen"]').click()`, `document.querySelector('#dialog-reopen [type=submit]').click()`)
			shoot("resolved", h.http.URL+"/cases/"+string(s.resolved.Number))
			shoot("back", h.http.URL+"/cases/"+string(back.Number))
			shoot("given", h.http.URL+"/cases/"+string(given.Number))
			shoot("ask", h.http.URL+"/cases/"+string(s.running.Number), `document.querySelector('form[data-confirm="dialog-hand"]').submit()`)
			shoot("ask-severity", h.http.URL+"/cases/"+string(s.running.Number), `document.querySelector('form[data-confirm="dialog-severity"]').submit()`)
			shoot("error", h.http.URL+"/cases/0000000001")
			clearSession(t, ctx, h)
		}
	}
}

// hands adds what several agents do to chats: one that came back to the queue,
// one that Jane was given and in which another agent stays, and one whose agent
// is away.
func hands(s *sample) (back, given desk.Case) {
	bea := s.agent("bea@example.com", "Beatrice Lund-Christensen", desk.RoleAgent)
	s.agent("noor@example.com", "Noor", desk.RoleAgent)
	s.signedIn("bea@example.com")
	if err := s.cases.SetPresence(s.t.Context(), bea.ID, desk.Online); err != nil {
		s.t.Fatal(err)
	}
	back = s.opened("The export to S3 writes empty files", "Every night at two.", "T1:UEMI", desk.SeverityNormal)
	s.settleAll(back.ID)
	s.join(back, bea)
	s.say(back, "T1:UEMI", "It started on Monday.")
	if _, err := s.cases.HandOver(s.t.Context(), casework.HandOver{Case: back.ID, By: bea, Origin: s.origin()}); err != nil {
		s.t.Fatal(err)
	}
	given = s.opened("Single sign-on loops after the certificate was renewed", "Back and forth for ever.", "T1:UBOB", desk.SeverityHigh)
	s.settleAll(given.ID)
	s.join(given, s.omar)
	s.say(given, "T1:UBOB", "The old certificate still works, if that helps.")
	if _, err := s.cases.Join(s.t.Context(), casework.Join{Case: given.ID, Agent: bea, Also: true, Origin: s.origin()}); err != nil {
		s.t.Fatal(err)
	}
	s.handsOver(given, s.omar, s.jane)
	if err := s.cases.MindAgent(s.t.Context(), s.watched.ID); err != nil {
		s.t.Fatal(err)
	}
	return s.get(back.ID), s.get(given.ID)
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
