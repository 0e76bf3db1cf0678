package auditlog

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

func TestTheAuditIsWrittenWhole(t *testing.T) {
	s := storetest.SQLite(t)
	const n = 2*bite + 3
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for i := range n {
			e := desk.AuditEntry{At: time.Date(2026, 3, 1, 9, 0, 0, i*1000, time.UTC), By: desk.BySystem(), What: desk.DidEnd, Case: desk.CaseID(fmt.Sprint("case-", i))}
			if err := tx.Audit(t.Context(), &e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ limit, want int }{{0, n}, {1, 1}, {bite, bite}, {bite + 1, bite + 1}, {n + 9, n}} {
		var got []string
		err := Each(t.Context(), s, desk.AuditFilter{}, tc.limit, func(e desk.AuditEntry) error {
			got = append(got, string(e.Case))
			return nil
		})
		if err != nil || len(got) != tc.want || got[0] != fmt.Sprint("case-", n-1) || got[len(got)-1] != fmt.Sprint("case-", n-tc.want) {
			t.Errorf("limit %d: got %d entries from %s to %s, %v", tc.limit, len(got), got[0], got[len(got)-1], err)
		}
	}
}

// sample is an audit of two entries.
type sample struct{}

func (sample) Audit(context.Context, desk.AuditFilter, int64, int) ([]desk.AuditEntry, error) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	return []desk.AuditEntry{
		{ID: 2, At: at, By: desk.Actor{Side: desk.SideAgent, ID: "jane", Name: "=HYPERLINK(\"x\")"}, Via: desk.ViaConsole, What: desk.DidChange, Account: "1", Detail: map[string]string{"name": "a → <b>"}},
		{ID: 1, At: at, By: desk.ByCustomer("T1/U1"), Where: "T1/C1", Via: desk.ViaSlack, What: desk.DidOpen, Account: "1", Case: "case-1"},
	}, nil
}

func TestFormats(t *testing.T) {
	var table, objects strings.Builder
	if err := WriteCSV(t.Context(), &table, sample{}, desk.AuditFilter{}, 0); err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(t.Context(), &objects, sample{}, desk.AuditFilter{}, 0); err != nil {
		t.Fatal(err)
	}
	want := `id,at,side,who,name,where,via,what,account,case,detail
2,2026-03-01T09:00:00Z,agent,jane,"'=HYPERLINK(""x"")",,console,channel-changed,1,,"{""name"":""a → <b>""}"
1,2026-03-01T09:00:00Z,customer,T1/U1,,T1/C1,slack,case-opened,1,case-1,
`
	if diff := cmp.Diff(want, table.String()); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
	want = `{"id":2,"at":"2026-03-01T09:00:00Z","side":"agent","who":"jane","name":"=HYPERLINK(\"x\")","via":"console","what":"channel-changed","account":"1","detail":{"name":"a → <b>"}}
{"id":1,"at":"2026-03-01T09:00:00Z","side":"customer","who":"T1/U1","where":"T1/C1","via":"slack","what":"case-opened","account":"1","case":"case-1"}
`
	if diff := cmp.Diff(want, objects.String()); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}
