package lead

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"caseline/internal/console/tongue"
	"caseline/internal/desk/report"
)

// none is what stands where there is no number.
const none = "–"

// spell is a duration as people read it: its two largest units, in one line.
func spell(t tongue.Tongue, d time.Duration) string {
	return strings.ReplaceAll(units(t, d), " ", "\u00a0")
}

func units(t tongue.Tongue, d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return t.Say("%d s", int(d.Seconds()))
	case d < 10*time.Minute && d%time.Minute > 0:
		return t.Say("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < time.Hour:
		return t.Say("%d min", int(d.Round(time.Minute).Minutes()))
	case d < 48*time.Hour:
		d = d.Round(time.Minute)
		if d%time.Hour == 0 {
			return t.Say("%d h", int(d.Hours()))
		}
		return t.Say("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
	}
	d = d.Round(time.Hour)
	if d%(24*time.Hour) == 0 {
		return t.Say("%d d", int(d.Hours())/24)
	}
	return t.Say("%d d %d h", int(d.Hours())/24, int(d.Hours())%24)
}

func percent(share float64) string { return fmt.Sprintf("%.0f\u00a0%%", share*100) }

// ends are where an axis of durations can end, in seconds.
func ends() []float64 {
	const minute, hour, day = 60, 3600, 86400
	return []float64{
		10, 20, 30, minute, 2 * minute, 4 * minute, 6 * minute, 10 * minute, 20 * minute, 30 * minute, 40 * minute, hour, 2 * hour, 4 * hour, 6 * hour, 8 * hour,
		12 * hour, day, 2 * day, 4 * day, 6 * day, 10 * day, 14 * day, 20 * day, 30 * day, 60 * day, 100 * day, 200 * day, 400 * day,
	}
}

// A value is a number of a measure: what it is for comparing, NaN for none, and how
// it reads.
type value struct {
	Number float64
	reads  func(t tongue.Tongue, number float64) string
}

// Text is the number as people of a language read it.
func (v value) Text(t tongue.Tongue) string {
	if math.IsNaN(v.Number) {
		return none
	}
	return v.reads(t, v.Number)
}

// or is a value, or none.
func or(number float64, ok bool, reads func(tongue.Tongue, float64) string) value {
	if !ok {
		number = math.NaN()
	}
	return value{number, reads}
}

func counted(n int) value {
	return or(float64(n), true, func(_ tongue.Tongue, n float64) string { return fmt.Sprintf("%.0f", n) })
}

func timed(d time.Duration, ok bool) value {
	return or(d.Seconds(), ok, func(t tongue.Tongue, n float64) string { return spell(t, time.Duration(n*float64(time.Second))) })
}

func shared(share float64, ok bool) value {
	return or(share*100, ok, func(_ tongue.Tongue, n float64) string { return percent(n / 100) })
}

func scored(mean float64, ok bool) value {
	return or(mean, ok, func(t tongue.Tongue, n float64) string { return t.Decimal(n, 2) })
}

// measure is what a measure is of a part of the work, and p90 what nine in ten do
// not exceed, where there is such a thing.
func measure(key string, t *report.Totals) (v value, p90 *value) {
	spread := func(s *report.Spread) (value, *value) {
		nine, ok := s.P90()
		if !ok {
			return timed(0, false), nil
		}
		most := timed(nine, true)
		return timed(s.Median()), &most
	}
	switch key {
	case "opened":
		return counted(t.Opened), nil
	case "resolved":
		return counted(t.Resolved), nil
	case "first":
		return spread(&t.First)
	case "intime":
		return shared(t.InTime()), nil
	case "resolution":
		return spread(&t.Resolution)
	case "reopened":
		return shared(t.ReopenRate()), nil
	case "chats":
		return counted(t.Chats), nil
	case "wait":
		return spread(&t.Wait)
	case "lost":
		return counted(t.Cancelled), nil
	case "handling":
		return spread(&t.Handling)
	case "offers":
		return counted(t.Offers), nil
	case "accepted":
		return counted(t.Accepted), nil
	case "passed":
		return counted(t.Passed), nil
	case "lapsed":
		return counted(t.Lapsed), nil
	case "accepting":
		return spread(&t.Accepting)
	case "score":
		return scored(t.Score()), nil
	}
	return or(0, false, nil), nil
}

// most is how a value that nine in ten do not exceed reads; empty without one.
func most(t tongue.Tongue, p90 *value) string {
	if p90 == nil {
		return ""
	}
	return p90.Text(t)
}

// sortedKeys are the keys of a map by what they stand for.
func sortedKeys(m map[string]string) []string {
	keys := slices.Collect(maps.Keys(m))
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(m[a]), strings.ToLower(m[b])), strings.Compare(a, b))
	})
	return keys
}
