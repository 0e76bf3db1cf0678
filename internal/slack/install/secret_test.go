package install

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/store/storetest"
	"caseline/internal/store/storetest/traces"
)

// What of an installation is a secret stands neither in the database as it lies on
// the disk, nor in the log, on a page, or in what is said to operators: through
// installing, refreshing, failing and uninstalling.
func TestSecretsAreNowhere(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, dsn string) {
		o := openOffice(t, rotates)
		o.store = storetest.OpenAt(t, dsn, o.clock.Now)
		n, b := o.node(), &browser{}
		b.n = n
		secrets, shown := []string{o.app.ClientSecret, oldKey}, ""
		collect := func() {
			p, err := n.safe.open(o.kept(o.acme))
			if err != nil {
				t.Fatal(err)
			}
			secrets = append(secrets, p.token, p.refresh)
		}
		come := func(back string) {
			at, err := url.Parse(back)
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"state", "code"} {
				if v := at.Query().Get(key); v != "" {
					secrets = append(secrets, v)
				}
			}
			shown += b.get(t.Context(), back).Body.String()
		}
		come(o.consent(o.acme, o.alice, o.begin(b)))
		come(instead(o.consent(o.acme, o.alice, o.begin(b)), "code", "a-code-of-nobody"))
		secrets = append(secrets, b.cookies[0].Value)
		o.look(n)
		collect()
		o.sim.Fail("oauth.v2.access", slacksim.Lost)
		o.clock.Advance(oauth.TokenLife)
		o.look(n)
		shown += strings.Join(n.Troubles(), "\n")
		o.clock.Advance(2e9)
		o.look(n, n)
		collect()
		n.Doubt(desk.WorkspaceID(o.acme.ID))
		o.clock.Advance(restful)
		o.sim.Refuse("oauth.v2.access", "bad_client_secret")
		o.look(n)
		shown += strings.Join(n.Troubles(), "\n")
		o.node(newKey).Apps(t.Context()) //nolint:errcheck // what does not open is logged
		if len(secrets) < 10 {
			t.Fatalf("only %d secrets were seen", len(secrets))
		}
		for _, secret := range secrets {
			if places := traces.Find(t, dsn, secret); len(places) > 0 {
				t.Errorf("a secret of %d characters stands in the database, in %v", len(secret), places)
			}
			for name, text := range map[string]string{"log": o.log.String(), "page": shown} {
				if strings.Contains(text, secret) {
					t.Errorf("a secret of %d characters stands in the %s", len(secret), name)
				}
			}
		}
		if places := traces.Find(t, dsn, o.kept(o.acme).Token); len(places) == 0 {
			t.Error("not even what is sealed is found: the test looks at the wrong place")
		}
	})
}

func TestNothingPrintsAToken(t *testing.T) {
	o := openOffice(t, rotates)
	n := o.node()
	o.installed(n, o.acme, o.alice)
	app := n.in(o.acme)
	secret := o.kept(o.acme)
	p, err := n.safe.open(secret)
	if err != nil {
		t.Fatal(err)
	}
	given := api.Given{Token: p.token, Refresh: p.refresh}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", slog.Any("app", app), slog.Any("given", given), slog.Any("installation", secret))
	text := log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{app, &app, given, &given, p, secret, n.Keeper, n.oauth, n.safe, []App{app}, []any{given}} {
			text += fmt.Sprintf(verb, v)
		}
	}
	for _, token := range []string{p.token, p.refresh, o.app.ClientSecret, fmt.Sprintf("%x", p.token), fmt.Sprintf("%x", p.refresh)} {
		if strings.Contains(text, token) {
			t.Errorf("a secret is printed: %s", text)
		}
	}
}
