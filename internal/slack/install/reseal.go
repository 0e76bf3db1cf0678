package install

import (
	"context"

	"caseline/internal/casework/installing"
	"caseline/internal/desk/served"
	"caseline/internal/seal"
	"caseline/internal/store"
)

// Reseal seals the tokens of all installations with the first key of ring, all or
// none, and returns how many it has sealed anew. Then no other key is needed.
func Reseal(ctx context.Context, s store.Store, ring *seal.Ring) (anew int, err error) {
	safe := safe{ring}
	return installing.New(s, nil).Reseal(ctx, func(i served.Installation) (served.Installation, error) {
		if !safe.stale(i) {
			return i, nil
		}
		p, err := safe.open(i)
		if err == nil {
			safe.put(&i, p)
		}
		return i, err
	})
}
