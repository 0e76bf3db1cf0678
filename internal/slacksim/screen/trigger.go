package screen

import (
	"fmt"
	"strings"
	"time"

	"caseline/internal/slacksim/entity"
)

const triggerLife = 3 * time.Second

// A trigger is the right to open one view for a person who just did something.
type trigger struct {
	app, user, workspace string
	view                 string // the modal it came from, if any
	until                time.Time
	used                 bool
}

// NewTrigger gives an app the right to open a view for a user, once, within
// three seconds. View is the open modal the user acted in, or empty.
func (s *Screens) NewTrigger(app, workspace, user, view string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.world.Now()
	id := fmt.Sprintf("%d.%s", now.UnixMilli(), strings.ToLower(s.world.NewID("x")))
	s.triggers[id] = &trigger{app: app, user: user, workspace: workspace, view: view, until: now.Add(triggerLife)}
	for old, t := range s.triggers {
		if now.Sub(t.until) > time.Minute {
			delete(s.triggers, old)
		}
	}
	return id
}

// TriggerPlace is the workspace that a trigger came from, or empty.
func (s *Screens) TriggerPlace(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.triggers[id]; t != nil {
		return t.workspace
	}
	return ""
}

// useTrigger spends a trigger. The mutex is held.
func (s *Screens) useTrigger(id, app string) (*trigger, error) {
	t := s.triggers[id]
	switch {
	case t == nil || t.app != app:
		return nil, entity.ErrInvalidTrigger
	case t.used:
		return nil, entity.ErrExchangedTrigger
	case s.world.Now().After(t.until):
		return nil, entity.ErrExpiredTrigger
	}
	return t, nil
}
