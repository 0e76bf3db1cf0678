package finding

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/served"
	"caseline/internal/desk/sought"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// A Reader reads what is found and shown.
type Reader interface {
	Search(ctx context.Context, q sought.Query) (sought.Found, error)
	Account(ctx context.Context, id desk.AccountID) (served.Account, error)
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
}

// A Window opens forms and answers privately.
type Window interface {
	OpenView(ctx context.Context, trigger string, view any) error
	Respond(ctx context.Context, address string, a api.Answer) error
	PostEphemeral(ctx context.Context, user string, p api.Post) error
}

// A Spot is where somebody is, and whose cases they may see there: it has an
// account at least.
type Spot struct {
	Place    desk.Place
	Accounts []desk.AccountID
}

// A Finder searches for people in Slack. Spot refuses where a person may see no
// cases, or the app is not installed.
type Finder struct {
	Read      Reader
	Slack     Window
	Share     func(ctx context.Context, key string, p api.Post) error // once for a key; sharing.Sharer does
	Log       *slog.Logger
	Catalogue func() *matters.Catalogue // in force
	Mentions  func(context.Context) view.Mentions
	Spot      func(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID, user string) (Spot, error)
}

// Command looks for what was typed, or opens the search form when that is
// nothing.
func (f Finder) Command(ctx context.Context, c wire.Slash, typed string) (*view.Message, error) {
	w := desk.WorkspaceID(c.TeamID)
	at, err := f.Spot(ctx, w, desk.ChannelID(c.ChannelID), c.UserID)
	if err != nil {
		return nil, err
	}
	if typed == "" {
		return nil, f.form(ctx, c.TriggerID, view.SearchForm{Asked: at.Place, Answer: c.ResponseURL, Accounts: at.Accounts})
	}
	runes := []rune(typed)
	s := view.Search{Text: string(runes[:min(len(runes), sought.MaxQuery)])}
	m, err := f.results(ctx, w, at, c.UserID, s, false)
	if err != nil {
		return nil, err
	}
	return &m, nil
}

func (f Finder) form(ctx context.Context, trigger string, form view.SearchForm) error {
	return f.Slack.OpenView(ctx, trigger, form.View(f.glossary(ctx, view.Names{Level: f.Catalogue().Called})))
}

// glossary says how things are called, and the people of names.
func (f Finder) glossary(ctx context.Context, names view.Names) view.Glossary {
	return view.Glossary{Names: names, Catalogue: f.Catalogue(), Titles: func(id desk.AccountID) string {
		a, err := f.Read.Account(ctx, id)
		if err != nil {
			return string(id)
		}
		return a.Title()
	}}
}

// results searches among the cases that may be seen at a spot, and draws what
// was found for the person who looked, or for everybody.
func (f Finder) results(ctx context.Context, w desk.WorkspaceID, at Spot, user string, s view.Search, shared bool) (view.Message, error) {
	q, err := s.Query(w, at.Accounts)
	if err != nil {
		return view.Message{}, err
	}
	found, err := f.Read.Search(ctx, q)
	if err != nil {
		return view.Message{}, err
	}
	by, requester := ident.Person(w, user), ident.Person(w, s.Requester)
	people, err := f.Read.People(ctx, []desk.PersonID{by, requester})
	if err != nil {
		f.Log.Warn("names not read", slog.Any("err", err))
	}
	names := view.Names{Level: f.Catalogue().Called, Mentions: f.Mentions(ctx), Person: func(id string) string {
		if id == s.Requester {
			return people[requester].Name
		}
		return people[desk.PersonID(id)].Name
	}}
	if shared {
		return view.Shared(string(by), s, found, f.glossary(ctx, names)), nil
	}
	return view.Results(s, found, f.glossary(ctx, names)), nil
}

// Presses reports whether a button is one of a search's results.
func Presses(action string) bool {
	switch action {
	case view.ActionSearchNext, view.ActionSearchPrevious, view.ActionSearchEdit, view.ActionSearchShare:
		return true
	}
	return false
}

// Press does what a button of a search's results says. It looks again: what may
// be seen here, and what there is, may have changed since.
func (f Finder) Press(ctx context.Context, in wire.Interaction) error {
	action := in.Actions[0]
	s, ok := view.ReadSearch(action.One())
	if !ok {
		return &desk.Refusal{Kind: desk.ErrInvalid, Message: "This button does nothing any more."}
	}
	w, where := desk.WorkspaceID(in.Workspace()), ident.Where{Channel: desk.ChannelID(in.Channel), Thread: string(in.Container.ThreadTs)}
	at, err := f.Spot(ctx, w, where.Channel, in.User.ID)
	if err != nil {
		return err
	}
	switch action.ActionID {
	case view.ActionSearchEdit:
		return f.form(ctx, in.TriggerID, view.SearchForm{
			Search: s, Asked: at.Place, Answer: in.ResponseURL, Replaces: true, Accounts: at.Accounts,
		})
	case view.ActionSearchPrevious:
		s = s.Back()
	}
	shared := action.ActionID == view.ActionSearchShare
	m, err := f.results(ctx, w, at, in.User.ID, s, shared)
	if err != nil {
		return err
	}
	if shared {
		return f.Share(ctx, pressed(in), api.Post{Channel: in.Channel, Text: m.Text, Blocks: m.Blocks})
	}
	f.show(ctx, in.User.ID, where, in.ResponseURL, true, m)
	return nil
}

// pressed names the results that are shared: those that one person was shown in
// one message, which may have had others before and after.
func pressed(in wire.Interaction) string {
	what := sha256.Sum256([]byte(in.Actions[0].One()))
	return "results " + strings.Join([]string{in.Workspace(), in.Channel, in.User.ID, string(in.Container.MessageTs), hex.EncodeToString(what[:])}, " ")
}

// show shows results to the one who looked: at an address that Slack gave us
// for it or, when that is used up, as a new private message.
func (f Finder) show(ctx context.Context, user string, at ident.Where, address string, replaces bool, m view.Message) {
	if address != "" {
		err := f.Slack.Respond(ctx, address, api.Answer{Type: "ephemeral", Replace: replaces, Text: m.Text, Blocks: m.Blocks})
		if err == nil {
			return
		}
		f.Log.Debug("response_url not usable", slog.Any("err", err))
	}
	err := f.Slack.PostEphemeral(ctx, user, api.Post{Channel: string(at.Channel), Thread: at.Thread, Text: m.Text, Blocks: m.Blocks})
	if err != nil {
		f.Log.Warn("private answer not sent", slog.Any("err", err))
	}
}

// Submit searches for what a form describes. With an error it names the field
// that the error is about.
func (f Finder) Submit(ctx context.Context, in wire.Interaction) (field string, err error) {
	err = f.submit(ctx, in)
	if r, ok := errors.AsType[*desk.Refusal](err); ok && r.Field != "" && r.Field != "text" {
		return r.Field, err
	}
	return view.FieldWords, err
}

func (f Finder) submit(ctx context.Context, in wire.Interaction) error {
	w := desk.WorkspaceID(in.Workspace())
	form, ok := view.ReadSearchForm(in.View.PrivateMetadata)
	where, valid := ident.Split(form.Asked)
	if !ok || !valid || where.Workspace != w {
		return &desk.Refusal{Kind: desk.ErrInvalid, Message: "This form is too old to be used. Please open a new one."}
	}
	s, err := view.Entered(func(field string) string { return in.View.State.Get(field, field).One() }, f.Catalogue())
	if err != nil {
		return err
	}
	at, err := f.Spot(ctx, w, where.Channel, in.User.ID)
	if err != nil {
		return err
	}
	m, err := f.results(ctx, w, at, in.User.ID, s, false)
	if err != nil {
		return err
	}
	f.show(ctx, in.User.ID, where, form.Answer, form.Replaces, m)
	return nil
}
