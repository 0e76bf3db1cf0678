package storetest

import (
	"testing"

	"caseline/internal/desk"
	"caseline/internal/store"
)

func auditChecks() []check {
	return []check{{"who did what is found by each of its sides", auditFound}}
}

func auditFound(t *testing.T, s store.Store) {
	ctx := t.Context()
	jane := desk.Actor{Side: desk.SideAgent, ID: "jane", Name: "Jane"}
	all := []desk.AuditEntry{
		{At: minute(1), By: desk.ByCustomer("T1/U1"), Where: "T1/C1", Via: desk.ViaSlack, What: desk.DidOpen, Account: "1", Case: "case-1"},
		{At: minute(2), By: jane, Via: desk.ViaConsole, What: desk.DidJoin, Account: "1", Case: "case-1", Detail: map[string]string{"chat": "chat-1"}},
		{At: minute(3), By: jane, Via: desk.ViaCommand, What: desk.DidConfigure, Account: "2", Detail: map[string]string{"channel": "C1", "name": `"odd" näme`}},
		{At: minute(4), By: desk.BySystem(), What: desk.DidEnd, Account: "1", Case: "case-2"},
	}
	for i := range all {
		update(t, s, func(tx store.Tx) error { return tx.Audit(ctx, &all[i]) })
		if all[i].ID == 0 || i > 0 && all[i].ID <= all[i-1].ID {
			t.Fatalf("entry %d has the number %d", i, all[i].ID)
		}
	}
	newest := func(numbers ...int) []desk.AuditEntry {
		var want []desk.AuditEntry
		for _, n := range numbers {
			want = append(want, all[n])
		}
		return want
	}
	for _, tc := range []struct {
		what   string
		f      desk.AuditFilter
		before int64
		limit  int
		want   []desk.AuditEntry
	}{
		{"all", desk.AuditFilter{}, 0, 9, newest(3, 2, 1, 0)},
		{"a page", desk.AuditFilter{}, 0, 2, newest(3, 2)},
		{"the next page", desk.AuditFilter{}, all[2].ID, 2, newest(1, 0)},
		{"of an account", desk.AuditFilter{Account: "1"}, 0, 9, newest(3, 1, 0)},
		{"of a case", desk.AuditFilter{Case: "case-1"}, 0, 9, newest(1, 0)},
		{"by somebody", desk.AuditFilter{By: "jane"}, 0, 9, newest(2, 1)},
		{"of one kind", desk.AuditFilter{What: desk.DidEnd}, 0, 9, newest(3)},
		{"in a time", desk.AuditFilter{From: minute(2), To: minute(4)}, 0, 9, newest(2, 1)},
		{"of all sides", desk.AuditFilter{Account: "2", By: "jane", What: desk.DidConfigure, From: minute(3)}, all[3].ID, 1, newest(2)},
		{"nothing", desk.AuditFilter{Account: "3"}, 0, 9, nil},
	} {
		same(t, tc.what, must(s.Audit(ctx, tc.f, tc.before, tc.limit))(t), tc.want)
	}
}
