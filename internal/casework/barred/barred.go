package barred

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/store"
)

// A reader reads who there is and in which chats they are.
type reader interface {
	Agents(ctx context.Context) ([]desk.Agent, error)
	ChatsOf(ctx context.Context, agent desk.AgentID, limit int) ([]desk.Case, error)
	Watch(fn func(store.Hint)) (stop func())
}

// A taker takes a chat back from an agent.
type taker interface {
	TakeBack(ctx context.Context, id desk.CaseID, from desk.AgentID) error
}

const (
	// page is how many chats of an agent are taken back at once.
	page = 100
	// looks are how often somebody is found in no chat before they are looked for no
	// more: what they were doing when they were barred may end a moment later.
	looks = 3
)

// A Watch looks for chats of agents who are barred. Make it with New; only one
// goroutine sweeps.
type Watch struct {
	read  reader
	cases taker
	clear map[desk.AgentID]int // how often they were found in no chat
}

// New returns a Watch.
func New(read reader, cases taker) *Watch {
	return &Watch{read: read, cases: cases, clear: map[desk.AgentID]int{}}
}

// Sweep takes back the chats of those who may not answer. Nothing is due by
// itself after it.
func (w *Watch) Sweep(ctx context.Context) (next time.Time, err error) {
	agents, err := w.read.Agents(ctx)
	if err != nil {
		return next, fmt.Errorf("read the agents: %w", err)
	}
	var failed []error
	for _, a := range agents {
		if rights.May(a, rights.Answer) {
			delete(w.clear, a.ID)
			continue
		}
		if w.clear[a.ID] >= looks {
			continue
		}
		chats, err := w.read.ChatsOf(ctx, a.ID, page)
		if failed = append(failed, err); err == nil && len(chats) == 0 {
			w.clear[a.ID]++
		}
		for _, c := range chats {
			failed = append(failed, w.cases.TakeBack(ctx, c.ID, a.ID))
		}
	}
	return next, errors.Join(failed...)
}

// Wake has wake called after each change of an agent, until stop is called.
func (w *Watch) Wake(wake func()) (stop func()) {
	return w.read.Watch(func(h store.Hint) {
		if h.All || h.Agents {
			wake()
		}
	})
}
