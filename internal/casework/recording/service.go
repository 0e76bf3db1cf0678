package recording

import (
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Service records on a store. It holds no state of its own and may be used
// by many goroutines.
type Service struct {
	store     store.Store
	now       func() time.Time
	newFileID func() desk.FileID
}

// New returns a Service on s, which has the audit hear of what is done; now is
// the clock, to the microsecond.
func New(s store.Store, now func() time.Time, newFileID func() desk.FileID) *Service {
	return &Service{store: s, now: now, newFileID: newFileID}
}
