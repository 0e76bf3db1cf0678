package work

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"caseline/internal/console/drawn"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Reader is what the lists are made of.
type Reader interface {
	store.CaseReader
	store.LogReader
	store.QueueReader
	store.DeliveryReader
	store.PeopleReader
	store.SetupReader
	store.MailReader
}

// Lists reads who waits, whose chats there are and what is the matter.
type Lists struct {
	Read   Reader
	Now    func() time.Time
	Level  func(desk.Severity) desk.Level
	Health func() Health // how things stand between us and Slack
	Mail   bool          // the server sends e-mail
}

// Frame is what every page of a signed-in agent has: the navigation with its
// counts and the work at hand.
type Frame struct {
	drawn.Base
	Me      desk.Agent
	Section string // queue, chats or cases
	Path    string // of this page, to come back to
	Waiting []Row
	Mine    []Row
	Recent  []Row       // only where the work list is shown
	Current desk.CaseID // the case that is open
	Notice  string      // something to tell once
	Banners []Banner
}

// Listed is how many cases a list shows at most.
const Listed = 50

// listedBeside is how many cases that changed lately a list beside a case takes
// them from: those that somebody still looks for there.
const listedBeside = 25

// Frame is the frame of the page that answers a request.
func (l *Lists) Frame(r *http.Request, who desk.Agent, section, title string) (Frame, error) {
	f := Frame{Base: drawn.BaseOf(r, title, l.Now()), Me: who, Section: section, Path: r.URL.Path}
	var err error
	if f.Banners, err = l.banners(r.Context(), f.Clockface); err != nil {
		return f, err
	}
	if l.Mail && who.Role == desk.RoleOperator {
		if f.Banners, err = l.mail(r.Context(), f.Clockface, f.Banners); err != nil {
			return f, err
		}
	}
	waiting, err := l.Read.Waiting(r.Context(), Listed)
	if err != nil {
		return f, err
	}
	mine, err := l.Read.ChatsOf(r.Context(), who.ID, Listed)
	if err != nil {
		return f, err
	}
	rows, err := l.Rows(r.Context(), who, waiting, mine)
	if err != nil {
		return f, err
	}
	f.Waiting, f.Mine = rows[0], rows[1]
	return f, nil
}

// Recent adds the cases that changed lately and are in no other list.
func (l *Lists) Recent(ctx context.Context, f *Frame) error {
	cases, err := l.Read.RecentCases(ctx, time.Time{}, listedBeside)
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
	rows, err := l.Rows(ctx, f.Me, rest)
	if err != nil {
		return err
	}
	f.Recent = rows[0]
	return nil
}

// ChatKeys name the reader's chats and how far each has come, as case@seq.
func (f Frame) ChatKeys() []string {
	keys := make([]string, len(f.Mine))
	for i, r := range f.Mine {
		keys[i] = fmt.Sprintf("%s@%d", r.ID, r.LastSeq)
	}
	return keys
}

// AllKeys is ChatKeys in one word after the other, for an attribute.
func (f Frame) AllKeys() string { return strings.Join(f.ChatKeys(), " ") }
