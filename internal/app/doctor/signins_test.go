package doctor_test

import (
	"net/http"
	"strings"
	"testing"

	"caseline/internal/app/doctor"
	"caseline/internal/auth/oidc/oidctest"
	"caseline/internal/seal"
)

func TestTheIdentityProviderAnswers(t *testing.T) {
	w := newWard(t)
	w.opt.Web = http.DefaultTransport
	provider := oidctest.Start(t, "http://127.0.0.1:1/back")
	w.set["sign_in"] = "{oidc: {issuer: \"" + provider.Issuer + "\", client_id: caseline, client_secret: a-secret-of-olivia, name: Corp}}"
	if got := lines(w.examine()); !strings.Contains(got, "Corp answers.") {
		t.Errorf("got\n%s", got)
	}
	provider.Down(true)
	w.finds(doctor.Wrong, "identity provider", "Nobody can sign in with Corp")
}

func TestSecondFactorsTakeAKey(t *testing.T) {
	w := newWard(t)
	w.set["sign_in"] = "{second_factor: operators}"
	w.expect(doctor.Wrong, "second factors", "make one by caseline key new")
	var told []doctor.Finding
	doctor.Examine(t.Context(), w.config(), []string{seal.VarKey + "=" + seal.NewKey()}, w.opt, func(f doctor.Finding) { told = append(told, f) })
	if got := lines(told); !strings.Contains(got, "There is a key to seal second factors with.") {
		t.Errorf("got\n%s", got)
	}
}
