package config

import (
	"testing"
	"time"
)

func TestParseBytes(t *testing.T) {
	tests := []struct {
		text string
		want Bytes
		ok   bool
	}{
		{"0", 0, true},
		{"1024", 1024, true},
		{"512k", 512 << 10, true},
		{"512 KiB", 512 << 10, true},
		{"2MB", 2 << 20, true},
		{"2 GiB", 2 << 30, true},
		{"10 b", 10, true},
		{"", 0, false},
		{"KiB", 0, false},
		{"-1", 0, false},
		{"1.5 MiB", 0, false},
		{"1 TiB", 0, false},
		{"9999999999999 GiB", 0, false},
	}
	for _, tt := range tests {
		got, err := ParseBytes(tt.text)
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("%q: got %d, %v; want %d", tt.text, got, err, tt.want)
		}
		if again, err := ParseBytes(got.String()); err != nil || again != got {
			t.Errorf("%q: written as %q and read as %d", tt.text, got, again)
		}
	}
}

func TestParseDuration(t *testing.T) {
	tests := []struct {
		text string
		want time.Duration
		ok   bool
	}{
		{"90s", 90 * time.Second, true},
		{"7d", 7 * 24 * time.Hour, true},
		{"0", 0, true},
		{"", 0, false},
		{"5", 0, false},
		{"d", 0, false},
		{"1.5d", 0, false},
		{"-1d", 0, false},
		{"99999999d", 0, false},
	}
	for _, tt := range tests {
		if got, err := parseDuration(tt.text); got != tt.want || (err == nil) != tt.ok {
			t.Errorf("%q: got %v, %v; want %v", tt.text, got, err, tt.want)
		}
	}
}

func TestDidYouMean(t *testing.T) {
	keys := []string{"listen", "slack.bot_token", "log.level", "log.format"}
	tests := []struct{ key, want string }{
		{"lsiten", "; did you mean listen?"},
		{"Listen", "; did you mean listen?"},
		{"token", "; did you mean slack.bot_token?"},
		{"levl", "; did you mean log.level?"},
		{"colour", ""},
		{"x", ""},
	}
	for _, tt := range tests {
		if got := didYouMean(tt.key, keys); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.key, got, tt.want)
		}
	}
}
