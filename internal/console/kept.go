package console

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"caseline/internal/console/acts"
	"caseline/internal/console/drawn"
	"caseline/internal/console/form"
	"caseline/internal/console/keep"
	"caseline/internal/console/outside"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/rights"
	"caseline/internal/mrkdwn"
	"caseline/internal/store"
	"caseline/internal/web"
)

// maxEarlier is how many earlier cases the page of one names, of the requester
// and of the account.
const maxEarlier = 5

// maxUnreckoned is how many entries are looked through that reports have not reckoned
// yet.
const maxUnreckoned = 50

// kept reads what the page of a case shows besides it: what its reader keeps, and
// earlier cases.
func (s *Server) kept(ctx context.Context, v *caseView) (err error) {
	if v.Jotted, err = s.Read.Jotting(ctx, v.Me.ID, v.ID); err != nil {
		return err
	}
	if v.Draft == "" {
		v.Draft = v.Jotted.Text
	}
	if v.Earlier, err = s.Read.EarlierOf(ctx, v.Requester, v.ID, maxEarlier); err != nil {
		return err
	}
	if v.EarlierIn, err = s.Read.EarlierIn(ctx, v.Case.Account, v.ID, 2*maxEarlier); err != nil {
		return err
	}
	v.EarlierIn = slices.DeleteFunc(v.EarlierIn, func(e store.Earlier) bool {
		return slices.ContainsFunc(v.Earlier, func(own store.Earlier) bool { return own.Number == e.Number })
	})
	v.EarlierIn = v.EarlierIn[:min(len(v.EarlierIn), maxEarlier)]
	if v.MayResolve() {
		v.Silent, err = s.silent(ctx, v.ID)
	}
	return err
}

// silent reports whether no agent has answered a case. The facts of reports say so,
// but for the newest entries.
func (s *Server) silent(ctx context.Context, id desk.CaseID) (bool, error) {
	facts, err := s.Read.FactsOf(ctx, id)
	if err != nil || !facts.Case.AnsweredAt.IsZero() {
		return false, err
	}
	newest, err := s.Read.Log(ctx, id, facts.Seq, maxUnreckoned+1)
	answered := slices.ContainsFunc(newest, func(e desk.Correspondence) bool {
		return e.Author.Side == desk.SideAgent && (e.Kind == desk.KindMessage || e.Kind == desk.KindFile)
	})
	return !answered && len(newest) <= maxUnreckoned, err
}

// frameless reads what a frame has, for what is drawn of a case without one.
func (s *Server) frameless(ctx context.Context, v *caseView) error {
	chosen, err := s.Read.Preference(ctx, v.Me.ID, keep.UndoKey)
	if err != nil {
		return err
	}
	v.Undo = keep.Undo(chosen, s.opt.Undo)
	if v.Why, err = s.work.Why(ctx, v.Clockface, v.Me, &v.Case); err != nil {
		return err
	}
	away, err := s.Read.Snoozes(ctx, v.Me.ID, v.Now)
	for _, z := range away {
		if z.Case == v.ID {
			v.Snoozed = z.Until
		}
	}
	return err
}

// opened forgets that the reader of a case's page was named in a note of it.
func (s *Server) opened(ctx context.Context, page casePage) error {
	if !slices.ContainsFunc(page.Named, func(m personal.Mention) bool { return m.Case == page.Case.ID }) {
		return nil
	}
	return s.Keeping.Opened(ctx, page.Me.ID, page.Case.ID)
}

// postPreview answers a script with what was typed as the log would show it.
func (s *Server) postPreview(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	c, err := s.caseOf(r)
	if err != nil {
		return err
	}
	text := r.PostForm.Get("text")
	if len(text) > 4*desk.MaxReply {
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "text", Message: "This is too long to be shown. Shorten it."}
	}
	names := s.names(c.Workspace, nil)
	names.Location, names.Emoji = drawn.ZoneOf(r), outside.Named(s.opt.Emoji, c.Workspace)
	html := s.prose.HTML(mrkdwn.Canonical(strings.ReplaceAll(text, "\r\n", "\n")), names)
	web.WriteJSON(w, http.StatusOK, struct {
		HTML string `json:"html"`
	}{string(html)})
	return nil
}

// A view is a search that is kept, in the navigation of all cases.
type view struct {
	personal.View
	Address string
	Here    bool // it is what the page shows
	May     bool // the reader may remove it
}

// bulk is what can be done to several cases of a list at once.
type bulk struct {
	Token      string
	Back       string
	May        bool
	Hands      []desk.Agent // to whom chats can be handed over
	Severities []called
	Pauses     []acts.Pause
}

// bulk is what the reader of a list can do to several of its cases.
func (s *Server) bulk(ctx context.Context, f work.Frame) (bulk, error) {
	b := bulk{Token: newToken(), Back: f.Path, May: rights.May(f.Me, rights.Answer), Pauses: acts.Pauses(f.Clockface)}
	agents, err := s.Read.Agents(ctx)
	b.Hands = slices.DeleteFunc(agents, func(a desk.Agent) bool { return !rights.May(a, rights.Answer) })
	for _, severity := range desk.Severities() {
		b.Severities = append(b.Severities, called{severity, s.opt.Level(severity)})
	}
	return b, err
}

// around reads what stands around the list of all cases.
func (s *Server) around(ctx context.Context, page *casesPage) (err error) {
	if page.Bulk, err = s.bulk(ctx, page.Frame); err != nil {
		return err
	}
	if page.Seek.Any() {
		_, page.Query, _ = strings.Cut(page.Seek.Address(""), "?")
		page.Bulk.Back = page.Seek.Address("")
	}
	views, err := s.Read.Views(ctx, page.Me.ID)
	for _, v := range views {
		page.Views = append(page.Views, view{
			View: v, Address: "/cases?" + v.Query, Here: v.Query == page.Query, May: v.Agent == page.Me.ID && page.MayKeep() || rights.May(page.Me, rights.Lead),
		})
	}
	return err
}

// Kept reports whether what the page shows is a view.
func (p casesPage) Kept() bool {
	return slices.ContainsFunc(p.Views, func(v view) bool { return v.Here })
}

// MayKeep reports whether the reader may make views.
func (p casesPage) MayKeep() bool { return rights.May(p.Me, rights.Answer) }

// MayShare reports whether the reader may make views for everybody.
func (p casesPage) MayShare() bool { return rights.May(p.Me, rights.Lead) }
