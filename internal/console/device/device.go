package device

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
)

// cookieName is the cookie by which a browser is known again. It says nothing of
// who uses it.
const cookieName = "caseline_device"

// lasts is how long a browser is known again.
const lasts = 365 * 24 * time.Hour

// A key is under what a request's context has its device.
type key struct{}

// Load puts the browser into the request's context, with a cookie if it has none.
func Load(w http.ResponseWriter, r *http.Request, secure bool) *http.Request {
	d := Of(r)
	if d.ID == "" {
		d.ID = rand.Text()
		http.SetCookie(w, &http.Cookie{
			Name: cookieName, Value: d.ID, Path: "/", MaxAge: int(lasts / time.Second), HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
		})
	}
	return r.WithContext(context.WithValue(r.Context(), key{}, d))
}

// Of is the browser that a request comes from, without an ID if it is not known.
func Of(r *http.Request) roster.Device {
	d := roster.Device{Phone: phone(r)}
	if cookie, err := r.Cookie(cookieName); err == nil && good(cookie.Value) {
		d.ID = cookie.Value
	}
	return d
}

func good(id string) bool {
	return len(id) == 26 && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

func phone(r *http.Request) bool {
	return r.Header.Get("Sec-CH-UA-Mobile") == "?1" || strings.Contains(r.UserAgent(), "Mobi")
}

// mostNoted is how many devices a Watch remembers before it begins anew.
const mostNoted = 20_000

// A Watch notes at which devices agents are seen, without asking the database each
// time. The zero Watch is ready.
type Watch struct {
	mu    sync.Mutex // guards noted, for map operations only
	noted map[roster.Device]time.Time
}

// Due returns the device of a request's context as its agent's, seen now; ok is
// false when that was noted a short time ago.
func (w *Watch) Due(ctx context.Context, who desk.Agent, now time.Time) (d roster.Device, ok bool) {
	d, _ = ctx.Value(key{}).(roster.Device)
	d.Agent = who.ID
	w.mu.Lock()
	defer w.mu.Unlock()
	if now.Sub(w.noted[d]) < desk.SeenEvery && now.Sub(who.SeenAt) < desk.SeenEvery {
		return d, false
	}
	if w.noted == nil || len(w.noted) >= mostNoted {
		w.noted = map[roster.Device]time.Time{}
	}
	w.noted[d] = now
	d.SeenAt = now
	return d, true
}
