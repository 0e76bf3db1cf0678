package send

import (
	"cmp"
	"context"
	"errors"
	"log/slog"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/rating"
	"caseline/internal/slack/view"
)

// customise is the scope that lets a message go under an agent's name.
const customise = "chat:write.customize"

// post posts a message of ours that can be found again.
func (s *Sender) post(ctx context.Context, j job, m view.Message) desk.Verdict {
	return s.say(ctx, j, api.Post{Text: m.Text, Blocks: m.Blocks})
}

func (s *Sender) say(ctx context.Context, j job, p api.Post) desk.Verdict {
	p.Channel, p.Thread = string(j.at.Channel), j.at.Thread
	p.Metadata = &api.Metadata{Type: slack.MetadataType, Payload: map[string]string{"id": j.Correlation()}}
	ts, err := s.slack.PostMessage(ctx, p)
	if api.Code(err) == "cannot_reply_to_message" && j.begins() {
		p.Thread = "" // somebody deleted the message that began the thread
		ts, err = s.slack.PostMessage(ctx, p)
	}
	if err != nil {
		return s.once(err)
	}
	v := sent(ts)
	if p.Thread == "" && j.begins() {
		v.Root = ts
	}
	return v
}

// names returns how the people around a case are called, as far as is known.
func (s *Sender) names(ctx context.Context, c desk.Case, more ...desk.Actor) view.Names {
	ids := []desk.PersonID{c.Requester}
	for _, a := range append(more, c.Chat.EndedBy) {
		if a.Side == desk.SideCustomer && a.ID != "" {
			ids = append(ids, desk.PersonID(a.ID))
		}
	}
	people, err := s.store.People(ctx, ids)
	if err != nil {
		s.opt.Log.Warn("names not read", slog.String("case", string(c.ID)), slog.Any("err", err))
	}
	asked := s.ask(ctx, ids, people)
	return view.Names{Level: s.opt.Level, Mentions: s.opt.Mentions(ctx), Person: func(id string) string {
		return cmp.Or(people[desk.PersonID(id)].Name, asked[desk.PersonID(id)])
	}}
}

var errAskTime = errors.New("the names did not come in time")

// ask asks Slack how those are called who are not known yet: somebody who
// presses a button may never have written, and what says who did it is posted
// at once. Names hold up a try for a part of its time only: what they are for
// still has to be sent in it.
func (s *Sender) ask(ctx context.Context, ids []desk.PersonID, known map[desk.PersonID]desk.Person) map[desk.PersonID]string {
	ctx, cancel := context.WithTimeoutCause(ctx, s.slack.Timeout()/4, errAskTime)
	defer cancel()
	names := map[desk.PersonID]string{}
	for _, id := range ids {
		w, user, ok := ident.SplitPerson(id)
		if _, twice := names[id]; twice || !ok || w != s.self.ID || known[id].Name != "" {
			continue
		}
		u, err := s.slack.UserInfo(ctx, user)
		if err != nil {
			s.opt.Log.Debug("name not known", slog.Any("err", err))
		}
		names[id] = u.Name
	}
	return names
}

func (s *Sender) accountTitle(ctx context.Context, c desk.Case) string {
	a, err := s.store.Account(ctx, c.Account)
	if err != nil {
		return string(c.Account)
	}
	return a.Title()
}

// card posts a case's card or, when it is there, makes it show the case as it
// is now.
func (s *Sender) card(ctx context.Context, j job) desk.Verdict {
	if j.Content.What == desk.CardLeft {
		return s.cardLeft(ctx, j)
	}
	if j.c.Card == "" && j.Lane == desk.CardLane(j.Case) {
		// The card to change was given up, and the case's own lane posts a
		// new one, which will show this state.
		return sent("")
	}
	m := view.Card(s.opt.Named(j.c), s.accountTitle(ctx, j.c), s.names(ctx, j.c))
	if j.c.Card == "" {
		return showing(s.post(ctx, j, m), j.c)
	}
	err := s.slack.UpdateMessage(ctx, j.c.Card, api.Post{Channel: string(j.at.Channel), Text: m.Text, Blocks: m.Blocks})
	v := s.again(err)
	if v.Kind == desk.Sent {
		v.Receipt = j.c.Card
	}
	return showing(v, j.c)
}

// showing adds to a verdict on a card what the card shows.
func showing(v desk.Verdict, c desk.Case) desk.Verdict {
	if v.Kind == desk.Sent {
		v.Shown = c.CardState()
	}
	return v
}

func (s *Sender) pin(ctx context.Context, j job) desk.Verdict {
	if j.c.Card == "" {
		return desk.Verdict{Kind: desk.Refused, Reason: "no_card"}
	}
	err := s.slack.Pin(ctx, string(j.at.Channel), j.c.Card)
	if api.Code(err) == "already_pinned" {
		err = nil
	}
	return s.again(err)
}

func (s *Sender) link(ctx context.Context, j job) desk.Verdict {
	var channel string
	if j.c.Chat.ID != "" {
		at, _ := ident.Split(j.c.Place)
		channel = string(s.opt.Channels.Now(at.Channel))
	}
	return s.post(ctx, j, view.Link(j.c, channel, s.names(ctx, j.c)))
}

func (s *Sender) notice(ctx context.Context, j job) desk.Verdict {
	switch j.Content.What {
	case desk.NoChannel:
		return s.noChannel(ctx, j)
	case report.AskRating:
		return s.post(ctx, j, rating.Ask(j.c, j.Content.Chat))
	}
	e, err := s.store.Entry(ctx, j.Case, j.Seq)
	if err != nil {
		return retry(err)
	}
	if e.Marked(desk.MarkOutside) {
		return s.answer(ctx, j, e)
	}
	if j.Content.What == desk.Withdrawn {
		return s.post(ctx, j, view.Withdrawn(e))
	}
	if j.Content.What == string(desk.FileFailed) {
		if e.Marked(desk.MarkErased) {
			return sent("")
		}
		return s.post(ctx, j, view.FileFailed(e.Text, j.Content.Text))
	}
	chat := j.c.Chat
	if e.Chat != "" && e.Chat != chat.ID {
		if chat, err = s.chat(ctx, j.c, e.Chat); err != nil {
			return retry(err)
		}
	}
	if e.Kind == desk.KindTranscript {
		return s.newsOf(ctx, j, []desk.Correspondence{e}) // in the thread where the case was opened
	}
	if e.What == string(desk.EventMoved) {
		return s.post(ctx, j, view.Moved(j.c, s.where(j.c)))
	}
	m := view.Notice(j.c, chat, e, s.names(ctx, j.c, e.Author))
	if tells(j.Delivery, j.c) {
		m = view.WithDetails(m, j.c)
	}
	return s.post(ctx, j, m)
}

// chat returns an earlier chat of a case.
func (s *Sender) chat(ctx context.Context, c desk.Case, id desk.ChatID) (desk.ChatSession, error) {
	chats, err := s.store.Chats(ctx, c.ID)
	if err != nil {
		return desk.ChatSession{}, err
	}
	for _, chat := range chats {
		if chat.ID == id {
			return chat, nil
		}
	}
	return desk.ChatSession{}, desk.ErrNotFound
}

// reply posts the next part of an agent's words under the agent's name, or
// begins them with the name where the app may not post under other names.
func (s *Sender) reply(ctx context.Context, j job) desk.Verdict {
	e, err := s.store.Entry(ctx, j.Case, j.Seq)
	if err != nil {
		return retry(err)
	}
	if !s.slack.Lacks(customise) {
		v := s.replyPart(ctx, j, e, true)
		if v.Kind != desk.Refused || v.Reason != "missing_scope" || !s.slack.Lacks(customise) {
			return v
		}
	}
	return s.replyPart(ctx, j, e, false)
}

// replyPart posts one part of an agent's words.
func (s *Sender) replyPart(ctx context.Context, j job, e desk.Correspondence, named bool) desk.Verdict {
	parts := s.parts(e, named)
	if j.Part >= len(parts) {
		return desk.Verdict{Kind: desk.Refused, Reason: "no_text"}
	}
	part := parts[j.Part]
	p := api.Post{Text: part.Text, Blocks: part.Blocks}
	if named {
		p.Username, p.IconURL = signature(e), s.opt.Picture(ctx, desk.AgentID(e.Author.ID))
	}
	v := s.say(ctx, j, p)
	v.More = v.Kind == desk.Sent && j.Part+1 < len(parts)
	return v
}

// parts are the messages that an agent's words take. Those of an edit go out
// when Slack would not have the message itself changed.
func (s *Sender) parts(e desk.Correspondence, named bool) []mrkdwn.Part {
	o := style(e, named)
	if e.Kind == desk.KindEdit {
		o.Lead = cmp.Or(mrkdwn.OneLine(e.Author.Name, 40), "Support") + " corrected an earlier message:"
	}
	return mrkdwn.ToSlackWith(e.Text, o)
}

// style is how an agent's words are written: with the name before them when
// they do not go under it.
func style(e desk.Correspondence, named bool) mrkdwn.Options {
	o := mrkdwn.Options{Number: true}
	if !named {
		o.Lead = signature(e) + ":"
	}
	return o
}

// signature is the name under which an agent's words appear.
func signature(e desk.Correspondence) string {
	name := mrkdwn.OneLine(e.Author.Name, 60)
	if name == "" {
		return "Support"
	}
	return name + " (Support)"
}

// ephemeral shows something to one person. It may be lost, so what is not
// known to have failed counts as shown.
func (s *Sender) ephemeral(ctx context.Context, j job) desk.Verdict {
	m := view.Ended(j.c)
	switch j.Content.What {
	case string(desk.EndedNoPlace):
		m = view.NoPlace(j.c, j.Content.Text, view.Names{Level: s.opt.Level})
	case string(desk.DeliverCollect):
		m = view.NotShared(j.Content.Text)
	case desk.NotSetUp:
		m = view.NotSetUp(string(j.at.Channel))
	}
	v := s.whisper(ctx, j, m)
	if v.Kind == desk.Unknown {
		v.Kind = desk.Sent
	}
	return v
}

// whisper shows m to the person whom j is for.
func (s *Sender) whisper(ctx context.Context, j job, m view.Message) desk.Verdict {
	_, user, ok := ident.SplitPerson(j.Content.User)
	if !ok {
		return desk.Verdict{Kind: desk.Refused, Reason: "no_user"}
	}
	err := s.slack.PostEphemeral(ctx, user, api.Post{Channel: string(j.at.Channel), Thread: j.at.Thread, Text: m.Text, Blocks: m.Blocks})
	if err == nil {
		return sent("")
	}
	return s.once(err)
}
