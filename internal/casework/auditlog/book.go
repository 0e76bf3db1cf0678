package auditlog

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// DidTakeReport is that somebody downloaded a table of the reports.
const DidTakeReport = "report-downloaded"

// A Book notes what people did that changes nothing else.
type Book struct {
	Store store.Store
	Now   func() time.Time
}

// TookReport notes that an agent downloaded a table of the reports, and what they had
// asked for.
func (b Book) TookReport(ctx context.Context, who desk.Agent, table, asked string) error {
	e := desk.AuditEntry{
		At: b.Now().UTC().Truncate(time.Microsecond), By: desk.ByAgent(who), Via: desk.ViaConsole, What: DidTakeReport,
		Detail: map[string]string{"table": table, "asked": asked},
	}
	if err := b.Store.Update(ctx, func(tx store.Tx) error { return tx.Audit(ctx, &e) }); err != nil {
		return fmt.Errorf("note that table %s was downloaded: %w", table, err)
	}
	return nil
}
