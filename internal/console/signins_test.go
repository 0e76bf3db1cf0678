package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"caseline/internal/auth"
	"caseline/internal/auth/totp"
	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/seal"
	"caseline/internal/store/storetest"
)

// keys seal what is secret in a house.
func keys(t testing.TB) *seal.Ring {
	t.Helper()
	ring, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// factorHouse is a house with keys, and a policy of second factors.
func factorHouse(t testing.TB, p auth.Policy, options ...func(*console.Options)) *house {
	t.Helper()
	ring := keys(t)
	return guardedHouse(t, storetest.SQLite(t), func(o *auth.Options) { o.Keys, o.Policy = ring, p }, options...)
}

// An app shows the codes of a second factor.
type codeApp struct {
	h      *house
	secret []byte
}

// reads is an app that has read the secret on a page.
func (h *house) reads(page string) codeApp {
	h.t.Helper()
	text := strings.ReplaceAll(parsePage(h.t, page).one(h.t, ".factor-secret code").text, " ", "")
	secret, err := totp.Secret(text)
	if err != nil {
		h.t.Fatal(err)
	}
	return codeApp{h, secret}
}

func (a codeApp) code() string { return totp.Code(a.secret, totp.Step(a.h.clock.now())) }

// next waits until the app shows another code.
func (a codeApp) next() string {
	a.h.clock.mu.Lock()
	at := a.h.clock.at
	if a.h.clock.run {
		at = time.Now()
	}
	a.h.clock.at, a.h.clock.run = at.Add(totp.Period), false
	a.h.clock.mu.Unlock()
	return a.code()
}

// spareOn are the recovery codes that a page shows.
func spareOn(t *testing.T, page string) (codes []string) {
	for _, code := range parsePage(t, page).all(".spare code") {
		codes = append(codes, code.text)
	}
	return codes
}

func (b *browser) login(email string) answer {
	b.h.t.Helper()
	return b.post("/login", url.Values{"email": {email}, "password": {password}})
}

// token is that of the session in a browser, and plant gives it another.
func (b *browser) token() string {
	for _, c := range b.client.Jar.Cookies(b.here()) {
		if c.Name == auth.CookieName {
			return c.Value
		}
	}
	return ""
}

func (b *browser) plant(token string) {
	b.client.Jar.SetCookies(b.here(), []*http.Cookie{{Name: auth.CookieName, Value: token, Path: "/"}})
}

func (b *browser) here() *url.URL {
	b.h.t.Helper()
	u, err := url.Parse(b.h.http.URL)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return u
}

func (b *browser) second(code string) answer {
	b.h.t.Helper()
	return b.post("/login/second", url.Values{"code": {code}, "next": {"/chats"}})
}

func TestASecondFactor(t *testing.T) {
	h := factorHouse(t, auth.Optional)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	b, elsewhere := h.signedIn("jane@example.com"), h.signedIn("jane@example.com")
	page := b.get("/me/second-factor")
	app := h.reads(page.body)
	if again := h.reads(b.get("/me/second-factor").body); string(again.secret) != string(app.secret) {
		t.Error("the secret changes when the page is loaded again")
	}
	if got := b.post("/me/second-factor", url.Values{"code": {"000000"}}); got.status != http.StatusForbidden || !strings.Contains(parsePage(t, got.body).says(t, "#wrong-code"), "not right") {
		t.Errorf("a wrong code: got %d", got.status)
	}
	codes := spareOn(t, b.post("/me/second-factor", url.Values{"code": {app.code()}}).body)
	if len(codes) != 10 {
		t.Fatalf("got %d recovery codes", len(codes))
	}
	if got := b.get("/me"); got.path != "/me" || !strings.Contains(got.body, "You have 10 recovery codes left.") || len(spareOn(t, got.body)) != 0 {
		t.Errorf("got %d at %s", got.status, got.path)
	}
	if got := elsewhere.get("/"); got.path != "/login" {
		t.Errorf("a sign-in by the password alone goes on: %s", got.path)
	}
	if got := b.get("/me/second-factor"); got.status != http.StatusConflict {
		t.Errorf("another in its place: got %d", got.status)
	}

	// A password alone opens nothing now.
	in := h.browser()
	if got := in.login("jane@example.com"); got.path != "/login/second" || !strings.Contains(got.body, "jane@example.com") {
		t.Fatalf("got %d at %s", got.status, got.path)
	}
	for _, path := range []string{"/", "/me", "/cases"} {
		if got := in.get(path); got.path != "/login" {
			t.Errorf("half signed in, %s shows %s", path, got.path)
		}
	}
	if got := in.get("/events", "Accept", "text/event-stream"); got.status != http.StatusUnauthorized {
		t.Errorf("half signed in, the stream gives %d", got.status)
	}
	if got := in.second(app.code()); got.status != http.StatusForbidden {
		t.Errorf("the code by which it was set up is good again: %d", got.status)
	}
	half := in.token()
	code := app.next()
	if got := in.second(" " + code[:3] + " " + code[3:] + " "); got.path != "/chats" {
		t.Fatalf("got %d at %s", got.status, got.path)
	}
	if half == "" || in.token() == half {
		t.Error("the token of the first step is that of the sign-in")
	}
	planted := h.browser()
	planted.plant(half)
	if got := planted.get("/"); got.path != "/login" {
		t.Errorf("the token of the first step opens %s", got.path)
	}
	replay := h.browser()
	replay.login("jane@example.com")
	if got := replay.second(code); got.status != http.StatusForbidden {
		t.Errorf("a code is good twice: %d", got.status)
	}
	// A recovery code is good once, however it is typed.
	if got := replay.second(strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))); got.path != "/me" || !strings.Contains(got.body, "You have 9 recovery codes left.") {
		t.Errorf("a recovery code: got %d at %s", got.status, got.path)
	}
	again := h.browser()
	again.login("jane@example.com")
	if got := again.second(codes[3]); got.status != http.StatusForbidden {
		t.Errorf("a recovery code is good twice: %d", got.status)
	}

	// New codes take the place of the old ones.
	if got := b.post("/me/second-factor/codes", url.Values{"code": {"000000"}}); got.status != http.StatusForbidden {
		t.Errorf("new codes for a wrong one: got %d", got.status)
	}
	fresh := spareOn(t, b.post("/me/second-factor/codes", url.Values{"code": {app.next()}}).body)
	if len(fresh) != 10 {
		t.Fatalf("got %d new recovery codes", len(fresh))
	}
	if got := again.second(codes[4]); got.status != http.StatusForbidden {
		t.Errorf("an old recovery code is good: %d", got.status)
	}

	// Without the password it stays.
	if got := b.post("/me/second-factor/remove", url.Values{"old": {"wrong password"}}); got.status != http.StatusForbidden {
		t.Errorf("removed without the password: got %d", got.status)
	}
	if got := b.post("/me/second-factor/remove", url.Values{"old": {password}}); got.path != "/me" || !strings.Contains(got.body, "Set up a second factor") {
		t.Errorf("got %d at %s", got.status, got.path)
	}
	h.signedIn("jane@example.com")
}

// Whoever is to have one sets it up before they come in.
func TestWhoMustHaveASecondFactor(t *testing.T) {
	h := factorHouse(t, auth.Operators)
	h.agent("olivia@example.com", "Olivia Park", desk.RoleOperator)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	jane := h.signedIn("jane@example.com")
	olivia := h.browser()
	got := olivia.login("olivia@example.com")
	if got.path != "/login/second" || len(parsePage(t, got.body).all(".factor-picture")) != 1 {
		t.Fatalf("got %d at %s", got.status, got.path)
	}
	if got := olivia.get("/setup"); got.path != "/login" {
		t.Errorf("before it is set up the setup shows %s", got.path)
	}
	app := h.reads(olivia.get("/login/second").body)
	if got := olivia.second("12"); got.status != http.StatusForbidden || string(h.reads(got.body).secret) != string(app.secret) {
		t.Errorf("a wrong code: got %d", got.status)
	}
	if codes := spareOn(t, olivia.second(app.code()).body); len(codes) != 10 {
		t.Fatalf("got %d recovery codes", len(codes))
	}
	if got := olivia.get("/setup"); got.status != http.StatusOK {
		t.Errorf("after it is set up: got %d", got.status)
	}
	if got := olivia.post("/me/second-factor/remove", url.Values{"old": {password}}); got.status != http.StatusConflict {
		t.Errorf("they can do without: got %d", got.status)
	}
	// Whoever becomes an operator has to have one, too.
	olivia.role("jane@example.com", "Jane Doe", desk.RoleOperator)
	if got := jane.get("/"); got.path != "/login" {
		t.Errorf("an operator goes on without a second factor, at %s", got.path)
	}
	// Who lost it gets by with an operator's help.
	olivia.role("jane@example.com", "Jane Doe", desk.RoleAgent)
	olivia.do("olivia@example.com", "factor")
	if got := olivia.get("/"); got.path != "/login" {
		t.Errorf("whose second factor was removed stays signed in, at %s", got.path)
	}
	if got := h.browser().login("olivia@example.com"); len(parsePage(t, got.body).all(".factor-picture")) != 1 {
		t.Errorf("it is not set up anew: %d at %s", got.status, got.path)
	}
}

func TestCodesAreNotGuessed(t *testing.T) {
	h := factorHouse(t, auth.Optional)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	b := h.signedIn("jane@example.com")
	app := h.reads(b.get("/me/second-factor").body)
	b.post("/me/second-factor", url.Values{"code": {app.code()}})
	app.next()
	in := h.browser()
	in.login("jane@example.com")
	statuses := map[int]int{}
	for range 8 {
		statuses[in.second("000000").status]++
	}
	if statuses[http.StatusForbidden] != 5 || statuses[http.StatusTooManyRequests] != 3 {
		t.Errorf("got %v", statuses)
	}
	// Signing in anew from elsewhere gives no more tries.
	other := h.browser()
	other.login("jane@example.com")
	if got := other.second(app.code()); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("got %d", got.status)
	}
	// A second step is not waited for for ever.
	h.clock.set(h.clock.now().Add(11 * time.Minute))
	if got := in.second(app.code()); got.status != http.StatusForbidden || !strings.Contains(got.body, "That took too long.") {
		t.Errorf("after eleven minutes: got %d", got.status)
	}
	// Where the server has no key nobody can have one.
	bare := newHouse(t)
	bare.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	jane := bare.signedIn("jane@example.com")
	if got := jane.get("/me/second-factor"); got.status != http.StatusConflict || !strings.Contains(got.body, "CASELINE_KEY_FILE") {
		t.Errorf("without a key: got %d", got.status)
	}
	if got := jane.get("/me"); !strings.Contains(got.body, "it has no key") {
		t.Error("the page does not say so")
	}
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"

// inBy is a browser of a kind in which an agent has signed in.
func (h *house) inBy(email, agent string) *browser {
	h.t.Helper()
	b := h.browser()
	if got := b.post("/login", url.Values{"email": {email}, "password": {password}}, "User-Agent", agent); got.path != "/" {
		h.t.Fatalf("sign in: got %d at %s", got.status, got.path)
	}
	return b
}

func TestSignInsAreListedAndEnded(t *testing.T) {
	h := newHouse(t, func(o *console.Options) { o.Beat = 10 * time.Millisecond })
	h.agent("olivia@example.com", "Olivia Park", desk.RoleOperator)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	desktop, mobile, third := h.inBy("jane@example.com", firefox), h.inBy("jane@example.com", phone), h.inBy("jane@example.com", "curl/8")
	doc := parsePage(t, desktop.get("/me").body)
	var rows []string
	end := map[string]string{}
	for _, li := range doc.all(".sessions-list li") {
		what := li.says(t, ".sessions-what strong")
		rows = append(rows, what)
		for _, hidden := range li.all("input") {
			end[what] = hidden.attrs["value"]
		}
		if here := strings.Contains(li.text, "This browser"); here != (what == "Firefox on Linux") || here != (end[what] == "") {
			t.Errorf("%s: this browser: %v", what, here)
		}
		if !strings.Contains(li.text, "127.0.0.1") {
			t.Errorf("%s: from where is not said: %s", what, li.text)
		}
	}
	if len(rows) != 3 || end["Safari on iPhone"] == "" {
		t.Fatalf("got %q", rows)
	}
	// The stream of a sign-in that is ended ends.
	l := mobile.listen(t)
	l.next("hello")
	if got := desktop.post("/me/sign-ins/end", url.Values{"sign-in": {end["Safari on iPhone"]}}); got.path != "/me" || !strings.Contains(got.body, "The sign-in has ended.") {
		t.Errorf("got %d at %s", got.status, got.path)
	}
	for {
		if _, ok := l.next("comment"); !ok {
			break
		}
	}
	if got := mobile.get("/"); got.path != "/login" {
		t.Errorf("the ended one shows %s", got.path)
	}
	if got := third.get("/"); got.path != "/" {
		t.Errorf("another one shows %s", got.path)
	}
	desktop.post("/me/sign-ins/end", nil)
	if got := third.get("/"); got.path != "/login" {
		t.Errorf("all others are ended, and one shows %s", got.path)
	}
	if got := desktop.get("/me"); got.path != "/me" || len(parsePage(t, got.body).all(".sessions-list li")) != 1 {
		t.Errorf("this one shows %s", got.path)
	}
	// Nobody ends another's by its id; operators do by theirs.
	olivia, jane := h.signedIn("olivia@example.com"), h.inBy("jane@example.com", firefox)
	all, err := h.store.SignInsOf(t.Context(), h.named("olivia@example.com").ID, h.now())
	if err != nil || len(all) != 1 {
		t.Fatalf("got %v, %v", all, err)
	}
	jane.post("/me/sign-ins/end", url.Values{"sign-in": {all[0].ID}})
	if got := olivia.get("/"); got.path != "/" {
		t.Error("an agent ended an operator's sign-in")
	}
	olivia.do("jane@example.com", "all-ended")
	if got := jane.get("/"); got.path != "/login" {
		t.Errorf("an operator ended all, and one shows %s", got.path)
	}
	if got := olivia.get("/audit"); !strings.Contains(got.body, "Ended sign-ins") {
		t.Error("the audit does not have it")
	}
}

func TestAnAgentChangesTheirPassword(t *testing.T) {
	h := newHouse(t)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	b, other := h.signedIn("jane@example.com"), h.signedIn("jane@example.com")
	const another = "another password"
	change := func(old, new, again string) answer {
		return b.post("/me/password", url.Values{"old": {old}, "password": {new}, "again": {again}})
	}
	for _, tc := range []struct {
		old, new, again, field string
		status                 int
	}{
		{"wrong password", another, another, "old", http.StatusForbidden},
		{password, "short", "short", "password", http.StatusUnprocessableEntity},
		{password, another, "a third password", "again", http.StatusUnprocessableEntity},
	} {
		got := change(tc.old, tc.new, tc.again)
		if doc := parsePage(t, got.body); got.status != tc.status || len(doc.all("#wrong-"+tc.field)) != 1 {
			t.Errorf("%+v: got %d", tc, got.status)
		}
	}
	if got := change(password, another, another); got.path != "/me" || !strings.Contains(got.body, "Your new password is set.") {
		t.Fatalf("got %d at %s", got.status, got.path)
	}
	if got := other.get("/"); got.path != "/login" {
		t.Errorf("another sign-in goes on at %s", got.path)
	}
	if got := h.browser().login("jane@example.com"); got.status != http.StatusForbidden {
		t.Errorf("by the old password: got %d", got.status)
	}
	// Guessing it in a browser that was left open is slowed down.
	last := 0
	for range 7 {
		last = change("wrong password", another, another).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the seventh try: got %d", last)
	}
}

// elsewhere is another server that is known when it is first asked for.
type elsewhere struct {
	make func() auth.Elsewhere
	made *auth.Elsewhere
}

func (l elsewhere) one() auth.Elsewhere {
	if *l.made == nil {
		*l.made = l.make()
	}
	return *l.made
}

func (l elsewhere) Begin(ctx context.Context) (string, auth.Flow, error) { return l.one().Begin(ctx) }

func (l elsewhere) Finish(ctx context.Context, f auth.Flow, code, issuer string) (auth.Somebody, error) {
	return l.one().Finish(ctx, f, code, issuer)
}
