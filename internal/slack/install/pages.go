package install

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"caseline/internal/casework/installing"
	"caseline/internal/pace"
	"caseline/internal/slack/manifest"
	"caseline/internal/web"
)

// pages are where a person's browser begins an installation and comes back from
// Slack. Nobody signs in there: whoever may install apps in a workspace may have
// ours, and is served when an operator links the workspace to an account.
type pages struct {
	keeper *Keeper
	kit    *web.Kit

	mu     sync.Mutex // guards bucket, for one look
	bucket int64
}

// Pages returns the handler of manifest.PathInstall and manifest.PathInstalled.
func (k *Keeper) Pages() http.Handler {
	p := &pages{keeper: k}
	p.kit = web.NewKit(k.opt.Log, p.problem)
	mux := http.NewServeMux()
	mux.Handle("GET "+manifest.PathInstall, p.kit.Handle(p.begin))
	mux.Handle("GET "+manifest.PathInstalled, p.kit.Handle(p.comeBack))
	return web.Chain(mux, web.Log(k.opt.Log, k.opt.Now), p.kit.Recover, web.Headers(web.Policy{TLS: k.opt.Secure}), web.LimitBody(maxBody), p.kit.SameOrigin)
}

const (
	// maxBody is how much is read of requests that have no body.
	maxBody = 1 << 10
	// cookie tells the browser that began an installation from all others. Over
	// https its name begins with hostOnly, which browsers take from no other host
	// of the domain, and with no other path than /.
	cookie, hostOnly = "caseline_install", "__Host-"
)

// begins is how many installations may be begun, by all people together.
func begins() pace.Limit { return pace.Limit{Every: time.Second, Burst: 60} }

// begin sends the browser to Slack, with a state that only it can bring back.
func (p *pages) begin(w http.ResponseWriter, r *http.Request) error {
	if !p.mayBegin() {
		w.Header().Set("Retry-After", "60")
		return leaf.Show(w, http.StatusTooManyRequests, busy())
	}
	browser, state := p.browser(r), rand.Text()
	if err := p.keeper.cases.Begin(r.Context(), hash(state), hash(browser)); err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: p.cookie(), Value: browser, Path: "/", MaxAge: int(installing.StateTTL.Seconds()),
		HttpOnly: true, Secure: p.keeper.opt.Secure, SameSite: http.SameSiteLaxMode,
	})
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Location", p.keeper.oauth.Authorize(wanted(), state, p.redirect()))
	w.WriteHeader(http.StatusFound)
	return nil
}

func (p *pages) cookie() string {
	if p.keeper.opt.Secure {
		return hostOnly + cookie
	}
	return cookie
}

func (p *pages) mayBegin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait, updated := begins().Next(p.bucket, p.keeper.opt.Now().UnixMicro())
	p.bucket = updated
	return wait == 0
}

// browser is what tells the browser, which may have begun another installation.
func (p *pages) browser(r *http.Request) string {
	if c, err := r.Cookie(p.cookie()); err == nil && len(c.Value) == len(rand.Text()) {
		return c.Value
	}
	return rand.Text()
}

func (p *pages) redirect() string {
	return strings.TrimSuffix(p.keeper.opt.PublicURL, "/") + manifest.PathInstalled
}

// wanted are the scopes that are asked for; those that may be declined are
// marked in the manifest.
func wanted() []string {
	var names []string
	for _, s := range manifest.Scopes() {
		names = append(names, s.Name)
	}
	return names
}

// hash is how what must not be known is looked up.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// takeTimeout is how long it may take to take in what a browser brings.
const takeTimeout = 20 * time.Second

var errTakeTimeout = errors.New("the installation took too long")

// comeBack takes a browser in that comes from Slack.
func (p *pages) comeBack(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	state, code := q.Get("state"), q.Get("code")
	if state == "" {
		return leaf.Show(w, http.StatusBadRequest, fromSlack())
	}
	// A code is good once: whoever began to take it in ends it, also when the browser
	// has gone.
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(r.Context()), takeTimeout, errTakeTimeout)
	defer cancel()
	switch err := p.keeper.cases.ComeBack(ctx, hash(state), hash(p.browser(r))); {
	case errors.Is(err, installing.ErrUsed):
		return leaf.Show(w, http.StatusConflict, used())
	case errors.Is(err, installing.ErrExpired), errors.Is(err, installing.ErrUnknown):
		return leaf.Show(w, http.StatusBadRequest, late())
	case errors.Is(err, installing.ErrOtherBrowser):
		return leaf.Show(w, http.StatusForbidden, elsewhere())
	case err != nil:
		return err
	}
	switch refused := q.Get("error"); {
	case refused == "access_denied":
		return leaf.Show(w, http.StatusOK, denied())
	case refused != "" || code == "":
		return leaf.Show(w, http.StatusBadRequest, unclear())
	}
	return p.take(ctx, w, code)
}

// take has Slack give what was consented to, and keeps it.
func (p *pages) take(ctx context.Context, w http.ResponseWriter, code string) error {
	done, err := p.keeper.install(ctx, code, p.redirect())
	if refusal, ok := errors.AsType[*refusal](err); ok {
		p.keeper.opt.Log.Warn("an installation did not come about", "err", err)
		return leaf.Show(w, http.StatusBadGateway, refusal.page())
	}
	if err != nil {
		return err
	}
	return leaf.Show(w, http.StatusOK, welcome(done, p.keeper.opt.PublicURL))
}
