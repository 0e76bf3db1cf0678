package versions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
)

// DidSave is what the audit says when somebody saved a catalogue.
const DidSave = "catalogue-saved"

// A Service runs the use case. Make one with [New].
type Service struct {
	store store.Store
	now   func() time.Time
}

// New returns a Service on s; now tells the time, by default the system clock.
func New(s store.Store, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: s, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// Save is the wish that a catalogue be in force from now on.
type Save struct {
	By    desk.By
	Base  int64             // the version that was changed; 0 before there was one
	Text  string            // as it is read
	Note  string            // what changed
	Names map[string]string // of all its codes
	Was   map[string]string // of all codes of the one before
}

// Save saves a catalogue as the next version. desk.ErrConflict when somebody else has saved
// one since Base.
func (s *Service) Save(ctx context.Context, w Save) (version int64, err error) {
	version = w.Base + 1
	c := keeping.Catalogue{Version: version, At: s.now(), By: w.By.Actor, Note: strings.TrimSpace(w.Note), Text: w.Text}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.LockSetup(ctx); err != nil {
			return err
		}
		newest, err := tx.SavedCatalogue(ctx, 0)
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		if newest.Version != w.Base {
			return &desk.Refusal{Kind: desk.ErrConflict, Message: fmt.Sprintf("%s has saved version %d meanwhile. Look at it, and make your change in it again.", newest.By.Name, newest.Version)}
		}
		if newest.Text == w.Text {
			version = w.Base
			return nil
		}
		if c.Former, err = former(newest.Former, w); err != nil {
			return err
		}
		if err := tx.AddCatalogue(ctx, &c); err != nil {
			return err
		}
		return tx.Audit(ctx, &desk.AuditEntry{
			At: c.At, By: w.By.Actor, Via: w.By.Via, What: DidSave, Detail: map[string]string{"version": fmt.Sprint(c.Version), "change": c.Note},
		})
	})
	if err != nil {
		return 0, fmt.Errorf("save the catalogue: %w", err)
	}
	return version, nil
}

// former adds to the last names of codes that are no more those that go now, and
// leaves out those that came back.
func former(before string, w Save) (string, error) {
	names := map[string]string{}
	if before != "" {
		if err := json.Unmarshal([]byte(before), &names); err != nil {
			return "", fmt.Errorf("former names: %w", err)
		}
	}
	for path, name := range w.Was {
		names[path] = name
	}
	for path := range w.Names {
		delete(names, path)
	}
	text, err := json.Marshal(names)
	return string(text), err
}
