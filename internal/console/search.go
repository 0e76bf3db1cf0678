package console

import (
	"context"
	"errors"
	"net/http"
	"time"

	"caseline/internal/console/drawn"
	"caseline/internal/console/record"
	"caseline/internal/console/seek"
	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/sought"
	"caseline/internal/mrkdwn"
	"caseline/internal/terms"
)

// A hit is a case in a list of what was found.
type hit struct {
	work.Row
	Seq    int64
	Pieces []terms.Piece // of the entry that was found
}

// Address is where the entry stands.
func (h hit) Address() string { return "/cases/" + string(h.Number) }

// excerptLength is how many characters of an entry a hit shows.
const excerptLength = 220

// foundPage is what the list of cases shows of a search.
type foundPage struct {
	Seek    seek.Seek
	Hits    []hit
	Next    string // address of the next page, or empty
	Short   bool   // the search stopped early
	Growing bool   // not everything can be found yet
	Problem string // why nothing was looked for
	wrong   string // the field that this is about
	Menus   []seek.Menu
}

// nothing is a catalogue without anything in it.
type nothing struct{}

func (nothing) Catalogue() *matters.Catalogue        { return &matters.Catalogue{} }
func (nothing) Matters(string, int) []matters.Matter { return nil }

// found searches for what is entered above the list, if anything is.
func (s *Server) found(r *http.Request, who desk.Agent, entered seek.Seek) (page foundPage, err error) {
	page.Seek = entered
	if !entered.Any() {
		return page, nil
	}
	var refusal *desk.Refusal
	if err := s.search(r, who, &page); errors.As(err, &refusal) && errors.Is(err, desk.ErrInvalid) {
		page.Problem, page.wrong = tongue.From(r.Context()).Told(refusal.Message), refusal.Field
	} else if err != nil {
		return page, err
	}
	lately, err := s.Read.RecentCases(r.Context(), time.Time{}, work.Listed)
	if err != nil {
		return page, err
	}
	return page, s.offer(r, &page, lately)
}

func (s *Server) search(r *http.Request, who desk.Agent, page *foundPage) error {
	q, err := page.Seek.Query(r.Context(), s.opt.Book, s.Read, work.Listed/2)
	if err != nil {
		return err
	}
	found, err := s.Read.Search(r.Context(), q)
	if err != nil {
		return err
	}
	cases := make([]*desk.Case, len(found.Hits))
	for i := range found.Hits {
		cases[i] = &found.Hits[i].Case
	}
	rows, err := s.work.Rows(r.Context(), who, cases)
	if err != nil {
		return err
	}
	typed := terms.Parse(q.Text)
	people, err := s.mentioned(r.Context(), found.Hits)
	if err != nil {
		return err
	}
	for i, h := range found.Hits {
		text := mrkdwn.Plain(h.Words, s.names(h.Case.Workspace, people))
		page.Hits = append(page.Hits, hit{Row: rows[0][i], Seq: h.Seq, Pieces: typed.Excerpt(text, excerptLength)})
	}
	if found.Next != "" {
		page.Next = page.Seek.Address(found.Next)
	}
	page.Short, page.Growing = found.Short, found.Growing
	return nil
}

// mentioned reads whom and what the words of hits mention.
func (s *Server) mentioned(ctx context.Context, hits []sought.Hit) (map[desk.PersonID]desk.Person, error) {
	var ids []desk.PersonID
	texts := map[desk.WorkspaceID][]string{}
	for _, h := range hits {
		w := h.Case.Workspace
		ids, texts[w] = append(ids, s.windows().Mentioned(w, h.Words)...), append(texts[w], h.Words)
	}
	for w, said := range texts {
		s.opt.Mentions.Learn(ctx, w, said)
	}
	return s.Read.People(ctx, ids)
}

// offer makes the menus. Suggested are the people and services of what was
// found, and of the cases of lately.
func (s *Server) offer(r *http.Request, page *foundPage, lately []desk.Case) error {
	agents, err := s.Read.Agents(r.Context())
	if err != nil {
		return err
	}
	served, err := s.Read.Accounts(r.Context())
	if err != nil {
		return err
	}
	var hands, accounts []seek.Choice
	for _, a := range agents {
		hands = append(hands, seek.Choice{Value: string(a.ID), Name: a.Name})
	}
	for _, a := range served {
		accounts = append(accounts, seek.Choice{Value: string(a.ID), Name: a.Title()})
	}
	for _, h := range page.Hits {
		lately = append(lately, *h.Case)
	}
	e := page.Seek
	requesters, err := s.offerPeople(r, e, lately)
	if err != nil {
		return err
	}
	t := tongue.From(r.Context())
	for _, m := range []seek.Menu{
		{Name: "status", Label: t.Say("Status"), All: t.Say("Any status"), Chosen: e.Status, Choices: seek.Statuses(t, drawn.StatusName)},
		{Name: "severity", Label: t.Say("Severity"), All: t.Say("Any severity"), Chosen: e.Severity, Choices: seek.Severities(t, record.SeverityName)},
		{Name: "account", Label: t.Say("Account"), All: t.Say("Any account"), Chosen: e.Account, Choices: seek.Offer(seek.Choice{Value: e.Account, Name: e.Account}, accounts)},
		e.ServiceMenu(t, s.opt.Book, lately), e.LanguageMenu(t, s.opt.Book), requesters,
		{Name: "agent", Label: t.Say("Agent"), All: t.Say("Any agent"), Chosen: e.Agent, Choices: seek.Offer(seek.Choice{}, hands)},
	} {
		m.Wrong = m.Name == page.wrong
		if len(m.Choices)+len(m.Groups) > 0 || m.Typed {
			page.Menus = append(page.Menus, m)
		}
	}
	return nil
}

// offerPeople suggests those who opened cases.
func (s *Server) offerPeople(r *http.Request, e seek.Seek, cases []desk.Case) (seek.Menu, error) {
	chosen := desk.PersonID(e.Requester)
	ids := []desk.PersonID{chosen}
	for _, c := range cases {
		ids = append(ids, c.Requester)
	}
	known, err := s.Read.People(r.Context(), ids)
	var names []string
	for _, p := range known {
		names = append(names, p.Name)
	}
	return e.RequesterMenu(tongue.From(r.Context()), known[chosen].Name, names), err
}
