package keep

import (
	"strconv"
	"strings"
)

// A Stamp is the counters that every line carries: the last timestamp and the
// last serial number given.
type Stamp struct {
	Micros int64 `json:"t"`
	Serial int64 `json:"n"`
}

// Next returns a timestamp that nothing has had before, as close to now as that
// allows.
func (s *Stamp) Next(now int64) int64 {
	s.Micros = max(now, s.Micros+1)
	return s.Micros
}

// The first id and the distance between two: ids look like Slack's, sort in
// the order in which they were given, and are the same in every run.
const (
	firstID = 36 * 36 * 36 * 36 * 36 * 36 * 36 * 36 * 8
	idStep  = 50_021
)

// ID returns an id that nothing has had before.
func (s *Stamp) ID(prefix string) string {
	s.Serial++
	return prefix + strings.ToUpper(strconv.FormatInt(firstID+s.Serial*idStep, 36))
}
