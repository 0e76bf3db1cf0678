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
	mu         sync.RWMutex // guards workspaces; held for one look or one write
	workspaces map[desk.WorkspaceID]served.Workspace

	Channels *Channels // the ids that their channels have
}

// NewInstalled returns an Installed that knows the workspaces given.
func NewInstalled(known ...served.Workspace) *Installed {
	i := &Installed{workspaces: map[desk.WorkspaceID]served.Workspace{}, Channels: NewChannels()}
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
