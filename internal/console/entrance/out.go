package entrance

import (
	"net/http"
	"net/url"
	"strings"

	"caseline/internal/auth"
	"caseline/internal/web"
)

// SignedOut sends a person to sign in and tells a script that it must.
func SignedOut(kit *web.Kit, w http.ResponseWriter, r *http.Request) {
	stream := strings.HasPrefix(r.Header.Get("Accept"), "text/event-stream")
	if web.WantsJSON(r) || stream {
		kit.Show(w, r, web.Problem{Status: http.StatusUnauthorized, Message: auth.ErrSignedOut.Error()})
		return
	}
	next := "/"
	if r.Method == http.MethodGet {
		next = r.URL.RequestURI()
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/login?next="+url.QueryEscape(next), http.StatusSeeOther)
}
