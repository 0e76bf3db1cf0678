package screen

import (
	"sync"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/world"
)

// Screens are the screens of everybody in one world.
type Screens struct {
	world *world.World

	mu         sync.Mutex // guards all below, for the length of one operation
	views      map[string]*entity.View
	stacks     map[string][]string // by user: their open modals, the top one last
	triggers   map[string]*trigger
	responses  map[string]*Response
	ephemerals map[string][]Ephemeral
	current    map[string]string // by user: the channel they acted in last
}

// New returns empty screens for the people of w.
func New(w *world.World) *Screens {
	return &Screens{
		world:      w,
		views:      map[string]*entity.View{},
		stacks:     map[string][]string{},
		triggers:   map[string]*trigger{},
		responses:  map[string]*Response{},
		ephemerals: map[string][]Ephemeral{},
		current:    map[string]string{},
	}
}

// hint tells the watchers of the world. It may be called under the mutex.
func (s *Screens) hint(kind feed.Kind, id string) {
	s.world.Hint(feed.Hint{Kind: kind, ID: id})
}

// locked runs one operation.
func (s *Screens) locked(fn func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fn()
}
