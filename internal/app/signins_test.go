package app

import (
	"errors"
	"testing"

	"caseline/internal/config"
	"caseline/internal/seal"
)

// A server that is to have second factors and cannot keep their secrets does not
// start.
func TestSecondFactorsTakeAKey(t *testing.T) {
	ring, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	for policy, needs := range map[config.SecondFactor]bool{config.FactorOptional: false, "": false, config.FactorOperators: true, config.FactorAll: true} {
		cfg := config.Default()
		cfg.SignIn.SecondFactor = policy
		if _, err := newSignIns(cfg, nil, Options{}); errors.Is(err, errNoKeyForFactors) != needs {
			t.Errorf("%q without a key: got %v", policy, err)
		}
		if in, err := newSignIns(cfg, nil, Options{Keys: ring}); err != nil || !in.MayHaveFactors() {
			t.Errorf("%q with a key: got %v", policy, err)
		}
	}
}
