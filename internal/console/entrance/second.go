package entrance

import (
	"errors"
	"net/http"

	"caseline/internal/auth"
	"caseline/internal/auth/totp"
	"caseline/internal/console/drawn"
	"caseline/internal/console/form"
	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/web"
)

// A Device is a new second factor as pages show it, for the template
// "factor-new".
type Device struct {
	Text    string // the secret, to be typed, in groups
	Address string // for a telephone on which the page is open
	Picture totp.Picture
}

// NewDevice is the second factor that the reader is to confirm.
func NewDevice(a *auth.Service, w http.ResponseWriter, r *http.Request) (d Device, err error) {
	f, err := a.NewFactor(w, r)
	if err != nil {
		return d, err
	}
	for i, letter := range f.Text {
		if i > 0 && i%4 == 0 {
			d.Text += " "
		}
		d.Text += string(letter)
	}
	d.Address = f.Address
	d.Picture, err = totp.Draw(f.Address)
	return d, err
}

type secondPage struct {
	drawn.Base
	Email  string
	Next   string
	Error  string
	Device *Device  // to be set up; nil where a code is asked for
	Spare  []string // recovery codes that are there now
}

func (e entrance) getSecond(w http.ResponseWriter, r *http.Request) error {
	next := web.LocalPath(r.URL.Query().Get("next"))
	if in, err := e.isIn(w, r, next); in || err != nil {
		return err
	}
	return e.second(w, r, next, http.StatusOK, "")
}

// second shows the page of the second step.
func (e entrance) second(w http.ResponseWriter, r *http.Request, next string, status int, problem string) error {
	agent, step, err := e.Auth.Half(r.Context())
	if errors.Is(err, auth.ErrNoHalf) {
		return e.loginAgain(w, r, next, err)
	}
	if err != nil {
		return err
	}
	page := secondPage{Base: e.base(r, "Second step"), Email: agent.Email, Next: next, Error: problem}
	if step == auth.SetUp {
		d, err := NewDevice(e.Auth, w, r)
		if err != nil {
			return e.loginAgain(w, r, next, err)
		}
		page.Title, page.Device = "Set up a second factor", &d
	}
	return e.house.Show(w, status, "second", page)
}

func (e entrance) postSecond(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	next, code := web.LocalPath(r.PostForm.Get("next")), r.PostForm.Get("code")
	_, step, err := e.Auth.Half(r.Context())
	if err != nil {
		return e.loginAgain(w, r, next, err)
	}
	if step == auth.SetUp {
		spare, err := e.Auth.Confirm(w, r, code)
		if err == nil {
			return e.house.Show(w, http.StatusOK, "second", secondPage{Base: e.base(r, "Recovery codes"), Next: next, Spare: spare})
		}
		return e.refused(w, err, func(status int, message string) error { return e.second(w, r, next, status, message) })
	}
	left, err := e.Auth.SecondStep(w, r, code)
	if err != nil {
		return e.refused(w, err, func(status int, message string) error { return e.second(w, r, next, status, message) })
	}
	if left >= 0 {
		next = "/me#second-factor" // a code is gone; there it says how many are left
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

type invitedPage struct {
	drawn.Base
	signin.Invitation
	Path      string // of the form
	Name      string // as typed
	Error     string
	Passwords bool
	Least     int
	Elsewhere string
	Leave     string
}

func (e entrance) getInvitation(w http.ResponseWriter, r *http.Request) error {
	i, err := e.Auth.Invitation(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	return e.house.Show(w, http.StatusOK, "invited", e.invited(r, i))
}

func (e entrance) invited(r *http.Request, i signin.Invitation) invitedPage {
	page := invitedPage{Base: e.base(r, "Invitation"), Invitation: i, Path: r.URL.Path, Passwords: e.Auth.HasPasswords(), Least: auth.MinPassword}
	page.Elsewhere, page.Leave = e.elsewhere("/")
	return page
}

func (e entrance) postInvitation(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	i, err := e.Auth.Invitation(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	name, password := r.PostForm.Get("name"), r.PostForm.Get("password")
	if password != r.PostForm.Get("again") {
		err = &desk.Refusal{Kind: desk.ErrInvalid, Field: "again", Message: "The two passwords differ. Type the same one twice."}
	} else {
		var step auth.Step
		if step, err = e.Auth.Accept(w, r, r.PathValue("secret"), name, password); err == nil {
			onward(w, r, step, "/")
			return nil
		}
	}
	if errors.Is(err, desk.ErrNotFound) {
		return err
	}
	page := e.invited(r, i)
	page.Name = name
	return e.refused(w, err, func(status int, message string) error {
		page.Error = message
		return e.house.Show(w, status, "invited", page)
	})
}
