package steps

import "caseline/internal/desk"

// Meanwhile refuses what was decided with something in view that somebody else has
// changed since. Its field is "was".
func Meanwhile() error {
	return &desk.Refusal{Kind: desk.ErrConflict, Field: "was", Message: "Somebody else has changed this meanwhile, and nothing was saved. What you typed is still here: compare it with what was changed, and save again."}
}
