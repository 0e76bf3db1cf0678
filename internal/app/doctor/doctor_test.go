package doctor_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/app/doctor"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/mail/mailtest"
	"caseline/internal/slack/manifest"
	"caseline/internal/slack/wire"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"
)

func TestMain(m *testing.M) {
	mailtest.Main()
	m.Run()
}

const (
	botToken = "xoxb-the-bots-secret"
	appToken = "xapp-1-A0SUPPORT-1-the-apps-secret"
	signing  = "the-signing-secret-of-the-app"
)

// A ward is an installation in which all is well.
type ward struct {
	*testing.T
	sim    *slacksim.Server
	ws     *slacksim.Workspace
	alice  *slacksim.User
	app    slacksim.App
	bot    *slacksim.Installed
	ops    *slacksim.Channel
	set    map[string]string // the configuration, a line each
	opt    doctor.Options
	server *httptest.Server // ours, as far as Slack's requests go
}

func newWard(t *testing.T) *ward {
	w := &ward{T: t, sim: simtest.Start(t, slacksim.Options{})}
	w.ws = w.sim.Workspace("acme")
	w.ws.Configure(func(row *world.Workspace) { row.Name = "Acme" })
	w.alice = w.ws.AddUser("alice", "Alice Martin", slacksim.Admin)
	w.ops = w.ws.AddChannel("ops", world.Public, w.alice)
	w.app = slacksim.App{ID: "A0SUPPORT", BotName: "Support", BotToken: botToken, AppToken: appToken, SigningSecret: signing, Scopes: asked()}
	w.bot = w.ws.Install(w.app)
	w.ops.Invite(w.alice, w.bot.Bot)
	w.server = httptest.NewServer(standIn(signing))
	t.Cleanup(w.server.Close)
	w.set = map[string]string{
		"data_dir": t.TempDir(), "public_url": w.server.URL, "account": `{id: "100000000001", name: Acme}`,
		"slack":    fmt.Sprintf("{bot_token: %s, signing_secrets: [%s], api_url: %s/api/, timeout: 2s}", botToken, signing, w.sim.World.BaseURL()),
		"channels": "[{id: " + w.ops.ID + ", name: ops}]",
		"agents":   "[{email: olivia@example.com, name: Olivia, password: a-secret-of-olivia, role: operator}]",
	}
	w.opt = doctor.Options{Free: func(string) (uint64, bool) { return 20 << 30, true }}
	return w
}

// standIn answers as our server does when Slack verifies an address. The server
// itself is examined by a story of package scenario.
func standIn(secret string) http.Handler {
	mux := http.NewServeMux()
	verifier := wire.NewVerifier(secret)
	mux.HandleFunc("POST /slack/events", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = verifier.Verify(r.Header.Get(wire.HeaderTimestamp), r.Header.Get(wire.HeaderSignature), body, time.Now())
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		e, err := wire.DecodeEnvelope(body)
		if err != nil || e.Type != wire.TypeURLVerification {
			http.Error(w, "not understood", http.StatusBadRequest)
			return
		}
		io.WriteString(w, e.Challenge)
	})
	return mux
}

func asked() []string {
	var all []string
	for _, s := range manifest.Scopes() {
		all = append(all, s.Name)
	}
	return all
}

// replace changes a text of the configuration's part.
func (w *ward) replace(part, old, new string) {
	w.Helper()
	if !strings.Contains(w.set[part], old) {
		w.Fatalf("%s has no %q", part, old)
	}
	w.set[part] = strings.ReplaceAll(w.set[part], old, new)
}

func (w *ward) socketMode() {
	w.Helper()
	w.replace("slack", "signing_secrets: ["+signing+"]", "app_token: "+appToken)
}

// answersReady has a server say how it is, where ours would listen.
func (w *ward) answersReady(state string) (at string) {
	w.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(rw http.ResponseWriter, _ *http.Request) { io.WriteString(rw, state) })
	server := httptest.NewServer(mux)
	w.Cleanup(server.Close)
	at = strings.TrimPrefix(server.URL, "http://")
	w.set["listen"] = at
	return at
}

func (w *ward) config() string {
	w.Helper()
	var text strings.Builder
	for part, value := range w.set {
		fmt.Fprintf(&text, "%s: %s\n", part, value)
	}
	path := filepath.Join(w.TempDir(), "caseline.yaml")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		w.Fatal(err)
	}
	return path
}

func (w *ward) examine() []doctor.Finding {
	w.Helper()
	var told []doctor.Finding
	found := doctor.Examine(w.Context(), w.config(), nil, w.opt, func(f doctor.Finding) { told = append(told, f) })
	if !slices.Equal(found, told) {
		w.Errorf("told is %v; found is %v", told, found)
	}
	for _, f := range found {
		for _, secret := range []string{botToken, appToken, signing, "a-secret-of-olivia", "of-the-database"} {
			if strings.Contains(f.Says, secret) {
				w.Errorf("a secret is printed: %s", f.Says)
			}
		}
		if !strings.HasSuffix(f.Says, ".") || strings.Contains(f.Says, "..") {
			w.Errorf("no sentence: %q", f.Says)
		}
	}
	return found
}

func lines(found []doctor.Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Line())
	}
	return strings.Join(all, "\n")
}

// expect examines and wants exactly one finding that is not as it should be,
// beside what could not be looked at for that.
func (w *ward) expect(state doctor.State, about, says string) {
	w.Helper()
	found := w.examine()
	var odd []doctor.Finding
	for _, f := range found {
		if f.State != doctor.OK && f.State != doctor.Skipped {
			odd = append(odd, f)
		}
	}
	if len(odd) != 1 || odd[0].State != state || odd[0].About != about || !strings.Contains(odd[0].Says, says) {
		w.Errorf("got\n%s\nwant one that is %s, about %s, with %q", lines(found), state, about, says)
	}
	if doctor.Sick(found) != (state == doctor.Wrong) {
		w.Errorf("sick is %v", doctor.Sick(found))
	}
}

// finds examines and wants a finding.
func (w *ward) finds(state doctor.State, about, says string) {
	w.Helper()
	found := w.examine()
	for _, f := range found {
		if f.State == state && f.About == about && strings.Contains(f.Says, says) {
			return
		}
	}
	w.Errorf("got\n%s\nwant one that is %s, about %s, with %q", lines(found), state, about, says)
}

func TestAllIsWell(t *testing.T) {
	for _, mode := range []string{"http", "socket"} {
		t.Run(mode, func(t *testing.T) {
			w := newWard(t)
			want := []string{
				"caseline.yaml is right.", "can be written to.", "20 GiB are free", "There is no database yet", "1 may sign in as operator.",
				"Slack answers at", "a bot's token of workspace Acme (" + w.ws.ID + ").", "All scopes are granted", "clock agrees",
				"Channel " + w.ops.ID + " (#ops) is public, and the app is in it.", "without asking to wait", "No mail server",
			}
			if mode == "socket" {
				w.socketMode()
				at := w.answersReady(`{"status":"ok","socket":{"connections":2}}`)
				want = append(want, "Slack opens connections for slack.app_token", "The server at http://"+at+" has 2 connections to Slack.")
			} else {
				want = append(want, w.server.URL+"/slack/events answers, and checks signatures")
			}
			found := w.examine()
			for _, says := range want {
				if !strings.Contains(lines(found), says) {
					t.Errorf("%q is not said", says)
				}
			}
			if len(found) != len(want) || doctor.Sick(found) {
				t.Errorf("got\n%s", lines(found))
			}
			if entries, err := os.ReadDir(w.set["data_dir"]); err != nil || len(entries) > 0 {
				t.Errorf("the data folder has %v, %v: the doctor left something", entries, err)
			}
			for _, c := range w.sim.Recent(100) {
				if !slices.Contains([]string{"auth.test", "conversations.info", "bots.info", "apps.connections.open"}, c.What) {
					t.Errorf("the doctor called %s", c.What)
				}
			}
			if taken := w.sim.Connections(w.bot); len(taken) > 0 {
				t.Errorf("the doctor took connections, and what comes by them: %v", taken)
			}
		})
	}
}

func TestFaultsOfSlackAndTheirSentences(t *testing.T) {
	for _, tt := range []struct {
		name  string
		plant func(*ward)
		state doctor.State
		about string
		says  string
	}{
		{"a wrong token", func(w *ward) { w.replace("slack", botToken, "xoxb-wrong") }, doctor.Wrong, "token",
			"Slack does not know slack.bot_token (invalid_auth): copy the Bot User OAuth Token"},
		{"a revoked token", func(w *ward) { w.ws.RevokeToken(w.bot) }, doctor.Wrong, "token",
			"slack.bot_token is no longer valid (token_revoked), because the app was removed from the workspace or the token revoked: install the app again"},
		{"a revoked token by its other name", func(w *ward) { w.sim.Refuse("auth.test", "token_revoked") }, doctor.Wrong, "token", "no longer valid (token_revoked)"},
		{"the app was removed", func(w *ward) { w.ws.Uninstall(w.bot) }, doctor.Wrong, "token", "install the app again"},
		{"an expired token", func(w *ward) { w.sim.Refuse("auth.test", "token_expired") }, doctor.Wrong, "token", "has expired"},
		{"another refusal", func(w *ward) { w.sim.Refuse("auth.test", "ekm_access_denied") }, doctor.Wrong, "token", "Slack refuses slack.bot_token (ekm_access_denied)"},
		{"Slack in trouble", func(w *ward) { w.sim.Refuse("auth.test", "internal_error") }, doctor.Warning, "slack", "trouble of its own (internal_error)"},
		{"Slack asks to wait", func(w *ward) { w.sim.RateLimit("auth.test", 7) }, doctor.Warning, "slack", "Slack asks to wait 7s"},
		{"no answer", func(w *ward) { w.sim.Fail("auth.test", slacksim.Lost) }, doctor.Wrong, "slack", "Slack cannot be reached at http://"},
		{"a missing scope", func(w *ward) { w.app.Scopes = without("groups:write"); w.ws.Install(w.app) }, doctor.Wrong, "scopes",
			"The app lacks the scope groups:write, and without it no chat gets a channel of its own: add it on the app's page OAuth & Permissions and install the app again."},
		{"a missing optional scope", func(w *ward) { w.app.Scopes = without("emoji:read"); w.ws.Install(w.app) }, doctor.Warning, "scopes",
			"The app lacks the scope emoji:read, which is optional, but without it the workspace's own emoji are shown to agents by their names: if that matters, add it"},
		{"our clock is late", func(w *ward) { w.opt.Now = func() time.Time { return time.Now().Add(-90 * time.Second) } }, doctor.Wrong, "clock",
			"This server's clock is behind Slack's by 1m"},
		{"our clock is early", func(w *ward) { w.opt.Now = func() time.Time { return time.Now().Add(time.Minute) } }, doctor.Wrong, "clock",
			"This server's clock is ahead of Slack's by"},
		{"our clock is far off", func(w *ward) {
			w.socketMode()
			w.opt.Now = func() time.Time { return time.Now().Add(-10 * time.Minute) }
		}, doctor.Wrong, "clock",
			"so that everything that Slack sends is refused as too old or too new: set it by NTP."},
		{"a token that expires", func(w *ward) {
			w.app.BotToken = "xoxe.xoxb-1-the-bots-secret"
			w.ws.Install(w.app)
			w.replace("slack", botToken, w.app.BotToken)
		}, doctor.Warning, "token", "that expires within twelve hours and is not renewed"},
		{"a person's token", func(w *ward) { w.opt.Slack = altered{without: `"bot_id"`} }, doctor.Wrong, "token", "slack.bot_token is not a bot's token, but a person's: copy the Bot User OAuth Token"},
		{"a channel that Slack says nothing of", func(w *ward) { w.sim.Fail("conversations.info", slacksim.Lost) }, doctor.Warning, "channels",
			"Channel {ops} (ops) could not be looked at ("},
		{"the app is not in the channel", func(w *ward) { w.ops.Kick(w.alice, w.bot.Bot) }, doctor.Wrong, "channels",
			"The app is not in public channel {ops} (#ops): write /invite @ and the app's name there."},
		{"the channel is archived", func(w *ward) { w.ops.Archive(w.alice) }, doctor.Wrong, "channels", "Channel {ops} (#ops) is public and archived: unarchive it in Slack"},
		{"an unknown channel", func(w *ward) { w.replace("channels", w.ops.ID, "C0NOWHERE") }, doctor.Wrong, "channels", "Channel C0NOWHERE (ops) does not exist, or is private and the app is not in it"},
		{"a private channel without us", func(w *ward) {
			ch := w.ws.AddChannel("secret", world.Private, w.alice)
			w.replace("channels", w.ops.ID, ch.ID)
		}, doctor.Wrong, "channels", "is private and the app is not in it"},
		{"no channel", func(w *ward) { w.set["channels"] = "[]" }, doctor.Warning, "channels", "No channel is configured"},
		{"the rate is used up", func(w *ward) { w.sim.RateLimit("auth.test", 9, slacksim.After(3)) }, doctor.Warning, "pace", "Slack asks to wait 9s between calls"},
		{"calls are lost", func(w *ward) { w.sim.Fail("auth.test", slacksim.Landed, slacksim.After(3)) }, doctor.Warning, "pace", "did not answer each of 5 calls"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWard(t)
			tt.plant(w)
			w.expect(tt.state, tt.about, strings.ReplaceAll(tt.says, "{ops}", w.ops.ID))
		})
	}
}

// altered is Slack as it answers when a part of its answers is missing: a field, by
// another name then, or a header.
type altered struct{ without, header string }

func (a altered) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if a.without != "" {
		body = bytes.ReplaceAll(body, []byte(a.without), []byte(`"not_"`))
	}
	resp.Header.Del(a.header)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, err
}

// TestWhatSlackDoesNotTellIsNotGuessed: without it nothing is wrong.
func TestWhatSlackDoesNotTellIsNotGuessed(t *testing.T) {
	for header, says := range map[string]string{
		"X-Oauth-Scopes": "skipped  Slack did not say which scopes were granted.",
		"Date":           "skipped  Slack's answers bear no date, so the clocks cannot be compared.",
	} {
		w := newWard(t)
		w.opt.Slack = altered{header: header}
		if found := w.examine(); !strings.Contains(lines(found), says) || doctor.Sick(found) {
			t.Errorf("got\n%s\nwant %q", lines(found), says)
		}
	}
}

func TestScopesThatNothingNeedsAreNamed(t *testing.T) {
	w := newWard(t)
	w.app.Scopes = append(asked(), "users:read.email")
	w.ws.Install(w.app)
	if got := lines(w.examine()); !strings.Contains(got, "All scopes are granted that the app cannot do without. Nothing needs users:read.email.") {
		t.Errorf("got\n%s", got)
	}
}

func without(scope string) []string {
	return slices.DeleteFunc(asked(), func(s string) bool { return s == scope })
}

// nobody is an address at which nothing listens, and at which nothing will: a port
// that was free a moment ago may be somebody's by now.
const nobody = "http://127.0.0.1:1"

func TestSlackCannotBeReached(t *testing.T) {
	w := newWard(t)
	w.replace("slack", w.sim.World.BaseURL(), nobody)
	w.expect(doctor.Wrong, "slack", "Slack cannot be reached at "+nobody+"/api/ (dial tcp")
	w.socketMode()
	w.expect(doctor.Wrong, "slack", "Slack cannot be reached at "+nobody+"/api/ (dial tcp")
	got := lines(w.examine())
	for _, want := range []string{"Scopes, clock, channels and pace were not looked at", "Whether Slack opens connections for slack.app_token was not asked"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %q", got, want)
		}
	}
}

func TestChannelsThatCannotBeLookedAt(t *testing.T) {
	w := newWard(t)
	w.app.Scopes = without("channels:read")
	w.ws.Install(w.app)
	got := lines(w.examine())
	for _, want := range []string{"lacks the scope channels:read, and without it", "Channel " + w.ops.ID + " (ops) cannot be looked at, because the app lacks the scope channels:read"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %q", got, want)
		}
	}
}

func TestFaultsOfTheWayFromSlackAndTheirSentences(t *testing.T) {
	for _, tt := range []struct {
		name  string
		plant func(*ward)
		about string
		says  string
	}{
		{"nobody listens", func(w *ward) { w.set["public_url"] = nobody }, "address", "/slack/events does not answer (dial tcp"},
		{"somebody else listens", func(w *ward) { w.server.Config.Handler = http.NotFoundHandler() }, "address", "is not answered by Caseline, which refuses what is not signed (it answered 404)"},
		{"another secret", func(w *ward) { w.replace("slack", signing, "another-signing-secret") }, "address", "refuses what is signed with slack.signing_secrets"},
		{"a proxy answers what is signed", func(w *ward) {
			ours := w.server.Config.Handler
			w.server.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.Header.Get(wire.HeaderSignature) != "" {
					return
				}
				ours.ServeHTTP(rw, r)
			})
		}, "address", "does not answer Slack's challenge (it answered 200)"},
		{"a proxy that cuts off what is signed", func(w *ward) {
			ours := w.server.Config.Handler
			w.server.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.Header.Get(wire.HeaderSignature) != "" {
					panic(http.ErrAbortHandler)
				}
				ours.ServeHTTP(rw, r)
			})
		}, "address", "/slack/events does not answer what is signed (EOF): check the proxy before the server."},
		{"a wrong app-level token", func(w *ward) { w.socketMode(); w.replace("slack", appToken, "xapp-wrong") }, "socket", "Slack does not know slack.app_token (invalid_auth): see that Socket Mode is on"},
		{"without its scope", func(w *ward) {
			w.socketMode()
			row, _ := w.sim.World.Apps.App(w.app.ID)
			row.AppTokens[0].Scopes = []string{"authorizations:read"}
			if _, err := w.sim.World.PutApp(row); err != nil {
				w.Fatal(err)
			}
		}, "socket", "slack.app_token lacks the scope connections:write"},
		{"not allowed by the workspace", func(w *ward) { w.socketMode(); w.sim.Refuse("apps.connections.open", "forbidden_team") }, "socket", "an admin of the workspace must allow the app"},
		{"no app-level token", func(w *ward) { w.socketMode(); w.sim.Refuse("apps.connections.open", "not_allowed_token_type") }, "socket", "is no app-level token"},
		{"of another app", func(w *ward) {
			w.app.ID = "A0OTHER"
			w.app.BotToken, w.app.AppToken, w.app.BotName = "xoxb-other", "", "Other"
			in := w.ws.Install(w.app)
			w.ops.Invite(w.alice, in.Bot)
			w.socketMode()
			w.replace("slack", botToken, "xoxb-other")
		}, "socket", "slack.app_token is of app A0SUPPORT, and slack.bot_token of app A0OTHER: take both from the same app."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWard(t)
			tt.plant(w)
			w.expect(doctor.Wrong, tt.about, tt.says)
		})
	}
}

// Of a server of Socket Mode that runs, the doctor says what that knows of its
// connections.
func TestTheServerIsAskedForItsConnections(t *testing.T) {
	const since = `"connections":0,"none_since":"2026-11-26T10:00:00Z"`
	for _, tt := range []struct {
		ready string
		both  bool // requests over HTTP are configured too
		state doctor.State
		says  string
	}{
		{`{"socket":{` + since + `,"reason":"link_disabled"}}`, false, doctor.Wrong, "Socket Mode is switched off in the app's settings in Slack, so that nothing comes from there: switch it on"},
		{`{"socket":{` + since + `,"reason":"link_disabled"}}`, true, doctor.OK, "Socket Mode is switched off in the app's settings in Slack, so that Slack sends requests to public_url."},
		{`{"socket":{` + since + `,"reason":"too_many_websockets"}}`, false, doctor.Wrong, "has had no connection to Slack since 2026-11-26T10:00:00Z (too_many_websockets)"},
		{`{"socket":{` + since + `}}`, false, doctor.Wrong, "since 2026-11-26T10:00:00Z (its log says why): check that a proxy or firewall"},
		{`{"status":"ok"}`, false, doctor.Skipped, "because no server with slack.app_token answers at http://127.0.0.1:"},
		{`Welcome!`, false, doctor.Skipped, "because no server with slack.app_token answers at http://127.0.0.1:"},
	} {
		w := newWard(t)
		if tt.both {
			w.replace("slack", "signing_secrets:", "app_token: "+appToken+", signing_secrets:")
		} else {
			w.socketMode()
		}
		w.answersReady(tt.ready)
		w.finds(tt.state, "connections", tt.says)
	}
	w := newWard(t)
	w.socketMode()
	w.set["listen"] = ":1"
	w.finds(doctor.Skipped, "connections", "because no server with slack.app_token answers at http://localhost:1")
}

func TestWithBothWaysTheAddressIsLookedAtToo(t *testing.T) {
	w := newWard(t)
	w.replace("slack", "signing_secrets:", "app_token: "+appToken+", signing_secrets:")
	w.set["public_url"] = nobody
	w.expect(doctor.Warning, "address", "/slack/events does not answer (dial tcp")
	w.answersReady(`{"socket":{"connections":0,"reason":"link_disabled"}}`)
	w.expect(doctor.Wrong, "address", "/slack/events does not answer (dial tcp")
}

func TestThePublicAddressMustBeHTTPS(t *testing.T) {
	w := newWard(t)
	w.replace("slack", w.sim.World.BaseURL()+"/api/", "https://slack.com/api/")
	w.opt.Slack = to{w}
	w.expect(doctor.Wrong, "address", "and Slack sends to https addresses only")
}

// to has what is meant for slack.com go to a ward's Slack.
type to struct{ w *ward }

func (t to) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(t.w.sim.World.BaseURL(), "http://")
	return http.DefaultTransport.RoundTrip(r)
}

func TestFaultsOfThisServerAndTheirSentences(t *testing.T) {
	open := func(w *ward) *sqlstore.Store {
		w.Helper()
		s, err := sqlstore.Open(w.Context(), sqlstore.Options{URL: "sqlite:" + filepath.Join(w.set["data_dir"], "caseline.db")})
		if err != nil {
			w.Fatal(err)
		}
		err = s.Update(w.Context(), func(tx store.Tx) error {
			return tx.SaveAgent(w.Context(), &desk.Agent{ID: "1", Email: "olivia@example.com", Role: desk.RoleOperator})
		})
		if err != nil {
			w.Fatal(err)
		}
		return s
	}
	exec := func(w *ward, statement string) {
		w.Helper()
		db, err := sql.Open("sqlite", filepath.Join(w.set["data_dir"], "caseline.db"))
		if err != nil {
			w.Fatal(err)
		}
		defer db.Close()
		if _, err := db.ExecContext(w.Context(), statement); err != nil {
			w.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name  string
		plant func(*ward)
		state doctor.State
		about string
		says  string
	}{
		{"a database of a newer release", func(w *ward) {
			open(w).Close()
			exec(w, "INSERT INTO migrations (number, name, applied_at) VALUES (999, 'of_later', 0)")
		}, doctor.Wrong, "database", "The database was last used by a newer release (it is at step 999"},
		{"a database of an older release", func(w *ward) {
			open(w).Close()
			exec(w, "DELETE FROM migrations WHERE number > 3")
		}, doctor.Warning, "database", "of an older release (step 3 of"},
		{"no database", func(w *ward) {
			if err := os.WriteFile(filepath.Join(w.set["data_dir"], "caseline.db"), bytes.Repeat([]byte("no database\n"), 200), 0o600); err != nil {
				w.Fatal(err)
			}
		}, doctor.Wrong, "database", "cannot be read (file is not a database"},
		{"a PostgreSQL that does not answer", func(w *ward) {
			w.set["database"] = `{url: "postgres://caseline:of-the-database@127.0.0.1:1/caseline"}`
		}, doctor.Wrong, "database", "check that PostgreSQL runs"},
		{"no operator", func(w *ward) {
			open(w).Close()
			exec(w, "UPDATE agents SET role = 'agent'")
		}, doctor.Warning, "operators", "add an operator by caseline agent add --role operator"},
		{"little room", func(w *ward) { w.opt.Free = func(string) (uint64, bool) { return 900 << 20, true } }, doctor.Warning, "disk", "Only 900 MiB are free"},
		{"a file for a folder", func(w *ward) {
			path := filepath.Join(w.TempDir(), "file")
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				w.Fatal(err)
			}
			w.set["data_dir"] = path
		}, doctor.Wrong, "data folder", "is no folder"},
		{"a folder within a file", func(w *ward) {
			path := filepath.Join(w.TempDir(), "file")
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				w.Fatal(err)
			}
			w.set["data_dir"] = filepath.Join(path, "data")
		}, doctor.Wrong, "data folder", "cannot be reached ("},
		{"a catalogue that is not there", func(w *ward) { w.set["catalogue"] = "{file: nowhere.yaml}" }, doctor.Wrong, "catalogue", "The catalogue cannot be used"},
		{"a mail server that is not there", func(w *ward) {
			w.set["mail"] = "{host: 127.0.0.1, port: 1, tls: none, from: support@example.com}"
		}, doctor.Wrong, "mail", "The mail server 127.0.0.1 does not let us in ("},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWard(t)
			tt.plant(w)
			if strings.Contains(tt.name, "file") { // then the database cannot be read either
				if got := lines(w.examine()); !strings.Contains(got, tt.says) {
					t.Errorf("got\n%s", got)
				}
				return
			}
			w.expect(tt.state, tt.about, tt.says)
		})
	}
}

// TestADatabaseThatTakesNoWrites: a standby is such a one, too.
func TestADatabaseThatTakesNoWrites(t *testing.T) {
	w := newWard(t)
	address := storetest.PostgresURL(t)
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("default_transaction_read_only", "on")
	u.RawQuery = q.Encode()
	w.set["database"] = fmt.Sprintf("{url: %q}", u)
	w.expect(doctor.Wrong, "database", "The database takes no writes, because it is a standby or set to read-only: let database.url name the primary server.")
}

func TestHowMuchRoomThereIsMayNotBeKnown(t *testing.T) {
	w := newWard(t)
	w.opt.Free = func(string) (uint64, bool) { return 0, false }
	if found := w.examine(); !strings.Contains(lines(found), "skipped  How much room the disk of") || doctor.Sick(found) {
		t.Errorf("got\n%s", lines(found))
	}
}

func TestTheDataFolderCannotBeWrittenTo(t *testing.T) {
	w := newWard(t)
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		folder = "/sys/kernel" // not even root can
		if _, err := os.Stat(folder); err != nil {
			t.Skip("root may write everywhere here")
		}
	}
	w.set["data_dir"] = folder
	w.expect(doctor.Wrong, "data folder", folder+" cannot be written to (")
}

func TestADataFolderThatIsNotThereYet(t *testing.T) {
	w := newWard(t)
	w.set["data_dir"] = filepath.Join(w.set["data_dir"], "not", "yet")
	if got := lines(w.examine()); !strings.Contains(got, "is made at the first start") {
		t.Errorf("got\n%s", got)
	}
	if _, err := os.Stat(w.set["data_dir"]); err == nil {
		t.Error("the doctor made the folder")
	}
}

func TestTheMailServerGreets(t *testing.T) {
	w := newWard(t)
	server := mailtest.Start(t, "127.0.0.1:0")
	host, port, err := net.SplitHostPort(server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	w.set["mail"] = "{host: " + host + ", port: " + port + ", tls: none, from: support@example.com}"
	if got := lines(w.examine()); !strings.Contains(got, "The mail server 127.0.0.1 greets us.") {
		t.Errorf("got\n%s", got)
	}
	w.replace("mail", "tls: none", "tls: none, username: jane, password: wrong-password")
	w.expect(doctor.Wrong, "mail", "does not let us in")
}

// TestChannelsOfTheDatabase: what was set up in the console is looked at as well,
// by the ids that Slack uses now, while the server runs.
func TestChannelsOfTheDatabase(t *testing.T) {
	w := newWard(t)
	help := w.ws.AddChannel("help", world.Private, w.alice, w.bot.Bot)
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: "sqlite:" + filepath.Join(w.set["data_dir"], "caseline.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.SaveAccount(t.Context(), &served.Account{ID: "100000000001", Name: "Acme"}); err != nil {
			return err
		}
		for workspace, id := range map[desk.WorkspaceID]desk.ChannelID{desk.WorkspaceID(w.ws.ID): "C0BEFORE", "T0OTHER": "C0OTHER"} {
			if err := tx.SaveChannel(t.Context(), &served.ChannelConfig{Account: "100000000001", Workspace: workspace, Channel: id, Name: "help"}); err != nil {
				return err
			}
		}
		return tx.SaveChannelChange(t.Context(), &desk.ChannelChange{
			Workspace: desk.WorkspaceID(w.ws.ID), Before: "C0BEFORE", After: desk.ChannelID(help.ID), At: time.UnixMicro(1),
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	got := lines(w.examine())
	for _, want := range []string{"Channel " + help.ID + " (#help) is private, and the app is in it.", "Channel " + w.ops.ID + " (#ops) is public", "opens and is of this release", "Nobody may set things up"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %q", got, want)
		}
	}
	if strings.Contains(got, "C0OTHER") || strings.Contains(got, "C0BEFORE") {
		t.Errorf("got\n%s", got)
	}
}

func TestAConfigurationThatIsWrong(t *testing.T) {
	w := newWard(t)
	w.set["listen"] = "nowhere"
	w.replace("slack", botToken, "my-secret-token")
	found := w.examine()
	got := lines(found)
	for _, want := range []string{"listen: must be a host and a port", "slack.bot_token: must begin with xoxb-", "Nothing else was looked at"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %q", got, want)
		}
	}
	if strings.Contains(got, "my-secret-token") || !doctor.Sick(found) {
		t.Errorf("got\n%s", got)
	}
	if got := lines(doctor.Examine(t.Context(), "/nowhere.yaml", nil, doctor.Options{}, nil)); !strings.Contains(got, "make it with caseline setup") {
		t.Errorf("got\n%s", got)
	}
}

func TestReportForMachines(t *testing.T) {
	w := newWard(t)
	w.ops.Archive(w.alice)
	var out bytes.Buffer
	if err := doctor.WriteJSON(&out, w.examine(), []string{"Look & see."}); err != nil {
		t.Fatal(err)
	}
	var r doctor.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.OK || len(r.Next) != 1 {
		t.Fatalf("got %v and %+v", err, r)
	}
	if !slices.ContainsFunc(r.Findings, func(f doctor.Finding) bool {
		return f.About == "channels" && f.State == doctor.Wrong && strings.Contains(f.Says, "archived")
	}) {
		t.Errorf("got %+v", r.Findings)
	}
}
