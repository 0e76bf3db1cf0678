package storetest

import (
	"testing"

	"caseline/internal/store"
)

// Run tests that the stores that open returns keep the contract. Each is
// empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	t.Run("basics", func(t *testing.T) {
		runChecks(t, open, caseChecks(), logChecks(), deliveryChecks(), eventChecks(), peopleChecks(), setupChecks(), erasureChecks(), newsChecks(), draftChecks())
	})
	t.Run("transactions", func(t *testing.T) { runChecks(t, open, transactionChecks(), hintChecks()) })
}

// A check is one promise of the contract.
type check struct {
	name string
	test func(t *testing.T, s store.Store)
}

func runChecks(t *testing.T, open func(t *testing.T) store.Store, subjects ...[]check) {
	t.Helper()
	for _, checks := range subjects {
		for _, c := range checks {
			t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
		}
	}
}
