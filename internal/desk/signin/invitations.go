package signin

import (
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/rights"
)

// LinksTo are the invitations with which an agent may choose a new password.
func LinksTo(all []Invitation, a desk.AgentID) (found []Invitation) {
	for _, i := range all {
		if i.Agent == a {
			found = append(found, i)
		}
	}
	return found
}

// MadeBy are the invitations of an operator who is one no more: whoever made one
// knows its link. Of older ones only the name of who made them is known, who may
// have had another then, so they count when no other operator made them.
func MadeBy(all []Invitation, agents []desk.Agent, gone desk.Agent) (found []Invitation) {
	for _, i := range all {
		another := func(a desk.Agent) bool { return a.ID != gone.ID && rights.Operates(a) && a.Name == i.By }
		if i.Inviter == gone.ID || i.Inviter == "" && (i.By == gone.Name || !slices.ContainsFunc(agents, another)) {
			found = append(found, i)
		}
	}
	return found
}
