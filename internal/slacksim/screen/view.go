package screen

import (
	"maps"
	"slices"
	"strconv"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
)

const maxStack = 3

// OpenModal shows a view to the person whose trigger it is. If they have a
// modal of the app open already, push puts it on top, open replaces them.
func (s *Screens) OpenModal(in entity.Installation, triggerID string, v entity.View, push bool) (entity.View, error) {
	err := s.locked(func() error {
		t, err := s.useTrigger(triggerID, in.App)
		if err != nil {
			return err
		}
		if s.externalTaken(in, v.ExternalID, "") {
			return entity.ErrDuplicateExternal
		}
		stack := s.stacks[t.user]
		if !push {
			stack = nil
		} else if len(stack) == 0 || s.views[stack[0]].App != in.App {
			return entity.ErrNotFound
		} else if len(stack) >= maxStack {
			return entity.ErrPushLimit
		}
		t.used = true
		v = s.pushView(in, t.user, v, stack)
		return nil
	})
	return v, err
}

// PushModal puts a view on top of a person's open modals without a trigger, as
// the answer to a submission does.
func (s *Screens) PushModal(in entity.Installation, user string, v entity.View) (entity.View, error) {
	err := s.locked(func() error {
		stack := s.stacks[user]
		switch {
		case len(stack) == 0:
			return entity.ErrNotFound
		case len(stack) >= maxStack:
			return entity.ErrPushLimit
		case s.externalTaken(in, v.ExternalID, ""):
			return entity.ErrDuplicateExternal
		}
		v = s.pushView(in, user, v, stack)
		return nil
	})
	return v, err
}

func (s *Screens) pushView(in entity.Installation, user string, v entity.View, stack []string) entity.View {
	for _, gone := range s.stacks[user] {
		if !slices.Contains(stack, gone) {
			delete(s.views, gone)
		}
	}
	v.Enterprise = in.Enterprise
	v.ID, v.Type, v.Workspace, v.App, v.BotID, v.User = s.world.NewID("V"), "modal", in.Workspace, in.App, in.BotID, user
	v.Hash = s.newHash()
	v.State = blockkit.Values(v.Blocks, blockkit.Here(v.Blocks, s.current[user]))
	v.Root = v.ID
	if len(stack) > 0 {
		v.Root, v.Previous = stack[0], stack[len(stack)-1]
	}
	s.views[v.ID] = &v
	s.stacks[user] = append(slices.Clone(stack), v.ID)
	s.hint(feed.View, user)
	return v
}

func (s *Screens) newHash() string {
	return strconv.FormatInt(s.world.Now().Unix(), 10) + "." + s.world.NewID("h")
}

func (s *Screens) externalTaken(in entity.Installation, externalID, except string) bool {
	if externalID == "" {
		return false
	}
	for _, v := range s.views {
		if v.ExternalID == externalID && v.Workspace == in.Workspace && v.App == in.App && v.ID != except {
			return true
		}
	}
	return false
}

// UpdateModal replaces an open view, found by its id or external id. What the
// person put in stays where block and action have the same ids. A hash that is
// not the view's current one is refused; empty does not ask.
func (s *Screens) UpdateModal(in entity.Installation, id, externalID, hash string, v entity.View) (entity.View, error) {
	err := s.locked(func() error {
		have := s.views[id]
		if id == "" && externalID != "" {
			for _, o := range s.views {
				if o.ExternalID == externalID && o.App == in.App && o.Workspace == in.Workspace {
					have = o
				}
			}
		}
		switch {
		case have == nil || have.App != in.App || have.Workspace != in.Workspace:
			return entity.ErrNotFound
		case hash != "" && hash != have.Hash:
			return entity.ErrHashConflict
		case s.externalTaken(in, v.ExternalID, have.ID):
			return entity.ErrDuplicateExternal
		}
		v.Enterprise = have.Enterprise
		v.ID, v.Type, v.Workspace, v.App, v.BotID, v.User = have.ID, have.Type, have.Workspace, have.App, have.BotID, have.User
		v.Root, v.Previous = have.Root, have.Previous
		v.State = blockkit.Values(v.Blocks, have.State)
		v.Hash = s.newHash()
		s.views[v.ID] = &v
		s.hint(feed.View, v.User)
		return nil
	})
	return v, err
}

// PublishHome sets what an app's home tab shows a person. What they put in stays
// where block and action have the same ids.
func (s *Screens) PublishHome(in entity.Installation, user, hash string, v entity.View) (entity.View, error) {
	have, _ := s.world.Home(in.App, user)
	v.State = blockkit.Values(v.Blocks, have.State)
	return s.world.PublishHome(in, user, hash, v)
}

// OpenView returns the modal on top of what a person has open.
func (s *Screens) OpenView(user string) (entity.View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stack := s.stacks[user]
	if len(stack) == 0 {
		return entity.View{}, false
	}
	return *s.views[stack[len(stack)-1]], true
}

// View returns an open modal or a home tab by its id.
func (s *Screens) View(id string) (entity.View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.views[id]; v != nil {
		return *v, true
	}
	return s.world.HomeByID(id)
}

// Put sets what a person put into elements of an open modal or a home tab. The
// errors of an earlier submission stay until the next.
func (s *Screens) Put(id string, state map[string]map[string]entity.Value) error {
	if home, ok := s.world.HomeByID(id); ok {
		return s.world.PutHomeState(home.ID, joined(home.State, state))
	}
	return s.locked(func() error {
		have := s.views[id]
		if have == nil {
			return entity.ErrNotFound
		}
		v := *have
		v.State = joined(have.State, state)
		s.views[id] = &v
		return nil
	})
}

// joined is a state with some of its values replaced.
func joined(have, put map[string]map[string]entity.Value) map[string]map[string]entity.Value {
	out := maps.Clone(have)
	if out == nil {
		out = map[string]map[string]entity.Value{}
	}
	for block, values := range put {
		out[block] = maps.Clone(out[block])
		if out[block] == nil {
			out[block] = map[string]entity.Value{}
		}
		maps.Copy(out[block], values)
	}
	return out
}

// Refuse shows errors at the blocks of a view.
func (s *Screens) Refuse(id string, errors map[string]string) error {
	return s.locked(func() error {
		have := s.views[id]
		if have == nil {
			return entity.ErrNotFound
		}
		v := *have
		v.Errors = errors
		s.views[id] = &v
		s.hint(feed.View, v.User)
		return nil
	})
}

// CloseModal takes the view on top away, or with all the person's whole
// stack, and returns what was closed, the top one first.
func (s *Screens) CloseModal(user string, all bool) []entity.View {
	var closed []entity.View
	// It cannot fail.
	_ = s.locked(func() error {
		stack := s.stacks[user]
		for len(stack) > 0 {
			top := stack[len(stack)-1]
			closed = append(closed, *s.views[top])
			delete(s.views, top)
			stack = stack[:len(stack)-1]
			if !all {
				break
			}
		}
		s.stacks[user] = slices.Clone(stack)
		s.hint(feed.View, user)
		return nil
	})
	return closed
}

// CloseOne takes one open modal out of a person's stack.
func (s *Screens) CloseOne(user, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.views, id)
	s.stacks[user] = slices.DeleteFunc(slices.Clone(s.stacks[user]), func(v string) bool { return v == id })
	s.hint(feed.View, user)
}

// NewView turns a view that an app sent into one that can be shown: with ids
// for the blocks and elements that have none.
func (s *Screens) NewView(v blockkit.View) entity.View {
	return entity.View{
		Type: v.Type, Title: v.Title, Submit: v.Submit, Close: v.Close,
		Blocks:          blockkit.Identified(v.Blocks, func() string { return s.world.NewID("b") }),
		PrivateMetadata: v.PrivateMetadata, CallbackID: v.CallbackID, ExternalID: v.ExternalID,
		NotifyOnClose: v.NotifyOnClose, ClearOnClose: v.ClearOnClose, SubmitDisabled: v.SubmitDisabled,
	}
}
