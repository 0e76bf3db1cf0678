package front

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/served"
	"caseline/internal/desk/sought"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
)

// useCases are what people can do from Slack.
type useCases interface {
	Open(ctx context.Context, o casework.Open) (desk.Case, error)
	Request(ctx context.Context, r casework.Request) (c desk.Case, changed bool, err error)
	Answer(ctx context.Context, a casework.Answer) (desk.Case, error)
	End(ctx context.Context, e casework.End) (c desk.Case, changed bool, err error)
	Resolve(ctx context.Context, r casework.Resolve) (c desk.Case, changed bool, err error)
	Decide(ctx context.Context, d casework.Decision) error
	Reopen(ctx context.Context, r casework.Reopen) (c desk.Case, changed bool, err error)
	StillHere(ctx context.Context, w casework.StillHere) (c desk.Case, changed bool, err error)
}

// A lookup reads what a Front shows and decides by.
type lookup interface {
	Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	CaseByNumber(ctx context.Context, number desk.CaseNumber) (desk.Case, error)
	CaseAt(ctx context.Context, place desk.Place) (desk.Case, error)
	Channel(ctx context.Context, account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID) (served.ChannelConfig, error)
	ChannelsAt(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID) ([]served.ChannelConfig, error)
	GroupsOf(ctx context.Context, w desk.WorkspaceID, who desk.PersonID) ([]served.GroupID, error)
	Account(ctx context.Context, id desk.AccountID) (served.Account, error)
	Log(ctx context.Context, id desk.CaseID, after int64, limit int) ([]desk.Correspondence, error)
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
	Search(ctx context.Context, q sought.Query) (sought.Found, error)
}

// A window opens forms and answers privately.
type window interface {
	OpenView(ctx context.Context, trigger string, view any) error
	UpdateView(ctx context.Context, id, hash string, view any) error
	Respond(ctx context.Context, address string, a api.Answer) error
	PostMessage(ctx context.Context, p api.Post) (ts string, err error)
	PostEphemeral(ctx context.Context, user string, p api.Post) error
	ChannelInfo(ctx context.Context, id string) (api.Channel, error)
}

// A Front answers people: their commands, the buttons they press and the forms
// they submit. It may be used by many goroutines. Make one with [New].
type Front struct {
	cases     useCases
	store     lookup
	slack     window
	installed *ident.Installed
	book      book
	drafts    drafts
	now       func() time.Time
	log       *slog.Logger
}

// A book holds the catalogue in force; a [catalogue.Book] is one.
type book interface {
	Catalogue() *matters.Catalogue
	Services(issueType, typed string, limit int) []matters.Service
}

// drafts keep what people have begun; a [drafts.Service] does.
type drafts interface {
	Keep(ctx context.Context, d desk.Draft) error
	Find(ctx context.Context, id string) (desk.Draft, error)
	Of(ctx context.Context, owner desk.PersonID) ([]desk.Draft, error)
	Drop(ctx context.Context, id string) error
}

// Options are what a Front needs for its forms, and what it can do without.
type Options struct {
	Book   book   // what cases can be about; without it no case is opened
	Drafts drafts // likewise
	Now    func() time.Time
	Log    *slog.Logger // default: none
}

// New returns a Front.
func New(cases useCases, store lookup, slack window, installed *ident.Installed, o Options) *Front {
	if o.Log == nil {
		o.Log = discard()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Front{cases: cases, store: store, slack: slack, installed: installed, book: o.Book, drafts: o.Drafts, now: o.Now, log: o.Log}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// refuse is a refusal of our own.
func refuse(kind error, sentence string) *desk.Refusal {
	return &desk.Refusal{Kind: kind, Message: sentence}
}

// sorry is what people read when the failure is ours.
const sorry = "Something went wrong on our side. Please try again in a moment."

// sentence is what a person may read of err. What is ours is logged here and
// goes no further.
func (f *Front) sentence(err error) string {
	if r, ok := errors.AsType[*desk.Refusal](err); ok {
		return r.Message
	}
	switch api.Code(err) {
	case "expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged", "invalid_trigger":
		return "Slack opens a form only within three seconds, and they have passed. Please try again."
	}
	f.log.Error("request from slack failed", slog.Any("err", err))
	return sorry
}

// names returns how the people in a case are called, as far as is known.
func (f *Front) names(ctx context.Context, c desk.Case, log []desk.Correspondence) view.Names {
	ids := []desk.PersonID{c.Requester}
	if c.Chat.EndedBy.Side == desk.SideCustomer {
		ids = append(ids, desk.PersonID(c.Chat.EndedBy.ID))
	}
	for _, e := range log {
		if e.Author.Side == desk.SideCustomer {
			ids = append(ids, desk.PersonID(e.Author.ID))
		}
	}
	people, err := f.store.People(ctx, ids)
	if err != nil {
		f.log.Warn("names not read", slog.String("case", string(c.ID)), slog.Any("err", err))
	}
	return func(id string) string { return people[desk.PersonID(id)].Name }
}

// accountTitle is the name of a case's account.
func (f *Front) accountTitle(ctx context.Context, c desk.Case) string {
	a, err := f.store.Account(ctx, c.Account)
	if err != nil {
		return string(c.Account)
	}
	return a.Title()
}
