package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/casework/auditlog"
	"caseline/internal/casework/dispatch"
	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// Open is a request to open a case.
type Open struct {
	Account     desk.AccountID
	Workspace   desk.WorkspaceID
	Asked       desk.Place // the channel where it is opened
	Requester   desk.PersonID
	Subject     string
	Description string // Markdown
	Severity    desk.Severity
	IssueType   string // codes of the catalogue, as are the next three
	Service     string
	Category    string
	Language    string
	CC          []string        // addresses that hear of it
	Related     desk.CaseID     // the case that it follows
	Files       []desk.NewFile  // that it opens with, still in Slack
	Chat        bool            // ask for a live chat at once
	Kind        desk.PlaceKind  // of the chat's place; empty for a channel
	Members     []desk.PersonID // further people for the chat
	Origin      desk.Origin
}

// Open opens a case and, when asked, requests its chat: the channel is made, the
// card is posted and pinned, people are added, and the channel where it was
// asked for gets a link; or the card begins a thread there. Calling it again with the same Origin returns
// the case that the first call opened.
func (s *Service) Open(ctx context.Context, o Open) (desk.Case, error) {
	// A drawn number may be taken; five draws in ten digits never are.
	for range 5 {
		c, err := s.open(ctx, o)
		if !errors.Is(err, errNumberTaken) {
			return c, err
		}
	}
	return desk.Case{}, fmt.Errorf("open case for account %s: %w", o.Account, errNumberTaken)
}

var errNumberTaken = errors.New("case number taken")

func (s *Service) open(ctx context.Context, o Open) (desk.Case, error) {
	var q dispatch.Board
	if o.Chat {
		var err error
		if q, err = s.Board(ctx); err != nil {
			return desk.Case{}, fmt.Errorf("open case for account %s: %w", o.Account, err)
		}
	}
	now := s.now()
	id := desk.NewCaseID(o.Account, now.Year(), s.random())
	number, chat := desk.NewCaseNumber(s.random()), s.newChatID()
	ids := make([]desk.FileID, len(o.Files))
	for i := range ids {
		ids[i] = s.newFileID()
	}
	var c desk.Case
	err := s.store.Update(ctx, func(tx store.Tx) error {
		auditlog.At(tx, o.Asked)
		first, err := tx.EntryFrom(ctx, o.Origin)
		if err == nil {
			c, err = tx.LockCase(ctx, first.Case)
			return err
		}
		if !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		var entry desk.Correspondence
		c, entry, err = desk.OpenCase(desk.NewCase{
			ID: id, Number: number, Account: o.Account, Workspace: o.Workspace, Requester: o.Requester,
			Subject: o.Subject, Description: o.Description, Severity: o.Severity,
			IssueType: o.IssueType, Service: o.Service, Category: o.Category, Language: o.Language, CC: o.CC, Related: o.Related,
			Asked: o.Asked, Members: o.Members, Origin: o.Origin,
		}, now)
		if err != nil {
			return err
		}
		if err := tx.InsertCase(ctx, &c); err != nil {
			if errors.Is(err, desk.ErrConflict) {
				return errNumberTaken
			}
			return err
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		if err := s.bring(ctx, tx, &c, o.Files, ids, now); err != nil {
			return err
		}
		if _, err := s.news.Tell(ctx, tx, &c, entry); err != nil {
			return err
		}
		if err := steps.NotePeople(ctx, tx, append([]desk.PersonID{o.Requester}, o.Members...)...); err != nil {
			return err
		}
		if !o.Chat {
			if err := steps.Enqueue(ctx, tx, &c, desk.Delivery{
				Kind: desk.DeliverLink, Place: o.Asked, Seq: entry.Seq,
			}); err != nil {
				return err
			}
			return tx.SaveCase(ctx, &c)
		}
		if err := s.request(ctx, tx, &c, chat, Request{By: o.Requester, Kind: o.Kind, Origin: o.Origin + ":chat"}); err != nil {
			return err
		}
		q.Tell(&c, now)
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return desk.Case{}, fmt.Errorf("open case for account %s: %w", o.Account, err)
	}
	return c, nil
}

// bring adds the files that a case opens with, and queues bringing them here.
func (s *Service) bring(ctx context.Context, tx store.Tx, c *desk.Case, files []desk.NewFile, ids []desk.FileID, now time.Time) error {
	entries := c.Bring(files, ids, now)
	for i := range entries {
		if err := tx.AppendLog(ctx, &entries[i]); err != nil {
			return err
		}
		if err := steps.Fetch(ctx, tx, c, ids[i], entries[i].Seq, files[i]); err != nil {
			return err
		}
	}
	return nil
}
