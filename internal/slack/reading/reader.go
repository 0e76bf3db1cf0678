package reading

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/sharing"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
	"caseline/internal/store"
)

// A Store is what is read.
type Store interface {
	Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	Following(ctx context.Context, id desk.CaseID, limit int) ([]desk.CaseNumber, error)
	Account(ctx context.Context, id desk.AccountID) (served.Account, error)
	LogBefore(ctx context.Context, id desk.CaseID, before int64, limit int) ([]desk.Correspondence, error)
	Entry(ctx context.Context, id desk.CaseID, seq int64) (desk.Correspondence, error)
	ChangesOf(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Correspondence, error)
	FilesOf(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.File, error)
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
}

// A Spot is where somebody is, and what they may do there.
type Spot interface {
	Here() desk.Place
	// May refuses what the person may not do there with a case.
	May(p served.Permission, c desk.Case) error
}

// A Reader shows cases. Where says where a case's chat is, Named has names in
// place of the catalogue's codes, Mentions says what texts mention, and Reopenable
// says why a resolved case cannot be reopened any more.
type Reader struct {
	Read       Store
	Share      func(ctx context.Context, key string, p api.Post) error // once for a key; sharing.Sharer does
	Log        *slog.Logger
	Where      func(desk.Case) view.Where
	Named      func(desk.Case) desk.Case
	Level      func(desk.Severity) desk.Level // nil: as desk says
	Mentions   func(context.Context) view.Mentions
	Reopenable func(desk.Case) error
}

// Callback is what the window is called when something is pressed in it.
const Callback = "case_page"

// What is pressed in the window to see more, or to show it to others.
const (
	actionOlder  = "case_older" // its value is where the page begins
	actionNewer  = "case_newer"
	actionBack   = "case_back"
	actionFull   = "case_full" // its value is the entry
	actionPart   = "case_part" // its value is the part of the text
	actionBefore = "case_part_before"
	actionShare  = "case_share"
)

// A Page says what a window shows of which case, and where it was opened.
type Page struct {
	Case   desk.CaseID `json:"c"`
	Place  desk.Place  `json:"p"`
	Before []int64     `json:"b,omitempty"` // where the pages of older correspondence so far begin; the last is shown
	Full   int64       `json:"f,omitempty"` // the entry that is shown in full; 0 for none
	Part   int         `json:"n,omitempty"` // of it
	Shared bool        `json:"s,omitempty"` // with the channel
}

// maxPages is how many pages one can go back through; the metadata of a window
// has 3,000 characters.
const maxPages = 100

func (p Page) metadata() string {
	if n := len(p.Before); n > maxPages {
		p.Before = p.Before[n-maxPages:]
	}
	text, err := json.Marshal(p)
	if err != nil {
		return "" // unreachable: it is made of strings and numbers
	}
	return string(text)
}

// ReadPage reads back what a window shows. ok is false when it is none of ours.
func ReadPage(v *wire.View) (p Page, ok bool) {
	ok = v != nil && v.CallbackID == Callback && json.Unmarshal([]byte(v.PrivateMetadata), &p) == nil && p.Case != ""
	return p, ok
}

// turn is the page that a pressed button asks for; ok is false when the button
// asks for none.
func (p Page) turn(action, value string) (next Page, ok bool) {
	n, err := strconv.ParseInt(value, 10, 64)
	number := err == nil && n >= 0
	switch action {
	case actionOlder:
		p.Before, p.Full = append(slices.Clip(p.Before), n), 0
		return p, number
	case actionNewer:
		p.Before = p.Before[:max(0, len(p.Before)-1)]
		return p, true
	case actionBack:
		if p.Full == 0 {
			p.Before = nil
		}
		p.Full, p.Part = 0, 0
		return p, true
	case actionFull:
		p.Full, p.Part = n, 0
		return p, number
	case actionPart, actionBefore:
		p.Part = int(n)
		return p, number
	}
	return p, false
}

// View draws a page for a person. note is said at its top; it may be empty.
func (r Reader) View(ctx context.Context, at Spot, p Page, note string) (view.View, error) {
	c, err := r.Read.Case(ctx, p.Case)
	if err != nil {
		return view.View{}, err
	}
	if err := at.May(served.MayRead, c); err != nil {
		return view.View{}, err
	}
	d := drawing{page: p, c: c, note: note}
	if d.account, err = r.Read.Account(ctx, c.Account); err != nil && !errors.Is(err, desk.ErrNotFound) {
		return view.View{}, err
	}
	d.account.ID = cmp.Or(d.account.ID, c.Account)
	switch {
	case p.Full > 0:
		return r.full(ctx, d)
	case len(p.Before) > 0:
		return r.older(ctx, d)
	}
	return r.details(ctx, at, d)
}

// details is the page that the window opens with.
func (r Reader) details(ctx context.Context, at Spot, d drawing) (view.View, error) {
	var err error
	if d.items, d.next, err = r.items(ctx, d.c, d.c.LastSeq+1, perPage); err != nil {
		return view.View{}, err
	}
	if n := len(d.items); n > 0 && d.items[n-1].entry.Seq == 1 {
		d.items = d.items[:n-1] // the description stands above
		d.next = 0
	}
	if d.first, err = r.item(ctx, d.c, 1); err != nil && !errors.Is(err, desk.ErrNotFound) {
		return view.View{}, err
	}
	if d.kin, err = store.KinOf(ctx, r.Read, d.c); err != nil {
		return view.View{}, err
	}
	d.where, d.names = r.Where(d.c), r.names(ctx, d)
	d.c = r.Named(d.c)
	d.buttons = r.buttons(at, d)
	return d.details(), nil
}

// buttons are what the person may do with the case there.
func (r Reader) buttons(at Spot, d drawing) (all []*view.Element) {
	may := func(p served.Permission) bool { return at.May(p, d.c) == nil }
	switch {
	case d.c.Open():
		if may(served.MayReply) {
			all = append(all, view.ReplyButton(d.c))
		}
		if may(served.MayResolve) {
			all = append(all, view.ResolveButton(d.c))
		}
	case r.Reopenable(d.c) == nil:
		if may(served.MayReply) {
			all = append(all, view.ReopenButton(d.c))
		}
	case may(served.MayCreate):
		all = append(all, view.RelatedButton(d.c))
	}
	if !d.page.Shared {
		all = append(all, view.Button(actionShare, "Share to channel", view.Press{Case: d.c.ID}.Value()))
	}
	return all
}

// older is a page of older correspondence.
func (r Reader) older(ctx context.Context, d drawing) (view.View, error) {
	var err error
	if d.items, d.next, err = r.items(ctx, d.c, d.page.Before[len(d.page.Before)-1], perPage); err != nil {
		return view.View{}, err
	}
	d.names = r.names(ctx, d)
	return d.older(), nil
}

// full is one text in full.
func (r Reader) full(ctx context.Context, d drawing) (view.View, error) {
	var err error
	if d.first, err = r.item(ctx, d.c, d.page.Full); err != nil {
		return view.View{}, err
	}
	d.names = r.names(ctx, d)
	return d.full(), nil
}

// names says how the people are called whom a page names.
func (r Reader) names(ctx context.Context, d drawing) view.Names {
	ids := []desk.PersonID{d.c.Requester}
	add := func(a desk.Actor) {
		if a.Side == desk.SideCustomer {
			ids = append(ids, desk.PersonID(a.ID))
		}
	}
	add(d.c.Chat.EndedBy)
	add(d.first.entry.Author)
	for _, i := range d.items {
		add(i.entry.Author)
	}
	people, err := r.Read.People(ctx, ids)
	if err != nil {
		r.Log.Warn("names not read", slog.String("case", string(d.c.ID)), slog.Any("err", err))
	}
	return r.named(ctx, people)
}

func (r Reader) named(ctx context.Context, people map[desk.PersonID]desk.Person) view.Names {
	return view.Names{Level: r.Level, Mentions: r.Mentions(ctx), Person: func(id string) string { return people[desk.PersonID(id)].Name }}
}

// Presses reports whether a button of the window asks to see more, or to share.
func Presses(action string) bool {
	switch action {
	case actionOlder, actionNewer, actionBack, actionFull, actionPart, actionBefore, actionShare:
		return true
	}
	return false
}

// Press is the window after a button was pressed in it.
func (r Reader) Press(ctx context.Context, at Spot, in wire.Interaction) (view.View, error) {
	p, ok := ReadPage(in.View)
	if !ok {
		return view.View{}, &desk.Refusal{Kind: desk.ErrInvalid, Message: "This window is too old to be used. Please open a new one."}
	}
	action := in.Actions[0]
	if action.ActionID == actionShare {
		return r.share(ctx, at, p, ident.Person(desk.WorkspaceID(in.Workspace()), in.User.ID), in.View.ID)
	}
	next, ok := p.turn(action.ActionID, action.One())
	if !ok {
		return view.View{}, &desk.Refusal{Kind: desk.ErrInvalid, Message: "This button does nothing any more."}
	}
	return r.View(ctx, at, next, "")
}

// share shows a case to the channel in which the window was opened, once for
// each window.
func (r Reader) share(ctx context.Context, at Spot, p Page, by desk.PersonID, window string) (view.View, error) {
	c, err := r.Read.Case(ctx, p.Case)
	if err != nil {
		return view.View{}, err
	}
	if err := at.May(served.MayRead, c); err != nil {
		return view.View{}, err
	}
	where, _ := ident.Split(p.Place)
	if p.Shared {
		return r.View(ctx, at, p, "")
	}
	d := drawing{page: p, c: r.Named(c), where: r.Where(c)}
	if d.account, err = r.Read.Account(ctx, c.Account); err != nil {
		return view.View{}, err
	}
	people, err := r.Read.People(ctx, []desk.PersonID{by, c.Requester, desk.PersonID(c.Chat.EndedBy.ID)})
	if err != nil {
		return view.View{}, err
	}
	d.names = r.named(ctx, people)
	m := d.shared(by)
	err = r.Share(ctx, "case "+string(where.Workspace)+" "+window, api.Post{Channel: string(where.Channel), Text: m.Text, Blocks: m.Blocks})
	if no, ok := errors.AsType[*desk.Refusal](err); ok && !errors.Is(err, sharing.ErrAlready) {
		return r.View(ctx, at, p, no.Message)
	}
	if err != nil && !errors.Is(err, sharing.ErrAlready) {
		return view.View{}, err
	}
	p.Shared = true
	return r.View(ctx, at, p, "The channel has been shown the case.")
}

// Stopped is the window with a sentence in place of the case, and what can be
// done then.
func Stopped(c desk.Case, place desk.Place, sentence string, buttons ...*view.Element) view.View {
	d := drawing{page: Page{Case: c.ID, Place: place}, c: c}
	blocks := []view.Block{view.Section(view.Plain(sentence, maxSection))}
	if len(buttons) > 0 {
		blocks = append(blocks, view.Actions("case", buttons...))
	}
	return d.window(blocks)
}

// size is how large a file is, as people say it.
func size(bytes int64) string {
	const thousand = 1000
	switch {
	case bytes < thousand:
		return strconv.FormatInt(bytes, 10) + " bytes"
	case bytes < thousand*thousand:
		return strconv.FormatInt((bytes+thousand/2)/thousand, 10) + " kB"
	}
	return strconv.FormatFloat(float64(bytes)/(thousand*thousand), 'f', 1, 64) + " MB"
}

// Reopenable is a Reader's, for cases that can be reopened within a time.
func Reopenable(within time.Duration, now func() time.Time) func(desk.Case) error {
	return func(c desk.Case) error { return c.MayReopen(within, now()) }
}
