package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"caseline/internal/auth"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

const password = "correct horse battery"

func cheap() auth.Cost { return auth.Cost{Memory: 64, Passes: 1, Threads: 1} }

// A clock is set by the test.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func newService(t *testing.T, o auth.Options) (*auth.Service, store.Store) {
	t.Helper()
	s := storetest.SQLite(t)
	o.Cost = cheap()
	return auth.New(s, o), s
}

func TestAddAgentRefuses(t *testing.T) {
	a, _ := newService(t, auth.Options{})
	if _, err := a.AddAgent(t.Context(), desk.ByItself(), " Jane@Example.com", "Jane  Doe", password, desk.RoleAgent); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		email, name, password string
		role                  desk.Role
		field                 string
	}{
		"no address":       {"", "Jane", password, desk.RoleAgent, "email"},
		"no such address":  {"jane", "Jane", password, desk.RoleAgent, "email"},
		"name and address": {"Jane <jane@x.example>", "Jane", password, desk.RoleAgent, "email"},
		"long address":     {strings.Repeat("a", 250) + "@x.example", "Jane", password, desk.RoleAgent, "email"},
		"taken":            {"JANE@example.com", "Jane", password, desk.RoleAgent, "email"},
		"no name":          {"a@x.example", "  ", password, desk.RoleAgent, "name"},
		"long name":        {"a@x.example", strings.Repeat("é", 61), password, desk.RoleAgent, "name"},
		"odd name":         {"a@x.example", "Ja\x00ne", password, desk.RoleAgent, "name"},
		"short password":   {"a@x.example", "Jane", "short", desk.RoleAgent, "password"},
		"long password":    {"a@x.example", "Jane", strings.Repeat("ab", 101), desk.RoleAgent, "password"},
		"same password":    {"jane.doe@x.example", "Jane", "Jane.Doe@x.example", desk.RoleAgent, "password"},
		"dull password":    {"a@x.example", "Jane", "aaaaaaaaaaaa", desk.RoleAgent, "password"},
		"no role":          {"a@x.example", "Jane", password, "king", "role"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.AddAgent(t.Context(), desk.ByItself(), tc.email, tc.name, tc.password, tc.role)
			refusal, ok := errors.AsType[*desk.Refusal](err)
			if !ok || refusal.Field != tc.field || !strings.HasSuffix(refusal.Message, ".") {
				t.Errorf("got %v, want a sentence about %s", err, tc.field)
			}
		})
	}
}

func TestAddAgentTellsOfAllProblems(t *testing.T) {
	a, _ := newService(t, auth.Options{})
	_, err := a.AddAgent(t.Context(), desk.ByItself(), "x", "", "short", "king")
	if got := strings.Count(err.Error(), "\n") + 1; got != 4 {
		t.Errorf("got %d problems, want 4: %v", got, err)
	}
}

func TestAddAgent(t *testing.T) {
	a, s := newService(t, auth.Options{})
	agent, err := a.AddAgent(t.Context(), desk.ByItself(), " Jane@Example.com", " Jane  Doe ", password, desk.RoleOperator)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.AgentByEmail(t.Context(), "jane@example.com")
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != agent.ID || got.Name != "Jane Doe" || got.Role != desk.RoleOperator || !strings.HasPrefix(got.PasswordHash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("got %+v", got)
	}
	again, added, err := a.EnsureAgent(t.Context(), desk.ByItself(), "jane@example.com", "Another Name", "another password", desk.RoleAgent)
	if err != nil || added || again.ID != agent.ID || again.Name != "Jane Doe" {
		t.Errorf("got %+v, %v, %v, want the agent as they are", again, added, err)
	}
	if _, added, err := a.EnsureAgent(t.Context(), desk.ByItself(), "omar@example.com", "Omar", password, desk.RoleAgent); err != nil || !added {
		t.Errorf("got %v, %v, want another agent", added, err)
	}
}

// A site is a server where one can sign in.
type site struct {
	t      *testing.T
	server *httptest.Server
	client *http.Client
	handle func(pattern string, h func(http.ResponseWriter, *http.Request) error)
}

func newSite(t *testing.T, a *auth.Service) *site {
	t.Helper()
	mux := http.NewServeMux()
	handle := func(pattern string, h func(http.ResponseWriter, *http.Request) error) {
		h = a.Load(h)
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			switch err := h(w, r); {
			case err == nil:
			case errors.Is(err, desk.ErrForbidden):
				w.WriteHeader(http.StatusForbidden)
			default:
				if _, ok := errors.AsType[*auth.Throttled](err); ok {
					w.WriteHeader(http.StatusTooManyRequests)
					return
				}
				t.Error(err)
				w.WriteHeader(http.StatusInternalServerError)
			}
		})
	}
	handle("POST /in", func(w http.ResponseWriter, r *http.Request) error {
		_, err := a.SignIn(w, r, r.PostFormValue("email"), r.PostFormValue("password"))
		return err
	})
	handle("POST /out", a.SignOut)
	handle("GET /who", func(w http.ResponseWriter, r *http.Request) error {
		agent, err := a.Agent(r.Context())
		if err == nil {
			_, err = w.Write([]byte(agent.Email))
		}
		return err
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &site{t, server, &http.Client{Jar: jar}, handle}
}

func (s *site) in(email, password string) int {
	s.t.Helper()
	res, err := s.client.PostForm(s.server.URL+"/in", url.Values{"email": {email}, "password": {password}})
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

func (s *site) get(method, path string) int {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

func (s *site) token() string {
	s.t.Helper()
	u, err := url.Parse(s.server.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range s.client.Jar.Cookies(u) {
		if c.Name == auth.CookieName {
			return c.Value
		}
	}
	return ""
}

func (s *site) setToken(token string) {
	s.t.Helper()
	u, err := url.Parse(s.server.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	s.client.Jar.SetCookies(u, []*http.Cookie{{Name: auth.CookieName, Value: token, Path: "/"}})
}

func addJane(t *testing.T, a *auth.Service) desk.Agent {
	t.Helper()
	jane, err := a.AddAgent(t.Context(), desk.ByItself(), "jane@example.com", "Jane", password, desk.RoleAgent)
	if err != nil {
		t.Fatal(err)
	}
	return jane
}

func TestSignInAndOut(t *testing.T) {
	a, s := newService(t, auth.Options{})
	addJane(t, a)
	at := newSite(t, a)
	if got := at.get("GET", "/who"); got != http.StatusForbidden {
		t.Errorf("a stranger got %d", got)
	}
	for _, wrong := range [][2]string{{"jane@example.com", "wrong"}, {"nobody@example.com", password}, {"", ""}} {
		if got := at.in(wrong[0], wrong[1]); got != http.StatusForbidden {
			t.Errorf("%q: got %d", wrong, got)
		}
	}
	if at.token() != "" {
		t.Error("a failed sign-in left a cookie")
	}
	if got := at.in("JANE@example.com", password); got != http.StatusOK || at.get("GET", "/who") != http.StatusOK {
		t.Fatalf("got %d", got)
	}
	token := at.token()
	if _, err := s.Session(t.Context(), token, time.Now()); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("the token itself is in the store: %v", err)
	}
	at.get("POST", "/out")
	if at.get("GET", "/who") != http.StatusForbidden {
		t.Error("still signed in after signing out")
	}
	at.setToken(token)
	if at.get("GET", "/who") != http.StatusForbidden {
		t.Error("the token works after signing out")
	}
}

// A token that somebody planted before the sign-in is worth nothing after it.
func TestSessionFixation(t *testing.T) {
	a, _ := newService(t, auth.Options{})
	addJane(t, a)
	at := newSite(t, a)
	for _, planted := range []string{"planted", "", "x\x01"} {
		at.setToken(planted)
		at.in("jane@example.com", password)
		if got := at.token(); got == planted || len(got) < 40 {
			t.Errorf("got token %q after signing in with %q", got, planted)
		}
	}
	// Nor does a second sign-in keep the first one's token.
	first := at.token()
	at.in("jane@example.com", password)
	if at.token() == first {
		t.Error("the token stayed the same")
	}
	at.setToken(first)
	if at.get("GET", "/who") != http.StatusForbidden {
		t.Error("the old token still works")
	}
}

func TestCookie(t *testing.T) {
	for _, secure := range []bool{false, true} {
		a, _ := newService(t, auth.Options{Secure: secure})
		addJane(t, a)
		at := newSite(t, a)
		res, err := http.PostForm(at.server.URL+"/in", url.Values{"email": {"jane@example.com"}, "password": {password}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		c := res.Cookies()[0]
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.Path != "/" {
			t.Errorf("got cookie %v", c)
		}
	}
}

func TestWhatEndsASignIn(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *auth.Service, store.Store, desk.Agent, *clock){
		"disabled": func(t *testing.T, _ *auth.Service, s store.Store, jane desk.Agent, _ *clock) {
			jane.Disabled = true
			if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.SaveAgent(t.Context(), &jane) }); err != nil {
				t.Fatal(err)
			}
		},
		"new password": func(t *testing.T, a *auth.Service, _ store.Store, jane desk.Agent, _ *clock) {
			if err := a.SetPassword(t.Context(), desk.ByItself(), jane.Email, "a new password"); err != nil {
				t.Fatal(err)
			}
		},
		"time": func(_ *testing.T, _ *auth.Service, _ store.Store, _ desk.Agent, c *clock) { c.add(25 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			c := &clock{at: time.Now()}
			a, s := newService(t, auth.Options{Now: c.now, Lifetime: 24 * time.Hour})
			jane := addJane(t, a)
			at := newSite(t, a)
			at.in(jane.Email, password)
			if got := at.get("GET", "/who"); got != http.StatusOK {
				t.Fatalf("got %d", got)
			}
			end(t, a, s, jane, c)
			if got := at.get("GET", "/who"); got != http.StatusForbidden {
				t.Errorf("got %d, want to be signed out", got)
			}
			if name == "disabled" {
				if got := at.in(jane.Email, password); got != http.StatusForbidden {
					t.Errorf("a disabled agent signs in: %d", got)
				}
			}
		})
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	c := &clock{at: time.Now()}
	address := "10.0.0.1"
	a, _ := newService(t, auth.Options{Now: c.now, Address: func(*http.Request) string { return address }})
	addJane(t, a)
	at := newSite(t, a)
	guess := func(n int) (last int) {
		for range n {
			last = at.in("jane@example.com", "wrong password")
		}
		return last
	}
	if got := guess(5); got != http.StatusForbidden {
		t.Fatalf("the fifth try: got %d", got)
	}
	if got := guess(1); got != http.StatusTooManyRequests {
		t.Fatalf("the sixth try: got %d", got)
	}
	if got := at.in("jane@example.com", password); got != http.StatusTooManyRequests {
		t.Errorf("the right password while slowed down: got %d", got)
	}
	address = "10.0.0.2"
	if got := at.in("jane@example.com", password); got != http.StatusOK {
		t.Errorf("from elsewhere: got %d, want to sign in", got)
	}
	address = "10.0.0.1"
	c.add(time.Minute + time.Second)
	if got := at.in("jane@example.com", password); got != http.StatusOK {
		t.Errorf("after a minute: got %d", got)
	}
	if got := guess(5); got != http.StatusForbidden {
		t.Errorf("a success did not clear the tries: got %d", got)
	}

	// Many machines together are slowed down as well.
	for i := range 60 {
		address = "10.1.0." + string(rune('0'+i))
		if at.in("jane@example.com", "wrong password") == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("sixty machines guessed without being slowed down")
}

// Many sign-ins at once wait for each other; who leaves does not wait on.
func TestManySignInsAtOnce(t *testing.T) {
	a, _ := newService(t, auth.Options{})
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		if _, err := a.AddAgent(t.Context(), desk.ByItself(), name+"@example.com", name, password, desk.RoleAgent); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		at := newSite(t, a)
		all.Go(func() {
			if got := at.in(name+"@example.com", password); got != http.StatusOK {
				t.Errorf("%s: got %d", name, got)
			}
		})
	}
	all.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.SetPassword(ctx, desk.ByItself(), "a@example.com", "a new password"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	if err := a.SetPassword(t.Context(), desk.ByItself(), "nobody@example.com", "a new password"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("got %v, want that there is nobody", err)
	}
}
