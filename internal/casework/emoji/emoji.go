package emoji

import (
	"context"
	"fmt"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// emojiBite is how many emoji are written at once: a workspace may have ten
// thousand, and nobody shall wait for them.
const emojiBite = 500

// A Keeper writes emoji down.
type Keeper struct{ store store.Store }

// NewKeeper returns a Keeper on s.
func NewKeeper(s store.Store) *Keeper { return &Keeper{store: s} }

// KeepEmoji writes down custom emoji of a workspace: it forgets those that are
// gone, whose pictures are discarded, and then keeps those that are new or
// changed.
func (k *Keeper) KeepEmoji(ctx context.Context, w desk.WorkspaceID, changed, gone []served.CustomEmoji) error {
	for bite := range slices.Chunk(gone, emojiBite) {
		if err := k.store.Update(ctx, func(tx store.Tx) error { return forgetEmoji(ctx, tx, w, bite) }); err != nil {
			return fmt.Errorf("forget emoji of workspace %s: %w", w, err)
		}
	}
	for bite := range slices.Chunk(changed, emojiBite) {
		err := k.store.Update(ctx, func(tx store.Tx) error {
			for i := range bite {
				if err := tx.SaveCustomEmoji(ctx, w, &bite[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("keep the emoji of workspace %s: %w", w, err)
		}
	}
	return nil
}

func forgetEmoji(ctx context.Context, tx store.Tx, w desk.WorkspaceID, gone []served.CustomEmoji) error {
	for _, e := range gone {
		if err := tx.DropCustomEmoji(ctx, w, e.Name); err != nil {
			return err
		}
		if e.Hash == "" {
			continue
		}
		if err := tx.Discard(ctx, e.Hash); err != nil {
			return err
		}
	}
	return nil
}
