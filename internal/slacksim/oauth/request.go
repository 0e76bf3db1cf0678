package oauth

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// A Problem is why a request to install an app cannot be put to a person.
type Problem struct {
	Name     entity.Err
	Sentence string
}

func (p *Problem) Error() string { return p.Sentence }

func problem(name entity.Err, format string, a ...any) error {
	return &Problem{name, fmt.Sprintf(format, a...)}
}

// A Request is what an app sends a person to Slack with.
type Request struct {
	App      world.App
	Scopes   []string
	Redirect string // where the person is sent back to
	named    string // that, as the request named it; empty if it named none
	state    string
	Team     string // the workspace that the app would like; may be empty
}

// Read reads a request from the query of its address.
func Read(w *world.World, q url.Values) (Request, error) {
	app, ok := w.Apps.ByClient(q.Get("client_id"))
	if !ok {
		return Request{}, problem("invalid_client_id", "Invalid client_id parameter.")
	}
	r := Request{App: app, named: q.Get("redirect_uri"), state: q.Get("state"), Team: q.Get("team")}
	if err := r.redirect(); err != nil {
		return r, err
	}
	return r, r.scopes(q)
}

func (r *Request) redirect() error {
	r.Redirect = r.named
	switch {
	case r.Redirect == "" && len(r.App.RedirectURLs) == 0:
		return problem("bad_redirect_uri", "The app has no redirect URL: add one to its settings.")
	case r.Redirect == "":
		r.Redirect = r.App.RedirectURLs[0]
	case !r.App.Redirects(r.Redirect):
		return problem("bad_redirect_uri", "redirect_uri did not match any configured URIs. Passed URI: %s", r.Redirect)
	}
	if !secure(r.Redirect) {
		return problem("bad_redirect_uri", "redirect_uri must use https, which only an address of this machine need not. Passed URI: %s", r.Redirect)
	}
	return nil
}

// secure reports whether an address is one of https, or of this machine.
func secure(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || (u.Scheme == "http" && (u.Hostname() == "localhost" || (err == nil && ip.IsLoopback())))
}

func (r *Request) scopes(q url.Values) error {
	for _, s := range strings.FieldsFunc(q.Get("scope"), func(c rune) bool { return c == ',' || c == ' ' }) {
		if !slices.Contains(r.Scopes, s) {
			r.Scopes = append(r.Scopes, s)
		}
	}
	odd := slices.DeleteFunc(slices.Clone(r.Scopes), Known)
	switch {
	case len(odd) > 0:
		return problem("invalid_scope", "Invalid permissions requested: there is no scope %s.", strings.Join(odd, ", "))
	case q.Get("user_scope") != "":
		return problem("invalid_scope", "Invalid permissions requested: this Slack gives no tokens of people, so there is no user_scope.")
	case len(r.Scopes) == 0:
		return problem("no_scopes", "No scopes requested.")
	}
	return nil
}

// Optional reports whether whoever installs the app may leave the scope out.
func (r Request) Optional(scope string) bool { return slices.Contains(r.App.Optional, scope) }

// back is the address that the person is sent to, with what came of it. Slack
// names the state also if the request had none.
func (r Request) back(key, value string) string {
	u, err := url.Parse(r.Redirect)
	if err != nil {
		return r.Redirect // unreachable: Read has parsed it
	}
	q := u.Query()
	q.Set(key, value)
	q.Set("state", r.state)
	u.RawQuery = q.Encode()
	return u.String()
}

// Direct is the query of a request that begins on Slack's own pages: it has no
// state, for the app did not begin it.
func Direct(app world.App) url.Values {
	return url.Values{"client_id": {app.ClientID}, "scope": {strings.Join(app.Scopes, ",")}}
}
