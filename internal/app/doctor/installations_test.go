package doctor_test

import (
	"strings"
	"testing"
	"time"

	"caseline/internal/app/doctor"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/seal"
	"caseline/internal/slacksim"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
)

const clientSecret = "the-client-secret-of-the-app"

// installed is a ward whose app is installed by OAuth in Acme and in Zeta, and not
// named in the configuration. key sealed the tokens.
func installed(t *testing.T) (w *ward, key string) {
	t.Helper()
	w = newWard(t)
	w.set["slack"] = "{client_id: '123.456', client_secret: " + clientSecret + ", signing_secrets: [" + signing + "], api_url: " + w.sim.World.BaseURL() + "/api/, timeout: 2s}"
	w.set["channels"] = "[]"
	key = seal.NewKey()
	ring, err := seal.Parse(key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: "sqlite:" + w.set["data_dir"] + "/caseline.db", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	zeta := w.sim.Workspace("zeta")
	other := w.app
	other.BotToken = "xoxb-of-zeta"
	for _, ws := range []*slacksim.Workspace{w.ws, zeta} {
		id, token := served.InstallationID(ws.ID), botToken
		if ws == zeta {
			token = zeta.Install(other).Token
		}
		about, _ := id.Of()
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return tx.SaveInstallation(t.Context(), &served.Installation{ID: id, Workspace: desk.WorkspaceID(ws.ID), Name: map[bool]string{true: "Zeta", false: "Acme"}[ws == zeta], Token: ring.Seal([]byte(token), about)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return w, key
}

func (w *ward) examineWith(environ ...string) string {
	w.Helper()
	return lines(doctor.Examine(w.Context(), w.config(), environ, w.opt, nil))
}

func TestInstallationsAndTheirSentences(t *testing.T) {
	w, key := installed(t)
	says := func(got string, want ...string) {
		t.Helper()
		for _, s := range want {
			if !strings.Contains(got, s) {
				t.Errorf("%q is not said in\n%s", s, got)
			}
		}
		for _, secret := range []string{botToken, "xoxb-of-zeta", clientSecret, key} {
			if strings.Contains(got, secret) {
				t.Errorf("a secret is printed:\n%s", got)
			}
		}
	}
	acme, zeta := "Acme ("+w.ws.ID+")", "Zeta ("+w.sim.Workspace("zeta").ID+")"
	says(w.examineWith(seal.VarKey+"="+key), "The app is installed in "+acme+", and Slack takes its token.", "The app is installed in "+zeta+", and Slack takes its token.",
		"All scopes are granted in "+acme, "All scopes are granted in "+zeta, "clock agrees", "without asking to wait", "No channel is configured in "+zeta+", so nobody can open a case there")
	says(w.examineWith(), "there is no key for them: make one by caseline key new, and let CASELINE_KEY_FILE name its file.", "Scopes, clock, channels and pace were not looked at")
	says(w.examineWith(seal.VarKey+"=not a key"), "The key for the tokens in the database cannot be used: CASELINE_KEY: key on line 1")
	says(w.examineWith(seal.VarKey+"="+seal.NewKey()), "The token of "+acme+" does not open", "put the key back that it was sealed with")
	w.ws.Uninstall(w.bot)
	says(w.examineWith(seal.VarKey+"="+key), "Slack does not take the token of "+acme+" any more (account_inactive): install the app there again, at "+w.server.URL+"/slack/install.",
		"The app is installed in "+zeta+", and Slack takes its token.")
}

func TestNoWorkspaceYet(t *testing.T) {
	w, key := installed(t)
	w.set["data_dir"] = t.TempDir()
	got := w.examineWith(seal.VarKey + "=" + key)
	if want := "The app is installed in no workspace yet: open " + w.server.URL + "/slack/install in a browser."; !strings.Contains(got, want) {
		t.Errorf("%q is not said in\n%s", want, got)
	}
}
