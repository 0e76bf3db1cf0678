package send

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
)

// maxNames is how many names are tried when others have them: case-1234567890,
// case-1234567890-2, …
const maxNames = 9

func (s *Sender) channelName(c desk.Case, n int) string {
	name := s.opt.Prefix + string(c.Number)
	if n > 1 {
		name = fmt.Sprintf("%s-%d", name, n)
	}
	return name
}

// makePlace makes a place for a case's chat: the private channel or, when that
// was chosen or Slack will not have a channel made, a thread.
func (s *Sender) makePlace(ctx context.Context, j job) desk.Verdict {
	if v, known := knownPlace(j); known {
		return v
	}
	if j.Content.What == string(desk.PlaceThread) {
		return s.makeThread(ctx, j)
	}
	v := s.makeChannel(ctx, j)
	if v.Kind != desk.Refused {
		return v
	}
	s.opt.Log.Warn("no channel for a chat, so a thread", slog.String("case", string(j.Case)), slog.String("err", v.Reason))
	return s.insteadOfChannel(ctx, j, v)
}

// makeChannel makes the private channel for a case's chat.
func (s *Sender) makeChannel(ctx context.Context, j job) desk.Verdict {
	if j.Attempts > 1 {
		if ch, v := s.findPlace(ctx, j.c); ch != nil || v.Kind != desk.Sent {
			return v
		}
	}
	for n := 1; n <= maxNames; n++ {
		ch, err := s.slack.CreateChannel(ctx, s.channelName(j.c, n))
		if err == nil {
			return s.madePlace(ch)
		}
		if api.Code(err) != "name_taken" {
			return s.once(err)
		}
		if n == 1 {
			// Perhaps by us, in a try of which nothing is known any more.
			if ch, v := s.findPlace(ctx, j.c); ch != nil || v.Kind != desk.Sent {
				return v
			}
		}
	}
	return desk.Verdict{Kind: desk.Refused, Reason: "name_taken"}
}

// knownPlace is the verdict for a place that the case has already. One of
// another kind is about to be left.
func knownPlace(j job) (v desk.Verdict, known bool) {
	at, _ := ident.Split(j.c.Place)
	if j.c.Place == "" || (at.Thread != "") != (j.Content.What == string(desk.PlaceThread)) {
		return desk.Verdict{}, false
	}
	return desk.Verdict{Kind: desk.Sent, Receipt: string(j.c.Place), Name: j.c.ChatName, Root: at.Thread, Shown: j.c.CardState()}, true
}

// madePlace is the verdict for a channel that is there. Slack may have changed
// the name that we asked for, so the one it gave is kept.
func (s *Sender) madePlace(ch api.Channel) desk.Verdict {
	return desk.Verdict{Kind: desk.Sent, Receipt: string(ident.Channel(s.self.ID, desk.ChannelID(ch.ID))), Name: ch.Name}
}

// findPlace looks for a channel of ours for the chat. When there is none and
// that is sure, channel is nil and the verdict is Sent without a receipt;
// otherwise the verdict is the try's.
func (s *Sender) findPlace(ctx context.Context, c desk.Case) (channel *api.Channel, v desk.Verdict) {
	var names []string
	for n := 1; n <= maxNames; n++ {
		names = append(names, s.channelName(c, n))
	}
	for cursor := ""; ; {
		page, next, err := s.slack.OurPrivateChannels(ctx, cursor)
		if err != nil {
			return nil, s.again(err) // looking does no harm
		}
		for _, ch := range page {
			if slices.Contains(names, ch.Name) && ch.Creator == s.self.BotUID && !ch.Archived {
				return &ch, s.madePlace(ch)
			}
		}
		if next == "" {
			return nil, sent("")
		}
		cursor = next
	}
}

// personal reports whether an error is about one of the people invited, and
// not about the channel or us.
func personal(code string) bool {
	switch code {
	case "cant_invite", "user_not_found", "no_user", "user_disabled", "user_is_restricted", "user_is_ultra_restricted",
		"ura_max_channels", "org_user_not_in_team", "invitee_cant_see_channel", "no_external_invite_permission",
		"already_in_channel", "cant_invite_self", "users_not_found", "user_team_not_in_channel":
		return true
	}
	return false
}

// harmless reports whether somebody who was declined is there all the same.
func harmless(code string) bool { return code == "already_in_channel" || code == "cant_invite_self" }

// invite adds people to the channel. Whom Slack declines is named in the
// channel, and the chat goes on.
func (s *Sender) invite(ctx context.Context, j job) desk.Verdict {
	var users []string
	for _, id := range j.Content.Users {
		if w, user, ok := ident.SplitPerson(id); ok && w == j.at.Workspace && user != s.self.BotUID {
			users = append(users, user)
		}
	}
	var declined []desk.PersonID
	for chunk := range slices.Chunk(users, api.MaxInvited) {
		refused, err := s.inviteSome(ctx, string(j.at.Channel), chunk)
		if err != nil {
			return s.again(err) // those who are in already do no harm
		}
		for _, d := range refused {
			if !harmless(d.Code) {
				s.opt.Log.Warn("person not added to a chat", slog.String("case", string(j.Case)), slog.String("err", d.Code))
				declined = append(declined, ident.Person(j.at.Workspace, d.User))
			}
		}
	}
	if len(declined) == 0 {
		return sent("")
	}
	v := s.post(ctx, j, view.NotAdded(s.called(ctx, declined)))
	if v.Kind == desk.Sent {
		v.Reason = fmt.Sprintf("%d not added", len(declined))
	}
	return v
}

// inviteSome invites people, one by one if one of them spoils it for all.
func (s *Sender) inviteSome(ctx context.Context, channel string, users []string) ([]api.Declined, error) {
	declined, err := s.slack.Invite(ctx, channel, users)
	if err == nil || !personal(api.Code(err)) {
		return declined, err
	}
	if len(users) == 1 {
		return []api.Declined{{User: users[0], Code: api.Code(err)}}, nil
	}
	for _, user := range users {
		d, err := s.inviteSome(ctx, channel, []string{user})
		if err != nil {
			return nil, err
		}
		declined = append(declined, d...)
	}
	return declined, nil
}

// called returns what people are called, or their ids in Slack.
func (s *Sender) called(ctx context.Context, ids []desk.PersonID) []string {
	people, err := s.store.People(ctx, ids)
	if err != nil {
		s.opt.Log.Warn("names not read", slog.Any("err", err))
	}
	asked := s.ask(ctx, ids, people)
	var names []string
	for _, id := range ids {
		_, user, _ := ident.SplitPerson(id)
		names = append(names, cmp.Or(people[id].Name, asked[id], user))
	}
	return names
}

// topic sets the channel's topic. Slack writes a line for each time, so it is
// not set again for nothing.
func (s *Sender) topic(ctx context.Context, j job) desk.Verdict {
	if err := s.slack.SetTopic(ctx, string(j.at.Channel), view.Topic(j.c)); err != nil {
		return s.once(err)
	}
	return sent("")
}

// lookForTopic settles whether the topic was set, by what Slack did not alter
// in it.
func (s *Sender) lookForTopic(ctx context.Context, j job) desk.Verdict {
	ch, err := s.slack.ChannelInfo(ctx, string(j.at.Channel))
	if err != nil {
		return s.blind(err)
	}
	if strings.Contains(ch.Topic, string(j.c.Number)) {
		return sent("")
	}
	return desk.Verdict{Kind: desk.Retry}
}
