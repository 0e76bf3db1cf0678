package console

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"caseline/internal/auth"
	"caseline/internal/console/drawn"
	"caseline/internal/console/form"
	"caseline/internal/desk"
	"caseline/internal/web"
)

type loginPage struct {
	drawn.Base
	Email string
	Next  string
	Error string
	Hints []string
}

func (s *Server) getLogin(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.URL.Query().Get("next"))
	_, err := s.Auth.Agent(r.Context())
	if err == nil {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	if !errors.Is(err, auth.ErrSignedOut) {
		return err
	}
	return s.show(w, http.StatusOK, "login", loginPage{Base: s.base(r, "Sign in"), Next: next, Hints: s.opt.Hints})
}

func (s *Server) postLogin(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	next := localPath(r.PostForm.Get("next"))
	email := r.PostForm.Get("email")
	_, err := s.Auth.SignIn(w, r, email, r.PostForm.Get("password"))
	if err == nil {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	page := loginPage{Base: s.base(r, "Sign in"), Email: email, Next: next, Hints: s.opt.Hints, Error: err.Error()}
	if slow, ok := errors.AsType[*auth.Throttled](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(slow.Seconds()))
		return s.show(w, http.StatusTooManyRequests, "login", page)
	}
	if refusal, ok := errors.AsType[*desk.Refusal](err); ok {
		page.Error = refusal.Message
		return s.show(w, web.StatusOf(err), "login", page)
	}
	return err
}

func (s *Server) postLogout(w http.ResponseWriter, r *http.Request) error {
	if err := s.Auth.SignOut(w, r); err != nil {
		return err
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}

// signedOut sends a person to sign in and tells a script that it must.
func (s *Server) signedOut(w http.ResponseWriter, r *http.Request) {
	stream := strings.HasPrefix(r.Header.Get("Accept"), "text/event-stream")
	if web.WantsJSON(r) || stream {
		s.kit.Show(w, r, web.Problem{Status: http.StatusUnauthorized, Message: auth.ErrSignedOut.Error()})
		return
	}
	next := "/"
	if r.Method == http.MethodGet {
		next = r.URL.RequestURI()
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/login?next="+url.QueryEscape(next), http.StatusSeeOther)
}

// localPath returns p if it is an address within the console, else the front
// page: what comes from a query must not lead elsewhere.
func localPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") {
		return "/"
	}
	return p
}
