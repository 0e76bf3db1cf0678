package oidc_test

import (
	"bufio"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"caseline/internal/auth"
	"caseline/internal/auth/oidc"
	"caseline/internal/auth/oidc/oidctest"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

const password = "correct horse battery"

// A site is a server where people sign in by a provider.
type site struct {
	t        *testing.T
	auth     *auth.Service
	store    store.Store
	server   *httptest.Server
	provider *oidctest.Provider
}

var people = []oidctest.Person{
	{Subject: "1", Email: "Jane@example.com", Name: "Jane Doe", Verified: true},
	{Subject: "2", Email: "mallory@example.com", Name: "Mallory", Verified: true},
	{Subject: "3", Email: "jane@example.com", Name: "Not Jane", Verified: false},
	{Subject: "4", Email: "noor@example.com", Name: "Noor Haddad", Verified: true},
	{Subject: "5", Email: "new@corp.example", Name: "New Comer", Verified: true},
}

// backOfProcess is where a process that is a provider sends people back to. A test that
// starts one says so to this program, run once more.
const backOfProcess = "CASELINE_TEST_PROVIDER_BACK"

func TestMain(m *testing.M) {
	back := os.Getenv(backOfProcess)
	if back == "" {
		os.Exit(m.Run())
	}
	if err := oidctest.Main(os.Stdin, os.Stdout, back, people...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// startProcess starts a provider as a process, until the test ends, and returns its issuer.
func startProcess(t *testing.T, back string) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path)
	cmd.Env = append(os.Environ(), backOfProcess+"="+back)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			t.Errorf("the provider ended: %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the provider does not say where it is: %v", err)
	}
	return strings.TrimSpace(line)
}

func newSite(t *testing.T, change func(*auth.Options, *oidc.Options)) *site {
	t.Helper()
	s := &site{t: t, store: storetest.SQLite(t)}
	mux := http.NewServeMux()
	s.server = httptest.NewServer(mux)
	t.Cleanup(s.server.Close)
	s.provider = oidctest.Start(t, s.server.URL+"/back", people...)
	ids := oidc.Options{Issuer: s.provider.Issuer, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Back: s.server.URL + "/back"}
	o := auth.Options{Cost: auth.Cost{Memory: 64, Passes: 1, Threads: 1}, Trust: auth.Trust{Name: "Corp"}}
	if change != nil {
		change(&o, &ids)
	}
	o.Elsewhere = oidc.New(ids)
	s.auth = auth.New(s.store, o)
	handle := func(pattern string, h func(http.ResponseWriter, *http.Request) (string, error)) {
		h2 := s.auth.Load(func(w http.ResponseWriter, r *http.Request) error {
			to, err := h(w, r)
			if err != nil {
				w.WriteHeader(http.StatusForbidden)
				_, err = io.WriteString(w, err.Error())
				return err
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
			return nil
		})
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := h2(w, r); err != nil {
				t.Error(err)
			}
		})
	}
	handle("GET /leave", func(w http.ResponseWriter, r *http.Request) (string, error) { return s.auth.Leave(w, r, "/who?next") })
	handle("GET /back", s.auth.Return)
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		err := s.auth.Load(func(w http.ResponseWriter, r *http.Request) error {
			a, err := s.auth.Agent(r.Context())
			if err == nil {
				_, err = io.WriteString(w, "signed in: "+a.Email+" "+string(a.Role))
			}
			return err
		})(w, r)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	return s
}

func (s *site) agent(email string, role desk.Role) desk.Agent {
	s.t.Helper()
	a, err := s.auth.AddAgent(s.t.Context(), desk.ByItself(), email, "Somebody", password, role)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func newBrowser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// Whoever is asked by the page of a provider that is a process of its own comes back
// signed in.
func TestAProviderThatIsAProcess(t *testing.T) {
	var issuer string
	s := newSite(t, func(_ *auth.Options, ids *oidc.Options) {
		issuer = startProcess(t, ids.Back)
		ids.Issuer = issuer
	})
	jane := s.agent("jane@example.com", desk.RoleAgent)
	b := newBrowser(t)
	asks := s.get(b, s.server.URL+"/leave")
	found := regexp.MustCompile(`name="authRequestID" value="([^"]+)"`).FindStringSubmatch(asks)
	if found == nil {
		t.Fatalf("the provider asks nobody: %s", asks)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, issuer+"/login/username", strings.NewReader(url.Values{"authRequestID": {found[1]}, "who": {"1"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := b.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	s.wants(string(body), "signed in: jane@example.com agent")
	if id, err := s.store.Identity(t.Context(), issuer, "1"); err != nil || id.Agent != jane.ID {
		t.Errorf("got %+v, %v", id, err)
	}
	if s.provider.Asked("/oauth/token") > 0 {
		t.Error("another provider was asked")
	}
}

// get is what a browser comes to see at an address.
func (s *site) get(b *http.Client, address string) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := b.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(body)
}

// in signs a person of the provider in, in a new browser, and says what came of it.
func (s *site) in(subject string) string {
	s.t.Helper()
	s.provider.SignsIn(subject)
	return s.get(newBrowser(s.t), s.server.URL+"/leave")
}

func (s *site) wants(got, want string) {
	s.t.Helper()
	if !strings.Contains(got, want) {
		s.t.Errorf("got %q, want %q", got, want)
	}
}

func TestAgentsSignInElsewhere(t *testing.T) {
	s := newSite(t, nil)
	jane := s.agent("jane@example.com", desk.RoleAgent)
	s.wants(s.in("1"), "signed in: jane@example.com agent")
	id, err := s.store.Identity(t.Context(), s.provider.Issuer, "1")
	if err != nil || id.Agent != jane.ID {
		t.Errorf("got %+v, %v", id, err)
	}
	s.wants(s.in("2"), "Nobody here has the address mallory@example.com.")

	// Whoever is known stays who they are, whatever their address is now.
	s.provider.Forge(&oidctest.Forgery{Claims: func(c map[string]any) { c["email"], c["email_verified"] = "other@example.com", false }})
	s.wants(s.in("1"), "signed in: jane@example.com agent")
	s.provider.Forge(nil)

	if err := s.auth.SetDisabled(t.Context(), desk.ByItself(), jane.Email, true); err != nil {
		t.Fatal(err)
	}
	s.wants(s.in("1"), "You are shut out here.")
}

// An address that the provider has not verified could be anybody's.
func TestAnUnverifiedAddressIsNobodys(t *testing.T) {
	s := newSite(t, func(o *auth.Options, _ *oidc.Options) { o.Trust.Domain = "example.com" })
	s.agent("jane@example.com", desk.RoleOperator)
	s.wants(s.in("3"), "has not verified your e-mail address")
	for _, claim := range []any{nil, "false", "yes", 1, []string{"true"}} {
		s.provider.Forge(&oidctest.Forgery{Claims: func(c map[string]any) { c["email"], c["email_verified"] = "jane@example.com", claim }})
		s.wants(s.in("2"), "has not verified your e-mail address")
	}
	s.provider.Forge(&oidctest.Forgery{Claims: func(c map[string]any) { c["email"], c["email_verified"] = "jane@example.com", "true" }})
	s.wants(s.in("2"), "signed in: jane@example.com operator") // as some providers say it
}

func TestWhoIsInvitedMaySignInElsewhere(t *testing.T) {
	s := newSite(t, nil)
	s.agent("olivia@example.com", desk.RoleOperator)
	if _, err := s.auth.Invite(t.Context(), desk.ByItself(), "noor@example.com", desk.RoleLead); err != nil {
		t.Fatal(err)
	}
	s.wants(s.in("4"), "signed in: noor@example.com lead")
	if a, err := s.store.AgentByEmail(t.Context(), "noor@example.com"); err != nil || a.Name != "Noor Haddad" || a.PasswordHash != "" {
		t.Errorf("got %+v, %v", a, err)
	}
	if left, err := s.store.Invitations(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("the invitation is good still: %v, %v", left, err)
	}
}

func TestADomainMayComeIn(t *testing.T) {
	s := newSite(t, func(o *auth.Options, _ *oidc.Options) {
		o.Trust.Domain, o.Trust.Role = "corp.example", desk.RoleAuditor
	})
	s.wants(s.in("5"), "signed in: new@corp.example auditor")
	s.wants(s.in("2"), "Nobody here has the address")
	s.provider.Forge(&oidctest.Forgery{Claims: func(c map[string]any) { c["email"], c["email_verified"] = "eve@notcorp.example", true }})
	s.wants(s.in("4"), "Nobody here has the address eve@notcorp.example")
}

func TestRolesMayComeFromElsewhere(t *testing.T) {
	s := newSite(t, func(_ *auth.Options, o *oidc.Options) { o.RolesClaim = "groups" })
	s.agent("jane@example.com", desk.RoleOperator)
	says := func(groups any) {
		s.provider.Forge(&oidctest.Forgery{Claims: func(c map[string]any) { c["groups"] = groups }})
	}
	says([]string{"agent"})
	s.wants(s.in("1"), "jane@example.com operator") // the last operator stays one
	s.agent("olivia@example.com", desk.RoleOperator)
	for groups, want := range map[string]string{"staff lead agent": "lead", "auditor": "auditor", "agent": "agent", "operator": "operator"} {
		says(strings.Fields(groups))
		s.wants(s.in("1"), "signed in: jane@example.com "+want)
		says(groups)
		s.wants(s.in("1"), "signed in: jane@example.com "+want)
	}
	for _, groups := range []any{nil, "", "king", []any{}} {
		says(groups)
		s.wants(s.in("1"), "gives you no role here")
	}
}

// Whom the other server gives no role does not become an agent by trying.
func TestWithoutARoleNobodyBecomesAnAgent(t *testing.T) {
	s := newSite(t, func(o *auth.Options, ids *oidc.Options) { o.Trust.Domain, ids.RolesClaim = "corp.example", "groups" })
	s.wants(s.in("5"), "gives you no role here")
	if all, err := s.store.Agents(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("got %v, %v; want nobody", all, err)
	}
	s.provider.Forge(&oidctest.Forgery{Claims: func(c map[string]any) { c["groups"] = "lead" }})
	s.wants(s.in("5"), "signed in: new@corp.example lead")
}

// What is not exactly right is not believed.
func TestTokensThatAreNotBelieved(t *testing.T) {
	s := newSite(t, nil)
	s.agent("jane@example.com", desk.RoleAgent)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	set := func(name string, value any) func(map[string]any) {
		return func(c map[string]any) { c[name] = value }
	}
	for name, forgery := range map[string]oidctest.Forgery{
		"signed by another key":     {Key: other},
		"not signed":                {Alg: "none"},
		"signed in another way":     {Alg: "HS256"},
		"expired":                   {Claims: set("exp", time.Now().Add(-time.Hour).Unix())},
		"not yet good":              {Claims: set("nbf", time.Now().Add(time.Hour).Unix())},
		"for another audience":      {Claims: set("aud", []string{"another"})},
		"of another issuer":         {Claims: set("iss", "https://evil.example")},
		"with another nonce":        {Claims: set("nonce", "another")},
		"without a nonce":           {Claims: func(c map[string]any) { delete(c, "nonce") }},
		"of one person, told of as": {Claims: func(c map[string]any) { c["sub"] = "2"; delete(c, "email") }},
	} {
		t.Run(name, func(t *testing.T) {
			s.provider.Forge(&forgery)
			if got := s.in("1"); !strings.Contains(got, "did not confirm who you are") {
				t.Errorf("got %q", got)
			}
		})
	}
	s.provider.Forge(&oidctest.Forgery{}) // signed anew by the right key, and otherwise as it was
	s.wants(s.in("1"), "signed in: jane@example.com")
}

// What comes back is good once, in the browser that left, with what left.
func TestStatesAreGoodOnceAndInOneBrowser(t *testing.T) {
	s := newSite(t, nil)
	s.agent("jane@example.com", desk.RoleAgent)
	s.provider.SignsIn("1")
	// begun is a browser on its way back, and the address that it was sent to.
	begun := func() (*http.Client, string) {
		b := newBrowser(t)
		back := ""
		b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			if r.URL.Path == "/back" {
				back = r.URL.String()
				return http.ErrUseLastResponse
			}
			return nil
		}
		s.get(b, s.server.URL+"/leave")
		b.CheckRedirect = nil
		return b, back
	}
	const stale = "begun in another browser, too long ago, or was used already"
	_, back := begun()
	s.wants(s.get(newBrowser(t), back), stale)
	b, _ := begun()
	s.wants(s.get(b, back), stale) // another's address
	b, back = begun()
	s.wants(s.get(b, back), "signed in: jane@example.com")
	s.wants(s.get(b, back), stale) // again
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	changed := func(name, value string) string {
		q := u.Query()
		q.Set(name, value)
		return s.server.URL + "/back?" + q.Encode()
	}
	s.wants(s.get(b, changed("state", "another")), stale)
	s.wants(s.get(b, back), stale) // it has long been used
	b, back = begun()
	s.wants(s.get(b, changed("state", "another")), stale)
	s.wants(s.get(b, back), "signed in: jane@example.com") // nobody can spoil another's sign-in by an address that is wrong
	b, back = begun()
	u, _ = url.Parse(back)
	s.wants(s.get(b, changed("iss", "https://evil.example")), "did not confirm who you are")
	s.wants(s.get(b, back), stale) // the state is used up, though the code is not
	b, back = begun()
	u, _ = url.Parse(back)
	s.wants(s.get(b, changed("code", "another")), "did not confirm who you are")
	b, back = begun()
	u, _ = url.Parse(back)
	q := u.Query()
	s.wants(s.get(b, s.server.URL+"/back?error=access_denied&state="+url.QueryEscape(q.Get("state"))), "did not confirm who you are")
	s.wants(s.get(newBrowser(t), s.server.URL+"/back"), stale)
	s.wants(s.get(newBrowser(t), s.server.URL+"/back?state=&code=x"), stale)
}

// While the provider is down people read that, and are not taken for anybody.
func TestAProviderThatIsDown(t *testing.T) {
	s := newSite(t, nil)
	s.agent("jane@example.com", desk.RoleAgent)
	s.provider.Down(true)
	s.wants(s.in("1"), "Corp does not answer.")
	s.provider.Down(false)
	s.wants(s.in("1"), "signed in: jane@example.com")
	if n := s.provider.Asked("/.well-known/openid-configuration"); n != 2 {
		t.Errorf("its addresses were asked for %d times, want twice: once in vain, and once", n)
	}
}

// Before and after the sign-in the browser has other tokens.
func TestElsewhereGivesANewToken(t *testing.T) {
	s := newSite(t, nil)
	s.agent("jane@example.com", desk.RoleAgent)
	s.provider.SignsIn("1")
	b := newBrowser(t)
	at, err := url.Parse(s.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	b.Jar.SetCookies(at, []*http.Cookie{{Name: auth.CookieName, Value: "planted", Path: "/"}})
	seen := map[string]bool{"planted": true}
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		for _, c := range b.Jar.Cookies(at) {
			if c.Name == auth.CookieName && r.URL.Host == at.Host && r.URL.Path == "/who" && seen[c.Value] {
				t.Error("the token that was there before is that of the sign-in")
			}
			seen[c.Value] = true
		}
		return nil
	}
	s.wants(s.get(b, s.server.URL+"/leave"), "signed in: jane@example.com")
	if len(seen) != 3 {
		t.Errorf("got %d tokens, want one on the way and another in the end", len(seen)-1)
	}
}

// Passwords that are switched off let nobody in, nor keep anybody in.
func TestWithoutPasswords(t *testing.T) {
	s := newSite(t, func(o *auth.Options, _ *oidc.Options) { o.NoPasswords = true })
	s.agent("jane@example.com", desk.RoleAgent)
	w := httptest.NewRecorder()
	err := s.auth.Load(func(w http.ResponseWriter, r *http.Request) error {
		_, err := s.auth.SignIn(w, r, "jane@example.com", password)
		return err
	})(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if !errors.Is(err, desk.ErrForbidden) || !strings.Contains(err.Error(), "Sign in with Corp") || len(w.Result().Cookies()) != 0 {
		t.Errorf("got %v", err)
	}
	s.wants(s.in("1"), "signed in: jane@example.com")
}
