package ident

import (
	"testing"

	"caseline/internal/desk"
)

func TestPlaceRoundTrip(t *testing.T) {
	for _, w := range []Where{
		{Workspace: "T1", Channel: "C1"},
		{Workspace: "E1", Channel: "G1", Thread: "1610241741.000200"},
	} {
		got, ok := Split(w.Place())
		if !ok || got != w {
			t.Errorf("Split(%q): got %+v, %v, want %+v", w.Place(), got, ok, w)
		}
	}
}

func TestSplitRefuses(t *testing.T) {
	for _, p := range []desk.Place{"", "T1", "T1/", "/C1", "T1/C1/", "T1/C1/1/2", "/"} {
		if got, ok := Split(p); ok {
			t.Errorf("Split(%q): got %+v, want no place", p, got)
		}
	}
}

func TestPersonRoundTrip(t *testing.T) {
	team, user, ok := SplitPerson(Person("T1", "W1"))
	if !ok || team != "T1" || user != "W1" {
		t.Errorf("got %q, %q, %v", team, user, ok)
	}
	for _, id := range []desk.PersonID{"", "U1", "/U1", "T1/", "T1/U1/x"} {
		if _, _, ok := SplitPerson(id); ok {
			t.Errorf("SplitPerson(%q): got a person, want none", id)
		}
	}
}

func TestOriginsDiffer(t *testing.T) {
	m := MessageOrigin("T1", "C1", "1.000001")
	seen := map[desk.Origin]bool{}
	for _, o := range []desk.Origin{
		m, MessageOrigin("T1", "C1", "1.000002"), MessageOrigin("T2", "C1", "1.000001"),
		EditOrigin(m, "2.0"), EditOrigin(m, "3.0"), DeletionOrigin(m), FileOrigin(m, "F1"),
		CommandOrigin("T1", "1.2.x"), PressOrigin("T1", "U1", "end_chat", "1.0"), FormOrigin("T1", "V1"),
	} {
		if seen[o] {
			t.Errorf("origin %q is used twice", o)
		}
		seen[o] = true
	}
}

func TestValid(t *testing.T) {
	for s, want := range map[string]bool{"C1": true, "Usabc09": true, "": false, "C/1": false, "C:1": false, "Ü": false} {
		if got := Valid(s); got != want {
			t.Errorf("Valid(%q): got %v, want %v", s, got, want)
		}
	}
}
