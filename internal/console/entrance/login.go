package entrance

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"caseline/internal/auth"
	"caseline/internal/console/drawn"
	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// Pages are a porch of the console. Its addresses are for everybody.
type Pages struct {
	Auth  *auth.Service
	Log   *slog.Logger
	Hints []string // lines for the sign-in page
	// Left notes that an agent signed out in the browser of a request.
	Left func(r *http.Request, who desk.AgentID) error
}

// Doors are none: who is signed in has been here.
func (p Pages) Doors(room.House) map[string]room.Door { return nil }

// Outside are its addresses.
func (p Pages) Outside(h room.House) map[string]func(http.ResponseWriter, *http.Request) error {
	e := entrance{p, h}
	return map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /login":           e.getLogin,
		"POST /login":          e.postLogin,
		"GET /login/second":    e.getSecond,
		"POST /login/second":   e.postSecond,
		"GET " + pathElsewhere: e.getElsewhere,
		"GET " + BackPath:      e.getBack,
		"POST /logout":         e.postLogout,

		"GET " + auth.InvitationPath + "{secret}":  e.getInvitation,
		"POST " + auth.InvitationPath + "{secret}": e.postInvitation,
	}
}

// The addresses of signing in elsewhere: BackPath is where people come back.
const (
	pathElsewhere = "/login/oidc"
	BackPath      = "/login/oidc/back"
)

type entrance struct {
	Pages
	house room.House
}

func (e entrance) base(r *http.Request, title string) drawn.Base {
	return drawn.BaseOf(r, title, e.house.Now())
}

type loginPage struct {
	drawn.Base
	Email     string
	Next      string
	Error     string
	Hints     []string
	Passwords bool
	Elsewhere string // what people call the other server; empty for none
	Leave     string // the address that leads there
}

func (e entrance) loginPage(r *http.Request, next string) loginPage {
	page := loginPage{Base: e.base(r, "Sign in"), Next: next, Hints: e.Hints, Passwords: e.Auth.HasPasswords()}
	page.Elsewhere, page.Leave = e.elsewhere(next)
	return page
}

// elsewhere is what people call the other server, and the way there.
func (e entrance) elsewhere(next string) (name, address string) {
	if !e.Auth.HasElsewhere() {
		return "", ""
	}
	return e.Auth.ElsewhereName(), pathElsewhere + "?next=" + url.QueryEscape(next)
}

func (e entrance) getLogin(w http.ResponseWriter, r *http.Request) error {
	next := web.LocalPath(r.URL.Query().Get("next"))
	if in, err := e.isIn(w, r, next); in || err != nil {
		return err
	}
	return e.house.Show(w, http.StatusOK, "login", e.loginPage(r, next))
}

// isIn sends who is signed in already to where they were to go.
func (e entrance) isIn(w http.ResponseWriter, r *http.Request, next string) (bool, error) {
	_, err := e.Auth.Agent(r.Context())
	if err == nil {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return true, nil
	}
	if !errors.Is(err, auth.ErrSignedOut) {
		return false, err
	}
	return false, nil
}

func (e entrance) postLogin(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	next, email := web.LocalPath(r.PostForm.Get("next")), r.PostForm.Get("email")
	step, err := e.Auth.SignIn(w, r, email, r.PostForm.Get("password"))
	if err == nil {
		onward(w, r, step, next)
		return nil
	}
	page := e.loginPage(r, next)
	page.Email = email
	return e.refused(w, err, func(status int, message string) error {
		page.Error = message
		return e.house.Show(w, status, "login", page)
	})
}

// onward leads to the next step.
func onward(w http.ResponseWriter, r *http.Request, step auth.Step, next string) {
	if step != auth.In {
		next = "/login/second?next=" + url.QueryEscape(next)
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
}

// refused shows a page again with why something was refused; any other error stays
// one.
func (e entrance) refused(w http.ResponseWriter, err error, show func(status int, message string) error) error {
	if slow, ok := errors.AsType[*auth.Throttled](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(slow.Seconds()))
		return show(http.StatusTooManyRequests, slow.Error())
	}
	if other, ok := errors.AsType[*auth.ElsewhereError](err); ok {
		e.Log.Warn("sign-in elsewhere failed", slog.Any("err", other.Why))
		return show(http.StatusForbidden, other.Message)
	}
	if refusal, ok := errors.AsType[*desk.Refusal](err); ok {
		return show(web.StatusOf(err), refusal.Message)
	}
	return err
}

func (e entrance) getElsewhere(w http.ResponseWriter, r *http.Request) error {
	next := web.LocalPath(r.URL.Query().Get("next"))
	if in, err := e.isIn(w, r, next); in || err != nil {
		return err
	}
	address, err := e.Auth.Leave(w, r, next)
	if err != nil {
		return e.loginAgain(w, r, next, err)
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

func (e entrance) getBack(w http.ResponseWriter, r *http.Request) error {
	if in, err := e.isIn(w, r, "/"); in || err != nil {
		return err // reloaded, or come back twice
	}
	next, err := e.Auth.Return(w, r)
	if err != nil {
		return e.loginAgain(w, r, "/", err)
	}
	http.Redirect(w, r, web.LocalPath(next), http.StatusSeeOther)
	return nil
}

func (e entrance) loginAgain(w http.ResponseWriter, r *http.Request, next string, err error) error {
	return e.refused(w, err, func(status int, message string) error {
		page := e.loginPage(r, next)
		page.Error = message
		return e.house.Show(w, status, "login", page)
	})
}

func (e entrance) postLogout(w http.ResponseWriter, r *http.Request) error {
	who, err := e.Auth.Agent(r.Context())
	in := err == nil
	if err := e.Auth.SignOut(w, r); err != nil {
		return err
	}
	if in {
		if err := e.Left(r, who.ID); err != nil {
			return err
		}
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}
