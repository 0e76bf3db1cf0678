package install

import (
	"errors"
	"fmt"

	"caseline/internal/desk/served"
	"caseline/internal/seal"
)

// A pair is the tokens of an installation as Slack gave them.
type pair struct{ token, refresh string }

// Format prints nothing of them, whatever the verb.
func (pair) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "redacted") }

// A safe seals the tokens of installations and opens them.
type safe struct{ ring *seal.Ring }

// put seals a pair into an installation.
func (s safe) put(i *served.Installation, p pair) {
	token, refresh := i.ID.Of()
	i.Token, i.Refresh = s.ring.Seal([]byte(p.token), token), ""
	if p.refresh != "" {
		i.Refresh = s.ring.Seal([]byte(p.refresh), refresh)
	}
}

// open returns the pair of an installation.
func (s safe) open(i served.Installation) (p pair, err error) {
	token, refresh := i.ID.Of()
	if p.token, err = s.part(i.Token, token); err == nil && i.Refresh != "" {
		p.refresh, err = s.part(i.Refresh, refresh)
	}
	if err != nil {
		return pair{}, fmt.Errorf("the tokens of installation %s (%s) do not open: %w", i.ID, i.Name, err)
	}
	return p, nil
}

func (s safe) part(sealed, about string) (string, error) {
	secret, err := s.ring.Open(sealed, about)
	switch {
	case errors.Is(err, seal.ErrUnknownKey):
		return "", fmt.Errorf("%w; put that key back among those of %s or %s, behind the first, or install the app there again", err, seal.VarFile, seal.VarKey)
	case err != nil:
		return "", fmt.Errorf("%w; install the app there again", err)
	}
	return string(secret), nil
}

// stale reports whether an installation is sealed with an older key.
func (s safe) stale(i served.Installation) bool {
	return i.Token != "" && s.ring.Stale(i.Token) || i.Refresh != "" && s.ring.Stale(i.Refresh)
}
