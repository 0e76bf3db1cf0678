package console

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"caseline/internal/console/drawn"
	"caseline/internal/console/seek"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// counted is how the navigation stands, for scripts.
type counted struct {
	Waiting int      `json:"waiting"`
	Chats   []string `json:"chats"` // case@seq@read, to tell what is unread
	// Handed are chats that came to the agent from another one.
	Handed []handedOver `json:"handed,omitempty"`
	Mine   []ownChat    `json:"mine,omitempty"`
	HTML   string       `json:"html"`
	// Presence is the agent's, which may have been changed in another tab.
	Presence desk.Presence `json:"presence"`
	Banners  string        `json:"banners"` // what stands above the page
	// Why is whose the chat of the page's case is while it waits, or why it has no
	// agent.
	Why string `json:"why,omitempty"`
	// Named counts the notes that name the agent.
	Named int `json:"named"`
	// Notes are those notes, as case@seq.
	Notes []string `json:"notes,omitempty"`
}

// ownChat is a chat of the agent's, for scripts that tell of it.
type ownChat struct {
	Case    desk.CaseID     `json:"case"`
	Number  desk.CaseNumber `json:"number"`
	Seq     int64           `json:"seq"`
	Subject string          `json:"subject"`
	From    string          `json:"from"`          // the requester
	Own     bool            `json:"own,omitempty"` // the latest words are no customer's
}

// handedOver is a chat that came to the agent from another one.
type handedOver struct {
	Case   desk.CaseID     `json:"case"`
	Number desk.CaseNumber `json:"number"`
	Says   string          `json:"says"`
}

func (s *Server) counts(page string, f work.Frame) (c counted, err error) {
	c = counted{Waiting: f.Queued, Chats: f.ChatKeys(), Presence: f.Me.Presence, Named: len(f.Named)}
	for _, r := range f.Mine {
		c.Mine = append(c.Mine, ownChat{r.ID, r.Number, r.LastSeq, r.Subject, r.By.Name, r.Inside})
		if r.Handed != "" {
			c.Handed = append(c.Handed, handedOver{r.ID, r.Number, r.Handed + ": " + r.Subject})
		}
	}
	for _, m := range f.Named {
		c.Notes = append(c.Notes, fmt.Sprintf("%s@%d", m.Case, m.Seq))
	}
	c.Banners, err = s.part(page, "banners", f)
	return c, err
}

func (s *Server) getQueue(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	f, err := s.work.Queue(r, who, "Queue")
	if err != nil {
		return err
	}
	f.Still = !drawn.Left(r)
	return s.list(w, r, "queue", f, f)
}

func (s *Server) getChats(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	f, err := s.work.Frame(r, who, "chats", "My chats")
	if err != nil {
		return err
	}
	page := chatsPage{Frame: f}
	if page.Named, err = s.work.Mentions(r.Context(), f); err != nil {
		return err
	}
	if page.Snoozed, err = s.work.Snoozed(r.Context(), f); err != nil {
		return err
	}
	if page.Bulk, err = s.bulk(r.Context(), f); err != nil {
		return err
	}
	return s.list(w, r, "chats", f, page)
}

// chatsPage is the page of the reader's chats.
type chatsPage struct {
	work.Frame
	Named   []work.NamedRow
	Snoozed []work.Row
	Bulk    bulk
}

type casesPage struct {
	work.Frame
	foundPage
	Rows  []work.Row
	Older string // address of the next page, or empty
	Views []view
	Query string // what is looked for, as a view keeps it
	Bulk  bulk
	First bool
	Here  string // address of this page
}

func (s *Server) getCases(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	f, err := s.work.Frame(r, who, "cases", "All cases")
	if err != nil {
		return err
	}
	found, err := s.found(r, who, seek.Read(r.URL.Query(), f.Zone))
	if err != nil {
		return err
	}
	f.Still = !drawn.Left(r) && !found.Seek.Any() // beside what is sought a script puts fields in, and what keeps it as a view moves
	for i := range found.Hits {
		found.Hits[i].Why = f.WhyOf(found.Hits[i].Case)
	}
	page := casesPage{Frame: f, foundPage: found, Here: r.URL.RequestURI()}
	if err := s.around(r.Context(), &page); err != nil {
		return err
	}
	if found.Seek.Any() {
		return s.list(w, r, "cases", f, page)
	}
	var before time.Time
	if at := r.URL.Query().Get("before"); at != "" {
		micros, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return &desk.Refusal{Kind: desk.ErrInvalid, Message: "This address is incomplete. Start again from All cases."}
		}
		before = time.UnixMicro(micros)
	}
	cases, err := s.Read.RecentCases(r.Context(), before, work.Listed)
	if err != nil {
		return err
	}
	if err := s.offer(r, &page.foundPage, cases); err != nil {
		return err
	}
	rows, err := s.work.Rows(r.Context(), who, work.List(cases))
	if err != nil {
		return err
	}
	f.Explain(rows[0])
	page.Rows, page.First = rows[0], before.IsZero()
	if len(cases) == work.Listed {
		page.Older = "/cases?before=" + strconv.FormatInt(cases[len(cases)-1].ChangedAt.UnixMicro(), 10)
	}
	return s.list(w, r, "cases", f, page)
}

// getWorklist answers the scripts of a case's page with the list beside it.
func (s *Server) getWorklist(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	f, err := s.work.Beside(r, who, "")
	if err != nil {
		return err
	}
	if err := s.work.Says(r.Context(), who, f.Mine); err != nil { // for counts
		return err
	}
	f.Current = desk.CaseID(r.URL.Query().Get("case"))
	counts, err := s.counts("case", f)
	if err != nil {
		return err
	}
	counts.Why = f.WhyAt(f.Current)
	if counts.HTML, err = s.part("case", "worklist", f); err != nil {
		return err
	}
	web.WriteJSON(w, http.StatusOK, counts)
	return nil
}

// said are the rows of which it is told what was said last: those that a page
// shows so, and for a script the agent's chats, which may have changed hands.
func said(page string, f work.Frame, script bool) [][]work.Row {
	var lists [][]work.Row
	if page == "queue" {
		lists = append(lists, f.Waiting)
	}
	if page == "chats" || script {
		lists = append(lists, f.Mine)
	}
	return lists
}

// list answers with a list's page, or for a script with what changes on it. The
// rows of f are those that data shows.
func (s *Server) list(w http.ResponseWriter, r *http.Request, page string, f work.Frame, data any) error {
	if err := s.work.Says(r.Context(), f.Me, said(page, f, web.WantsJSON(r))...); err != nil {
		return err
	}
	if !web.WantsJSON(r) {
		return s.show(w, http.StatusOK, page, data)
	}
	counts, err := s.counts(page, f)
	if err != nil {
		return err
	}
	if counts.HTML, err = s.part(page, "list", data); err != nil {
		return err
	}
	web.WriteJSON(w, http.StatusOK, counts)
	return nil
}
