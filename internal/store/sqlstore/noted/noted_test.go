package noted_test

import (
	"testing"

	"caseline/internal/store/sqlstore/noted"
)

func TestSetRemembersSomeAndNeverWhatItWasNotTold(t *testing.T) {
	var s noted.Set[int]
	if s.Has(1) {
		t.Error("an empty set has something")
	}
	s.Add([]int{1, 2})
	if !s.Has(1) || !s.Has(2) || s.Has(3) {
		t.Error("a set has not just what it was told")
	}
	for i := range 30_000 {
		s.Add([]int{i})
	}
	if s.Has(1) || !s.Has(29_999) {
		t.Error("a full set does not begin anew")
	}
	s.Forget()
	if s.Has(29_999) {
		t.Error("a set has what it forgot")
	}
}

func TestPairs(t *testing.T) {
	p := noted.NewPairs()
	if again := p.Of("a", "bc"); again != p.Of("a", "bc") {
		t.Error("a pair is not itself")
	}
	if p.Of("a", "bc") == p.Of("ab", "c") || p.Of("a", "b") == p.Of("b", "a") {
		t.Error("two pairs are one")
	}
}
