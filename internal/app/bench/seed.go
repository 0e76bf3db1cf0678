package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/auth"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
)

// seed puts n cases with a running chat of Jane's into the database at url,
// each in a channel of its own.
func seed(ctx context.Context, url string, n int) error { return seedFrom(ctx, url, 0, n) }

// seedFrom does so with the cases from one number on to another.
func seedFrom(ctx context.Context, url string, from, to int) (err error) {
	s, err := sqlstore.Open(ctx, sqlstore.Options{URL: url})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	jane, _, err := auth.New(s, auth.Options{}).EnsureAgent(ctx, desk.ByItself(), benchEmail, "Jane", benchPassword, desk.RoleAgent)
	if err != nil {
		return err
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	const bite = 500 // cases to a transaction
	for ; from < to; from += bite {
		err := s.Update(ctx, func(tx store.Tx) error {
			for i := from; i < min(to, from+bite); i++ {
				if err := seedCase(ctx, tx, i, jane, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	return nil
}

func channelOf(i int) string { return fmt.Sprintf("C0CHAT%05d", i) }

func numberOf(i int) desk.CaseNumber { return desk.NewCaseNumber(uint64(i)) }

func caseOf(i int) desk.CaseID { return desk.NewCaseID("111122223333", 2026, uint64(i)) }

func seedCase(ctx context.Context, tx store.Tx, i int, jane desk.Agent, now time.Time) error {
	requester := desk.PersonID(benchTeam + "/U0ALICE")
	c, first, err := desk.OpenCase(desk.NewCase{
		ID: caseOf(i), Number: numberOf(i), Account: "111122223333", Workspace: benchTeam, Requester: requester,
		Subject: fmt.Sprintf("Build %d is stuck", i), Description: "Since ten.", Severity: desk.SeverityHigh,
		Asked: benchTeam + "/C0ASKED", Origin: desk.Origin(fmt.Sprintf("bench:%d", i)),
	}, now)
	if err != nil {
		return err
	}
	asked, _, err := c.Request(desk.ChatID(fmt.Sprintf("chat-%016x", i)), requester, first.Origin+":chat", now)
	if err != nil {
		return err
	}
	joined, _, err := c.Join(desk.ByAgent(jane), first.Origin+":join", now)
	if err != nil {
		return err
	}
	c.Settle(desk.Place(benchTeam+"/"+channelOf(i)), channelOf(i), "")
	c.Card = "1.000001"
	if err := tx.InsertCase(ctx, &c); err != nil {
		return err
	}
	for _, e := range []*desk.Correspondence{&first, &asked, &joined} {
		if err := tx.AppendLog(ctx, e); err != nil {
			return err
		}
	}
	return tx.SaveCase(ctx, &c)
}
