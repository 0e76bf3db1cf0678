package send

import (
	"context"
	"errors"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack"
	"caseline/internal/slack/api"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

const (
	historyPage = 200 // messages of one page
	maxPages    = 25  // more than anybody writes in the time that is searched
)

// Look settles a try whose outcome is unknown.
func (s *Sender) Look(ctx context.Context, d desk.Delivery) desk.Verdict {
	j, err := s.job(ctx, d)
	if err != nil {
		return unknown(err, time.Time{})
	}
	if d.Kind.ReadsHistory() {
		return desk.Verdict{Kind: desk.Retry} // doing it again does no harm
	}
	switch d.Kind {
	case desk.DeliverTopic:
		return s.lookForTopic(ctx, j)
	case desk.DeliverPin, desk.DeliverFetch, desk.DeliverUpload, desk.DeliverRemove:
		return desk.Verdict{Kind: desk.Retry} // doing it again does no harm
	case desk.DeliverEphemeral:
		return sent("") // it may be lost
	case desk.DeliverPlace:
		return s.lookForPlace(ctx, j)
	case desk.DeliverCard:
		if j.c.Card != "" || j.Lane == desk.CardLane(j.Case) || d.Content.What == desk.CardLeft {
			return desk.Verdict{Kind: desk.Retry} // it was an update
		}
	}
	if j.at.Channel == "" {
		return desk.Verdict{Kind: desk.Retry} // nothing can have been posted
	}
	if d.Kind == desk.DeliverShare {
		if j.Part >= partSee {
			return desk.Verdict{Kind: desk.Retry} // it only looked
		}
		return s.lookForShare(ctx, j)
	}
	if d.Kind == desk.DeliverEdit {
		return s.lookForEdit(ctx, j)
	}
	return s.lookForMessage(ctx, j)
}

func unknown(err error, at time.Time) desk.Verdict {
	return desk.Verdict{Kind: desk.Unknown, At: at, Reason: reason(err)}
}

var errNotThere = errors.New("not there yet")

// absent is the verdict when a look that was begun at the time looked has not
// found what was tried at d.TriedAt: if the call could no longer be on its way
// then, it never will be there. What arrived while Slack was answering is no
// part of the answer, so the time of the answer proves nothing.
func (s *Sender) absent(d desk.Delivery, looked time.Time) desk.Verdict {
	sure := d.TriedAt.Add(s.slack.Timeout() + s.opt.Margin)
	if looked.Before(sure) {
		return unknown(errNotThere, sure)
	}
	return desk.Verdict{Kind: desk.Retry, Reason: "not there"}
}

func (s *Sender) lookForPlace(ctx context.Context, j job) desk.Verdict {
	if v, known := knownPlace(j); known {
		return v
	}
	if j.Content.What == string(desk.PlaceThread) {
		return s.lookForMessage(ctx, j)
	}
	ch, v := s.findPlace(ctx, j.c)
	switch {
	case ch != nil:
		return v
	case v.Kind != desk.Sent:
		return desk.Verdict{Kind: desk.Unknown, At: v.At, Reason: v.Reason}
	}
	// Without a channel there may be a thread in its stead.
	v = s.lookForMessage(ctx, j)
	if v.Kind == desk.Unknown && v.Reason == reason(errNotThere) && !strings.HasPrefix(j.Reason, insteadOf) {
		// It was the channel that was tried. Names are unique, so making it
		// again while the first try is still on its way makes no second one.
		return desk.Verdict{Kind: desk.Retry}
	}
	return v
}

// lookForMessage looks for a message of ours by its correlation.
func (s *Sender) lookForMessage(ctx context.Context, j job) desk.Verdict {
	looked := s.opt.Now()
	ours := func(m api.Message) bool {
		return m.Metadata.Type == slack.MetadataType && m.Metadata.Payload["id"] == j.Correlation() && m.BotID == s.self.BotID
	}
	m, v := s.search(ctx, j, j.TriedAt, ours)
	if m == nil && j.at.Thread != "" && j.begins() && (v.Kind == desk.Sent || v.Reason == "thread_not_found") {
		j.at.Thread = "" // it may have been gone when it was sent
		m, v = s.search(ctx, j, j.TriedAt, ours)
	}
	switch {
	case m != nil:
		return s.landed(ctx, j, m.Ts)
	case v.Kind == desk.Sent:
		return s.absent(j.Delivery, looked)
	}
	return v
}

// search reads the place's history from a little before since on. When no
// message is the one that is looked for, the verdict is Sent without a
// receipt; when that cannot be told, it is the look's.
func (s *Sender) search(ctx context.Context, j job, since time.Time, is func(api.Message) bool) (*api.Message, desk.Verdict) {
	span := api.Span{
		Channel: string(j.at.Channel), Thread: j.at.Thread, Limit: historyPage,
		Oldest: string(wire.TsOf(since.Add(-s.opt.Skew).UnixMicro())),
	}
	for range maxPages {
		page, next, err := s.slack.History(ctx, span)
		if err != nil {
			return nil, s.blind(err)
		}
		for _, m := range page {
			if is(m) {
				return &m, sent("")
			}
		}
		if next == "" {
			return nil, sent("")
		}
		span.Cursor = next
	}
	return nil, unknown(errors.New("too much was written since"), time.Time{})
}

// blind is the verdict when the history could not be read.
func (s *Sender) blind(err error) desk.Verdict {
	v := s.once(err)
	switch {
	case v.Kind != desk.Refused:
		v.Kind, v.Hold = desk.Unknown, ""
	case v.Reason == "missing_scope":
		// An operator can add it; until then nobody can tell.
		v.Kind, v.At = desk.Unknown, s.opt.Now().Add(whenOurs)
	}
	// Otherwise we are out of the channel and will never know.
	return v
}

// landed is the verdict when a message was found.
func (s *Sender) landed(ctx context.Context, j job, ts string) desk.Verdict {
	if j.Kind == desk.DeliverPlace {
		v := s.madeThread(ctx, j, ts)
		v.Shown = "" // what it was when it was tried
		return v
	}
	v := sent(ts)
	if j.at.Thread == "" && j.begins() {
		v.Root = ts
	}
	if j.Seq == 0 || j.Kind != desk.DeliverReply && j.Kind != desk.DeliverNotice {
		return v
	}
	e, err := s.store.Entry(ctx, j.Case, j.Seq)
	if err != nil {
		return unknown(err, time.Time{})
	}
	switch {
	case j.Kind == desk.DeliverReply:
		v.More = j.Part+1 < len(s.parts(e, !s.slack.Lacks(customise)))
	case e.Marked(desk.MarkOutside):
		_, v.More = view.Answer(j.c, e, view.Answered{Part: j.Part}, view.Names{})
	}
	return v
}
