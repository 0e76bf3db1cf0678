package console

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"caseline/internal/console/drawn"
	"caseline/internal/console/record"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// caseLog is a case's log, or its end, with what its entries need.
type caseLog struct {
	record.Source
	after int64 // the log was read from after this Seq on
}

// last is the Seq of the newest entry that was read.
func (l caseLog) last() int64 {
	if n := len(l.Entries); n > 0 {
		return l.Entries[n-1].Seq
	}
	return l.after
}

// chunk is how many entries one read takes in.
const chunk = 1000

// readLog reads the log of c after a Seq. Entries are numbered without a gap
// in the order of their commits, so what is read is whole up to its last;
// deliveries and files are read later and can only be ahead of it.
func (s *Server) readLog(ctx context.Context, c desk.Case, after int64) (caseLog, error) {
	log := caseLog{Source: record.Source{Case: c}, after: after}
	for {
		entries, err := s.Read.Log(ctx, c.ID, log.last(), chunk)
		if err != nil {
			return log, err
		}
		log.Entries = append(log.Entries, entries...)
		if len(entries) < chunk {
			break
		}
	}
	account, err := s.Read.Account(ctx, c.Account)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return log, err
	}
	log.Deletions = account.Deletions
	if log.Chats, err = s.Read.Chats(ctx, c.ID); err != nil {
		return log, err
	}
	if log.Files, err = s.Read.Files(ctx, c.ID); err != nil {
		return log, err
	}
	if log.Deliveries, err = s.Read.DeliveriesOf(ctx, c.ID, after); err != nil {
		return log, err
	}
	log.People, err = s.Read.People(ctx, s.peopleIn(log.Source))
	return log, err
}

// peopleIn lists whose names a page needs.
func (s *Server) peopleIn(src record.Source) []desk.PersonID {
	ids := append([]desk.PersonID{src.Case.Requester}, src.Case.Members...)
	if by := src.Case.Chat.EndedBy; by.Side == desk.SideCustomer {
		ids = append(ids, desk.PersonID(by.ID))
	}
	seen := map[desk.PersonID]bool{"": true}
	add := func(id desk.PersonID) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, e := range src.Entries {
		if e.Author.Side == desk.SideCustomer {
			add(desk.PersonID(e.Author.ID))
		}
		for _, id := range s.mentioned(src.Case.Workspace, e.Text) {
			add(id)
		}
	}
	return ids
}

// news is what a page fetches when its case has changed.
type news struct {
	Seq      int64     `json:"seq"`      // of the newest entry that Items tell of
	Revision int64     `json:"revision"` // of the case that Head and Rail show
	Mode     string    `json:"mode"`
	Items    []newItem `json:"items"`
	Head     string    `json:"head"`
	Dock     string    `json:"dock"`
	Rail     string    `json:"rail"`
	Dialogs  string    `json:"dialogs"`
}

type newItem struct {
	Seq  int64  `json:"seq"`
	HTML string `json:"html"`
}

// getLog answers with what is new after the Seq that a page shows: new
// entries, entries that new ones edit or delete, and those from the Seq "open"
// on whose delivery or file may have come further.
func (s *Server) getLog(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.caseOf(r)
	if err != nil {
		return err
	}
	after, err := seqParam(r, "after", c.LastSeq)
	if err != nil {
		return err
	}
	open, err := seqParam(r, "open", after+1)
	if err != nil {
		return err
	}
	fresh, err := s.readLog(r.Context(), c, after)
	if err != nil {
		return err
	}
	log := fresh
	for from := min(open-1, oldest(fresh)); from < log.after; from = answered(log, changed(log, after, open)) {
		if log, err = s.readLog(r.Context(), c, max(0, from)); err != nil {
			return err
		}
	}
	answer, err := s.news(r, who, log, changed(log, after, open))
	if err != nil {
		return err
	}
	web.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// oldest is the Seq after which the log must be read to draw what entries
// change: what they refer to, and the whole record for the transcript of a
// chat that has ended.
func oldest(log caseLog) int64 {
	from, ended := log.after, endedChats(log)
	for _, e := range log.Entries {
		if ended[e.Chat] {
			return 0
		}
		if e.Refers > 0 {
			from = min(from, e.Refers-1)
		}
	}
	return from
}

// answered is the Seq after which the log must be read to draw what the items
// drawn anew answer, and all of the chat whose transcript is drawn anew.
func answered(log caseLog, draw map[int64]bool) int64 {
	from := log.after
	for _, e := range log.Entries {
		switch {
		case !draw[e.Seq]:
		case e.Kind == desk.KindTranscript:
			return 0
		case e.Refers > 0:
			from = min(from, e.Refers-1)
		}
	}
	return from
}

func endedChats(log caseLog) map[desk.ChatID]bool {
	ended := map[desk.ChatID]bool{}
	for _, chat := range log.Chats {
		ended[chat.ID] = chat.State == desk.ChatEnded
	}
	return ended
}

// changed says which items a page must draw anew: what is new, what it refers
// to, the transcripts of chats it belongs to and the lines that count what they
// hold, and what may have come further.
func changed(log caseLog, after, open int64) map[int64]bool {
	draw, touched := map[int64]bool{}, map[desk.ChatID]bool{}
	for _, e := range log.Entries {
		if e.Seq > after {
			draw[e.Seq], draw[e.Refers], touched[e.Chat] = true, true, true
		}
	}
	for _, e := range log.Entries {
		counts := e.Kind == desk.KindTranscript || e.Kind == desk.KindChat && e.What == string(desk.EventEnded)
		if counts && touched[e.Chat] {
			draw[e.Seq] = true
		}
	}
	for _, d := range log.Deliveries {
		if d.Seq >= open {
			draw[d.Seq] = true
		}
	}
	for _, f := range log.Files {
		if f.Seq >= open {
			draw[f.Seq] = true
		}
	}
	return draw
}

func (s *Server) news(r *http.Request, who desk.Agent, log caseLog, draw map[int64]bool) (news, error) {
	face := drawn.Clockface{Zone: drawn.ZoneOf(r), Now: s.opt.Now()}
	v, err := s.caseView(r.Context(), face, who, log)
	if err != nil {
		return news{}, err
	}
	n := news{Seq: log.last(), Revision: log.Case.Revision, Mode: v.Mode, Items: []newItem{}}
	how := s.view(log.Source, who, face)
	how.Only = draw
	items, _ := record.Items(log.Source, how)
	for _, e := range drawn.Entries(items, face) {
		html, err := s.part("case", "entry", e)
		if err != nil {
			return news{}, err
		}
		n.Items = append(n.Items, newItem{Seq: e.Seq, HTML: html})
	}
	for name, to := range map[string]*string{"head-parts": &n.Head, "dock": &n.Dock, "rail": &n.Rail, "dialogs": &n.Dialogs} {
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
		return 0, &desk.Refusal{Kind: desk.ErrInvalid, Message: "This address is incomplete. Reload the page."}
	}
	return n, nil
}
