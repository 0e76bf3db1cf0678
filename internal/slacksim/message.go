package slacksim

import (
	"context"
	"fmt"

	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/world"
)

// A Message is a handle to a message.
type Message struct {
	TS string
	ch *Channel
}

// Channel is where the message stands.
func (m *Message) Channel() *Channel { return m.ch }

// Now is the message as it is, if it is still there.
func (m *Message) Now() (world.Message, bool) {
	return m.ch.ws.sim.World.At(m.ch.ID, m.TS)
}

// Text is what the message says now.
func (m *Message) Text() string {
	row, _ := m.Now()
	return row.Text
}

// Press acts on an element of the message, found by its action_id or by what is
// written on it. Picks are the values picked, for elements that are no button.
func (m *Message) Press(ctx context.Context, u *User, what string, picks ...string) error {
	row, _ := m.Now()
	e, ok := findElement(row.Blocks, what)
	if !ok {
		return fmt.Errorf("press %q: %w", what, errNotThere)
	}
	t := person.Target{Channel: m.ch.ID, TS: m.TS, BlockID: e.BlockID(), ActionID: e.ActionID()}
	return m.ch.ws.sim.People.Act(ctx, u.ID, t, picks...)
}

// Shortcut runs an app's message shortcut on the message.
func (m *Message) Shortcut(ctx context.Context, u *User, app *Installed, callbackID string) error {
	return m.ch.ws.sim.People.RunOnMessage(ctx, u.ID, app.ID, callbackID, m.ch.ID, m.TS)
}

// Reply posts below the message.
func (m *Message) Reply(u *User, text string) *Message { return m.ch.Reply(u, m.TS, text) }

// Broadcast posts below the message and shows the reply in the channel too.
func (m *Message) Broadcast(u *User, text string) *Message {
	return m.reply(person.Draft{User: u.ID, Text: text, Broadcast: true})
}

// Upload posts a file below the message.
func (m *Message) Upload(u *User, name string, data []byte, comment string) *Message {
	f, err := m.ch.ws.sim.World.AddFile(u.ID, name, data)
	m.ch.ws.sim.must(err)
	return m.reply(person.Draft{User: u.ID, Text: comment, Files: []string{f.ID}})
}

func (m *Message) reply(d person.Draft) *Message {
	d.Channel, d.ThreadTS = m.ch.ID, m.TS
	out, err := m.ch.ws.sim.People.Post(d)
	m.ch.ws.sim.must(err)
	return &Message{TS: out.TS, ch: m.ch}
}

// Edit changes the message, which must be the person's own.
func (m *Message) Edit(u *User, text string) { m.ch.Edit(u, m.TS, text) }

// Delete deletes the message, which must be the person's own.
func (m *Message) Delete(u *User) { m.ch.Delete(u, m.TS) }

// React puts an emoji under the message.
func (m *Message) React(u *User, emoji string) {
	m.ch.ws.sim.must(m.ch.ws.sim.World.React(u.ID, m.ch.ID, m.TS, emoji))
}

// Pin pins the message, Unpin takes it from the pins.
func (m *Message) Pin(u *User) { m.ch.ws.sim.must(m.ch.ws.sim.World.Pin(u.ID, m.ch.ID, m.TS)) }

// Unpin takes the message from the pins.
func (m *Message) Unpin(u *User) { m.ch.ws.sim.must(m.ch.ws.sim.World.Unpin(u.ID, m.ch.ID, m.TS)) }

// Forward shares the message into another channel, with a comment that may be
// empty.
func (m *Message) Forward(u *User, to *Channel, comment string) *Message {
	sim := m.ch.ws.sim
	out, err := sim.People.Forward(u.ID, m.ch.ID, m.TS, person.Draft{Channel: to.ID, Text: comment})
	sim.must(err)
	return &Message{TS: out.TS, ch: to}
}
