package work

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"caseline/internal/casework/dispatch"
	"caseline/internal/console/drawn"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/report"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/routing"
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
	RatingsOf(ctx context.Context, id desk.CaseID) ([]report.Rating, error)
	OffersOf(ctx context.Context, id desk.CaseID) ([]report.OfferFact, error)
	store.WorkingReader
	CountWaiting(ctx context.Context) (n int, since time.Time, err error)
}

// Lists reads who waits, whose chats there are and what is the matter.
type Lists struct {
	Read   Reader
	Now    func() time.Time
	Level  func(desk.Severity) desk.Level
	Health func() Health // how things stand between us and Slack
	Mail   bool          // the server sends e-mail

	// Board is who waits, and why. Default: whoever waits, without a reason.
	Board func(context.Context) (dispatch.Board, error)
	Named func(desk.Case) desk.Case // with names in place of codes; default: as it is

	kept  kept
	shown shownBoard
}

// Frame is what every page of a signed-in agent has: the navigation with its
// counts and the work at hand.
type Frame struct {
	drawn.Base
	Me        desk.Agent
	Section   string    // queue, chats or cases
	Path      string    // of this page, to come back to
	Waiting   []Row     // those who wait that the page lists
	Longest   time.Time // since when the one does that has waited longest; zero: nobody waits
	Mine      []Row
	Recent    []Row       // only where the work list is shown
	Current   desk.CaseID // the case that is open
	Queued    int         // how many wait, on whatever page
	QueuePage int         // which page of the queue Waiting is, from 1
	Notice    string      // something to tell once
	Banners   []Banner
	Offers    []Offer // chats that are offered to the reader, the one that ends first before others

	read map[desk.CaseID]int64          // how far the reader has read their chats, on whatever device
	why  map[desk.CaseID]routing.Reason // of what waits and is planned for
	line line                           // who waits

	Chosen map[string]string         // what the reader chose, by key: see personal.Preference
	Away   map[desk.CaseID]time.Time // what the reader has put away, until when
	Named  []personal.Mention        // notes that name the reader, who has not opened their cases since
}

// Listed is how many cases a list shows at most.
const Listed = 50

// listedBeside is how many cases that changed lately a list beside a case takes
// them from: those that somebody still looks for there.
const listedBeside = 25

// Frame is the frame of the page that answers a request.
func (l *Lists) Frame(r *http.Request, who desk.Agent, section, title string) (Frame, error) {
	return l.frame(r, who, section, title, shape{})
}

// Queue is the frame of the page of who waits: of the one that the address names.
func (l *Lists) Queue(r *http.Request, who desk.Agent, title string) (Frame, error) {
	page, _ := strconv.Atoi(r.URL.Query().Get("page")) // what is no number is the first
	return l.frame(r, who, "queue", title, shape{page: page})
}

// Beside is the frame of the page of a case: it has the cases, too, that changed
// lately and are in no other list.
func (l *Lists) Beside(r *http.Request, who desk.Agent, title string) (Frame, error) {
	return l.frame(r, who, "", title, shape{recent: listedBeside})
}

// A shape is what frames differ in.
type shape struct {
	page   int // of the queue
	recent int // how many cases that changed lately are looked at; 0 for none
}

func (l *Lists) frame(r *http.Request, who desk.Agent, section, title string, as shape) (Frame, error) {
	f := Frame{Base: drawn.BaseOf(r, title, l.Now()), Me: who, Section: section, Path: r.URL.Path}
	ctx := r.Context()
	var err error
	if f.Banners, err = l.banners(ctx, f.Clockface); err != nil {
		return f, err
	}
	if rights.May(who, rights.Setup) {
		if f.Banners, err = l.installs(ctx, f.Clockface, f.Banners); err != nil {
			return f, err
		}
	}
	if l.Mail && rights.May(who, rights.Setup) {
		if f.Banners, err = l.mail(ctx, f.Clockface, f.Banners); err != nil {
			return f, err
		}
	}
	if err := l.own(ctx, &f); err != nil {
		return f, err
	}
	lists := make([][]store.CaseHint, 3)
	waiting, err := f.waiting(ctx, l, as.page)
	if err != nil {
		return f, err
	}
	if lists[1], err = l.Read.ChatHintsOf(ctx, who.ID, Listed); err != nil {
		return f, err
	}
	if as.recent > 0 {
		if lists[2], err = l.Read.RecentHints(ctx, as.recent); err != nil {
			return f, err
		}
	}
	cases, err := l.kept.lists(ctx, l.Read, lists...)
	if err != nil {
		return f, err
	}
	cases[0] = waiting
	rows, err := l.Rows(ctx, who, sorted(cases, who, f.Away)...)
	if err != nil {
		return f, err
	}
	f.Waiting, f.Mine, f.Recent = rows[0], rows[1], rows[2]
	return f, nil
}

// sorted takes out of the lists of who waits and of the reader's chats what has
// come into another state since, and out of the third what is in one of those. What
// the reader has put away is only in the first.
func sorted(lists [][]*desk.Case, who desk.Agent, away map[desk.CaseID]time.Time) [][]*desk.Case {
	lists[0] = slices.DeleteFunc(lists[0], func(c *desk.Case) bool { return c.Chat.State != desk.ChatRequested })
	lists[1] = slices.DeleteFunc(lists[1], func(c *desk.Case) bool { return !c.Chat.Has(who.ID) || !away[c.ID].IsZero() })
	listed := make(map[desk.CaseID]bool, len(lists[0])+len(lists[1]))
	for _, list := range lists[:2] {
		for _, c := range list {
			listed[c.ID] = true
		}
	}
	lists[2] = slices.DeleteFunc(lists[2], func(c *desk.Case) bool { return listed[c.ID] || !away[c.ID].IsZero() })
	return lists
}

// ChatKeys name the reader's chats, how far each has come and how far it was read on
// whatever device, as case@seq@read.
func (f Frame) ChatKeys() []string {
	keys := make([]string, len(f.Mine))
	for i, r := range f.Mine {
		keys[i] = fmt.Sprintf("%s@%d@%d", r.ID, r.LastSeq, f.read[r.ID])
	}
	return keys
}

// AllKeys is ChatKeys in one word after the other, for an attribute.
func (f Frame) AllKeys() string { return strings.Join(f.ChatKeys(), " ") }
