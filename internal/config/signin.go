package config

import (
	"net/url"
	"slices"
	"strings"
)

// SignIn is how agents come in.
type SignIn struct {
	Passwords    bool         `yaml:"passwords"`     // by one of their own
	SecondFactor SecondFactor `yaml:"second_factor"` // who must have one beside a password
	OIDC         OIDC         `yaml:"oidc"`          // off without an issuer
}

// SecondFactor says who must have a second factor.
type SecondFactor string

// The policies.
const (
	FactorOptional  SecondFactor = "optional"
	FactorOperators SecondFactor = "operators"
	FactorAll       SecondFactor = "all"
)

// OIDC is the server that says who somebody is.
type OIDC struct {
	Issuer       string `yaml:"issuer"`
	ClientID     string `yaml:"client_id"`
	ClientSecret Secret `yaml:"client_secret"`
	Name         string `yaml:"name"`        // on the button
	RolesClaim   string `yaml:"roles_claim"` // has agent, lead, operator or auditor; empty: roles are given here
	Domain       string `yaml:"domain"`      // whoever has a verified address there becomes an agent; empty for nobody
	Role         string `yaml:"role"`        // of those
}

// On reports whether people may sign in by it.
func (o OIDC) On() bool { return o.Issuer != "" }

// roles are what an agent can be.
func roles() []string { return []string{"agent", "lead", "operator", "auditor"} }

func (s *SignIn) check(k *checker) {
	k.must(slices.Contains([]SecondFactor{FactorOptional, FactorOperators, FactorAll}, s.SecondFactor), "sign_in.second_factor",
		"must be optional, operators or all, not %q", s.SecondFactor)
	o := s.OIDC
	k.must(s.Passwords || o.On(), "sign_in.passwords", "cannot be false without sign_in.oidc.issuer, because nobody could sign in")
	if !o.On() {
		k.must(o.ClientID == "" && !o.ClientSecret.IsSet(), "sign_in.oidc.issuer", "is missing; write the address of your identity provider, or leave out the rest of sign_in.oidc")
		return
	}
	u, err := url.Parse(o.Issuer)
	k.must(err == nil && u.Hostname() != "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil &&
		(u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname())), "sign_in.oidc.issuer",
		"must be the https address of your identity provider, as it writes it itself, not %q", o.Issuer)
	k.must(o.ClientID != "", "sign_in.oidc.client_id", "is missing; register this server with your identity provider, which gives it one")
	k.must(o.Name != "" && len(o.Name) <= 40, "sign_in.oidc.name", "must be what people call your identity provider, in at most 40 characters")
	k.must(o.Domain == "" || !strings.ContainsAny(o.Domain, "@ /") && strings.Contains(o.Domain, "."), "sign_in.oidc.domain",
		"must be a domain such as example.com, not %q", o.Domain)
	k.must(slices.Contains(roles(), o.Role), "sign_in.oidc.role", "must be %s, not %q", strings.Join(roles(), ", "), o.Role)
}
