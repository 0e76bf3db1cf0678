package setup

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"caseline/internal/casework/setup"
	"caseline/internal/console/form"
	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/web"
)

// UseCases are what operators can ask for.
type UseCases interface {
	AddAccount(context.Context, setup.AddAccount) (served.Account, error)
	RenameAccount(context.Context, setup.RenameAccount) (served.Account, error)
	SetDeletions(context.Context, setup.SetDeletions) (served.Account, error)
	SetAsking(context.Context, setup.SetAsking) (served.Account, error)
	LinkWorkspace(context.Context, setup.Link) error
	UnlinkWorkspace(context.Context, setup.Link) error
	ConfigureChannel(context.Context, setup.ConfigureChannel) error
	ChangeChannel(context.Context, setup.ChangeChannel) (served.ChannelConfig, error)
	RemoveChannel(context.Context, setup.RemoveChannel) error
}

// Reader is what the pages read.
type Reader interface {
	store.SetupReader
	store.AuditReader
	Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	CaseByNumber(ctx context.Context, number desk.CaseNumber) (desk.Case, error)
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
	Agents(ctx context.Context) ([]desk.Agent, error)
	PeopleCalled(ctx context.Context, typed string, limit int) ([]desk.Person, error)
}

// Needs are what Pages cannot do without.
type Needs struct {
	Do   UseCases
	Read Reader
	// Frame is the frame of the page that answers a request.
	Frame func(r *http.Request, who desk.Agent, section, title string) (work.Frame, error)
	// Show answers with a page.
	Show func(w http.ResponseWriter, status int, page string, data any) error
}

// A PublicChannel is one that everybody in a workspace can see.
type PublicChannel struct {
	ID   desk.ChannelID
	Name string // without the #
	In   bool   // the app is in it
}

// Options are what Pages can be given; the zero value works. The functions are
// what package slack knows.
type Options struct {
	// Install is where the app is installed in other workspaces; default: nowhere.
	Install string
	Limits  served.SetupLimits // default: served.DefaultSetupLimits
	// Channel reads what somebody typed to name a channel: an id, which is in
	// the chosen workspace, or a link, which says in which of those that are
	// known. w is empty when it leads elsewhere. Default: nothing names one.
	Channel func(typed string, chosen desk.WorkspaceID, known []served.Workspace) (w desk.WorkspaceID, ch desk.ChannelID, ok bool)
	// Public lists the public channels of a workspace by name; more says that
	// there are too many for that. Default: there are none.
	Public func(ctx context.Context, w desk.WorkspaceID) (all []PublicChannel, more bool, err error)
	// Groups lists the user groups of a workspace. Default: there are none.
	Groups func(ctx context.Context, w desk.WorkspaceID) ([]served.Group, error)
	// Person is the key of a workspace's user, and User takes it apart. Default:
	// nobody can be named.
	Person func(w desk.WorkspaceID, user string) desk.PersonID
	User   func(desk.PersonID) string
	// Place is a channel as a place, and Address where Slack opens it. Default:
	// pages do not lead there.
	Place   func(w desk.WorkspaceID, ch desk.ChannelID) desk.Place
	Address func(desk.Place) string
}

func (o Options) withDefaults() Options {
	o.Limits = cmp.Or(o.Limits, served.DefaultSetupLimits())
	if o.Channel == nil {
		o.Channel = func(string, desk.WorkspaceID, []served.Workspace) (desk.WorkspaceID, desk.ChannelID, bool) {
			return "", "", false
		}
	}
	if o.Public == nil {
		o.Public = func(context.Context, desk.WorkspaceID) ([]PublicChannel, bool, error) { return nil, false, nil }
	}
	if o.Groups == nil {
		o.Groups = func(context.Context, desk.WorkspaceID) ([]served.Group, error) { return nil, nil }
	}
	if o.Person == nil {
		o.Person = func(desk.WorkspaceID, string) desk.PersonID { return "" }
	}
	if o.User == nil {
		o.User = func(p desk.PersonID) string { return string(p) }
	}
	if o.Place == nil {
		o.Place = func(desk.WorkspaceID, desk.ChannelID) desk.Place { return "" }
	}
	if o.Address == nil {
		o.Address = func(desk.Place) string { return "" }
	}
	return o
}

// Pages answer the addresses of the setup and of the audit. Make them with
// [New].
type Pages struct {
	Needs
	opt Options
}

// New returns Pages.
func New(n Needs, o Options) *Pages { return &Pages{Needs: n, opt: o.withDefaults()} }

// A Handler answers a request of an operator.
type Handler func(w http.ResponseWriter, r *http.Request, who desk.Agent) error

// Routes are what the pages answer, by pattern. Whoever mounts them lets only
// operators in.
func (p *Pages) Routes() map[string]Handler {
	const (
		account = "/setup/accounts/{account}"
		space   = account + "/workspaces/{workspace}"
		channel = account + "/channels/{workspace}/{channel}"
	)
	return map[string]Handler{
		"GET /setup":                       p.getSetup,
		"POST /setup/accounts":             p.postAccount,
		"GET " + account:                   p.getAccount,
		"POST " + account + "/name":        p.postName,
		"POST " + account + "/deletions":   p.postDeletions,
		"POST " + account + "/asking":      p.postAsking,
		"POST " + account + "/workspaces":  p.postLink,
		"GET " + space + "/unlink":         p.getUnlink,
		"POST " + space + "/unlink":        p.postUnlink,
		"GET " + account + "/channels/new": p.getNewChannel,
		"POST " + account + "/channels":    p.postNewChannel,
		"GET " + channel:                   p.getChannel,
		"POST " + channel:                  p.postChannel,
		"GET " + channel + "/remove":       p.getRemove,
		"POST " + channel + "/remove":      p.postRemove,
		"GET /audit":                       p.getAudit,
		"GET /audit.csv":                   p.getAuditCSV,
		"GET /audit.json":                  p.getAuditJSON,
	}
}

func by(who desk.Agent) desk.By { return desk.By{Actor: desk.ByAgent(who), Via: desk.ViaConsole} }

// Wrong says by the names of a form's fields why what is in them cannot be.
type Wrong map[string]string

// A Mistake is what is wrong with one field; without a message nothing is.
type Mistake struct{ Field, Message string }

// WrongIn is what is wrong with a field, for the templates of a language.
func WrongIn(t tongue.Tongue) func(Wrong, string) Mistake {
	return func(w Wrong, field string) Mistake { return Mistake{field, t.Told(w[field])} }
}

// wrong finds what a refusal is about: the field that it names, or the usual one.
// ok is false for any other error.
func wrong(err error, usual string) (why Wrong, ok bool) {
	refusal, ok := errors.AsType[*desk.Refusal](err)
	if !ok {
		return nil, false
	}
	return Wrong{cmp.Or(refusal.Field, usual): refusal.Message}, true
}

// said are what a page says once about what was done on the one before.
func said(did string) string {
	return map[string]string{
		"added":      tongue.Mark("The account is there. Link it to a workspace next."),
		"renamed":    tongue.Mark("The new name is saved."),
		"deletions":  tongue.Mark("Saved. It holds for what is deleted from now on."),
		"asking":     tongue.Mark("Saved. It holds for chats that end from now on."),
		"linked":     tongue.Mark("The workspace is linked. Add a channel next."),
		"unlinked":   tongue.Mark("The workspace is no longer linked."),
		"configured": tongue.Mark("The account is served in this channel. If the app is not there yet, invite it: write /invite @ and its name."),
		"saved":      tongue.Mark("Saved. It holds at once."),
		"removed":    tongue.Mark("The account is no longer served in that channel. The channel itself is as it was."),
		"there":      tongue.Mark("This channel was configured already. Here are its settings."),
	}[did]
}

// frame is the frame of a page that may have something to say.
func (p *Pages) frame(r *http.Request, who desk.Agent, section, title string) (work.Frame, error) {
	f, err := p.Frame(r, who, section, title)
	if did := said(r.URL.Query().Get("did")); did != "" && r.Method == http.MethodGet {
		f.Notice = f.Text(did)
	}
	return f, err
}

// leave leads to the page that shows what was done.
func leave(w http.ResponseWriter, r *http.Request, path, did string) error {
	if web.WantsJSON(r) {
		web.WriteJSON(w, http.StatusOK, struct{}{})
		return nil
	}
	http.Redirect(w, r, path+"?did="+url.QueryEscape(did), http.StatusSeeOther)
	return nil
}

// read reads a form.
func read(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	return nil
}

func missing(err error, sentence string) error {
	if errors.Is(err, desk.ErrNotFound) {
		return &desk.Refusal{Kind: desk.ErrNotFound, Message: sentence}
	}
	return err
}
