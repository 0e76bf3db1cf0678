package install

import (
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slacksim/oauth"
)

// given is what Slack gives a node for a refresh token, and that node does not
// write.
func (o *office) given(n *node, used pair) api.Given {
	o.Helper()
	given, err := n.ask(o.Context(), used.refresh)
	if err != nil {
		o.Fatal(err)
	}
	return given
}

// The answer to a refresh was lost, and that to the second is not written yet:
// then Slack does not take the token that all nodes use. That is no end of the
// installation.
func TestATokenThatWasReplacedIsNotGone(t *testing.T) {
	o := openOffice(t, rotates)
	one, two := o.node(), o.node()
	o.installed(one, o.acme, o.alice)
	o.look(two)
	o.clock.Advance(oauth.TokenLife - early)
	i := o.kept(o.acme)
	used, err := one.safe.open(i)
	if err != nil {
		t.Fatal(err)
	}
	o.given(one, used)
	if _, err := one.cases.Claim(t.Context(), i, claimTTL); err != nil {
		t.Fatal(err)
	}
	given := o.given(one, used)
	if got := o.lets(two, used.token); got != "token_revoked" {
		t.Fatalf("the token in use: %q", got)
	}
	if err := two.Gone(t.Context(), o.acme.ID, "", "token_revoked"); err != nil {
		t.Fatal(err)
	}
	o.look(two, two)
	if err := one.keep(t.Context(), i, used, given); err != nil {
		t.Fatal(err)
	}
	o.look(two)
	if got := two.in(o.acme).Token; o.kept(o.acme).Gone != "" || got != given.Token || o.lets(two, got) != "" || two.gone(o.acme) != "" {
		t.Errorf("gone for %q, Slack says %q", o.kept(o.acme).Gone, o.lets(two, got))
	}
	// Nobody has it: the node that hears so refreshes.
	o.clock.Advance(restful)
	o.given(one, pair{refresh: given.Refresh})
	o.clock.Advance(time.Second)
	o.given(one, pair{refresh: given.Refresh})
	if got := o.lets(two, two.in(o.acme).Token); got != "token_revoked" {
		t.Fatalf("the token in use: %q", got)
	}
	if err := two.Gone(t.Context(), o.acme.ID, "", "token_revoked"); err != nil {
		t.Fatal(err)
	}
	o.look(two, two, one)
	if got := one.in(o.acme).Token; o.lets(one, got) != "" || got != two.in(o.acme).Token {
		t.Errorf("gone for %q, Slack says %q", o.kept(o.acme).Gone, o.lets(one, got))
	}
}

// Slack does not take the token any more, nor the refresh token.
func TestARevokedTokenIsGoneWhenNothingIsGivenForIt(t *testing.T) {
	o := openOffice(t, rotates)
	n := o.node()
	o.installed(n, o.acme, o.alice)
	if err := oauth.RevokeTokens(o.sim.World, o.app.ID, o.acme.ID); err != nil {
		t.Fatal(err)
	}
	if err := n.Gone(t.Context(), o.acme.ID, "", "tokens_revoked"); err != nil {
		t.Fatal(err)
	}
	o.look(n, n)
	if o.kept(o.acme).Gone == "" || n.gone(o.acme) == "" || o.refreshes() != 1 {
		t.Errorf("gone for %q, removed for %q, after %d refreshes", o.kept(o.acme).Gone, n.gone(o.acme), o.refreshes())
	}
}

// Without rotation no refresh can help.
func TestARevokedTokenWithoutRotationIsGone(t *testing.T) {
	o := openOffice(t, nil)
	n := o.node()
	o.installed(n, o.acme, o.alice)
	o.sim.Refuse("auth.test", "token_expired")
	if err := n.Gone(t.Context(), o.acme.ID, "", "token_expired"); err != nil {
		t.Fatal(err)
	}
	if o.look(n); n.gone(o.acme) != "token_expired" {
		t.Errorf("removed for %q", n.gone(o.acme))
	}
}

// One node has what Slack gave and cannot write it. Another that asks too late is
// given nothing, and takes nothing away.
func TestWhatANodeHoldsIsNotTakenAwayByAnother(t *testing.T) {
	o := openOffice(t, rotates)
	whole := o.store
	two := o.node()
	o.installed(two, o.acme, o.alice)
	before := two.in(o.acme)
	o.clock.Advance(oauth.TokenLife - early)
	broken := &refusing{Store: whole, after: 1} // the claim is taken
	o.store = broken
	one := o.node()
	o.look(one)
	o.store = whole
	o.clock.Advance(2 * claimTTL) // longer than Slack takes the refresh token
	o.look(two, two)
	if i := o.kept(o.acme); i.Gone != "" || two.in(o.acme) != before || o.lets(two, before.Token) != "" || len(two.Troubles()) != 1 {
		t.Fatalf("gone for %q, trouble %v", i.Gone, two.Troubles())
	}
	broken.heal()
	o.look(one, two, two)
	if got := two.in(o.acme).Token; got == before.Token || o.lets(two, got) != "" || len(two.Troubles()) > 0 || len(one.Troubles()) > 0 {
		t.Errorf("Slack says %q; trouble %v, %v", o.lets(two, got), one.Troubles(), two.Troubles())
	}
}

// What could not be written is written as soon as it can be, while the claim under
// which it was given stands.
func TestAGiftNeedsNoClaim(t *testing.T) {
	o := openOffice(t, rotates)
	whole := o.store
	o.installed(o.node(), o.acme, o.alice)
	o.clock.Advance(oauth.TokenLife - early)
	broken := &refusing{Store: whole, after: 1}
	o.store = broken
	n := o.node()
	o.look(n)
	broken.heal()
	o.clock.Advance(pauses[0])
	if o.look(n); !o.kept(o.acme).Expires.Equal(o.clock.Now().Add(oauth.TokenLife)) || len(n.Troubles()) > 0 {
		t.Errorf("kept until %v, trouble %v", o.kept(o.acme).Expires, n.Troubles())
	}
}

// What Slack gave is not thrown away because the database has another key by now.
func TestAGiftOutlivesAnotherKey(t *testing.T) {
	o := openOffice(t, rotates)
	one, two := o.node(), o.node(newKey, oldKey)
	o.installed(one, o.acme, o.alice)
	i := o.kept(o.acme)
	used, err := one.safe.open(i)
	if err != nil {
		t.Fatal(err)
	}
	given := o.given(one, used)
	if anew, err := Reseal(t.Context(), o.store, two.safe.ring); anew != 1 || err != nil {
		t.Fatal(anew, err)
	}
	if err := one.keep(t.Context(), i, used, given); err == nil {
		t.Error("nobody is told")
	}
	if _, have := one.unkept(i.ID, used); !have {
		t.Error("it is thrown away")
	}
}

// A claim that ends while a call is slow is another node's by then.
func TestAReleaseFreesNobodyElsesClaim(t *testing.T) {
	o := openOffice(t, rotates)
	one, two := o.node(), o.node()
	o.installed(one, o.acme, o.alice)
	slow := o.kept(o.acme)
	var err error
	if slow.RefreshBy, err = one.cases.Claim(t.Context(), slow, claimTTL); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(claimTTL)
	theirs, err := two.cases.Claim(t.Context(), slow, claimTTL)
	if err != nil {
		t.Fatal(err)
	}
	if err := one.cases.Release(t.Context(), slow); err != nil {
		t.Fatal(err)
	}
	if got := o.kept(o.acme).RefreshBy; !got.Equal(theirs) {
		t.Errorf("claimed until %v, want %v", got, theirs)
	}
	slow.RefreshBy = theirs
	if err := two.cases.Release(t.Context(), slow); err != nil || !o.kept(o.acme).RefreshBy.IsZero() {
		t.Errorf("one's own: %v, claimed until %v", err, o.kept(o.acme).RefreshBy)
	}
}

// A node that ended an installation and died has told nobody: whoever starts does.
// So does whoever hears of a workspace that is served without an installation.
func TestAnEndIsToldAgain(t *testing.T) {
	o := openOffice(t, nil)
	dead, old := o.node(), o.node()
	o.installed(dead, o.acme, o.alice)
	o.look(old)
	if err := dead.cases.Remove(t.Context(), o.kept(o.acme), "app_uninstalled"); err != nil {
		t.Fatal(err)
	}
	n := o.node()
	if o.look(n); n.gone(o.acme) != "app_uninstalled" {
		t.Errorf("who starts tells %q", n.gone(o.acme))
	}
	o.look(old)
	delete(old.removed, o.acme.ID) // a tenant that came too late
	if err := old.Gone(t.Context(), o.acme.ID, "", "account_inactive"); err != nil {
		t.Fatal(err)
	}
	if o.look(old); old.gone(o.acme) != "app_uninstalled" {
		t.Errorf("who hears of it tells %q", old.gone(o.acme))
	}
	if o.look(n, n); n.in(o.acme).Token != "" {
		t.Error("it is served")
	}
	o.installed(n, o.acme, o.alice)
	if n.in(o.acme).Token == "" || n.gone(o.acme) != "" {
		t.Errorf("installed again: %v, removed for %q", n.in(o.acme), n.gone(o.acme))
	}
}

// However it ends, Run does not turn all the time: what is due while it looks is
// tried at once, and then no more.
func TestWhatIsDueWhileItLooksIsTriedAtOnce(t *testing.T) {
	o := openOffice(t, nil)
	n := o.node()
	o.look(n)
	n.note(refreshing("T1"), desk.ErrConflict)
	if o.clock.Advance(2 * time.Second); n.rest() != 0 {
		t.Errorf("tried again in %v", n.rest())
	}
	if o.look(n); n.rest() != lookEvery {
		t.Errorf("nobody tried it: again in %v", n.rest())
	}
}
