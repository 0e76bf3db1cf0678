package oauth

import (
	"slices"
	"time"

	"caseline/internal/slacksim/apps"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// codeLife is how long a code can be exchanged.
const codeLife = 10 * time.Minute

// A Consent is what a person decides about a request.
type Consent struct {
	User    string
	Place   string   // the workspace, or the organisation
	Without []string // optional scopes that they do not grant
}

// Deny sends the person back without a code.
func (r Request) Deny() string { return r.back("error", "access_denied") }

// Allow makes a code for the app, and returns the address that takes the person,
// and the code, back to it.
func (r Request) Allow(w *world.World, given Consent) (string, error) {
	if err := r.may(w, given); err != nil {
		return "", err
	}
	code := apps.Code{
		Code: secret("", 32), App: r.App.ID, Place: given.Place, User: given.User, RedirectURI: r.named,
		Scopes: slices.DeleteFunc(slices.Clone(r.Scopes), func(s string) bool { return slices.Contains(given.Without, s) }),
		Until:  w.Now().Add(codeLife),
	}
	err := w.Change(func(c *world.Change) error {
		w.Apps.PutCode(c.Log(), code)
		return nil
	})
	return r.back("code", code.Code), err
}

// may reports why the person cannot grant this.
func (r Request) may(w *world.World, given Consent) error {
	u, ok := w.User(given.User)
	if !ok || u.Bot || u.Deleted || !slices.ContainsFunc(Places(w, r.App, u), func(p Place) bool { return p.ID == given.Place }) {
		return entity.ErrUserRestricted
	}
	if i := slices.IndexFunc(given.Without, func(s string) bool { return !r.Optional(s) }); i >= 0 {
		return problem("invalid_scope", "The app needs %s: only what is optional can be left out.", given.Without[i])
	}
	return nil
}

// A Place is where somebody can install an app.
type Place struct{ ID, Name, About string }

// Places are where a person can install an app: in their workspaces, and as an
// admin in their organisation if the app is ready for that. Guests, and people of
// other organisations, cannot anywhere.
func Places(w *world.World, app world.App, u world.User) []Place {
	if u.Confined() {
		return nil
	}
	var out []Place
	for _, id := range append([]string{u.Workspace}, u.Also...) {
		if ws, ok := w.Workspace(id); ok {
			out = append(out, Place{ws.ID, ws.Name, "the workspace " + ws.Domain})
		}
	}
	if org, ok := w.Organisation(u.Enterprise); ok && app.OrgReady && (u.Admin || u.Owner) {
		out = append(out, Place{org.ID, org.Name, "the whole organisation; an admin then chooses its workspaces"})
	}
	return out
}
