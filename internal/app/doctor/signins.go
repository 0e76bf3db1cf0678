package doctor

import (
	"context"
	"errors"
	"net/http"

	"caseline/internal/auth/oidc"
	"caseline/internal/config"
	"caseline/internal/seal"
)

// SignIns says whether agents can come in as the configuration says.
func (d *Doctor) SignIns(ctx context.Context, environ []string) {
	in := d.cfg.SignIn
	if in.SecondFactor == config.FactorOperators || in.SecondFactor == config.FactorAll {
		_, err := seal.Load(environ)
		switch {
		case errors.Is(err, seal.ErrNoKey):
			d.say("second factors", Wrong, "sign_in.second_factor asks for second factors, and there is no key to seal their secrets with: make one by caseline key new, and let %s name its file.", seal.VarFile)
		case err != nil:
			d.say("second factors", Wrong, "The key for second factors cannot be used: %s.", short(err))
		default:
			d.say("second factors", OK, "There is a key to seal second factors with.")
		}
	}
	if !in.OIDC.On() {
		return
	}
	ctx, cancel := context.WithTimeoutCause(ctx, reachTimeout, errReachTimeout)
	defer cancel()
	err := oidc.New(oidc.Options{Issuer: in.OIDC.Issuer, ClientID: in.OIDC.ClientID, Client: &http.Client{Transport: d.opt.Web}}).Greet(ctx)
	if err != nil {
		d.say("identity provider", Wrong, "Nobody can sign in with %s (%s): check sign_in.oidc.issuer, and that this server reaches it.", in.OIDC.Name, short(err))
		return
	}
	d.say("identity provider", OK, "%s answers.", in.OIDC.Name)
}
