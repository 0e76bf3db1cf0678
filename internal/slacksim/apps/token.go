package apps

import (
	"slices"
	"time"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/keep"
)

// A Code is what an app exchanges for a token, once. Whoever allowed the
// installation brought it.
type Code struct {
	Code        string    `json:"code"`
	App         string    `json:"app"`
	Place       string    `json:"place"` // the workspace or the organisation
	User        string    `json:"user"`
	Scopes      []string  `json:"scopes"`
	RedirectURI string    `json:"redirect_uri"` // as the request named it; empty if it named none
	Until       time.Time `json:"until"`
}

// A Token is one of an app with token rotation, or one that has been replaced. The
// only token of an installation otherwise stands there.
type Token struct {
	Token   string    `json:"token"`
	App     string    `json:"app"`
	Place   string    `json:"place"`
	Refresh bool      `json:"refresh,omitempty"` // it renews; otherwise it lets in
	Made    time.Time `json:"made"`
	Until   time.Time `json:"until,omitzero"` // zero is without end
	Revoked bool      `json:"revoked,omitempty"`
}

// Live reports whether the token is good for something.
func (t Token) Live(now time.Time) bool {
	return !t.Revoked && (t.Until.IsZero() || t.Until.After(now))
}

// PutCode stores a code.
func (r *Registry) PutCode(l *keep.Log, c Code) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.codes.Put(l, c.Code, c)
}

// Code returns a code that was not used yet.
func (r *Registry) Code(code string) (Code, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return keep.Deref(r.codes.Rows[code])
}

// DropCode forgets a code.
func (r *Registry) DropCode(l *keep.Log, code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.codes.Drop(l, code)
}

// PutToken stores a token of rotation.
func (r *Registry) PutToken(l *keep.Log, t Token) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tokens.Put(l, t.Token, t)
}

// Token returns a token of rotation.
func (r *Registry) Token(token string) (Token, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return keep.Deref(r.tokens.Rows[token])
}

// Tokens returns the tokens of rotation of an installation that are not revoked,
// the ones that renew or the ones that let in, oldest first.
func (r *Registry) Tokens(in entity.Installation, refresh bool) []Token {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := slices.DeleteFunc(keep.Values(r.tokens.Sorted()), func(t Token) bool {
		return t.App != in.App || t.Place != in.Place() || t.Refresh != refresh || t.Revoked
	})
	slices.SortStableFunc(out, func(a, b Token) int { return a.Made.Compare(b.Made) })
	return out
}

// ByToken returns the installation that a bot's token lets in, or the error that
// a call with it is answered.
func (r *Registry) ByToken(token string, now time.Time) (entity.Installation, error) {
	if t, ok := r.Token(token); ok && !t.Refresh {
		in, _ := r.Installed(t.App, t.Place)
		switch {
		case in.Revoked:
			return in, in.Refusal()
		case t.Revoked:
			return in, entity.ErrTokenRevoked
		case !t.Live(now):
			return in, entity.ErrTokenExpired
		}
		return in, nil
	}
	in, ok := r.find(func(in *entity.Installation) bool { return token != "" && in.Token == token })
	switch {
	case !ok:
		return in, entity.ErrInvalidAuth
	case in.Revoked:
		return in, in.Refusal()
	}
	return in, nil
}
