package sharing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
)

// ErrAlready says that somebody has pressed before.
var ErrAlready = &desk.Refusal{Kind: desk.ErrConflict, Message: "This was shared with the channel already."}

// Claims remember for a day what was done; a [drafts.Service] does.
type Claims interface {
	Claim(ctx context.Context, id string) (first bool, err error)
	Drop(ctx context.Context, id string) error
}

// A Poster posts in channels.
type Poster interface {
	PostMessage(ctx context.Context, p api.Post) (ts string, err error)
}

// A Sharer shares.
type Sharer struct {
	Claims Claims
	Slack  Poster
	Log    *slog.Logger
}

// Draft is the key of a draft as it is in a form now: one that was changed since
// can be shared anew.
func Draft(workspace, form string, draft []byte) string {
	as := sha256.Sum256(draft)
	return "draft " + workspace + " " + form + " " + hex.EncodeToString(as[:])
}

// dropTime is how long it may take to take a claim back.
const dropTime = 2 * time.Second

var errDropTime = errors.New("the claim was not taken back in time")

// drop takes a claim back, also when the time for an answer is over: whoever
// pressed would be told for a day that it was shared.
func (s Sharer) drop(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), dropTime, errDropTime)
	defer cancel()
	return s.Claims.Drop(ctx, key)
}

// Share posts p, once for a key, which names what is shared and by which press
// or window. Again it returns ErrAlready. What was certainly not posted can be
// shared again; a Refusal says why it was not. What may have been posted is not
// posted again.
func (s Sharer) Share(ctx context.Context, key string, p api.Post) error {
	key = "share " + key
	first, err := s.Claims.Claim(ctx, key)
	if err != nil {
		return fmt.Errorf("share in %s: %w", p.Channel, err)
	}
	if !first {
		return ErrAlready
	}
	if _, err = s.Slack.PostMessage(ctx, p); err == nil {
		return nil
	}
	if e, ok := errors.AsType[*api.Error](err); !ok || e.Kind == api.Unknown {
		s.Log.Warn("perhaps not shared", slog.Any("err", err))
		return &desk.Refusal{Kind: desk.ErrConflict, Message: "Slack did not answer in time. Please look in the channel whether it is there."}
	}
	if err := s.drop(ctx, key); err != nil {
		s.Log.Warn("claim not dropped", slog.Any("err", err)) // it goes after a day
	}
	switch api.Code(err) {
	case "not_in_channel", "channel_not_found", "is_archived":
		return &desk.Refusal{Kind: desk.ErrConflict,
			Message: "The app cannot write in this channel, so nothing was shared. Invite it here and press again."}
	}
	return fmt.Errorf("share in %s: %w", p.Channel, err)
}
