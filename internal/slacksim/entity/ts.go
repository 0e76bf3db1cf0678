package entity

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FormatTS writes microseconds since 1970 the way Slack writes timestamps.
func FormatTS(micros int64) string {
	return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6)
}

// ParseTS reads a timestamp. Slack takes whole seconds and fewer than six
// decimals too.
func ParseTS(ts string) (micros int64, ok bool) {
	sec, frac, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseUint(sec, 10, 40)
	if err != nil || len(frac) > 6 {
		return 0, false
	}
	f, err := strconv.ParseUint(frac+strings.Repeat("0", 6-len(frac)), 10, 32)
	if err != nil {
		return 0, false
	}
	return int64(s)*1e6 + int64(f), true
}

// TSTime is the time a timestamp stands for, or the zero time if it is none.
func TSTime(ts string) time.Time {
	micros, ok := ParseTS(ts)
	if !ok {
		return time.Time{}
	}
	return time.UnixMicro(micros)
}

// CompareTS orders timestamps as Slack writes them.
func CompareTS(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}
