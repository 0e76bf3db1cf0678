package app

import (
	"context"
	"errors"

	"caseline/internal/auth"
	"caseline/internal/auth/oidc"
	"caseline/internal/config"
	"caseline/internal/console/entrance"
	"caseline/internal/desk"
	"caseline/internal/mail"
	"caseline/internal/store/sqlstore"
)

var errNoKeyForFactors = errors.New("sign_in.second_factor asks for second factors, and there is no key to seal their secrets with: make one by caseline key new, and set CASELINE_KEY_FILE to the path of its file; or set sign_in.second_factor to optional")

// newSignIns returns who signs agents in.
func newSignIns(cfg config.Config, s *sqlstore.Store, o Options) (*auth.Service, error) {
	in := cfg.SignIn
	opt := auth.Options{
		Now: o.Now, Secure: cfg.CookiesAreSecure(), Lifetime: cfg.Limits.SessionTTL, Address: address(cfg.TrustProxy), Cost: o.Hashing,
		URL: cfg.PublicURL, Policy: auth.Policy(in.SecondFactor), NoPasswords: !in.Passwords && in.OIDC.On(),
	}
	if o.Keys != nil {
		opt.Keys = o.Keys
	} else if opt.Policy == auth.Operators || opt.Policy == auth.Everybody {
		return nil, errNoKeyForFactors
	}
	if in.OIDC.On() {
		opt.Elsewhere = oidc.New(oidc.Options{
			Issuer: in.OIDC.Issuer, ClientID: in.OIDC.ClientID, ClientSecret: in.OIDC.ClientSecret.Reveal(), RolesClaim: in.OIDC.RolesClaim,
			Back: cfg.PublicURL + entrance.BackPath, Now: o.Now,
		})
		opt.Trust = auth.Trust{Name: in.OIDC.Name, Domain: in.OIDC.Domain, Role: desk.Role(in.OIDC.Role)}
	}
	if cfg.Mail.On() {
		post := mail.Invitations{Server: mailServer(cfg), From: mail.From{Address: cfg.Mail.From, Name: cfg.Mail.FromName}, Now: o.Now}
		opt.Post = func(ctx context.Context, l auth.Letter) error {
			return post.Send(ctx, mail.Invitation{To: l.To, By: l.By, Link: l.Link, Until: l.Expires, New: l.New})
		}
	}
	return auth.New(s, opt), nil
}
