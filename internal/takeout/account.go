package takeout

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"caseline/internal/casework/auditlog"
	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
	"caseline/internal/store"
)

// A Reader is what exports are made of.
type Reader interface {
	store.CaseReader
	store.LogReader
	store.PeopleReader
	store.SetupReader
	store.AuditReader
	store.PolicyReader
	store.ErasureReader
	Agents(ctx context.Context) ([]desk.Agent, error)
}

// Options are what a Writer can be given.
type Options struct {
	Now  func() time.Time // default: the system clock
	Page int              // how much is read at once; default 500
	// Whole is how many entries a case may have for transcripts of its chats;
	// default 5,000.
	Whole int64
	// File opens the bytes of a file. Default: there are none.
	File func(hash string) (io.ReadSeekCloser, error)
	// Person is the key of a workspace's user. Default: nobody is known.
	Person func(w desk.WorkspaceID, user string) desk.PersonID
	// Named returns a case with names in place of the codes of what it is about.
	// Default: it stays as it is.
	Named func(desk.Case) desk.Case
	// Alive is called after each case; an error ends the writing.
	Alive func(cases int) error
}

// A Writer writes exports. Make one with [New].
type Writer struct {
	read Reader
	opt  Options
}

// New returns a Writer.
func New(r Reader, o Options) *Writer {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Page <= 0 {
		o.Page = 500
	}
	if o.Whole <= 0 {
		o.Whole = 5000
	}
	if o.File == nil {
		o.File = func(string) (io.ReadSeekCloser, error) { return nil, desk.ErrNotFound }
	}
	if o.Person == nil {
		o.Person = func(desk.WorkspaceID, string) desk.PersonID { return "" }
	}
	if o.Named == nil {
		o.Named = func(c desk.Case) desk.Case { return c }
	}
	if o.Alive == nil {
		o.Alive = func(int) error { return nil }
	}
	return &Writer{read: r, opt: o}
}

// A takeout is one export as it is written.
type takeout struct {
	*Writer
	pack
	account desk.AccountID
	title   string
	agents  map[string]string // names by id
	people  map[desk.PersonID]string
	missing []string
}

// Write writes the data of an account, and returns of how many cases.
func (w *Writer) Write(ctx context.Context, to io.Writer, account desk.AccountID) (cases int, err error) {
	a, err := w.read.Account(ctx, account)
	if err != nil {
		return 0, fmt.Errorf("export account %s: %w", account, err)
	}
	now := w.opt.Now().UTC()
	t := &takeout{
		Writer: w, pack: pack{zip: zip.NewWriter(to), now: now}, account: account, title: a.Title(), agents: map[string]string{}, people: map[desk.PersonID]string{},
	}
	agents, err := w.read.Agents(ctx)
	if err != nil {
		return 0, fmt.Errorf("export account %s: %w", account, err)
	}
	for _, agent := range agents {
		t.agents[string(agent.ID)] = agent.Name
	}
	if cases, err = t.cases(ctx); err != nil {
		return cases, fmt.Errorf("export account %s: %w", account, err)
	}
	err = errors.Join(t.setup(ctx), t.audit(ctx), t.known())
	if err != nil {
		return cases, fmt.Errorf("export account %s: %w", account, err)
	}
	m := Manifest{Account: string(account), Name: a.Name, Made: now, Cases: cases, Missing: t.missing, Parts: t.parts}
	return cases, errors.Join(t.json(ManifestPath, m), t.zip.Close())
}

// cases writes all cases, one after another.
func (t *takeout) cases(ctx context.Context) (n int, err error) {
	for after := desk.CaseID(""); ; {
		ids, err := t.read.CasesBy(ctx, t.account, after, t.opt.Page)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		for _, id := range ids {
			if err := t.oneCase(ctx, id); err != nil {
				return n, fmt.Errorf("case %s: %w", id, err)
			}
			n++
			if err := t.opt.Alive(n); err != nil {
				return n, err
			}
		}
		after = ids[len(ids)-1]
	}
}

// setup writes how the account is set up.
func (t *takeout) setup(ctx context.Context) error {
	a, err := t.read.Account(ctx, t.account)
	if err != nil {
		return err
	}
	channels, err := t.read.ChannelsOf(ctx, t.account)
	if err != nil {
		return err
	}
	policy, err := t.read.Policy(ctx, t.account)
	if err != nil {
		return err
	}
	return t.json("account.json", map[string]any{"account": a, "channels": channels, "policy": policy})
}

func (t *takeout) audit(ctx context.Context) error {
	return t.part("audit.jsonl", func(w io.Writer) error {
		return auditlog.WriteJSON(ctx, w, t.read, desk.AuditFilter{Account: t.account}, 0)
	})
}

// A Known is somebody by the name that was known.
type Known struct {
	ID   desk.PersonID `json:"id"`
	Name string        `json:"name"`
}

// known writes who is in the account's cases.
func (t *takeout) known() error {
	all := make([]Known, 0, len(t.people))
	for _, id := range slices.Sorted(maps.Keys(t.people)) {
		all = append(all, Known{id, t.people[id]})
	}
	return t.json("people.json", all)
}

// learn learns the names of people.
func (t *takeout) learn(ctx context.Context, ids []desk.PersonID) error {
	ids = slices.DeleteFunc(ids, func(id desk.PersonID) bool {
		_, known := t.people[id]
		return known || id == ""
	})
	if len(ids) == 0 {
		return nil
	}
	found, err := t.read.People(ctx, ids)
	for _, id := range ids {
		t.people[id] = found[id].Name
	}
	return err
}

// called is how somebody is called in pages.
func (t *takeout) called(a desk.Actor) string {
	switch a.Side {
	case desk.SideCustomer:
		if name := t.people[desk.PersonID(a.ID)]; name != "" {
			return name
		}
	case desk.SideAgent:
		if a.Name != "" {
			return a.Name
		}
		if name := t.agents[a.ID]; name != "" {
			return name
		}
	default:
		return "Caseline"
	}
	if a.Name != "" {
		return a.Name
	}
	return a.ID
}

// names are those of whom texts mention.
func (t *takeout) names(w desk.WorkspaceID) mrkdwn.Resolver {
	return mrkdwn.Resolver{User: func(user string) string { return t.people[t.opt.Person(w, user)] }}
}
