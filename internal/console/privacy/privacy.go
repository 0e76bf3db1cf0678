package privacy

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"caseline/internal/casework/exporting"
	"caseline/internal/casework/forgetting"
	"caseline/internal/casework/retention"
	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/console/setup"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/served"
)

// A Reader is what the pages read.
type Reader interface {
	Account(ctx context.Context, id desk.AccountID) (served.Account, error)
	Accounts(ctx context.Context) ([]served.Account, error)
	Workspaces(ctx context.Context) ([]served.Workspace, error)
	Policy(ctx context.Context, account desk.AccountID) (keeping.Policy, error)
	Hold(ctx context.Context, id desk.CaseID) (keeping.Hold, error)
	HoldsOf(ctx context.Context, account desk.AccountID, limit int) ([]keeping.Hold, error)
	HeldOf(ctx context.Context, who desk.PersonID, limit int) ([]keeping.Hold, []keeping.Policy, error)
	Cases(ctx context.Context, ids []desk.CaseID) ([]desk.Case, error)
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
	PeopleCalled(ctx context.Context, typed string, limit int) ([]desk.Person, error)
	Agent(ctx context.Context, id desk.AgentID) (desk.Agent, error)
	Agents(ctx context.Context) ([]desk.Agent, error)
	Wrote(ctx context.Context, who desk.PersonID) (keeping.Find, error)
	Erasure(ctx context.Context, id string) (keeping.Erasure, error)
	Erasures(ctx context.Context, before time.Time, limit int) ([]keeping.Erasure, error)
	Exports(ctx context.Context, limit int) ([]keeping.Export, error)
}

// A Room has the pages.
type Room struct {
	Read   Reader
	Keep   *retention.Service
	Forget *forgetting.Service
	Export *exporting.Service
	// File opens the bytes of a file by their hash.
	File func(hash string) (io.ReadSeekCloser, error)
	// Person is the key of a workspace's user, and Split takes it apart.
	Person func(w desk.WorkspaceID, user string) desk.PersonID
	Split  func(desk.PersonID) (w desk.WorkspaceID, user string, ok bool)
	// Wake has what was ordered carried out at once.
	Wake func()
}

// pages are the room's, in its house.
type pages struct {
	Room
	house room.House
}

// Doors are the addresses.
func (r Room) Doors(h room.House) map[string]room.Door {
	if r.Wake == nil {
		r.Wake = func() {}
	}
	p := &pages{r, h}
	const policy = "/setup/accounts/{account}/policy"
	return map[string]room.Door{
		"GET " + policy:              {May: rights.Setup, Answer: p.getPolicy},
		"POST " + policy:             {May: rights.Setup, Answer: p.postPolicy},
		"GET /cases/{id}/keeping":    {May: rights.Read, Answer: p.getKeeping},
		"POST /cases/{id}/hold":      {May: rights.Setup, Answer: p.postHold},
		"POST /cases/{id}/release":   {May: rights.Setup, Answer: p.postRelease},
		"GET /privacy":               {May: rights.Personal, Answer: p.getPrivacy},
		"GET /privacy/person":        {May: rights.Personal, Answer: p.getPerson},
		"POST /privacy/person":       {May: rights.Personal, Answer: p.postPerson},
		"GET /privacy/records":       {May: rights.Audit, Answer: p.getRecords},
		"GET /privacy/records/{id}":  {May: rights.Audit, Answer: p.getRecord},
		"POST /privacy/exports":      {May: rights.Personal, Answer: p.postExport},
		"GET /privacy/exports/{id}":  {May: rights.Personal, Answer: p.getExport},
		"POST /privacy/exports/{id}": {May: rights.Personal, Answer: p.postDrop},
	}
}

func by(who desk.Agent) desk.By { return desk.By{Actor: desk.ByAgent(who), Via: desk.ViaConsole} }

// frame is the frame of a page that may have something to say.
func (p *pages) frame(r *http.Request, who desk.Agent, section, title string) (work.Frame, error) {
	f, err := p.house.Frame(r, who, section, title)
	if r.Method == http.MethodGet {
		switch r.URL.Query().Get("did") {
		case "policy":
			f.Notice = f.Say("Saved. It holds from now on.")
		case "held":
			f.Notice = f.Say("The case is held. Nothing of it is erased by time.")
		case "released":
			f.Notice = f.Say("The case goes with its time again.")
		case "asked":
			f.Notice = f.Say("The export is being made. It is listed here when it is ready.")
		case "dropped":
			f.Notice = f.Say("The file of the export is removed.")
		}
	}
	return f, err
}

func leave(w http.ResponseWriter, r *http.Request, path, did string) error {
	if did != "" {
		path += "?did=" + url.QueryEscape(did)
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

func read(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	return nil
}

// A wrongs says by the names of fields why what is in them cannot be.
type wrongs = setup.Wrong

// wrongOf finds what a refusal is about: the field that it names, or the usual one.
func wrongOf(err error, usual string) (wrongs, bool) {
	refusal, ok := errors.AsType[*desk.Refusal](err)
	if !ok {
		return nil, false
	}
	return wrongs{cmp.Or(refusal.Field, usual): refusal.Message}, true
}

func missing(err error, sentence string) error {
	if errors.Is(err, desk.ErrNotFound) {
		return &desk.Refusal{Kind: desk.ErrNotFound, Message: sentence}
	}
	return err
}
