package console

import (
	"context"
	"errors"
	"time"

	"caseline/internal/console/record"
	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

// A row is a case in a list.
type row struct {
	desk.Case
	AccountTitle string
	By           record.Author // the requester
	Preview      string        // its latest words, or the description
	Mine         bool          // a running chat that the reader has joined
	With         string        // which other agents are in it
	Handed       string        // how it came to the reader, if that is the latest there is to say
}

// A workrow is a row of the work list beside a case.
type workrow struct {
	clockface
	row
	Here bool // the case that is open
}

// Work returns r for the work list.
func (f frame) Work(r row) workrow {
	return workrow{clockface: f.clockface, row: r, Here: r.ID == f.Current}
}

// Target is how many seconds the first answer may take.
func (r row) Target() int { return int(r.Severity.FirstResponse() / time.Second) }

// Lives says where the case's chat is.
func (r row) Lives() string { return lives(r.Case) }

// Held says who has the running chat.
func (r row) Held() string { return held(r.Chat) }

// Pressing says how the wait stands to the target: calm, soon or over.
func (r row) Pressing(now time.Time) string {
	waited, target := now.Sub(r.Chat.Since()), r.Severity.FirstResponse()
	switch {
	case waited >= target:
		return "over"
	case waited*2 >= target:
		return "soon"
	}
	return "calm"
}

// rows turns lists of cases into lists of rows, reading what they share once.
func (s *Server) rows(ctx context.Context, who desk.Agent, lists ...[]desk.Case) ([][]row, error) {
	var people []desk.PersonID
	accounts := map[desk.AccountID]string{}
	for _, list := range lists {
		for _, c := range list {
			people = append(people, c.Requester)
			if _, known := accounts[c.Account]; known {
				continue
			}
			title, err := s.accountTitle(ctx, c.Account)
			if err != nil {
				return nil, err
			}
			accounts[c.Account] = title
		}
	}
	known, err := s.Read.People(ctx, people)
	if err != nil {
		return nil, err
	}
	out := make([][]row, len(lists))
	for i, list := range lists {
		for _, c := range list {
			r := row{
				Case: c, AccountTitle: accounts[c.Account],
				By:      record.AuthorOf(desk.ByCustomer(c.Requester), known, who.ID),
				Preview: mrkdwn.Excerpt(c.Description, previewLength),
				Mine:    c.Chat.Has(who.ID),
			}
			if r.Mine {
				r.With = with(c.Chat, who)
			}
			if r.Mine || c.Chat.Returned {
				if err := s.preview(ctx, &r, who); err != nil {
					return nil, err
				}
			}
			out[i] = append(out[i], r)
		}
	}
	return out, nil
}

// with says which other agents are in a chat of the reader's.
func with(chat desk.ChatSession, who desk.Agent) string {
	names := others(chat, who.ID)
	if len(names) == 0 {
		return ""
	}
	return "with " + among(names)
}

func (s *Server) accountTitle(ctx context.Context, id desk.AccountID) (string, error) {
	account, err := s.Read.Account(ctx, id)
	if errors.Is(err, desk.ErrNotFound) {
		return string(id), nil // a case outlives the account's configuration
	}
	return account.Title(), err
}

// previewed is how many of the newest entries are looked at for words.
const previewed = 4

// previewLength is how many characters of it a row shows.
const previewLength = 160

// preview finds the latest words of a chat, or how it changed hands if that is
// the latest.
func (s *Server) preview(ctx context.Context, r *row, who desk.Agent) error {
	entries, err := s.Read.Log(ctx, r.ID, max(0, r.LastSeq-previewed), previewed)
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch e.Kind {
		case desk.KindMessage, desk.KindEdit:
			r.Preview, r.Handed = mrkdwn.Excerpt(e.Text, previewLength), ""
			if e.Author.Side == desk.SideAgent {
				r.Preview = e.Author.Name + ": " + r.Preview
			}
		case desk.KindFile:
			r.Preview, r.Handed = "File: "+e.Text, ""
		case desk.KindChat:
			if turned(e) {
				r.Preview, r.Handed = record.HandsWords(e, e.Author.Name), r.came(e, who)
			}
		case desk.KindDeletion, desk.KindNote, desk.KindStatus, desk.KindTranscript, desk.KindReaction, desk.KindMember:
		}
	}
	return nil
}

// turned reports whether an entry tells that a chat came into other hands.
func turned(e desk.Correspondence) bool {
	switch desk.ChatEvent(e.What) {
	case desk.EventHanded, desk.EventReturned:
		return true
	case desk.EventLeft:
		return e.Text != ""
	default:
		return false
	}
}

// came says how the chat came to the reader; empty when it came to another.
func (r row) came(e desk.Correspondence, who desk.Agent) string {
	switch {
	case r.Chat.Agent != who.ID || e.Text != who.Name:
		return ""
	case e.What == string(desk.EventLeft):
		return e.Author.Name + " left: you go on"
	}
	return "Handed over by " + e.Author.Name
}
