package config

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Bytes is a size.
type Bytes int64

var errSize = errors.New("must be a size such as 512 KiB or 2 MiB")

// ParseBytes reads a size: a whole number and a unit, B, KiB, MiB or GiB. KB,
// MB and GB, and the bare letters, mean the same.
func ParseBytes(text string) (Bytes, error) {
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	shift := 0
	switch unit := strings.ToLower(strings.TrimSpace(text[len(number):])); unit {
	case "", "b":
	case "k", "kb", "kib":
		shift = 10
	case "m", "mb", "mib":
		shift = 20
	case "g", "gb", "gib":
		shift = 30
	default:
		return 0, errSize
	}
	n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64>>shift {
		return 0, errSize
	}
	return Bytes(n << shift), nil
}

// String writes the size with the largest unit that fits without a fraction.
func (b Bytes) String() string {
	units := []string{" B", " KiB", " MiB", " GiB"}
	i := 0
	for b != 0 && b%1024 == 0 && i < len(units)-1 {
		b /= 1024
		i++
	}
	return strconv.FormatInt(int64(b), 10) + units[i]
}

// MarshalYAML writes the size as String does.
func (b Bytes) MarshalYAML() (any, error) { return b.String(), nil }

var errDuration = errors.New("must be a time such as 90s, 15m, 48h or 7d")

// parseDuration reads a duration, with days besides Go's units.
func parseDuration(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 36500 {
			return 0, errDuration
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, errDuration
	}
	return d, nil
}

// A Switch is on, off, or left to the program.
type Switch int

// The positions of a Switch.
const (
	Auto Switch = iota
	On
	Off
)

// Or returns whether the switch is on, automatic if it is left to the program.
func (s Switch) Or(automatic bool) bool {
	return s == On || s == Auto && automatic
}

// String returns true, false or auto.
func (s Switch) String() string {
	switch s {
	case On:
		return "true"
	case Off:
		return "false"
	default:
		return "auto"
	}
}

// MarshalYAML writes what String does.
func (s Switch) MarshalYAML() (any, error) { return s.String(), nil }
