package console

import (
	"context"
	"errors"
	"net/http"

	"caseline/internal/console/drawn"
	"caseline/internal/console/record"
	"caseline/internal/console/seek"
	"caseline/internal/console/work"
	"caseline/internal/desk"
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
	Menus   []menu
}

// A menu is one filter to choose.
type menu struct {
	Name, Label, All, Chosen string
	Choices                  []seek.Choice
}

// found searches for what is entered above the list.
func (s *Server) found(r *http.Request, who desk.Agent, entered seek.Seek) (page foundPage, err error) {
	page.Seek = entered
	if entered.Any() {
		var refusal *desk.Refusal
		if err := s.search(r, who, &page); errors.As(err, &refusal) && errors.Is(err, desk.ErrInvalid) {
			page.Problem = refusal.Message
		} else if err != nil {
			return page, err
		}
	}
	return page, s.offer(r, &page)
}

func (s *Server) search(r *http.Request, who desk.Agent, page *foundPage) error {
	q, err := page.Seek.Query(work.Listed / 2)
	if err != nil {
		return err
	}
	found, err := s.Read.Search(r.Context(), q)
	if err != nil {
		return err
	}
	cases := make([]desk.Case, len(found.Hits))
	for i, h := range found.Hits {
		cases[i] = h.Case
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

// offer makes the menus. The people of what was found can be chosen, beside who
// is.
func (s *Server) offer(r *http.Request, page *foundPage) error {
	agents, err := s.Read.Agents(r.Context())
	if err != nil {
		return err
	}
	served, err := s.Read.Accounts(r.Context())
	if err != nil {
		return err
	}
	var hands, accounts, people []seek.Choice
	for _, a := range agents {
		hands = append(hands, seek.Choice{Value: string(a.ID), Name: a.Name})
	}
	for _, a := range served {
		accounts = append(accounts, seek.Choice{Value: string(a.ID), Name: a.Title()})
	}
	for _, h := range page.Hits {
		people = append(people, seek.Choice{Value: string(h.Requester), Name: h.By.Name})
	}
	id := desk.PersonID(page.Seek.Requester)
	known, err := s.Read.People(r.Context(), []desk.PersonID{id})
	if err != nil {
		return err
	}
	requester := record.AuthorOf(desk.ByCustomer(id), known, "").Name
	e := page.Seek
	for _, m := range []menu{
		{"status", "Status", "Any status", e.Status, seek.Statuses(drawn.StatusName)},
		{"severity", "Severity", "Any severity", e.Severity, seek.Severities(record.SeverityName)},
		{"account", "Account", "Any account", e.Account, seek.Offer(seek.Choice{Value: e.Account, Name: e.Account}, accounts)},
		{"agent", "Agent", "Any agent", e.Agent, seek.Offer(seek.Choice{}, hands)},
		{"requester", "Requester", "Any requester", e.Requester, seek.Offer(seek.Choice{Value: e.Requester, Name: requester}, people)},
	} {
		if len(m.Choices) > 0 {
			page.Menus = append(page.Menus, m)
		}
	}
	return nil
}
