package slacksim

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

var errNotThere = errors.New("there is no such element")

// A Channel is a handle to a channel.
type Channel struct {
	ID string
	ws *Workspace
}

// Now is the channel as it is.
func (ch *Channel) Now() world.Channel {
	row, _ := ch.ws.sim.World.Channel(ch.ID)
	return row
}

// Name is the channel's name.
func (ch *Channel) Name() string { return ch.Now().Name }

// Post posts what a person typed.
func (ch *Channel) Post(u *User, text string) *Message { return ch.post(u, "", text) }

// Reply posts what a person typed below the message rootTS.
func (ch *Channel) Reply(u *User, rootTS, text string) *Message { return ch.post(u, rootTS, text) }

func (ch *Channel) post(u *User, rootTS, text string) *Message {
	m, err := ch.ws.sim.People.Post(person.Draft{User: u.ID, Channel: ch.ID, ThreadTS: rootTS, Text: text})
	ch.ws.sim.must(err)
	return &Message{TS: m.TS, ch: ch}
}

// Send does what the client's send button does with a draft, in this channel: a
// text may begin with /me or a command, a reply may be broadcast.
func (ch *Channel) Send(ctx context.Context, u *User, d person.Draft) (*Message, error) {
	d.User, d.Channel = u.ID, ch.ID
	m, err := ch.ws.sim.People.Send(ctx, d)
	return &Message{TS: m.TS, ch: ch}, err
}

// Upload posts a file with a comment, which may be empty.
func (ch *Channel) Upload(u *User, name string, data []byte, comment string) *Message {
	f, err := ch.ws.sim.World.AddFile(u.ID, name, data)
	ch.ws.sim.must(err)
	m, err := ch.ws.sim.People.Post(person.Draft{User: u.ID, Channel: ch.ID, Text: comment, Files: []string{f.ID}})
	ch.ws.sim.must(err)
	return &Message{TS: m.TS, ch: ch}
}

// Share posts files that were uploaded before, with a comment, which may be
// empty.
func (ch *Channel) Share(u *User, comment string, files ...string) *Message {
	m, err := ch.ws.sim.People.Post(person.Draft{User: u.ID, Channel: ch.ID, Text: comment, Files: files})
	ch.ws.sim.must(err)
	return &Message{TS: m.TS, ch: ch}
}

// Edit changes a person's own message.
func (ch *Channel) Edit(u *User, ts, text string) {
	_, err := ch.ws.sim.People.Edit(u.ID, ch.ID, ts, text)
	ch.ws.sim.must(err)
}

// Delete deletes a person's own message.
func (ch *Channel) Delete(u *User, ts string) {
	ch.ws.sim.must(ch.ws.sim.World.Delete(u.ID, ch.ID, ts))
}

// An Answer is what a person sees after a command: the messages only they see,
// and the form that opened, if one did.
type Answer struct {
	Private []screen.Ephemeral
	Form    *Form
}

// Text is what was said to the person, joined by newlines.
func (a Answer) Text() string {
	out := ""
	for i, e := range a.Private {
		if i > 0 {
			out += "\n"
		}
		out += e.Text
	}
	return out
}

// Command runs a slash command and returns what the person sees after it. The
// error is Slack's own complaint: no such command, or the app did not answer.
func (ch *Channel) Command(ctx context.Context, u *User, text string) (Answer, error) {
	return ch.command(ctx, u, "", text)
}

// CommandInThread tries what Slack does not allow.
func (ch *Channel) CommandInThread(ctx context.Context, u *User, rootTS, text string) (Answer, error) {
	return ch.command(ctx, u, rootTS, text)
}

func (ch *Channel) command(ctx context.Context, u *User, rootTS, text string) (Answer, error) {
	sim := ch.ws.sim
	before := map[string]bool{}
	for _, e := range sim.Screens.Ephemerals(u.ID) {
		before[e.ID] = true
	}
	err := sim.People.Command(ctx, u.ID, ch.ID, rootTS, text)
	var a Answer
	for _, e := range sim.Screens.Ephemerals(u.ID) {
		if !before[e.ID] {
			a.Private = append(a.Private, e)
		}
	}
	a.Form = ch.ws.View(u)
	return a, err
}

// Messages returns what the channel shows, oldest first; replies that stand
// only in threads are left out.
func (ch *Channel) Messages() []world.Message {
	return slices.DeleteFunc(ch.All(), func(m world.Message) bool { return !m.InChannel() })
}

// All returns everything in the channel, oldest first, replies too.
func (ch *Channel) All() []world.Message { return ch.ws.sim.World.All(ch.ID) }

// Thread returns a message and its replies, oldest first.
func (ch *Channel) Thread(rootTS string) []world.Message {
	return slices.DeleteFunc(ch.All(), func(m world.Message) bool { return m.TS != rootTS && m.ThreadTS != rootTS })
}

// Texts returns the texts of Messages without those that Slack wrote itself.
func (ch *Channel) Texts() []string {
	var out []string
	for _, m := range ch.Messages() {
		if !m.System() {
			out = append(out, m.Text)
		}
	}
	return out
}

// Message returns a handle to one message.
func (ch *Channel) Message(ts string) *Message { return &Message{TS: ts, ch: ch} }

// Find returns the newest message for which ok holds; nil if there is none.
func (ch *Channel) Find(ok func(world.Message) bool) *Message {
	for _, m := range slices.Backward(ch.All()) {
		if ok(m) {
			return &Message{TS: m.TS, ch: ch}
		}
	}
	return nil
}

// Pins returns the pinned messages, the one pinned last first.
func (ch *Channel) Pins() []world.Message {
	members := ch.Now().Members
	if len(members) == 0 {
		return nil
	}
	pins, err := ch.ws.sim.World.Pins(members[0], ch.ID)
	ch.ws.sim.must(err)
	return pins
}

// Members returns the names of those in the channel, in the order they came.
func (ch *Channel) Members() []string {
	var out []string
	for _, u := range ch.ws.sim.World.Members(ch.ID) {
		out = append(out, u.Name)
	}
	return out
}

// Invite adds people.
func (ch *Channel) Invite(by *User, users ...*User) {
	var ids []string
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	_, problems, err := ch.ws.sim.World.Invite(by.ID, ch.ID, ids, false)
	ch.ws.sim.must(err)
	for _, p := range problems {
		ch.ws.sim.must(fmt.Errorf("invite %s: %w", p.User, p.Err))
	}
}

// Leave takes a person out by their own will, Kick by another's.
func (ch *Channel) Leave(u *User) {
	_, err := ch.ws.sim.World.Leave(u.ID, ch.ID)
	ch.ws.sim.must(err)
}

// Kick takes a person or bot out.
func (ch *Channel) Kick(by, u *User) { ch.ws.sim.must(ch.ws.sim.World.Kick(by.ID, ch.ID, u.ID)) }

// Archive closes the channel.
func (ch *Channel) Archive(by *User) { ch.ws.sim.must(ch.ws.sim.World.ArchiveChannel(by.ID, ch.ID)) }

// Unarchive opens it again.
func (ch *Channel) Unarchive(by *User) {
	ch.ws.sim.must(ch.ws.sim.World.UnarchiveChannel(by.ID, ch.ID))
}

// findElement finds an element by its action_id, or by what people read on it:
// a button's text, an input's label, a placeholder, a section's text.
func findElement(blocks []world.Block, what string) (blockkit.Element, bool) {
	all := blockkit.Elements(blocks)
	for _, test := range []func(blockkit.Element) bool{
		func(e blockkit.Element) bool { return e.ActionID() == what || e.BlockID() == what },
		func(e blockkit.Element) bool { return blockkit.TextOf(e.Body, "text") == what },
		func(e blockkit.Element) bool { return e.InForm && blockkit.TextOf(e.Block, "label") == what },
		func(e blockkit.Element) bool { return blockkit.TextOf(e.Body, "placeholder") == what },
		func(e blockkit.Element) bool { return blockkit.TextOf(e.Block, "text") == what },
	} {
		if i := slices.IndexFunc(all, test); i >= 0 {
			return all[i], true
		}
	}
	return blockkit.Element{}, false
}
