package ways

import (
	"context"
	"net/http"

	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/web"
)

// The keys of preferences.
const (
	Tongue = "tongue" // the code of a language
	Tell   = "tell"   // of what an agent is told, by names of Kinds
)

// Preferences keep what agents choose.
type Preferences interface {
	Chosen(ctx context.Context, a desk.AgentID, key string) (string, error)
	Choose(ctx context.Context, a desk.AgentID, key, value string) error
}

// A Room has the addresses of what people choose. TLS says that the console is
// reached over https only.
type Room struct {
	Keep Preferences
	TLS  bool
}

// Doors are for agents.
func (rm Room) Doors(h room.House) map[string]room.Door {
	return map[string]room.Door{
		"GET /me/notifications":  {May: rights.Own, Answer: func(w http.ResponseWriter, r *http.Request, who desk.Agent) error { return rm.getTell(h, w, r, who) }},
		"POST /me/language":      {May: rights.Own, Answer: rm.postOwn},
		"POST /me/notifications": {May: rights.Own, Answer: rm.postTell},
	}
}

// Outside is for whoever has not signed in yet.
func (rm Room) Outside(room.House) map[string]func(http.ResponseWriter, *http.Request) error {
	return map[string]func(http.ResponseWriter, *http.Request) error{
		"POST /language": func(w http.ResponseWriter, r *http.Request) error {
			if _, err := rm.choose(w, r); err != nil {
				return err
			}
			return back(w, r, "/login")
		},
	}
}

func (rm Room) postOwn(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	t, err := rm.choose(w, r)
	if err != nil {
		return err
	}
	if err := rm.Keep.Choose(r.Context(), who.ID, Tongue, t.Code()); err != nil {
		return err
	}
	return back(w, r, "/me")
}

// choose has the browser keep the language that a form names.
func (rm Room) choose(w http.ResponseWriter, r *http.Request) (tongue.Tongue, error) {
	if err := r.ParseForm(); err != nil {
		return tongue.Tongue{}, form.Bad(err)
	}
	t, ok := tongue.By(r.PostForm.Get("tongue"))
	if !ok {
		return t, &desk.Refusal{Kind: desk.ErrInvalid, Field: "tongue", Message: "The console does not speak this language. Choose another one."}
	}
	http.SetCookie(w, &http.Cookie{
		Name: tongue.Cookie, Value: t.Code(), Path: "/", MaxAge: 365 * 24 * 60 * 60, SameSite: http.SameSiteLaxMode, Secure: rm.TLS, HttpOnly: true,
	})
	return t, nil
}

// back leads to the page that the form stands on.
func back(w http.ResponseWriter, r *http.Request, usual string) error {
	if web.WantsJSON(r) {
		web.WriteJSON(w, http.StatusOK, struct{}{})
		return nil
	}
	to := usual
	if r.PostForm.Get("back") != "" {
		to = web.LocalPath(r.PostForm.Get("back"))
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
