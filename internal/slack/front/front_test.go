package front

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/front/fronttest"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// self is our app in workspace T1.
func self() served.Workspace {
	return served.Workspace{ID: "T1", AppID: "A1", BotID: "B1", BotUID: "UB"}
}

// stuck is a store that answers only when nobody waits any more.
type stuck struct{ fronttest.Nothing }

func (stuck) CaseAt(ctx context.Context, _ desk.Place) (desk.Case, error) {
	<-ctx.Done()
	return desk.Case{}, context.Cause(ctx)
}

// created is what the first step of the form of a new case brings back.
const created = `{"p":"T1/C1","s":"what"}`

func TestPeopleAreAnsweredInTimeWhenTheStoreIsStuck(t *testing.T) {
	f := New(nil, stuck{}, fronttest.Silent{}, ident.NewInstalled(self()), Options{})
	ctx, cancel := context.WithTimeoutCause(t.Context(), 10*time.Millisecond, errors.New("slack waits no longer"))
	defer cancel()
	m := f.Command(ctx, wire.Slash{Command: "/support", Text: "create", TeamID: "T1", ChannelID: "C1", UserID: "U1"})
	if m == nil || m.Text != sorry {
		t.Errorf("told %+v, want %q", m, sorry)
	}
	a := f.Submit(ctx, wire.Interaction{
		TeamID: "T1", User: wire.Actor{ID: "U1"},
		View: &wire.View{ID: "V1", CallbackID: view.CallbackCreate, PrivateMetadata: created},
	})
	if a == nil || a.Action != "errors" || a.Errors[view.FieldSubject] != sorry {
		t.Errorf("form got %+v, want it to stay open with %q", a, sorry)
	}
}

func TestFormsOfNobody(t *testing.T) {
	f := New(nil, fronttest.Nothing{}, fronttest.Silent{}, ident.NewInstalled(self()), Options{})
	for _, in := range []wire.Interaction{
		{TeamID: "T9", User: wire.Actor{ID: "U1"}, View: &wire.View{CallbackID: view.CallbackCreate, PrivateMetadata: strings.Replace(created, "T1", "T9", 1)}},
		{TeamID: "T1", User: wire.Actor{ID: "U1"}, View: &wire.View{CallbackID: view.CallbackCreate, PrivateMetadata: strings.Replace(created, "T1", "T2", 1)}},
		{TeamID: "T1", User: wire.Actor{ID: "U1"}, View: &wire.View{CallbackID: view.CallbackCreate}},
		{TeamID: "T1", View: &wire.View{CallbackID: view.CallbackCreate, PrivateMetadata: created}},
	} {
		a := f.Submit(t.Context(), in)
		if a == nil || a.Action != "update" || !strings.Contains(a.View.Blocks[0].Text.Text, "too old") {
			t.Errorf("%+v: got %+v", in.View, a)
		}
	}
	a := f.Submit(t.Context(), wire.Interaction{TeamID: "T1", User: wire.Actor{ID: "U1"}, View: &wire.View{CallbackID: view.CallbackCreate, PrivateMetadata: created}})
	if a == nil || a.Action != "update" || a.View.Blocks[0].Text.Text != view.NotConfigured {
		t.Errorf("a channel that is not set up any more: got %+v", a)
	}
}

func TestSentencesTellNothingOfOurs(t *testing.T) {
	f := New(nil, nil, nil, ident.NewInstalled(self()), Options{})
	for _, err := range []error{
		errors.New("pq: password of user caseline"),
		&api.Error{Method: "views.open", Kind: api.Refused, Code: "invalid_arguments"},
		desk.ErrNotFound,
	} {
		if got := f.sentence(err); got != sorry {
			t.Errorf("%v: got %q", err, got)
		}
	}
}
