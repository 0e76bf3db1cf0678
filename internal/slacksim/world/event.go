package world

import (
	"maps"
	"slices"
	"strings"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
)

// A scope says which apps hear of something.
type scope struct {
	workspace string
	channel   string // only apps whose bot is in it
	app       string // only this app
}

// emit queues an event for every app that subscribed to it and may see it.
func (c *Change) emit(s scope, kind string, body map[string]any) {
	c.emitNamed(s, kind, kind, body)
}

// emitNamed queues an event whose subscription has another name than its type.
func (c *Change) emitNamed(s scope, name, kind string, body map[string]any) {
	w := c.w
	for _, in := range w.Apps.Installs() {
		if in.Workspace == "" || in.Workspace != s.workspace || in.Revoked || (s.app != "" && s.app != in.App) {
			continue
		}
		if s.channel != "" && !w.channels.Rows[s.channel].Has(in.BotUser) {
			continue
		}
		if app, _ := w.Apps.App(in.App); !slices.Contains(app.Events, name) {
			continue
		}
		c.queue(in, s.channel, kind, body)
	}
}

// queue queues an event for one installation.
func (c *Change) queue(in Installation, channel, kind string, body map[string]any) {
	w := c.w
	full := maps.Clone(body)
	full["type"] = kind
	if full["event_ts"] == nil {
		full["event_ts"] = entity.FormatTS(max(w.clock.Now().UnixMicro(), w.stamp.Micros))
	}
	e := Event{
		ID: w.newID("Ev"), App: in.App, Workspace: in.Workspace, Enterprise: in.Enterprise, OrgInstall: in.OrgWide(),
		Channel: channel, BotUser: in.BotUser, Body: full, At: w.clock.Now().Unix(),
	}
	if ws := w.workspaces.Rows[in.Workspace]; ws != nil {
		e.Enterprise = ws.Enterprise
	}
	w.pending.Add(c.log, e.ID, e)
	c.hint(feed.Events, in.App)
}

// emitMessage queues a message event and, for those it mentions, app_mention.
func (c *Change) emitMessage(ch Channel, body map[string]any, m Message) {
	s := scope{workspace: ch.Workspace, channel: ch.ID}
	c.emitNamed(s, ch.MessageEvent(), "message", body)
	if m.System() || m.BotID != "" || ch.Kind == Direct {
		return
	}
	for _, in := range c.w.Apps.Installs() {
		if strings.Contains(m.Text, "<@"+in.BotUser+">") {
			mention := maps.Clone(body)
			delete(mention, "channel_type")
			delete(mention, "subtype")
			c.emit(scope{workspace: ch.Workspace, channel: ch.ID, app: in.App}, "app_mention", mention)
		}
	}
}

// emitHidden queues a message event about another message.
func (c *Change) emitHidden(ch Channel, subtype string, body map[string]any) {
	c.emitHiddenAt(ch, subtype, c.w.nextTS(), body)
}

func (c *Change) emitHiddenAt(ch Channel, subtype, ts string, body map[string]any) {
	body["subtype"], body["hidden"] = subtype, true
	body["channel"], body["channel_type"] = ch.ID, ch.TypeName()
	body["ts"], body["event_ts"] = ts, ts
	c.emitNamed(scope{workspace: ch.Workspace, channel: ch.ID}, ch.MessageEvent(), "message", body)
}

// TakeEvents hands out the events that were not handed out since Open, oldest
// first. The taker must call Delivered for each, sooner or later.
func (w *World) TakeEvents() []Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pending.Take()
}

// Delivered forgets an event: its app has it, or will never have it.
func (w *World) Delivered(id string) error {
	return w.update(func(c *Change) error {
		if e := w.pending.Rows[id]; e != nil {
			c.hint(feed.Events, e.App)
		}
		w.pending.Drop(c.log, id)
		return nil
	})
}

// Undelivered is how many events and file messages are still on their way.
func (w *World) Undelivered() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.pending.Rows) + len(w.shares.Rows)
}

// ReturnEvents takes back what was handed out and not delivered, so that the
// next taker gets it.
func (w *World) ReturnEvents() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending.Return(func(e Event) string { return e.ID })
}
