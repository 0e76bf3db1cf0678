package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"caseline/internal/auth"
)

// Options say which provider it is and what we are to it.
type Options struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	Back         string // our address to which it sends people back
	RolesClaim   string // the claim that has their roles; empty for none
	Client       *http.Client
	Now          func() time.Time // default: the system clock
}

// A Provider is one to which people are sent. Make it with [New]. It is asked for
// its addresses when it is first needed, so that we start while it is down.
type Provider struct {
	opt Options

	mu    sync.Mutex // guards found, also while it is asked for
	found *oidc.Provider
}

// patience is how long one answer of the provider may take.
const patience = 10 * time.Second

// New returns a Provider.
func New(o Options) *Provider {
	if o.Client == nil {
		o.Client = &http.Client{Timeout: patience}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Provider{opt: o}
}

func (p *Provider) provider(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.opt.Client), p.opt.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: find its addresses: %w", auth.ErrElsewhereDown, err)
	}
	p.found = found
	return found, nil
}

func (p *Provider) config(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.opt.ClientID, ClientSecret: p.opt.ClientSecret, Endpoint: found.Endpoint(), RedirectURL: p.opt.Back,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// Greet reports whether the provider answers with its addresses, and is who it is
// said to be.
func (p *Provider) Greet(ctx context.Context) error {
	_, err := p.provider(ctx)
	return err
}

// Begin returns where to send somebody, and what must come back with them.
func (p *Provider) Begin(ctx context.Context) (address string, f auth.Flow, err error) {
	found, err := p.provider(ctx)
	if err != nil {
		return "", f, err
	}
	f = auth.Flow{State: rand.Text(), Once: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	return p.config(found).AuthCodeURL(f.State, oidc.Nonce(f.Once), oauth2.S256ChallengeOption(f.Verifier)), f, nil
}

// Finish returns who came back with a code. issuer is who the provider says that
// it is, if it does.
func (p *Provider) Finish(ctx context.Context, f auth.Flow, code, issuer string) (who auth.Somebody, err error) {
	if issuer != "" && issuer != p.opt.Issuer { // RFC 9207: another provider's answer, mixed up with this one's
		return who, fmt.Errorf("%w: the answer is of another issuer", auth.ErrElsewhereWrong)
	}
	found, err := p.provider(ctx)
	if err != nil {
		return who, err
	}
	ctx = oidc.ClientContext(ctx, p.opt.Client)
	token, err := p.config(found).Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return who, fmt.Errorf("%w: exchange the code: %w", exchangeKind(err), quiet(err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return who, fmt.Errorf("%w: it gave no ID token", auth.ErrElsewhereWrong)
	}
	id, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.opt.ClientID, Now: p.opt.Now}).Verify(ctx, raw)
	if err != nil {
		return who, fmt.Errorf("%w: %w", auth.ErrElsewhereWrong, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.Once)) != 1 {
		return who, fmt.Errorf("%w: the token was made for another sign-in", auth.ErrElsewhereWrong)
	}
	return p.somebody(ctx, found, id, token)
}

// exchangeKind tells a provider that refuses from one that does not answer.
func exchangeKind(err error) error {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil && refused.Response.StatusCode < http.StatusInternalServerError {
		return auth.ErrElsewhereWrong
	}
	return auth.ErrElsewhereDown
}

// quiet is an error without the provider's whole answer, which may have tokens.
func quiet(err error) error {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil {
		return fmt.Errorf("status %d %s", refused.Response.StatusCode, refused.ErrorCode)
	}
	return err
}

// somebody reads the claims of an ID token that is right; what it lacks is asked
// for.
func (p *Provider) somebody(ctx context.Context, found *oidc.Provider, id *oidc.IDToken, token *oauth2.Token) (who auth.Somebody, err error) {
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return who, fmt.Errorf("%w: read the token: %w", auth.ErrElsewhereWrong, err)
	}
	if found.UserInfoEndpoint() != "" && (claims["email"] == nil || p.opt.RolesClaim != "" && claims[p.opt.RolesClaim] == nil) {
		info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return who, fmt.Errorf("%w: ask who it is: %w", auth.ErrElsewhereDown, err)
		}
		if info.Subject != id.Subject {
			return who, fmt.Errorf("%w: it speaks of two people", auth.ErrElsewhereWrong)
		}
		more := map[string]any{}
		if err := info.Claims(&more); err != nil {
			return who, fmt.Errorf("%w: read who it is: %w", auth.ErrElsewhereWrong, err)
		}
		drop := claims // a word on whether an address is verified belongs to the address beside it
		if claims["email"] != nil {
			drop = more
		}
		delete(drop, "email")
		delete(drop, "email_verified")
		for name, value := range more {
			if claims[name] == nil {
				claims[name] = value
			}
		}
	}
	return auth.Somebody{
		Issuer: p.opt.Issuer, Subject: id.Subject, Email: text(claims["email"]), Verified: yes(claims["email_verified"]),
		Name: text(claims["name"]), Roles: texts(claims[p.opt.RolesClaim]), HasRoles: p.opt.RolesClaim != "",
	}, nil
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// yes reads a claim that is true, or says so in words, as some providers do.
func yes(v any) bool {
	is, _ := v.(bool)
	return is || text(v) == "true"
}

// texts reads a claim that is a list, or words in one text.
func texts(v any) (all []string) {
	if list, ok := v.([]any); ok {
		for _, one := range list {
			all = append(all, text(one))
		}
		return all
	}
	return strings.FieldsFunc(text(v), func(r rune) bool { return r == ' ' || r == ',' })
}
