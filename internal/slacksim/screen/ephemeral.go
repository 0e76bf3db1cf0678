package screen

import (
	"slices"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/world"
)

const maxEphemerals = 50

// An Ephemeral is a message that one person sees until they reload. It is in
// no history.
type Ephemeral struct {
	ID       string // unique; its ts
	Channel  string
	ThreadTS string
	User     string // who sees it
	App      string // whose it is; empty when Slack itself says something
	BotUser  string
	Username string
	Icons    *entity.Icons
	Text     string
	Blocks   []entity.Block
	// Attachments as apps sent them.
	Attachments []map[string]any
}

// ShowEphemeral shows a message to one person only.
func (s *Screens) ShowEphemeral(e Ephemeral) (Ephemeral, error) {
	err := s.locked(func() error {
		if _, ok := s.world.User(e.User); !ok {
			return entity.ErrUserNotFound
		}
		e.ID = s.world.NextTS()
		list := append(slices.Clone(s.ephemerals[e.User]), e)
		if len(list) > maxEphemerals {
			list = list[len(list)-maxEphemerals:]
		}
		s.ephemerals[e.User] = list
		s.hint(feed.Ephemeral, e.User)
		return nil
	})
	return e, err
}

// SendEphemeral is ShowEphemeral for bots: sender and receiver must both be in
// the channel.
func (s *Screens) SendEphemeral(e Ephemeral) (Ephemeral, error) {
	p := world.Posting{User: e.BotUser, Channel: e.Channel, ThreadTS: e.ThreadTS, Text: e.Text, Blocks: e.Blocks, Attachments: e.Attachments}
	if err := s.world.MayPost(p); err != nil {
		return Ephemeral{}, err
	}
	if ch, _ := s.world.Channel(e.Channel); !ch.Has(e.User) {
		return Ephemeral{}, entity.ErrUserNotInChannel
	}
	return s.ShowEphemeral(e)
}

// Ephemerals returns the messages that only this person sees, oldest first.
func (s *Screens) Ephemerals(user string) []Ephemeral {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ephemerals[user])
}

// Ephemeral returns one of them.
func (s *Screens) Ephemeral(user, id string) (Ephemeral, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.ephemerals[user] {
		if e.ID == id {
			return e, true
		}
	}
	return Ephemeral{}, false
}

// ReplaceEphemeral changes what an ephemeral message says.
func (s *Screens) ReplaceEphemeral(e Ephemeral) error {
	return s.locked(func() error {
		i := slices.IndexFunc(s.ephemerals[e.User], func(o Ephemeral) bool { return o.ID == e.ID })
		if i < 0 {
			return entity.ErrMessageNotFound
		}
		list := slices.Clone(s.ephemerals[e.User])
		list[i] = e
		s.ephemerals[e.User] = list
		s.hint(feed.Ephemeral, e.User)
		return nil
	})
}

// Dismiss takes an ephemeral message away; an empty id takes all away, as a
// reload of the client does.
func (s *Screens) Dismiss(user, id string) error {
	return s.locked(func() error {
		s.ephemerals[user] = slices.DeleteFunc(slices.Clone(s.ephemerals[user]), func(e Ephemeral) bool {
			return id == "" || e.ID == id
		})
		s.hint(feed.Ephemeral, user)
		return nil
	})
}
