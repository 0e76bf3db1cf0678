package send

import (
	"context"
	"log/slog"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/carried"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/api"
)

// A change is what an edit makes of the messages that show an agent's words:
// message i gets part i. What the words need more is posted, what they need
// less is deleted.
type change struct {
	shown []string // the ts of the messages, as the deliveries before left them
	parts []mrkdwn.Part
}

func (c change) steps() int { return max(len(c.shown), len(c.parts)) }

// posts reports whether step i posts a message, and so must not be repeated.
func (c change) posts(i int) bool { return i >= len(c.shown) && i < len(c.parts) }

// changeOf is the change that j makes. It is the same at every try, since all
// that it is made of is settled before, in the same lane.
func (s *Sender) changeOf(ctx context.Context, j job) (change, error) {
	e, shown, err := s.changed(ctx, j)
	if err != nil {
		return change{}, err
	}
	// A part that is new stands below what was written since, so it says where
	// it belongs. Moving the whole text there instead would tear it out of the
	// place where people answered it. When nothing of the message ever arrived,
	// it just comes now.
	o := style(e, !s.slack.Lacks(customise))
	o.Late = len(shown)
	return change{shown: shown, parts: mrkdwn.ToSlackWith(e.Text, o)}, nil
}

// changed is the entry that j carries, a change of a message, and the messages
// of Slack that show the message before it.
func (s *Sender) changed(ctx context.Context, j job) (e desk.Correspondence, shown []string, err error) {
	if e, err = s.store.Entry(ctx, j.Case, j.Seq); err != nil {
		return e, nil, err
	}
	changes, err := s.store.Changes(ctx, j.Case, e.Refers)
	if err != nil {
		return e, nil, err
	}
	seqs := []int64{e.Refers}
	for _, change := range changes {
		seqs = append(seqs, change.Seq)
	}
	all, err := s.store.Carrying(ctx, j.Case, seqs)
	if err != nil {
		return e, nil, err
	}
	carrying := carried.By(e.Refers, changes, all)
	for i, d := range carrying {
		if d.ID >= j.ID {
			carrying = carrying[:i]
			break
		}
	}
	return e, carried.Shown(carrying), nil
}

// edit takes the next step of an agent's edit.
func (s *Sender) edit(ctx context.Context, j job) desk.Verdict {
	c, err := s.changeOf(ctx, j)
	if err != nil {
		return retry(err)
	}
	i := j.Part
	var v desk.Verdict
	switch {
	case i >= c.steps():
		return desk.Verdict{Kind: desk.Refused, Reason: "no_text"}
	case c.posts(i):
		v = s.sayPart(ctx, j, c.parts[i])
	case i < len(c.parts):
		v = s.update(ctx, j, c.shown[i], c.parts[i])
	default:
		v = s.delete(ctx, j, c.shown[i])
	}
	v.More = v.Kind == desk.Sent && i+1 < c.steps()
	return v
}

// sayPart posts words that an edit adds, under the agent's name where the app
// may do so.
func (s *Sender) sayPart(ctx context.Context, j job, part mrkdwn.Part) desk.Verdict {
	e, err := s.store.Entry(ctx, j.Case, j.Seq)
	if err != nil {
		return retry(err)
	}
	p := api.Post{Text: part.Text, Blocks: part.Blocks}
	if !s.slack.Lacks(customise) {
		p.Username, p.IconURL = signature(e), s.opt.Picture(ctx, desk.AgentID(e.Author.ID))
	}
	return s.say(ctx, j, p)
}

// update gives a message of ours other words. Doing so again does no harm.
func (s *Sender) update(ctx context.Context, j job, ts string, part mrkdwn.Part) desk.Verdict {
	v := s.again(s.slack.UpdateMessage(ctx, ts, api.Post{Channel: string(j.at.Channel), Text: part.Text, Blocks: part.Blocks}))
	if v.Kind == desk.Sent {
		v.Receipt = ts
	}
	return s.unchangeable(j, v)
}

// remove takes the next message away that shows what an agent deleted. What
// never arrived need not be taken away.
func (s *Sender) remove(ctx context.Context, j job) desk.Verdict {
	_, shown, err := s.changed(ctx, j)
	if err != nil {
		return retry(err)
	}
	if j.Part >= len(shown) {
		return sent("")
	}
	v := s.delete(ctx, j, shown[j.Part])
	v.More = v.Kind == desk.Sent && j.Part+1 < len(shown)
	return v
}

// removed is what stands in place of a message that Slack will not delete.
const removed = "_This message was removed._"

// delete takes a message of ours away. Slack's pages disagree on whether that
// may be done to one that went under another name; if not, its words are.
func (s *Sender) delete(ctx context.Context, j job, ts string) desk.Verdict {
	err := s.slack.DeleteMessage(ctx, string(j.at.Channel), ts)
	switch api.Code(err) {
	case "message_not_found":
		return sent("")
	case "cant_delete_message", "compliance_exports_prevent_deletion":
		part := mrkdwn.ToSlack(removed)[0]
		err = s.slack.UpdateMessage(ctx, ts, api.Post{Channel: string(j.at.Channel), Text: part.Text, Blocks: part.Blocks})
		if api.Code(err) == "message_not_found" {
			return sent("")
		}
	}
	return s.unchangeable(j, s.again(err))
}

// unchangeable is v, or when Slack refused to change the message, as against
// having us in the place at all, the reason for which a note follows.
func (s *Sender) unchangeable(j job, v desk.Verdict) desk.Verdict {
	if v.Kind != desk.Refused {
		return v
	}
	switch v.Reason {
	case "edit_window_closed", "cant_update_message", "cant_delete_message", "compliance_exports_prevent_deletion",
		"message_not_found", "block_mismatch", "msg_too_long", "is_inactive", "update_failed", "streaming_state_conflict":
		s.opt.Log.Info("slack keeps a message as it is", slog.String("case", string(j.Case)), slog.String("err", v.Reason))
		v.Reason = desk.Unchangeable
	}
	return v
}

// lookForEdit settles whether a step of an edit was taken.
func (s *Sender) lookForEdit(ctx context.Context, j job) desk.Verdict {
	c, err := s.changeOf(ctx, j)
	if err != nil {
		return unknown(err, time.Time{})
	}
	if !c.posts(j.Part) {
		return desk.Verdict{Kind: desk.Retry} // doing it again does no harm
	}
	v := s.lookForMessage(ctx, j)
	v.More = v.Kind == desk.Sent && j.Part+1 < c.steps()
	return v
}
