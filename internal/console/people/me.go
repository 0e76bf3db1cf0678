package people

import (
	"net/http"

	"caseline/internal/auth"
	"caseline/internal/console/entrance"
	"caseline/internal/console/room"
	"caseline/internal/console/setup"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// mePage is what is one's own. Its sections are templates named me-….
type mePage struct {
	work.Frame
	Has     bool   // a picture
	Problem string // with the one that was sent

	RoleName, RoleMay string

	Passwords bool   // are used here
	Password  bool   // they have one
	Elsewhere string // what people call the server by which they sign in besides
	Least     int
	Wrong     setup.Wrong // of the forms of password and second factor
	At        string      // the form that Wrong is about

	Factor  bool
	Spare   int  // recovery codes
	Must    bool // they may not do without
	MayHave bool // the server can keep its secret

	SignIns []sessionRow
}

func (p pages) mePage(r *http.Request, who desk.Agent) (page mePage, err error) {
	if page.Frame, err = p.frame(r, who, "me", "Your account"); err != nil {
		return page, err
	}
	page.Frame.Path = "/me"
	for _, role := range roles(page.Frame) {
		if role.Role == who.Role {
			page.RoleName, page.RoleMay = role.Name, role.May
		}
	}
	page.Passwords, page.Password, page.Least = p.Auth.HasPasswords(), who.PasswordHash != "", auth.MinPassword
	if p.Auth.HasElsewhere() {
		page.Elsewhere = p.Auth.ElsewhereName()
	}
	page.Must, page.MayHave = p.Auth.MustHaveFactor(who), p.Auth.MayHaveFactors()
	if page.Factor, page.Spare, err = p.Auth.HasFactor(r.Context(), who.ID); err != nil {
		return page, err
	}
	if page.Has, err = p.Pictured(r.Context(), who.ID); err != nil {
		return page, err
	}
	page.SignIns, err = p.sessions(r, page.Frame, who.ID)
	return page, err
}

func (p pages) getMe(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.mePage(r, who)
	if err != nil {
		return err
	}
	return p.house.Show(w, http.StatusOK, "me", page)
}

// Me shows the page of one's own with what is wrong with the picture that was
// sent.
func (r Room) Me(h room.House) func(w http.ResponseWriter, req *http.Request, who desk.Agent, status int, problem string) error {
	p := pages{r, h}
	return func(w http.ResponseWriter, req *http.Request, who desk.Agent, status int, problem string) error {
		page, err := p.mePage(req, who)
		if err != nil {
			return err
		}
		page.Problem = problem
		return p.house.Show(w, status, "me", page)
	}
}

// meAgain shows the page of one's own with what is wrong with a form.
func (p pages) meAgain(w http.ResponseWriter, r *http.Request, who desk.Agent, at string, err error) error {
	why, ok := allWrong(err, "old")
	if !ok || web.WantsJSON(r) {
		return err
	}
	page, broken := p.mePage(r, who)
	if broken != nil {
		return broken
	}
	page.Wrong, page.At = why, at
	return p.house.Show(w, statusOf(err), "me", page)
}

func (p pages) postPassword(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	get := r.PostForm.Get
	var err error = &desk.Refusal{Kind: desk.ErrInvalid, Field: "again", Message: "The two passwords differ. Type the same one twice."}
	if get("password") == get("again") {
		err = p.Auth.ChangePassword(w, r, get("old"), get("password"))
	}
	if err != nil {
		return p.meAgain(w, r, who, "password", err)
	}
	return leave(w, r, "/me", "password")
}

// factorPage is where a second factor is set up, and where recovery codes are
// shown once.
type factorPage struct {
	work.Frame
	Device *entrance.Device
	Spare  []string
	Error  string
}

func (p pages) getFactor(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	return p.factor(w, r, who, http.StatusOK, "")
}

func (p pages) factor(w http.ResponseWriter, r *http.Request, who desk.Agent, status int, problem string) error {
	f, err := p.frame(r, who, "me", "Set up a second factor")
	if err != nil {
		return err
	}
	d, err := entrance.NewDevice(p.Auth, w, r)
	if err != nil {
		return err
	}
	return p.house.Show(w, status, "factor", factorPage{Frame: f, Device: &d, Error: problem})
}

// postFactor confirms a new second factor.
func (p pages) postFactor(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	spare, err := p.Auth.Confirm(w, r, r.PostForm.Get("code"))
	if why, ok := allWrong(err, "code"); err != nil && ok && !web.WantsJSON(r) {
		return p.factor(w, r, who, statusOf(err), why["code"])
	}
	if err != nil {
		return err
	}
	return p.spare(w, r, who, spare)
}

// spare shows recovery codes.
func (p pages) spare(w http.ResponseWriter, r *http.Request, who desk.Agent, codes []string) error {
	f, err := p.frame(r, who, "me", "Recovery codes")
	if err != nil {
		return err
	}
	return p.house.Show(w, http.StatusOK, "factor", factorPage{Frame: f, Spare: codes})
}

// postSpare gives new recovery codes in the place of the old ones.
func (p pages) postSpare(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	codes, err := p.Auth.RenewSpare(r, r.PostForm.Get("code"))
	if err != nil {
		return p.meAgain(w, r, who, "codes", err)
	}
	return p.spare(w, r, who, codes)
}

func (p pages) postDropFactor(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	if err := p.Auth.DropFactor(r, r.PostForm.Get("old")); err != nil {
		return p.meAgain(w, r, who, "factor", err)
	}
	return leave(w, r, "/me", "no-factor")
}

// postEnd ends one sign-in of the reader, or all but this one.
func (p pages) postEnd(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	id, did := r.PostForm.Get("sign-in"), "ended"
	if id == "" {
		did = "others-ended"
	}
	if err := p.Auth.EndSignIn(r.Context(), by(who), who.ID, id); err != nil {
		return err
	}
	return leave(w, r, "/me", did)
}
