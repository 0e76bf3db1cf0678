package config

import "strings"

// didYouMean returns a sentence naming the candidate that the operator most
// likely meant by key, or nothing when none is close. A candidate may be a
// path; then its last part counts.
func didYouMean(key string, candidates []string) string {
	best, bestDistance := "", 1+max(1, len(key)/3)
	for _, c := range candidates {
		last := c[strings.LastIndexByte(c, '.')+1:]
		d := distance(strings.ToLower(key), strings.ToLower(last))
		if len(key) >= 4 && strings.Contains(last, strings.ToLower(key)) {
			d = min(d, 1) // "token" for "bot_token"
		}
		if d < bestDistance {
			best, bestDistance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour to make b of a.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
