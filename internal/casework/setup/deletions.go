package setup

import (
	"cmp"
	"context"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// SetDeletions is the wish that something else becomes of what people of an
// account delete in Slack.
type SetDeletions struct {
	By      desk.By
	Account desk.AccountID
	Policy  desk.DeletionPolicy // empty is desk.KeepDeleted
}

// SetDeletions sets what becomes of what is deleted from now on. The policy
// that an account has changes nothing.
func (s *Service) SetDeletions(ctx context.Context, w SetDeletions) (a served.Account, err error) {
	policy := cmp.Or(w.Policy, desk.KeepDeleted)
	if !policy.Valid() {
		return served.Account{}, &desk.Refusal{Kind: desk.ErrInvalid, Field: "deletions", Message: "What is deleted in Slack can be kept, hidden or erased: say keep, hide or erase."}
	}
	err = s.change(ctx, w.By, func(tx store.Tx) (deed, error) {
		a, err = account(ctx, tx, w.Account)
		was := cmp.Or(a.Deletions, desk.KeepDeleted)
		if err != nil || was == policy {
			return deed{}, err
		}
		a.Deletions = policy
		return deed{desk.DidSetDeletions, a.ID, map[string]string{"deletions": became(string(was), string(policy))}}, tx.SaveAccount(ctx, &a)
	})
	if err != nil {
		return served.Account{}, fmt.Errorf("set deletions of account %s: %w", w.Account, err)
	}
	return a, nil
}
