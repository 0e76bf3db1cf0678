package report

import (
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
)

// Teams returns whose work facts are, of teams as they are now. An agent's work is
// that of the teams they are in whose skills cover the case, or of all they are in
// where none does. What no agent has is the work of the teams it would be offered
// to. So work may be several teams' or none's. What is returned is for one goroutine.
func Teams(all []roster.Team) func(c *CaseFact, agent desk.AgentID) []roster.TeamID {
	type matter struct {
		agent                       desk.AgentID
		service, category, language string
	}
	known := map[matter][]roster.TeamID{}
	return func(c *CaseFact, agent desk.AgentID) []roster.TeamID {
		m := matter{agent, c.Service, c.Category, c.Language}
		ids, ok := known[m]
		if !ok {
			ids = teamsOf(all, &desk.Case{Service: c.Service, Category: c.Category, Language: c.Language}, agent)
			known[m] = ids
		}
		return ids
	}
}

func teamsOf(all []roster.Team, c *desk.Case, agent desk.AgentID) []roster.TeamID {
	var covering, having, both []roster.TeamID
	for _, t := range all {
		covers, has := t.Skills.Covers(c), t.Has(agent)
		if covers {
			covering = append(covering, t.ID)
		}
		if has {
			having = append(having, t.ID)
		}
		if covers && has {
			both = append(both, t.ID)
		}
	}
	switch {
	case agent == "":
		return covering
	case len(both) > 0:
		return both
	}
	return having
}

// wants reports whether facts are asked for; agent is whose they are.
func (q Question) wants(c *CaseFact, agent desk.AgentID) bool {
	return q.Filter.wants(c, agent) && (q.Filter.Team == "" || slices.Contains(q.teams(c, agent), q.Filter.Team))
}

// Any reports whether facts are asked for that are of one of these agents.
func (q Question) Any(c *CaseFact, agents ...desk.AgentID) bool {
	return slices.ContainsFunc(agents, func(a desk.AgentID) bool { return q.wants(c, a) })
}

func (q Question) teams(c *CaseFact, agent desk.AgentID) []roster.TeamID {
	if q.Teams == nil {
		return nil
	}
	return q.Teams(c, agent)
}

// keys are what facts are counted under: several for what is several teams' work.
func (q Question) keys(c *CaseFact, agent desk.AgentID) []string {
	if q.By != ByTeam {
		return []string{q.By.key(c, agent)}
	}
	ids := q.teams(c, agent)
	if len(ids) == 0 {
		return []string{""}
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = string(id)
	}
	return keys
}
