package front

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/served"
	"caseline/internal/desk/sought"
	"caseline/internal/slack/adding"
	"caseline/internal/slack/api"
	"caseline/internal/slack/home"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/opening"
	"caseline/internal/slack/sharing"
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
	Following(ctx context.Context, id desk.CaseID, limit int) ([]desk.CaseNumber, error)
	LogBefore(ctx context.Context, id desk.CaseID, before int64, limit int) ([]desk.Correspondence, error)
	Entry(ctx context.Context, id desk.CaseID, seq int64) (desk.Correspondence, error)
	ChangesOf(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Correspondence, error)
	FilesOf(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.File, error)
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
	Search(ctx context.Context, q sought.Query) (sought.Found, error)
	Chats(ctx context.Context, id desk.CaseID) ([]desk.ChatSession, error)
}

// A window opens forms and answers privately.
type window interface {
	opening.Slack
	PushView(ctx context.Context, trigger string, view any) error
	Respond(ctx context.Context, address string, a api.Answer) error
	PostMessage(ctx context.Context, p api.Post) (ts string, err error)
	PostEphemeral(ctx context.Context, user string, p api.Post) error
	adding.Directory
}

// A screen is a window in which forms open at once and are filled after.
type screen struct {
	window
	*opening.Opener
}

// OpenView shows a form, in place of what its trigger has opened.
func (s screen) OpenView(ctx context.Context, trigger string, v any) error {
	return s.Opener.OpenView(ctx, trigger, v)
}

// A Front answers people: their commands, the buttons they press and the forms
// they submit. It may be used by many goroutines. Make one with [New].
type Front struct {
	cases     useCases
	store     lookup
	slack     screen
	installed *ident.Installed
	book      book
	drafts    drafts
	reach     *home.Reach
	homes     homes
	rates     raters
	mentions  func(context.Context) view.Mentions
	foresee   func(context.Context, desk.Case) (desk.Turn, error)
	now       func() time.Time

	reopenWithin time.Duration
	mail         bool // additional contacts get e-mail

	log *slog.Logger
}

// A book holds the catalogue in force; a [catalogue.Book] is one.
type book interface {
	Catalogue() *matters.Catalogue
	Services(issueType, typed string, limit int) []matters.Service
	Matters(typed string, limit int) []matters.Matter
}

// drafts keep what people have begun; a [drafts.Service] does.
type drafts interface {
	Keep(ctx context.Context, d personal.Draft) error
	Find(ctx context.Context, id string) (personal.Draft, error)
	Of(ctx context.Context, owner desk.PersonID) ([]personal.Draft, error)
	Drop(ctx context.Context, id string) error
	Claim(ctx context.Context, id string) (first bool, err error)
}

// homes show people their home tab; a [home.Home] does.
type homes interface {
	Open(ctx context.Context, w desk.WorkspaceID, user string, page int) error
}

// Options are what a Front needs for its forms, and what it can do without.
type Options struct {
	Book   book   // what cases can be about; without it no case is opened
	Drafts drafts // likewise
	// Reach says what people may do who are in no channel just now; without it
	// there is neither a home nor a shortcut.
	Reach *home.Reach
	Homes homes  // shows what was done from a home; default: nobody does
	Rates raters // what people say of chats; without it they are not asked
	Now   func() time.Time
	Log   *slog.Logger // default: none

	ReopenWithin time.Duration // how long a resolved case can be reopened; 0 is without limit
	Mail         bool          // additional contacts get e-mail

	Mentions func(ctx context.Context) view.Mentions // what texts mention; default: nothing is known
	// Foresee says whether nobody would be there for a chat about a case; default:
	// somebody is.
	Foresee func(ctx context.Context, c desk.Case) (desk.Turn, error)
}

// New returns a Front.
func New(cases useCases, store lookup, slack window, installed *ident.Installed, o Options) *Front {
	if o.Log == nil {
		o.Log = discard()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Mentions == nil {
		o.Mentions = func(context.Context) view.Mentions { return nil }
	}
	if o.Foresee == nil {
		o.Foresee = func(context.Context, desk.Case) (desk.Turn, error) { return desk.Turn{}, nil }
	}
	return &Front{cases: cases, store: store, slack: screen{slack, opening.New(slack)}, installed: installed, book: o.Book, drafts: o.Drafts, reach: o.Reach, homes: o.Homes, rates: o.Rates, mentions: o.Mentions, foresee: o.Foresee, now: o.Now, log: o.Log, reopenWithin: o.ReopenWithin, mail: o.Mail}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// sharer shows things to channels.
func (f *Front) sharer() sharing.Sharer {
	return sharing.Sharer{Claims: f.drafts, Slack: f.slack, Log: f.log}
}

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
func (f *Front) names(ctx context.Context, c desk.Case) view.Names {
	ids := []desk.PersonID{c.Requester}
	if c.Chat.EndedBy.Side == desk.SideCustomer {
		ids = append(ids, desk.PersonID(c.Chat.EndedBy.ID))
	}
	people, err := f.store.People(ctx, ids)
	if err != nil {
		f.log.Warn("names not read", slog.String("case", string(c.ID)), slog.Any("err", err))
	}
	return view.Names{Level: f.level, Mentions: f.mentions(ctx), Person: func(id string) string { return people[desk.PersonID(id)].Name }}
}

// level is what a severity is called and how soon it is answered, by the
// catalogue in force.
func (f *Front) level(s desk.Severity) desk.Level {
	return f.catalogue().Called(s)
}
