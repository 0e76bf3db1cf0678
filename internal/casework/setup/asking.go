package setup

import (
	"context"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// DidSetAsking is what the audit says of SetAsking.
const DidSetAsking = "account-asking"

// SetAsking is the wish that the people of an account are asked how a chat was, or
// no longer.
type SetAsking struct {
	By      desk.By
	Account desk.AccountID
	Ask     bool
}

// SetAsking says whether people are asked after chats that end from now on. What is
// so already changes nothing.
func (s *Service) SetAsking(ctx context.Context, w SetAsking) (a served.Account, err error) {
	err = s.change(ctx, w.By, func(tx store.Tx) (deed, error) {
		a, err = account(ctx, tx, w.Account)
		if err != nil || a.Unasked == !w.Ask {
			return deed{}, err
		}
		a.Unasked = !w.Ask
		word := map[bool]string{true: "asked", false: "not asked"}
		return deed{DidSetAsking, a.ID, map[string]string{"rating": became(word[!w.Ask], word[w.Ask])}}, tx.SaveAccount(ctx, &a)
	})
	if err != nil {
		return served.Account{}, fmt.Errorf("set whether people of account %s are asked: %w", w.Account, err)
	}
	return a, nil
}
