package rights_test

import (
	"errors"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/rights"
)

// Each role and what it may do, written once more by hand.
func TestWhoMayWhat(t *testing.T) {
	for _, tc := range []struct {
		right                          rights.Right
		agent, lead, operator, auditor bool
	}{
		{rights.Own, true, true, true, true},
		{rights.Read, true, true, true, true},
		{rights.Answer, true, true, true, false},
		{rights.Lead, false, true, true, false},
		{rights.Report, false, true, true, true},
		{rights.Setup, false, false, true, false},
		{rights.Agents, false, false, true, false},
		{rights.Personal, false, false, true, false},
		{rights.Audit, false, false, true, true},
	} {
		for role, want := range map[desk.Role]bool{
			desk.RoleAgent: tc.agent, desk.RoleLead: tc.lead, desk.RoleOperator: tc.operator, desk.RoleAuditor: tc.auditor, "king": false,
		} {
			if got := rights.May(desk.Agent{Role: role}, tc.right); got != want {
				t.Errorf("%s, %s: got %v, want %v", role, tc.right, got, want)
			}
			if rights.May(desk.Agent{Role: role, Disabled: true}, tc.right) {
				t.Errorf("%s, %s: allowed to somebody who is shut out", role, tc.right)
			}
		}
		if err := rights.Refused(tc.right); !errors.Is(err, desk.ErrForbidden) {
			t.Errorf("%s: got %v", tc.right, err)
		}
	}
}
