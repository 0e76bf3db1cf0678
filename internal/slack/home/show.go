package home

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/pace"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
)

// next takes a home that is due; wait is how long until one is, if none is now.
func (h *Home) next() (who desk.PersonID, s showing, wait time.Duration) {
	now := h.opt.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	wait = lookEvery
	for p, one := range h.due {
		left := one.at.Sub(now)
		if left <= 0 && (who == "" || one.asked) {
			who, s = p, one
		}
		wait = min(wait, max(left, 0))
	}
	if who != "" {
		delete(h.due, who)
		return who, s, 0
	}
	return "", showing{}, wait
}

// again has a home shown later, unless it is due by now.
func (h *Home) again(who desk.PersonID, s showing, after time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, is := h.due[who]; !is {
		s.at = h.opt.Now().Add(after)
		h.due[who] = s
	}
}

// showDue shows the homes that are due, and returns how long nothing is.
func (h *Home) showDue(ctx context.Context, b []pace.Bucket) (wait time.Duration) {
	for ctx.Err() == nil {
		who, s, wait := h.next()
		if who == "" {
			return wait
		}
		if wait := pace.Take(h.opt.Now().UnixMicro(), b); wait > 0 {
			h.again(who, s, wait)
			return wait
		}
		err := h.show(ctx, who, s)
		if err == nil {
			continue
		}
		if e, ok := errors.AsType[*api.Error](err); ok {
			switch {
			case e.Kind == api.Limited:
				h.again(who, s, max(e.After, time.Second))
				return max(e.After, time.Second)
			case e.Kind == api.Refused && e.Method == "views.publish" && !api.ShutOut(e):
				h.warn(ctx, "home not shown", err)
				continue
			}
		}
		h.warn(ctx, "home not shown", err)
		wait = min(firstWait<<min(s.tries, 10), longWait)
		s.tries++
		h.again(who, s, wait)
		return wait
	}
	return 0
}

// show shows somebody their home. One that looks as it did is not shown again,
// unless they wait.
func (h *Home) show(ctx context.Context, who desk.PersonID, s showing) error {
	w, user, ok := ident.SplitPerson(who)
	if _, known := h.installed.Find(w); !ok || !known {
		return nil
	}
	began := h.opt.Now()
	f, err := h.face(ctx, w, user, s.page)
	if err != nil {
		return err
	}
	v := f.draw()
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("spell a home: %w", err) // unreachable: it is made of strings
	}
	now := shown{sum: sha256.Sum256(text), at: began}
	if last, ok := h.shown[who]; ok && !s.asked && last.sum == now.sum {
		h.shown[who] = now
		return nil
	}
	if err := h.slack.PublishView(ctx, user, v); err != nil {
		return err
	}
	h.shown[who] = now
	return nil
}

// face reads what somebody's home shows.
func (h *Home) face(ctx context.Context, w desk.WorkspaceID, user string, page int) (face, error) {
	who := ident.Person(w, user)
	f := face{page: page}
	standing, err := h.reach.Of(ctx, w, user)
	if e, ok := errors.AsType[*api.Error](err); ok && e.Kind == api.Refused && !api.ShutOut(e) {
		h.warn(ctx, "a person's channels not read", err)
		f.why = "Slack did not say which channels you are in. Use the commands in a channel where support is set up."
		return f, nil
	}
	if err != nil {
		return f, err
	}
	if _, err := standing.MayCreate(); err != nil {
		f.why = err.Error()
	}
	ids, err := h.store.CasesOf(ctx, who, maxCases)
	if err != nil {
		return f, err
	}
	people := []desk.PersonID{who}
	for _, id := range ids {
		c, err := h.store.Case(ctx, id)
		if err != nil {
			return f, err
		}
		if c.Workspace != w {
			continue
		}
		if standing.Require(served.MayRead, c) != nil {
			f.hidden++
			continue
		}
		if c.Chat.EndedBy.Side == desk.SideCustomer {
			people = append(people, desk.PersonID(c.Chat.EndedBy.ID))
		}
		f.matters = append(f.matters, h.matter(c, standing))
	}
	known, err := h.store.People(ctx, people)
	if err != nil {
		return f, err
	}
	f.name = known[who].Name
	f.names = view.Names{Level: h.opt.Level, Person: func(id string) string { return known[desk.PersonID(id)].Name }}
	return f, nil
}

func (h *Home) matter(c desk.Case, s Standing) matter {
	m := matter{
		c: c, replies: c.MayAnswer() == nil && s.Require(served.MayReply, c) == nil,
		canResolve: s.Require(served.MayResolve, c) == nil,
	}
	if at, ok := ident.Split(c.Place); ok {
		at.Channel = h.installed.Channels(at.Workspace).Now(at.Channel)
		m.chat.Channel = string(at.Channel)
		if self, ok := h.installed.Find(at.Workspace); ok && at.Thread != "" {
			m.chat.Thread = at.Address(self.URL)
		}
	}
	if at, ok := ident.Split(c.Asked); ok {
		m.asked = string(h.installed.Channels(at.Workspace).Now(at.Channel))
	}
	return m
}

// answer tells those where to write who wrote to the app. It may be lost.
func (h *Home) answer(ctx context.Context, b []pace.Bucket) {
	h.mu.Lock()
	writers := h.writers
	h.writers = nil
	h.mu.Unlock()
	m := view.Say("Nobody reads what is written here, and it is not kept. To open a case, press *Create a support case* on the Home tab, or type " +
		h.opt.Command + " create in a channel where support is set up. To add to a case, press *Reply* beside it on the Home tab. " +
		"A live chat goes on in its own channel or thread.")
	for i, w := range writers {
		if wait := pace.Take(h.opt.Now().UnixMicro(), b); wait > 0 {
			h.mu.Lock()
			h.writers = append(writers[i:], h.writers...)
			h.mu.Unlock()
			return
		}
		if _, err := h.slack.PostMessage(ctx, api.Post{Channel: w.channel, Text: m.Text, Blocks: m.Blocks}); err != nil {
			h.warn(ctx, "somebody who wrote to the app was not answered", err)
		}
	}
}

func (h *Home) warn(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		h.opt.Log.Warn(what, slog.Any("err", err))
	}
}
