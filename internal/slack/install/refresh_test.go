package install

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// refreshes counts the calls that asked for new tokens.
func (o *office) refreshes() (n int) {
	for _, c := range o.sim.Calls("oauth.v2.access") {
		if fmt.Sprint(c.Args["grant_type"]) == "refresh_token" || strings.Contains(fmt.Sprint(c.Args["grant_type"]), "refresh_token") {
			n++
		}
	}
	return n
}

// kept is the installation in a workspace as the database has it.
func (o *office) kept(ws *slacksim.Workspace) served.Installation {
	o.Helper()
	i, err := o.store.Installation(o.Context(), served.InstallationID(ws.ID))
	if err != nil {
		o.Fatal(err)
	}
	return i
}

func TestTokensAreRefreshedTwoHoursBeforeTheirEnd(t *testing.T) {
	o := openOffice(t, rotates)
	n := o.node()
	o.installed(n, o.acme, o.alice)
	first := n.in(o.acme)
	if i := o.kept(o.acme); !i.Expires.Equal(o.clock.Now().Add(oauth.TokenLife)) || i.Refresh == "" {
		t.Errorf("kept %+v", i)
	}
	o.clock.Advance(oauth.TokenLife - early - spread)
	o.look(n)
	if o.refreshes() > 0 {
		t.Error("it was refreshed too early")
	}
	o.clock.Advance(spread)
	o.look(n, n)
	second := n.in(o.acme)
	if o.refreshes() != 1 || second.Token == first.Token || second.Token != o.app.In(o.acme).Token || o.lets(n, second.Token) != "" {
		t.Errorf("after %d refreshes: got %+v", o.refreshes(), second)
	}
	if i := o.kept(o.acme); !i.Expires.Equal(o.clock.Now().Add(oauth.TokenLife)) || !i.RefreshBy.IsZero() {
		t.Errorf("kept %+v", i)
	}
	// Nobody is thrown out who still calls with the token before.
	if got := o.lets(n, first.Token); got != "" {
		t.Errorf("the token before: %s", got)
	}
	o.look(n, n)
	if o.refreshes() != 1 {
		t.Error("it is refreshed over and over")
	}
}

func TestADoubtedTokenIsRefreshedAtOnce(t *testing.T) {
	o := openOffice(t, rotates)
	one, two := o.node(), o.node()
	o.installed(one, o.acme, o.alice)
	o.look(two)
	before := one.in(o.acme)
	one.Doubt(desk.WorkspaceID(o.acme.ID))
	o.look(one, one)
	if o.refreshes() != 1 || one.in(o.acme).Token == before.Token {
		t.Errorf("%d refreshes; got %v", o.refreshes(), one.in(o.acme))
	}
	// The other still has the token before: it needs to hear, not to refresh.
	two.Doubt(desk.WorkspaceID(o.acme.ID))
	o.look(two)
	if o.refreshes() != 1 || two.in(o.acme).Token != one.in(o.acme).Token {
		t.Errorf("%d refreshes; got %v", o.refreshes(), two.in(o.acme))
	}
	// Many doubts of calls that were under way are one.
	for range 5 {
		one.Doubt(desk.WorkspaceID(o.acme.ID))
		o.look(one)
	}
	if o.refreshes() != 1 {
		t.Errorf("%d refreshes", o.refreshes())
	}
}

// An expired token is no reason to think that the app was taken away.
func TestAnExpiredTokenIsNotGone(t *testing.T) {
	o := openOffice(t, rotates)
	n := o.node()
	o.installed(n, o.acme, o.alice)
	o.clock.Advance(oauth.TokenLife + time.Hour) // the server was down
	if got := o.lets(n, n.in(o.acme).Token); got != "token_expired" {
		t.Fatalf("got %s", got)
	}
	if err := n.Gone(t.Context(), o.acme.ID, "", "tokens_revoked"); err != nil {
		t.Fatal(err)
	}
	o.look(n, n)
	if got := o.lets(n, n.in(o.acme).Token); got != "" || o.refreshes() != 1 {
		t.Errorf("got %s after %d refreshes", got, o.refreshes())
	}
}

func TestARefreshIsLostOrLands(t *testing.T) {
	for _, when := range []func(o *office){
		func(o *office) { o.sim.Fail("oauth.v2.access", slacksim.Lost) },
		func(o *office) { o.sim.Fail("oauth.v2.access", slacksim.Landed) },
		func(o *office) { o.sim.RateLimit("oauth.v2.access", 1) },
		func(o *office) { o.sim.Refuse("oauth.v2.access", "internal_error") },
		func(o *office) { o.sim.Refuse("oauth.v2.access", "bad_client_secret") },
	} {
		o := openOffice(t, rotates)
		n := o.node()
		o.installed(n, o.acme, o.alice)
		before := n.in(o.acme)
		o.clock.Advance(oauth.TokenLife - early)
		when(o)
		o.look(n)
		if said := n.Troubles(); n.in(o.acme) != before || len(said) != 1 || !strings.Contains(said[0], "(acme) are not refreshed") {
			t.Errorf("got %v, %v", n.in(o.acme), said)
		}
		o.clock.Advance(time.Second)
		o.look(n, n)
		if after := n.in(o.acme); after.Token == before.Token || o.lets(n, after.Token) != "" || len(n.Troubles()) > 0 || o.kept(o.acme).Gone != "" {
			t.Errorf("got %v, %v", after, n.Troubles())
		}
	}
}

// What one node could not do another does, and what is gone needs nothing: then
// nobody is told of trouble, and nobody tries.
func TestTroublesEnd(t *testing.T) {
	o := openOffice(t, rotates)
	one, two := o.node(), o.node()
	o.installed(one, o.acme, o.alice)
	o.look(two)
	fail := func() {
		t.Helper()
		o.clock.Advance(oauth.TokenLife - early)
		o.sim.Fail("oauth.v2.access", slacksim.Lost)
		o.look(one)
		if len(one.Troubles()) != 1 || one.rest() != time.Second {
			t.Fatalf("got %v, tried again in %v", one.Troubles(), one.rest())
		}
	}
	fail()
	o.look(two, one)
	if o.clock.Advance(time.Second); len(one.Troubles()) > 0 || one.rest() != lookEvery || o.refreshes() != 2 {
		t.Errorf("another did it: %v, tried again in %v, after %d refreshes", one.Troubles(), one.rest(), o.refreshes())
	}
	fail()
	if err := oauth.Uninstall(o.sim.World, o.app.ID, o.acme.ID); err != nil {
		t.Fatal(err)
	}
	if err := two.Gone(t.Context(), o.acme.ID, "", "app_uninstalled"); err != nil {
		t.Fatal(err)
	}
	o.look(one)
	if o.clock.Advance(time.Second); len(one.Troubles()) > 0 || one.rest() != lookEvery {
		t.Errorf("it is gone: %v, tried again in %v", one.Troubles(), one.rest())
	}
}

// A doubt stays until the token is another.
func TestADoubtOutlivesAFailure(t *testing.T) {
	o := openOffice(t, rotates)
	n := o.node()
	o.installed(n, o.acme, o.alice)
	before := n.in(o.acme)
	n.Doubt(desk.WorkspaceID(o.acme.ID))
	o.sim.Fail("oauth.v2.access", slacksim.Lost)
	o.look(n, n)
	o.clock.Advance(time.Second)
	o.look(n, n)
	if o.refreshes() != 2 || n.in(o.acme).Token == before.Token {
		t.Errorf("%d refreshes; got %v", o.refreshes(), n.in(o.acme))
	}
}

// A node dies between Slack's answer and its own writing: another asks again with
// the refresh token that Slack takes for a short while.
func TestANodeThatDiedIsFollowed(t *testing.T) {
	o := openOffice(t, rotates)
	dead, n := o.node(), o.node()
	o.installed(dead, o.acme, o.alice)
	o.clock.Advance(oauth.TokenLife - early)
	i := o.kept(o.acme)
	if _, err := dead.cases.Claim(t.Context(), i, claimTTL); err != nil {
		t.Fatal(err)
	}
	p, err := dead.safe.open(i)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dead.ask(t.Context(), p.refresh); err != nil {
		t.Fatal(err)
	}
	o.look(n)
	if o.refreshes() != 1 {
		t.Fatal("the other did not wait for the claim to end")
	}
	o.clock.Advance(claimTTL)
	o.look(n, n)
	if got := n.in(o.acme).Token; o.refreshes() != 2 || o.lets(n, got) != "" || o.kept(o.acme).Gone != "" {
		t.Errorf("after %d refreshes: %q, gone for %q", o.refreshes(), o.lets(n, got), o.kept(o.acme).Gone)
	}
}

// What Slack gave and the database would not take is not asked for again.
func TestWhatCouldNotBeWrittenIsWrittenLater(t *testing.T) {
	o := openOffice(t, rotates)
	whole := o.store
	n := o.node()
	o.installed(n, o.acme, o.alice)
	before := n.in(o.acme)
	o.clock.Advance(oauth.TokenLife - early)
	broken := &refusing{Store: whole, after: 1} // the claim is taken
	o.store = broken
	ill := o.node()
	o.look(ill)
	if ill.in(o.acme) != before || o.refreshes() != 1 {
		t.Fatalf("used before it was written: %v, after %d refreshes", ill.in(o.acme), o.refreshes())
	}
	broken.heal()
	o.clock.Advance(oauth.TokenLife / 100) // longer than Slack takes the old one
	o.look(ill, ill)
	if got := ill.in(o.acme).Token; o.refreshes() != 1 || got == before.Token || o.lets(ill, got) != "" {
		t.Errorf("after %d refreshes: %q", o.refreshes(), o.lets(ill, got))
	}
}

// A refusing store refuses updates after some.
type refusing struct {
	store.Store
	mu    sync.Mutex // guards the rest
	after int
	well  bool
}

// Update runs fn, or fails.
func (r *refusing) Update(ctx context.Context, fn func(store.Tx) error) error {
	r.mu.Lock()
	r.after--
	refuse := !r.well && r.after < 0
	r.mu.Unlock()
	if refuse {
		return errors.New("the disk is full")
	}
	return r.Store.Update(ctx, fn)
}

func (r *refusing) heal() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.well = true
}

// An installation whose refresh token is taken no more lives as long as its token.
func TestARefreshTokenThatIsTakenNoMoreIsTold(t *testing.T) {
	o := openOffice(t, rotates)
	n := o.node()
	o.installed(n, o.acme, o.alice)
	before := n.in(o.acme)
	o.clock.Advance(oauth.TokenLife - early)
	mend := o.sim.Refuse("oauth.v2.access", "invalid_refresh_token", slacksim.Always)
	o.look(n, n)
	if said := strings.Join(n.Troubles(), ""); o.kept(o.acme).Gone != "" || n.in(o.acme) != before ||
		!strings.Contains(said, "(acme) no more: install the app there again before 2026-03-02 21:00 UTC") || !o.kept(o.acme).RefreshBy.IsZero() {
		t.Errorf("gone for %q; operators read %q", o.kept(o.acme).Gone, said)
	}
	o.clock.Advance(early)
	o.look(n, n)
	mend()
	i := o.kept(o.acme)
	if i.Gone != "invalid_refresh_token" || i.Token != "" || i.Refresh != "" || n.gone(o.acme) != "invalid_refresh_token" || len(n.Troubles()) > 0 {
		t.Errorf("got %+v, removed for %q, %v", i, n.gone(o.acme), n.Troubles())
	}
	o.installed(n, o.acme, o.alice)
	if got := n.in(o.acme).Token; o.lets(n, got) != "" {
		t.Errorf("installed again: %s", o.lets(n, got))
	}
}

// Two nodes look at the same time, over and over, while time goes by, calls are
// lost and land, tokens are doubted, a third node dies and the app is installed
// again. However it goes: without a failure there is one refresh where one is due,
// and both end with the newest token, which Slack lets in.
func TestOneOfTwoNodesRefreshesAndBothHaveTheNewest(t *testing.T) {
	for seed := range uint64(4) {
		storetest.EachURL(t, func(t *testing.T, url string) {
			o := openOffice(t, rotates)
			o.store = storetest.OpenAt(t, url, o.clock.Now)
			nodes := []*node{o.node(), nil}
			if strings.HasPrefix(url, "postgres") { // on SQLite there is one process
				o.store = storetest.OpenAt(t, url, o.clock.Now)
			}
			nodes[1] = o.node()
			o.installed(nodes[0], o.acme, o.alice)
			o.look(nodes[1])
			chance := rand.New(rand.NewPCG(seed, 5))
			for step := range 25 {
				o.befall(chance, nodes)
				newest := o.app.In(o.acme).Token
				for k, n := range nodes {
					if got := n.in(o.acme).Token; got != newest || o.lets(n, got) != "" {
						t.Fatalf("seed %d, step %d: node %d has not the newest token; Slack says %q of it, gone for %q", seed, step, k, o.lets(n, got), o.kept(o.acme).Gone)
					}
				}
			}
			if o.refreshes() < 10 {
				t.Errorf("only %d refreshes: nothing was tried", o.refreshes())
			}
		})
	}
}

// befall has time go by, and something happen, and all become as it should be.
func (o *office) befall(chance *rand.Rand, nodes []*node) {
	o.Helper()
	o.clock.Advance(time.Duration(chance.Int64N(int64(11 * time.Hour))))
	before, clean, mend := o.refreshes(), false, func() {}
	switch chance.IntN(8) {
	case 0:
		mend = o.sim.Fail("oauth.v2.access", slacksim.Lost)
	case 1:
		mend = o.sim.Fail("oauth.v2.access", slacksim.Landed)
	case 2:
		o.die(nodes[0])
	case 3:
		nodes[chance.IntN(2)].Doubt(desk.WorkspaceID(o.acme.ID))
	case 4:
		o.install(nodes[chance.IntN(2)], o.acme, o.alice)
	default:
		clean = true
	}
	o.atOnce(nodes, 3)
	if n := o.refreshes() - before; clean && n > 1 {
		o.Fatalf("both refreshed: %d calls", n)
	}
	for range 3 {
		o.clock.Advance(2 * time.Second)
		o.atOnce(nodes, 2)
	}
	mend()
}

// die has a node begin to refresh, and end there.
func (o *office) die(n *node) {
	o.Helper()
	i := o.kept(o.acme)
	p, err := n.safe.open(i)
	if err != nil {
		o.Fatal(err)
	}
	if _, err := n.cases.Claim(o.Context(), i, -time.Second); err != nil {
		o.Fatal(err) // its claim is over at once, as if it had died a while ago
	}
	if _, err := n.ask(o.Context(), p.refresh); err != nil {
		o.Fatal(err)
	}
	n.Doubt(desk.WorkspaceID(o.acme.ID)) // it is looked at, due or not
}

// atOnce has all nodes look at the same time, a few times.
func (o *office) atOnce(nodes []*node, times int) {
	var all sync.WaitGroup
	for _, n := range nodes {
		all.Go(func() {
			for range times {
				o.look(n)
			}
		})
	}
	all.Wait()
}
