package opening

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slack/nap"
	"caseline/internal/slack/view"
)

const (
	// again is the pause before a view is updated once more that Slack did not
	// take.
	again = 200 * time.Millisecond
	// lastWords is how long telling why there is no form may take when the time
	// for the form is over.
	lastWords = time.Second
)

var errLastWords = errors.New("the view could not be told in time why there is no form")

// A Slack opens views and updates them; *api.Client is one.
type Slack interface {
	OpenView(ctx context.Context, trigger string, view any) (id string, err error)
	UpdateView(ctx context.Context, id, hash string, view any) error
	UpdateNamed(ctx context.Context, name string, view any) error
}

// An Opener opens forms. It may be used by many goroutines. Make one with
// [New].
type Opener struct {
	slack Slack

	mu   sync.Mutex       // guards open; held for one look or one write
	open map[string]shown // by trigger, while its request lasts
}

// A shown is a view that waits to be filled. Its id is empty when Slack did not
// say whether it opened it; then it may be found by its name.
type shown struct {
	id, name, title string
	filled          bool
}

// New returns an Opener of views in Slack.
func New(slack Slack) *Opener { return &Opener{slack: slack, open: map[string]shown{}} }

// While opens a view at once that says that more is coming, and does what is to
// fill it by [Opener.OpenView] with the same trigger. If do fails, the view says
// why, in the words of sentence. What While returns the person has not been told.
// If do answers by a message instead, the view says so. With an empty title
// nothing is opened before do does.
func (o *Opener) While(ctx context.Context, trigger, title string, sentence func(error) string, do func() error) error {
	if title == "" {
		return do()
	}
	s := shown{name: named(trigger), title: title}
	loading := view.Loading(title)
	loading.ExternalID = s.name
	id, err := o.slack.OpenView(ctx, trigger, loading)
	if e, ok := errors.AsType[*api.Error](err); err != nil && (!ok || e.Kind != api.Unknown) {
		return err
	}
	s.id = id
	o.put(trigger, s)
	defer o.forget(trigger)
	err = do()
	said := view.LookBelow
	switch now, _ := o.look(trigger); {
	case err == nil && now.filled, errors.Is(err, errNotShown):
		return err
	case err != nil:
		said = sentence(err)
	}
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), lastWords, errLastWords)
	defer cancel()
	if o.fill(ctx, s, view.Sorry(title, said)) == nil || err == nil {
		return nil
	}
	return &desk.Refusal{Kind: desk.ErrConflict, Message: said}
}

// OpenView shows a view: in place of the one that waits for it, if the trigger
// has opened one.
func (o *Opener) OpenView(ctx context.Context, trigger string, v any) error {
	s, ok := o.look(trigger)
	if !ok {
		_, err := o.slack.OpenView(ctx, trigger, v)
		return err
	}
	s.filled = true
	o.put(trigger, s)
	return o.fill(ctx, s, v)
}

// errNotShown marks that a view cannot become anything any more, so that it is
// not tried again.
var errNotShown = errors.New("the view cannot be filled")

// A lost is the refusal of what has no view any more to be said in.
type lost struct{ sentence string }

func (l *lost) Error() string { return l.sentence }

// Unwrap makes it a refusal that a person may read.
func (l *lost) Unwrap() []error {
	return []error{&desk.Refusal{Kind: desk.ErrConflict, Message: l.sentence}, errNotShown}
}

// fill makes a waiting view another. What Slack does not take for now is tried
// again while there is time.
func (o *Opener) fill(ctx context.Context, s shown, v any) error {
	for {
		err := o.update(ctx, s, v)
		e, ok := errors.AsType[*api.Error](err)
		switch {
		case err == nil:
			return nil
		case ok && e.Kind == api.Refused && (e.Code == "not_found" || e.Code == "view_not_found"):
			if s.id == "" {
				return &lost{"Slack did not open the form. Please try again."}
			}
			return &lost{"The form was closed before it was ready. Please open it again."}
		case ok && e.Kind == api.Refused:
			return err
		}
		pause := again
		if ok && e.Kind == api.Limited {
			pause = max(pause, e.After)
		}
		if !nap.For(ctx, pause, nil, nil) {
			return &lost{"Slack did not fill the form in time. Please close it and try again."}
		}
	}
}

func (o *Opener) update(ctx context.Context, s shown, v any) error {
	if s.id == "" {
		return o.slack.UpdateNamed(ctx, s.name, v)
	}
	return o.slack.UpdateView(ctx, s.id, "", v)
}

func (o *Opener) put(trigger string, s shown) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.open[trigger] = s
}

func (o *Opener) look(trigger string) (shown, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s, ok := o.open[trigger]
	return s, ok
}

func (o *Opener) forget(trigger string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.open, trigger)
}

// named is our own name of the view of a trigger (Slack: external_id, 255, and
// unique in the workspace). A trigger itself is a secret for its three seconds.
func named(trigger string) string {
	sum := sha256.Sum256([]byte(trigger))
	return "caseline-" + hex.EncodeToString(sum[:16])
}
