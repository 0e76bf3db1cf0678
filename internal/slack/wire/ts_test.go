package wire

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTsMicros(t *testing.T) {
	tests := []struct {
		ts   Ts
		want int64
		ok   bool
	}{
		{"1515449522.000016", 1515449522_000016, true},
		{"1515449522000016", 1515449522_000016, true}, // without a dot, as in some samples
		{"1515449522.0000160001", 1515449522_000016, true},
		{"1515449522.00001600000000000000000001", 1515449522_000016, true},
		{"1515449522.5", 1515449522_500000, true},
		{"1515449522.50", 1515449522_500000, true},
		{"1515449522", 1515449522_000000, true},
		{"0000000000.000000", 0, true},
		{"0", 0, true},
		{"99999999999.999999", 99999999999_999999, true},
		{"", 0, false},
		{".", 0, false},
		{"1515449522.", 0, false},
		{".000016", 0, false},
		{"-1515449522.000016", 0, false},
		{"+1515449522.000016", 0, false},
		{"1515449522.-00016", 0, false},
		{"1515449522.0000x6", 0, false},
		{"1515449522.00001600000000000000x", 0, false},
		{"1515449522.000016.1", 0, false},
		{"1.515449522e9", 0, false},
		{" 1515449522.000016", 0, false},
		{"1515449522.000016\n", 0, false},
		{"1515449522000", 0, false}, // milliseconds? nothing says so
		{"999999999999.000000", 0, false},
		{"99999999999999999999999999", 0, false},
		{"1515449522.000016000000000000000000000000000", 0, false},
		{"١٥١٥٤٤٩٥٢٢.000016", 0, false},
		{"yesterday", 0, false},
	}
	for _, tt := range tests {
		if got, ok := tt.ts.Micros(); got != tt.want || ok != tt.ok {
			t.Errorf("%q: got %d %v, want %d %v", tt.ts, got, ok, tt.want, tt.ok)
		}
	}
}

func TestTsOf(t *testing.T) {
	tests := []struct {
		micros int64
		want   Ts
	}{
		{1515449522_000016, "1515449522.000016"},
		{1515449522_123456, "1515449522.123456"},
		{0, "0000000000.000000"},
		{16, "0000000000.000016"},
		{-5, "0000000000.000000"},
		{99999999999_999999, "99999999999.999999"},
	}
	for _, tt := range tests {
		if got := TsOf(tt.micros); got != tt.want {
			t.Errorf("%d: got %q, want %q", tt.micros, got, tt.want)
		}
	}
}

func TestTsCompare(t *testing.T) {
	want := []Ts{"", "garbage", "999999999.999999", "1515449522.000016", "1515449522.5", "1515449523", "10000000000.000000"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, Ts.Compare)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if c := Ts("1515449522.000016").Compare("1515449522000016"); c != 0 {
		t.Errorf("one instant written two ways: got %d, want 0", c)
	}
	if !Ts("1515449522.000015").Before("1515449522.000016") {
		t.Error("got not before, want before")
	}
}

func TestPropertyTsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Int64Range(0, 99999999999_999999).Draw(t, "micros")
		if got, ok := TsOf(want).Micros(); got != want || !ok {
			t.Fatalf("%q: got %d %v, want %d", TsOf(want), got, ok, want)
		}
	})
}

func FuzzTs(f *testing.F) {
	for _, s := range []string{"1515449522.000016", "1515449522000016", "1.", "-1", "99999999999999999999", "1515449522.0000160001"} {
		f.Add(s, "1515449522.000017")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := Ts(a), Ts(b)
		if got, want := x.Compare(y), -y.Compare(x); got != want {
			t.Errorf("Compare(%q, %q) is %d one way and %d the other", a, b, got, want)
		}
		micros, ok := x.Micros()
		if !ok {
			return
		}
		if again, ok := TsOf(micros).Micros(); !ok || again != micros {
			t.Errorf("%q: got %d and again %d", a, micros, again)
		}
	})
}
