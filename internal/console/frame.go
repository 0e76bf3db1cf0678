package console

import (
	"context"
	"net/http"
	"time"

	"caseline/internal/desk"
)

// base is what every page has.
type base struct {
	clockface
	Title string
	Theme string // light, dark, or empty for the system's
}

func (s *Server) base(r *http.Request, title string) base {
	return base{clockface: clockface{Zone: zoneOf(r), Now: s.opt.Now()}, Title: title, Theme: themeOf(r)}
}

// frame is what every page of a signed-in agent has: the navigation with its
// counts and the work at hand.
type frame struct {
	base
	Me      desk.Agent
	Section string // queue, chats or cases
	Path    string // of this page, to come back to
	Waiting []row
	Mine    []row
	Recent  []row       // only where the work list is shown
	Current desk.CaseID // the case that is open
	Notice  string      // something to tell once
	Banners []banner
}

// listed is how many cases a list shows at most.
const listed = 50

func (s *Server) frame(r *http.Request, who desk.Agent, section, title string) (frame, error) {
	f := frame{base: s.base(r, title), Me: who, Section: section, Path: r.URL.Path}
	var err error
	if f.Banners, err = s.banners(r.Context(), f.clockface); err != nil {
		return f, err
	}
	waiting, err := s.Read.Waiting(r.Context(), listed)
	if err != nil {
		return f, err
	}
	mine, err := s.Read.ChatsOf(r.Context(), who.ID, listed)
	if err != nil {
		return f, err
	}
	rows, err := s.rows(r.Context(), who, waiting, mine)
	if err != nil {
		return f, err
	}
	f.Waiting, f.Mine = rows[0], rows[1]
	return f, nil
}

// recent adds the cases that changed lately and are in no other list.
func (s *Server) recent(ctx context.Context, f *frame) error {
	cases, err := s.Read.RecentCases(ctx, time.Time{}, listed)
	if err != nil {
		return err
	}
	listedAlready := map[desk.CaseID]bool{}
	for _, r := range append(f.Waiting[:len(f.Waiting):len(f.Waiting)], f.Mine...) {
		listedAlready[r.ID] = true
	}
	var rest []desk.Case
	for _, c := range cases {
		if !listedAlready[c.ID] {
			rest = append(rest, c)
		}
	}
	rows, err := s.rows(ctx, f.Me, rest)
	if err != nil {
		return err
	}
	f.Recent = rows[0]
	return nil
}
