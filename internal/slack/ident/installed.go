package ident

import (
	"maps"
	"slices"
	"sync"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// Installed knows the workspaces in which our app is installed, and who it is
// there. It may be used by many goroutines.
type Installed struct {
	mu         sync.RWMutex // guards what follows; held for one look or one write
	workspaces map[desk.WorkspaceID]served.Workspace
	channels   map[desk.WorkspaceID]*Channels // by workspace: where one is shared no more, each side goes on with an id of its own
}

// NewInstalled returns an Installed that knows the workspaces given.
func NewInstalled(known ...served.Workspace) *Installed {
	i := &Installed{workspaces: map[desk.WorkspaceID]served.Workspace{}, channels: map[desk.WorkspaceID]*Channels{}}
	for _, w := range known {
		i.Put(w)
	}
	return i
}

// Put adds a workspace, or replaces what is known of it.
func (i *Installed) Put(w served.Workspace) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.workspaces[w.ID] = w
}

// Channels returns the ids that the channels of a workspace have.
func (i *Installed) Channels(w desk.WorkspaceID) *Channels {
	i.mu.RLock()
	c := i.channels[w]
	i.mu.RUnlock()
	if c != nil {
		return c
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if c = i.channels[w]; c == nil {
		c = NewChannels()
		i.channels[w] = c
	}
	return c
}

// All returns the workspaces that are known.
func (i *Installed) All() []served.Workspace {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return slices.Collect(maps.Values(i.workspaces))
}

// Of returns the workspaces of an organisation in which our app is known to be.
func (i *Installed) Of(enterprise string) (all []desk.WorkspaceID) {
	i.mu.RLock()
	defer i.mu.RUnlock()
	for id, w := range i.workspaces {
		if enterprise != "" && w.Enterprise == enterprise {
			all = append(all, id)
		}
	}
	return all
}

// Find returns a workspace, if our app is installed there.
func (i *Installed) Find(id desk.WorkspaceID) (served.Workspace, bool) {
	i.mu.RLock()
	defer i.mu.RUnlock()
	w, ok := i.workspaces[id]
	return w, ok
}

// Bot reports whether a user is our app's in any workspace.
func (i *Installed) Bot(user string) bool {
	i.mu.RLock()
	defer i.mu.RUnlock()
	for _, w := range i.workspaces {
		if w.BotUID == user && user != "" {
			return true
		}
	}
	return false
}
