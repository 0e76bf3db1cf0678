package contention

import (
	"slices"
	"testing"

	"caseline/internal/store"
)

// Run tests that the stores that open returns keep this part of the contract.
// Each is empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, c := range slices.Concat(contentionChecks(), claimChecks()) {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

// A check is one promise of the contract.
type check struct {
	name string
	test func(t *testing.T, s store.Store)
}
