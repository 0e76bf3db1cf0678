package news

import (
	"context"
	"errors"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// A Teller has channels told. The zero Teller knows no channels: it tells none,
// and the one where a case was opened
// wants everything that is newsworthy.
type Teller struct {
	// Place spells a channel as a place.
	Place func(desk.WorkspaceID, desk.ChannelID) desk.Place
}

// Tell queues telling of entry e of c in every channel that wants to hear of it,
// but for the one where the case was opened; asked reports whether that one does.
// The case is locked.
func (t Teller) Tell(ctx context.Context, tx store.Tx, c *desk.Case, e desk.Correspondence) (asked bool, err error) {
	switch {
	case t.Place == nil:
		return e.Newsworthy(), nil
	case !served.News(c, e):
		return false, nil
	}
	configs, err := tx.ChannelsOf(ctx, c.Account)
	if err != nil {
		return false, err
	}
	reached := map[desk.WorkspaceID]bool{}
	for _, config := range configs {
		if !config.Notify.Wants(c, e) {
			continue
		}
		place := t.Place(config.Workspace, config.Channel)
		if place == c.Asked {
			asked = true
			continue
		}
		if _, known := reached[config.Workspace]; !known {
			if reached[config.Workspace], err = reaches(ctx, tx, config.Workspace); err != nil {
				return false, err
			}
		}
		if !reached[config.Workspace] {
			continue
		}
		if err := tx.Gather(ctx, delivery(c, e, place)); err != nil {
			return false, err
		}
	}
	return asked, nil
}

// reaches reports whether the app was ever installed in a workspace. While it is
// disconnected its news wait, like everything for it.
func reaches(ctx context.Context, tx store.Tx, id desk.WorkspaceID) (bool, error) {
	w, err := tx.Workspace(ctx, id)
	if errors.Is(err, desk.ErrNotFound) {
		return false, nil
	}
	return w.BotID != "", err
}

func delivery(c *desk.Case, e desk.Correspondence, channel desk.Place) *desk.Delivery {
	return &desk.Delivery{
		Lane: desk.NewsLane(c.ID, channel), Case: c.ID, Kind: desk.DeliverNews, State: desk.DeliveryPending, Place: channel,
		Content: desk.Content{Seqs: []int64{e.Seq}}, CreatedAt: c.ChangedAt, NotBefore: c.ChangedAt,
	}
}

// Begun notes that a message of ours begins the thread in which a channel hears
// of a case, or one instead of a thread that is gone.
func Begun(ctx context.Context, tx store.Tx, c *desk.Case, channel desk.Place, ts string) error {
	return tx.SaveCaseThread(ctx, c.ID, channel, ts)
}

// NotTold writes for operators that Slack refused to have a channel told of a
// case, and why.
func NotTold(ctx context.Context, tx store.Tx, c *desk.Case, d desk.Delivery, reason string) error {
	return tx.Audit(ctx, &desk.AuditEntry{
		At: c.ChangedAt, By: desk.BySystem(), Where: d.Place, What: desk.DidNotTell, Account: c.Account, Case: c.ID,
		Detail: map[string]string{"number": string(c.Number), "reason": reason},
	})
}
