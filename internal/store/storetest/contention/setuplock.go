package contention

import (
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
	"testing"
)

// setupLocked has many updates each add a channel, unless there are ten: only
// the lock keeps them from all finding room.
func setupLocked(t *testing.T, s store.Store) {
	ctx := t.Context()
	const writers, each, most = 8, 4, 10
	errs := crowdEach(s, t, writers, each, func(n int, tx store.Tx) error {
		if err := tx.LockSetup(ctx); err != nil {
			return err
		}
		have, err := tx.ChannelsOf(ctx, "1")
		if err != nil || len(have) >= most {
			return err
		}
		return tx.SaveChannel(ctx, &served.ChannelConfig{Account: "1", Workspace: "T1", Channel: desk.ChannelID(storetest.PlaceOf(n))})
	})
	for _, err := range errs {
		t.Error(err)
	}
	if got := len(must(s.ChannelsOf(ctx, "1"))(t)); got != most {
		t.Errorf("got %d channels, want %d", got, most)
	}
}
