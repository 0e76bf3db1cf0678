package totp

import (
	"net/url"
	"testing"
	"time"
)

// The vectors of RFC 6238, appendix B, for SHA-1, and RFC 4226, appendix D.
func TestTheVectorsOfTheRFCs(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		if got := code(secret, Step(time.Unix(at, 0)), 8); got != want {
			t.Errorf("at %d: got %s, want %s", at, got, want)
		}
	}
	for step, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := Code(secret, int64(step)); got != want {
			t.Errorf("step %d: got %s, want %s", step, got, want)
		}
	}
}

func TestACodeIsGoodOnceAndAboutNow(t *testing.T) {
	secret, now := NewSecret(), time.Unix(1_700_000_010, 0)
	at := Step(now)
	for by, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		step, ok := Check(secret, Code(secret, at+by), now, 0)
		if ok != want || ok && step != at+by {
			t.Errorf("%d steps off: got %d, %v", by, step, ok)
		}
	}
	if _, ok := Check(secret, Code(secret, at), now, at); ok {
		t.Error("a code was taken twice")
	}
	if _, ok := Check(secret, Code(secret, at-1), now, at); ok {
		t.Error("an earlier code was taken after a later one")
	}
	if _, ok := Check(secret, Code(NewSecret(), at), now, 0); ok {
		t.Error("the code of another secret was taken")
	}
	for _, typed := range []string{"", "12345", "1234567"} {
		if _, ok := Check(secret, typed, now, 0); ok {
			t.Errorf("%q was taken", typed)
		}
	}
}

func TestWhatPeopleType(t *testing.T) {
	for typed, want := range map[string]bool{"123456": true, " 123 456\n": true, "12345": false, "1234567": false, "12345x": false, "１２３４５６": false, "": false} {
		if _, ok := Typed(typed); ok != want {
			t.Errorf("%q: got %v", typed, ok)
		}
	}
}

func TestAddress(t *testing.T) {
	secret := NewSecret()
	u, err := url.Parse(Address(secret, "jane doe@example.com", "Caseline"))
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Caseline:jane doe@example.com" {
		t.Fatalf("got %v, %v", u, err)
	}
	read, err := Secret(u.Query().Get("secret"))
	if err != nil || string(read) != string(secret) || u.Query().Get("issuer") != "Caseline" {
		t.Errorf("got %v, %v", u.Query(), err)
	}
	if _, err := Secret("not base32!"); err == nil {
		t.Error("what is no secret was read")
	}
}
