package ident

import (
	"sync"

	"caseline/internal/desk"
)

// Channels knows which channels of one workspace Slack has given other ids. We go on calling
// such a channel by the first id that we knew it by, so that places, lanes and
// origins stay what they are; only what we tell Slack, or Slack tells us, is
// translated. It may be used by many goroutines; a nil *Channels knows of none.
type Channels struct {
	mu    sync.RWMutex // guards both maps, for one look or one write
	first map[desk.ChannelID]desk.ChannelID
	now   map[desk.ChannelID]desk.ChannelID // by first id
}

// NewChannels returns a Channels that knows of none.
func NewChannels() *Channels {
	return &Channels{first: map[desk.ChannelID]desk.ChannelID{}, now: map[desk.ChannelID]desk.ChannelID{}}
}

// First is what we call the channel that Slack calls id.
func (c *Channels) First(id desk.ChannelID) desk.ChannelID {
	if c == nil {
		return id
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return look(c.first, id)
}

// Now is what Slack calls the channel that we call id.
func (c *Channels) Now(id desk.ChannelID) desk.ChannelID {
	if c == nil {
		return id
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return look(c.now, look(c.first, id))
}

func look(ids map[desk.ChannelID]desk.ChannelID, id desk.ChannelID) desk.ChannelID {
	if other, ok := ids[id]; ok {
		return other
	}
	return id
}

// Change notes that what Slack called before is now called after. Noting it
// again changes nothing, and changes of one channel may come in any order.
func (c *Channels) Change(before, after desk.ChannelID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := look(c.first, before)
	switch {
	case before == after:
		return
	case after == first:
		delete(c.now, first) // it is what it was
		return
	case look(c.first, after) == first:
		return // we know
	}
	latest := look(c.now, after) // it may have moved on, as we heard before
	for id, f := range c.first {
		if f == after {
			c.first[id] = first
		}
	}
	delete(c.now, after)
	c.first[after], c.now[first] = first, latest
}
