package console

import (
	"net/http"
	"strconv"
	"strings"

	"caseline/internal/console/drawn"
	"caseline/internal/console/record"
	"caseline/internal/console/window"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// news is what a page fetches when its case has changed.
type news struct {
	Seq      int64     `json:"seq"`      // of the newest entry that Items tell of
	More     bool      `json:"more"`     // there are newer ones
	Revision int64     `json:"revision"` // of the case that Head and Rail show
	Mode     string    `json:"mode"`
	Items    []newItem `json:"items"`
	Head     string    `json:"head"`
	Dock     string    `json:"dock"`
	Waits    string    `json:"waits"`
	Rail     string    `json:"rail"`
	Dialogs  string    `json:"dialogs"`
}

type newItem struct {
	Seq  int64  `json:"seq"`
	HTML string `json:"html"`
}

// getLog answers with what is new after the Seq that a page shows: new
// entries, entries that new ones change, and those in the list "open", whose
// delivery or file may have come further. With "before" it answers with the
// items that stand before those that a page shows.
func (s *Server) getLog(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.caseOf(r)
	if err != nil {
		return err
	}
	before, err := seqParam(r, "before", 0)
	if err != nil {
		return err
	}
	if before > 0 {
		return s.getEarlier(w, r, who, c, before)
	}
	after, err := seqParam(r, "after", c.LastSeq)
	if err != nil {
		return err
	}
	open, err := openParam(r)
	if err != nil {
		return err
	}
	log, err := s.windows().News(r.Context(), c, after, open)
	if err != nil {
		return err
	}
	answer, err := s.news(r, who, log)
	if err != nil {
		return err
	}
	web.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// earlier is what a page fetches to show more of the log.
type earlier struct {
	Floor int64     `json:"floor"` // 0 when the log begins with Items
	Items []newItem `json:"items"`
}

func (s *Server) getEarlier(w http.ResponseWriter, r *http.Request, who desk.Agent, c desk.Case, before int64) error {
	log, err := s.windows().Before(r.Context(), c, before, window.Further)
	if err != nil {
		return err
	}
	items, err := s.items(log, who, s.base(r, "").Clockface)
	if err != nil {
		return err
	}
	web.WriteJSON(w, http.StatusOK, earlier{Floor: log.Floor, Items: items})
	return nil
}

// items returns the items of a log as the page shows them.
func (s *Server) items(log window.Log, who desk.Agent, face drawn.Clockface) ([]newItem, error) {
	out := []newItem{}
	entries, err := s.pages.Entries("case", s.shown(log, who, face), face)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		html, err := s.part("case", "entry", e)
		if err != nil {
			return nil, err
		}
		out = append(out, newItem{Seq: e.Seq, HTML: html})
	}
	return out, nil
}

// shown returns the items of a log, as who sees them.
func (s *Server) shown(log window.Log, who desk.Agent, face drawn.Clockface) []record.Item {
	how := s.view(log.Source, who, face)
	how.Only = log.Draw
	return record.Items(log.Source, how)
}

func (s *Server) news(r *http.Request, who desk.Agent, log window.Log) (news, error) {
	face := s.base(r, "").Clockface
	v, err := s.caseView(r.Context(), face, who, log)
	if err == nil {
		err = s.frameless(r.Context(), &v)
	}
	if err != nil {
		return news{}, err
	}
	n := news{Seq: log.Last, More: log.More, Revision: log.Case.Revision, Mode: v.Mode}
	if n.Items, err = s.items(log, who, face); err != nil {
		return news{}, err
	}
	for name, to := range map[string]*string{"head-parts": &n.Head, "dock": &n.Dock, "waits": &n.Waits, "rail": &n.Rail, "dialogs": &n.Dialogs} {
		if *to, err = s.part("case", name, v); err != nil {
			return news{}, err
		}
	}
	return n, nil
}

func seqParam(r *http.Request, name string, otherwise int64) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, badAddress()
	}
	return n, nil
}

// openParam reads the list of entries that may have come further.
func openParam(r *http.Request) ([]int64, error) {
	var open []int64
	for part := range strings.SplitSeq(r.URL.Query().Get("open"), ",") {
		seq, err := strconv.ParseInt(part, 10, 64)
		switch {
		case part == "":
			continue
		case err != nil || seq < 1 || len(open) == window.Chunk:
			return nil, badAddress()
		}
		open = append(open, seq)
	}
	return open, nil
}

func badAddress() error {
	return &desk.Refusal{Kind: desk.ErrInvalid, Message: "This address is incomplete. Reload the page."}
}
