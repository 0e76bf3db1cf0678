package room

import (
	"slices"

	"caseline/internal/slacksim/entity"
)

// A Room holds a channel's messages. Messages are replaced, never changed.
type Room struct {
	All     []*entity.Message // by ts
	ByTS    map[string]*entity.Message
	Threads map[string][]*entity.Message // replies by ts, without the parent
}

// New returns an empty room.
func New() *Room {
	return &Room{ByTS: map[string]*entity.Message{}, Threads: map[string][]*entity.Message{}}
}

func byTS(m *entity.Message, ts string) int { return entity.CompareTS(m.TS, ts) }

// Put stores a new message or the new state of one.
func (r *Room) Put(m *entity.Message) {
	r.ByTS[m.TS] = m
	r.All = place(r.All, m)
	if m.IsReply() {
		r.Threads[m.ThreadTS] = place(r.Threads[m.ThreadTS], m)
	}
}

func place(list []*entity.Message, m *entity.Message) []*entity.Message {
	i, found := slices.BinarySearchFunc(list, m.TS, byTS)
	if found {
		list[i] = m
		return list
	}
	return slices.Insert(list, i, m)
}

// Drop removes a message, if it is there.
func (r *Room) Drop(ts string) {
	m := r.ByTS[ts]
	if m == nil {
		return
	}
	delete(r.ByTS, ts)
	r.All = without(r.All, ts)
	if !m.IsReply() {
		return
	}
	r.Threads[m.ThreadTS] = without(r.Threads[m.ThreadTS], ts)
	if len(r.Threads[m.ThreadTS]) == 0 {
		delete(r.Threads, m.ThreadTS)
	}
}

func without(list []*entity.Message, ts string) []*entity.Message {
	if i, found := slices.BinarySearchFunc(list, ts, byTS); found {
		return slices.Delete(list, i, i+1)
	}
	return list
}

// Latest is the ts of the newest message, or "0".
func (r *Room) Latest() string {
	if len(r.All) == 0 {
		return "0"
	}
	return r.All[len(r.All)-1].TS
}
