package routing

import (
	"slices"
	"time"
)

// UsualWait is how long people usually waited, in whole minutes, for a
// sentence: the median of the last waits. It is 0 when too few are known.
func UsualWait(waits []time.Duration) time.Duration {
	if len(waits) < 3 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(waits))
	median := sorted[len(sorted)/2]
	if len(sorted)%2 == 0 {
		median = (median + sorted[len(sorted)/2-1]) / 2
	}
	return max(median.Round(time.Minute), time.Minute)
}
