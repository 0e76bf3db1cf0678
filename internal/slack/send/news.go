package send

import (
	"context"
	"errors"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
)

// begins reports whether a job's message goes to the thread in which a channel
// hears of a case, or begins one if there is none, or none any more.
func (j job) begins() bool { return j.Kind == desk.DeliverNews || tells(j.Delivery, j.c) }

// chatHere reports whether the case's chats are in the channel of a job, or in
// a thread of it: there everything is told already.
func (j job) chatHere() bool {
	at, ok := ident.Split(j.c.Place)
	return ok && at.Workspace == j.at.Workspace && at.Channel == j.at.Channel
}

// news tells a configured channel what is new about a case.
func (s *Sender) news(ctx context.Context, j job) desk.Verdict {
	entries, err := s.store.Entries(ctx, j.Case, j.Content.Seqs)
	if err != nil {
		return retry(err)
	}
	return s.newsOf(ctx, j, entries)
}

// newsOf posts one line about entries of a case.
func (s *Sender) newsOf(ctx context.Context, j job, entries []desk.Correspondence) desk.Verdict {
	config, err := s.store.Channel(ctx, j.c.Account, j.at.Workspace, j.at.Channel)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return retry(err)
	}
	authors := make([]desk.Actor, len(entries))
	for i, e := range entries {
		authors[i] = e.Author
	}
	n := view.Novelty{Threaded: j.at.Thread != "", Reply: slices.Contains(config.Permissions, served.MayReply)}
	return s.post(ctx, j, view.News(j.c, entries, n, s.names(ctx, j.c, authors...)))
}
