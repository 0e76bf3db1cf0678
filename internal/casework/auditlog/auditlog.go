package auditlog

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/sheet"
)

// A reader reads the audit.
type reader interface {
	Audit(ctx context.Context, f desk.AuditFilter, before int64, limit int) ([]desk.AuditEntry, error)
}

// bite is how many entries are read at a time.
const bite = 500

// Each calls do for the entries that a filter finds, newest first, up to limit;
// 0 is without limit.
func Each(ctx context.Context, r reader, f desk.AuditFilter, limit int, do func(desk.AuditEntry) error) error {
	for before, done := int64(0), 0; ; {
		n := bite
		if limit > 0 {
			n = min(n, limit-done)
		}
		page, err := r.Audit(ctx, f, before, n)
		if err != nil {
			return fmt.Errorf("read the audit: %w", err)
		}
		for _, e := range page {
			if err := do(e); err != nil {
				return err
			}
			before = e.ID
		}
		if done += len(page); len(page) < n || done == limit {
			return nil
		}
	}
}

// columns are the names of what a line of CSV holds, and of the fields in JSON.
var columns = []string{"id", "at", "side", "who", "name", "where", "via", "what", "account", "case", "detail"}

// line is an entry as it is written.
type line struct {
	ID      int64             `json:"id"`
	At      string            `json:"at"`
	Side    string            `json:"side"`
	Who     string            `json:"who,omitempty"`
	Name    string            `json:"name,omitempty"`
	Where   string            `json:"where,omitempty"`
	Via     string            `json:"via,omitempty"`
	What    string            `json:"what"`
	Account string            `json:"account,omitempty"`
	Case    string            `json:"case,omitempty"`
	Detail  map[string]string `json:"detail,omitempty"`
}

func lineOf(e desk.AuditEntry) line {
	return line{
		ID: e.ID, At: e.At.UTC().Format(time.RFC3339Nano), Side: string(e.By.Side), Who: e.By.ID, Name: e.By.Name, Where: string(e.Where),
		Via: e.Via, What: e.What, Account: string(e.Account), Case: string(e.Case), Detail: e.Detail,
	}
}

// WriteJSON writes entries, one object a line.
func WriteJSON(ctx context.Context, w io.Writer, r reader, f desk.AuditFilter, limit int) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return Each(ctx, r, f, limit, func(e desk.AuditEntry) error { return out.Encode(lineOf(e)) })
}

// WriteCSV writes entries below a line with the columns' names. Nothing in it is
// a formula to a spreadsheet.
func WriteCSV(ctx context.Context, w io.Writer, r reader, f desk.AuditFilter, limit int) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	err := Each(ctx, r, f, limit, func(e desk.AuditEntry) error {
		l := lineOf(e)
		cells := []string{strconv.FormatInt(l.ID, 10), l.At, l.Side, l.Who, l.Name, l.Where, l.Via, l.What, l.Account, l.Case, Detail(e)}
		return out.Write(sheet.Cells(cells))
	})
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

// Detail is what an entry says besides, as JSON; empty for nothing.
func Detail(e desk.AuditEntry) string {
	if len(e.Detail) == 0 {
		return ""
	}
	var text strings.Builder
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	_ = out.Encode(e.Detail) // strings always marshal
	return strings.TrimSpace(text.String())
}
