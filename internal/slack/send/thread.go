package send

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
)

// needless reports whether a delivery is for chats in channels of their own and
// this one is in a thread: there nobody is added, nothing is pinned, and the
// channel where the case was opened has the thread itself before it.
func (j job) needless() bool {
	if j.Kind == desk.DeliverNews {
		return j.chatHere()
	}
	if j.c.PlaceKind != desk.PlaceThread {
		return false
	}
	switch j.Kind {
	case desk.DeliverInvite, desk.DeliverPin, desk.DeliverTopic, desk.DeliverLink:
		return true
	case desk.DeliverNotice:
		return tells(j.Delivery, j.c) && j.at.Place() == j.c.Place // the place was told
	}
	return false
}

// makeThread begins the thread for a case's chat with the case's card. When the
// channel has a thread of the case already, its first message becomes the card.
func (s *Sender) makeThread(ctx context.Context, j job) desk.Verdict {
	j.c.PlaceKind = desk.PlaceThread
	m := view.Card(s.opt.Named(j.c), s.accountTitle(ctx, j.c), s.names(ctx, j.c))
	if root := j.c.Thread; root != "" && j.Place == j.c.Asked {
		err := s.slack.UpdateMessage(ctx, root, api.Post{Channel: string(j.at.Channel), Text: m.Text, Blocks: m.Blocks})
		switch v := s.again(err); {
		case v.Kind == desk.Refused && api.Code(err) != "message_not_found":
			v = s.madeThread(ctx, j, root)
			v.Shown = "" // a card follows
			return v
		case v.Kind == desk.Sent:
			return s.madeThread(ctx, j, root)
		case v.Kind != desk.Refused:
			return v
		}
	}
	v := s.post(ctx, j, m)
	if v.Kind != desk.Sent {
		return v
	}
	return s.madeThread(ctx, j, v.Receipt)
}

// madeThread is the verdict for a thread whose first message is there.
func (s *Sender) madeThread(ctx context.Context, j job, root string) desk.Verdict {
	at := ident.Where{Workspace: j.at.Workspace, Channel: j.at.Channel, Thread: root}
	v := desk.Verdict{Kind: desk.Sent, Receipt: string(at.Place()), Root: root, Name: s.channelCalled(ctx, j), Shown: j.c.CardState()}
	if why, instead := strings.CutPrefix(j.Reason, insteadOf); instead {
		v.Reason = why
	}
	return v
}

var errNameTime = errors.New("the channel's name did not come in time")

// channelCalled is what a channel is called, or empty: for agents it is good to
// know, and not worth failing for.
func (s *Sender) channelCalled(ctx context.Context, j job) string {
	ctx, cancel := context.WithTimeoutCause(ctx, s.slack.Timeout()/4, errNameTime)
	defer cancel()
	ch, err := s.slack.ChannelInfo(ctx, string(j.at.Channel))
	if err != nil {
		s.opt.Log.Debug("channel's name not known", slog.String("case", string(j.Case)), slog.Any("err", err))
	}
	return ch.Name
}

// insteadOf begins the reason of a try that would have a thread, because Slack
// refused to make the channel for the rest of the reason.
const insteadOf = "thread instead of channel: "

// insteadOfChannel makes a thread for a chat that Slack will not have a channel
// made for. When that cannot be either, the verdict is the channel's.
func (s *Sender) insteadOfChannel(ctx context.Context, j job, channel desk.Verdict) desk.Verdict {
	v := s.makeThread(ctx, j)
	switch v.Kind {
	case desk.Refused:
		return channel
	case desk.Unknown:
		v.Reason = insteadOf + channel.Reason
	case desk.Sent:
		v.Reason = channel.Reason
	case desk.Retry:
	}
	return v
}

// noChannel tells a thread why the chat did not get a channel, and who can read
// it here.
func (s *Sender) noChannel(ctx context.Context, j job) desk.Verdict {
	ch, err := s.slack.ChannelInfo(ctx, string(j.at.Channel))
	if err != nil {
		return s.again(err)
	}
	return s.post(ctx, j, view.NoChannel(j.Content.Text, ch.Private))
}

// cardLeft makes the card of a place that the case has left say where it went.
func (s *Sender) cardLeft(ctx context.Context, j job) desk.Verdict {
	m := view.CardLeft(j.c, s.accountTitle(ctx, j.c), s.where(j.c), s.names(ctx, j.c))
	v := s.again(s.slack.UpdateMessage(ctx, j.Content.Text, api.Post{Channel: string(j.at.Channel), Text: m.Text, Blocks: m.Blocks}))
	v.Receipt = "" // it is no longer the case's card
	return v
}

// where says where a case's chat is.
func (s *Sender) where(c desk.Case) view.Where {
	at, _ := ident.Split(c.Place)
	at.Channel = s.opt.Channels.Now(at.Channel)
	w := view.Where{Channel: string(at.Channel)}
	if at.Thread != "" {
		w.Thread = at.Address(s.self.URL)
	}
	return w
}
