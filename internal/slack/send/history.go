package send

import (
	"context"
	"strings"
	"time"

	"caseline/internal/casework"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/slack"
	"caseline/internal/slack/absent"
	"caseline/internal/slack/api"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// historyMethod is the method that the next try of a reading calls.
func historyMethod(d desk.Delivery, thread string) string {
	switch w := resume(thread, d.Receipt); {
	case w.done:
		return "chat.postEphemeral"
	case w.thread != "":
		return "conversations.replies"
	}
	return "conversations.history"
}

// A reading is a job that reads the history of a chat's place.
type reading struct {
	job
	chat        desk.ChatSession
	from, until time.Time // both included; until may be zero
	since       time.Time // how far back to read; what stands on a page besides, and is not before from, is taken too
	walk        walk
}

func (s *Sender) reading(ctx context.Context, j job) (reading, error) {
	r := reading{job: j, chat: j.c.Chat, walk: resume(j.at.Thread, j.Receipt)}
	if id := j.Content.Chat; id != r.chat.ID {
		var err error
		if r.chat, err = s.chat(ctx, j.c, id); err != nil {
			return r, err
		}
	}
	switch j.Kind {
	case desk.DeliverTally:
		r.from, r.until = r.chat.JoinedAt, r.chat.EndedAt
	case desk.DeliverCatchUp:
		r.from = j.Content.Since
		if j.Content.What == desk.Comparing {
			r.from, r.since = r.chat.JoinedAt, casework.ComparesFrom(r.chat)
			return r, nil
		}
	default:
		r.from, r.until = r.chat.RequestedAt, r.chat.JoinedAt
	}
	r.since = r.from
	return r, nil
}

// history reads one more page of a place's history and does with it what the
// delivery is for.
func (s *Sender) history(ctx context.Context, j job) desk.Verdict {
	r, err := s.reading(ctx, j)
	switch {
	case err != nil:
		return retry(err)
	case j.at.Channel == "":
		return unreadable("no_place")
	case r.walk.pages >= maxWalk:
		return unreadable("too_much")
	case r.walk.done:
		return s.offer(ctx, r) // all others end with their last page
	}
	seen, page, next, err := s.page(ctx, r)
	if err != nil {
		return s.unread(err)
	}
	l, err := s.take(ctx, r, page)
	if err == nil {
		err = s.miss(ctx, r, seen, page)
	}
	if err != nil {
		return retry(err)
	}
	l.next, l.edge = next, seen.Next()
	r.walk = r.walk.after(l)
	v := desk.Verdict{Kind: desk.Sent, Receipt: l.String(), More: !r.walk.done}
	if r.walk.done && j.Kind == desk.DeliverOffer {
		v.More = r.walk.found.own > 0
	}
	if r.walk.done && j.Kind == desk.DeliverTally {
		f := r.walk.found
		err = s.cases.Tallied(ctx, casework.Tallied{Case: j.Case, Chat: r.chat.ID, Tally: desk.Compared(f.slack, f.onCase, f.fetched, f.gone)})
	}
	if err != nil {
		return retry(err)
	}
	return v
}

// page reads the page of the history that is next. A thread that is gone from
// a channel is an empty one.
func (s *Sender) page(ctx context.Context, r reading) (absent.Page, []slack.Recalled, string, error) {
	span := api.Span{Channel: string(r.at.Channel), Thread: r.walk.thread, Limit: historyPage, Cursor: r.walk.cursor}
	if !r.until.IsZero() {
		span.Latest = string(wire.TsOf(r.until.UnixMicro()))
	}
	if span.Thread != "" {
		span.Oldest = string(wire.TsOf(r.since.UnixMicro()))
	}
	asked := s.opt.Now()
	messages, next, err := s.slack.History(ctx, span)
	if api.Code(err) == "thread_not_found" && r.at.Thread == "" {
		return shown(r, span, asked, nil, ""), nil, "", nil
	}
	var page []slack.Recalled
	for _, m := range messages {
		if m.Ts == span.Thread {
			continue // its first message stands ahead of each page
		}
		if read, ok := slack.Recall(s.self, r.at.Channel, m.Raw); ok {
			page = append(page, read)
		}
	}
	return shown(r, span, asked, messages, next), page, next, err
}

// take does with a page what the delivery is for.
func (s *Sender) take(ctx context.Context, r reading, page []slack.Recalled) (l leaf, err error) {
	x := recording.Excerpt{Case: r.Case, Chat: r.chat.ID}
	whole := r.at.Thread == "" && r.walk.thread == "" // a page of a channel, not of a thread
	for _, m := range page {
		if m.At.Before(r.since) {
			l.past = l.past || whole
		}
		if whole && !m.Replied.IsZero() && !m.Replied.Before(r.since) {
			l.threads = append(l.threads, string(m.Ts))
		}
		if m.Message != nil && m.At.After(x.Spoke) {
			x.Spoke = m.At
		}
		switch {
		case m.At.Before(r.from) || !r.until.IsZero() && m.At.After(r.until):
		case m.Broadcast && !whole && r.at.Thread == "": // the channel has shown it
		case m.Gone:
			x.Gone = append(x.Gone, m.GoneMessage(s.self, r.at.Channel))
		case m.Edit != nil:
			x.Edits = append(x.Edits, *m.Edit)
			// While the chat runs its first words may still come as an event.
			if !r.until.IsZero() || r.Content.What == desk.Comparing && s.opt.Now().Sub(m.At) > lastTry {
				x.Messages = append(x.Messages, *m.Message)
			}
		case m.Message != nil:
			x.Messages = append(x.Messages, *m.Message)
		}
	}
	l.found, err = s.use(ctx, r, x)
	return l, err
}

// use hands an excerpt on.
func (s *Sender) use(ctx context.Context, r reading, x recording.Excerpt) (f findings, err error) {
	switch r.Kind {
	case desk.DeliverOffer:
		for _, m := range x.Messages {
			switch {
			case !r.chat.Awaited(m.At):
			case m.Author == r.chat.Requester:
				f.own++
			default:
				f.others++
			}
		}
		return f, nil
	case desk.DeliverCollect:
		return f, s.cases.Collect(ctx, x)
	default:
		if x.Gone, err = s.notOurs(ctx, r, x.Gone); err != nil {
			return f, err
		}
		c, err := s.cases.Backfill(ctx, x)
		return findings{slack: c.Slack, onCase: c.Case, fetched: c.Fetched, gone: c.Gone}, err
	}
}

// notOurs leaves out what we posted and deleted ourselves: a tombstone does
// not say whose it was, but our receipts do.
func (s *Sender) notOurs(ctx context.Context, r reading, gone []desk.Message) ([]desk.Message, error) {
	if len(gone) == 0 {
		return nil, nil
	}
	ours, err := s.store.DeliveriesOf(ctx, r.Case, 0)
	if err != nil {
		return nil, err
	}
	var rest []desk.Message
	for _, m := range gone {
		ts := string(wire.TsOf(m.At.UnixMicro()))
		if r.c.Card != ts && !posted(ours, ts) {
			rest = append(rest, m)
		}
	}
	return rest, nil
}

func posted(ours []desk.Delivery, ts string) bool {
	for _, d := range ours {
		if strings.Contains(d.Receipt, ts) {
			return true
		}
	}
	return false
}

// offer asks the requester whether to share what they wrote while waiting.
// Being asked twice does no harm, for they decide once.
func (s *Sender) offer(ctx context.Context, r reading) desk.Verdict {
	if r.Kind != desk.DeliverOffer || r.chat.State != desk.ChatInProgress || r.walk.found.own == 0 {
		return sent("") // nothing is left to be asked
	}
	v := s.whisper(ctx, r.job, view.Offer(r.c, r.walk.found.own, r.walk.found.others))
	switch v.Kind {
	case desk.Sent:
		v.Receipt = desk.Offered
	case desk.Unknown:
		v.Kind = desk.Retry
	case desk.Retry, desk.Refused:
	}
	return v
}

// unread is the verdict when a page could not be read. Reading it again does
// no harm.
func (s *Sender) unread(err error) desk.Verdict {
	v := s.again(err)
	if v.Kind == desk.Refused {
		return unreadable(v.Reason)
	}
	return v
}

// unreadable is the verdict on a history that Slack does not let us read. Its
// reason is shown to people.
func unreadable(code string) desk.Verdict {
	switch code {
	case "no_place":
		return refused("The chat has no place in Slack.")
	case "channel_not_found", "not_in_channel", "channel_is_limited_access":
		return refused("The app is no longer in the chat's channel.")
	case "thread_not_found":
		return refused("The chat's thread was deleted in Slack.")
	case "missing_scope", "not_allowed_token_type", "no_permission", "access_denied":
		return refused("The app is not allowed to read the history of the chat's channel.")
	case "too_much":
		return refused("The history is too long to be compared.")
	}
	return refused("Slack did not let us read it (" + code + ").")
}
