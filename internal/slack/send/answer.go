package send

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
)

// tells reports whether a delivery tells the channel where its case was
// opened about it. All that do are in one thread, which the first begins.
func tells(d desk.Delivery, c desk.Case) bool {
	return d.Place == c.Asked && (d.Kind == desk.DeliverLink || d.Kind == desk.DeliverNotice)
}

// answer posts the next part of the notice of words added outside the chat.
func (s *Sender) answer(ctx context.Context, j job, e desk.Correspondence) desk.Verdict {
	a := view.Answered{Part: j.Part, Files: j.Content.Files}
	if !tells(j.Delivery, j.c) {
		a.Original = s.original(j.c)
	}
	m, more := view.Answer(j.c, e, a, s.names(ctx, j.c, e.Author))
	v := s.post(ctx, j, m)
	v.More = v.Kind == desk.Sent && more
	return v
}

// original is the address of where a case was opened: of its thread there, or
// of the channel while it has none.
func (s *Sender) original(c desk.Case) string {
	at, ok := ident.Split(c.Asked)
	if !ok {
		return ""
	}
	at.Thread, at.Channel = c.Thread, s.opt.Channels.Now(at.Channel)
	return at.Address(s.self.URL)
}
