package lead

import (
	"cmp"
	"context"

	"caseline/internal/console/record"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/report"
	"caseline/internal/desk/roster"
)

// names are how what is counted is called.
type names struct {
	tongue    tongue.Tongue
	agents    []desk.Agent
	teams     []roster.Team
	accounts  map[string]string
	catalogue *matters.Catalogue
}

// A choice is something to filter by.
type choice struct{ Key, Name string }

func (l *Room) names(ctx context.Context, t tongue.Tongue) (names, error) {
	n := names{tongue: t, accounts: map[string]string{}, catalogue: l.Catalogue()}
	var err error
	if n.agents, err = l.Read.Agents(ctx); err != nil {
		return n, err
	}
	if n.teams, err = l.Read.Teams(ctx); err != nil {
		return n, err
	}
	accounts, err := l.Read.Accounts(ctx)
	for _, a := range accounts {
		n.accounts[string(a.ID)] = a.Title()
	}
	return n, err
}

// agent is how an agent is called.
func (n names) agent(id desk.AgentID) string {
	for _, a := range n.agents {
		if a.ID == id {
			return a.Name
		}
	}
	return string(id)
}

// answering are the agents of whom there can be something to report, and the one who
// is chosen. Auditors answer nobody.
func (n names) answering(chosen string) (some []desk.Agent) {
	for _, a := range n.agents {
		if a.Role != desk.RoleAuditor || string(a.ID) == chosen {
			some = append(some, a)
		}
	}
	return some
}

// of is how a group is called.
func (n names) of(d report.Dimension, key string) string {
	if key == "" {
		if d == report.ByAgent {
			return n.tongue.Say("Nobody yet")
		}
		if d == report.ByTeam {
			return n.tongue.Say("No team")
		}
		return n.tongue.Say("Not said")
	}
	switch d {
	case report.ByAccount:
		return cmp.Or(n.accounts[key], key)
	case report.ByService:
		return n.service(key)
	case report.ByCategory:
		return n.category(key)
	case report.BySeverity:
		return n.tongue.Text(record.SeverityName(desk.Severity(key)))
	case report.ByLanguage:
		l, _ := n.catalogue.Language(key)
		return cmp.Or(l.Name, key)
	case report.ByAgent:
		return n.agent(desk.AgentID(key))
	case report.ByTeam:
		for _, t := range n.teams {
			if string(t.ID) == key {
				return t.Name
			}
		}
	}
	return key
}

func (n names) service(code string) string {
	for _, t := range n.catalogue.IssueTypes {
		for _, s := range t.Services {
			if s.Code == code {
				return s.Name
			}
		}
	}
	return code
}

func (n names) category(code string) string {
	for _, t := range n.catalogue.IssueTypes {
		for _, s := range t.Services {
			if g, ok := s.Category(code); ok {
				return g.Name
			}
		}
	}
	return code
}

// dimension is what a dimension is called.
func (n names) dimension(d report.Dimension) string {
	switch d {
	case report.ByAccount:
		return n.tongue.Say("Account")
	case report.ByService:
		return n.tongue.Say("Service")
	case report.ByCategory:
		return n.tongue.Say("Category")
	case report.BySeverity:
		return n.tongue.Say("Severity")
	case report.ByLanguage:
		return n.tongue.Say("Language")
	case report.ByAgent:
		return n.tongue.Say("Agent")
	case report.ByTeam:
		return n.tongue.Say("Team")
	}
	return string(d)
}

// A filter is a menu of what can be looked at alone.
type filter struct {
	Name, Label, All, Chosen string
	Choices                  []choice
}

func (n names) filters(a asked) []filter {
	account := filter{Name: "account", Label: n.tongue.Say("Account"), All: n.tongue.Say("All accounts"), Chosen: a.Account}
	for _, id := range sortedKeys(n.accounts) {
		account.Choices = append(account.Choices, choice{id, n.accounts[id]})
	}
	service := filter{Name: "service", Label: n.tongue.Say("Service"), All: n.tongue.Say("All services"), Chosen: a.Service}
	seen := map[string]bool{}
	for _, t := range n.catalogue.IssueTypes {
		for _, s := range t.Services {
			if !seen[s.Code] {
				seen[s.Code] = true
				service.Choices = append(service.Choices, choice{s.Code, s.Name})
			}
		}
	}
	severity := filter{Name: "severity", Label: n.tongue.Say("Severity"), All: n.tongue.Say("All severities"), Chosen: a.Severity}
	for _, s := range desk.Severities() {
		severity.Choices = append(severity.Choices, choice{string(s), n.tongue.Text(record.SeverityName(s))})
	}
	language := filter{Name: "language", Label: n.tongue.Say("Language"), All: n.tongue.Say("All languages"), Chosen: a.Language}
	for _, lang := range n.catalogue.Languages {
		language.Choices = append(language.Choices, choice{lang.Code, lang.Name})
	}
	agent := filter{Name: "agent", Label: n.tongue.Say("Agent"), All: n.tongue.Say("All agents"), Chosen: a.Agent}
	for _, who := range n.answering(a.Agent) {
		agent.Choices = append(agent.Choices, choice{string(who.ID), who.Name})
	}
	team := filter{Name: "team", Label: n.tongue.Say("Team"), All: n.tongue.Say("All teams"), Chosen: a.Team}
	for _, t := range n.teams {
		team.Choices = append(team.Choices, choice{string(t.ID), t.Name})
	}
	return []filter{account, service, severity, language, team, agent}
}
