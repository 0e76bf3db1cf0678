package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"caseline/internal/app"
	"caseline/internal/casework/keeping"
	"caseline/internal/casework/rosters"
	"caseline/internal/casework/versions"
	"caseline/internal/catalogue"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/roster"
)

// plant gives the console what a support desk has made for itself: teams, replies, a
// view, and French beside English. What somebody changed since the first start
// stays as it is.
func plant(ctx context.Context, a *app.App) error {
	teams, err := a.Store.Teams(ctx)
	if err != nil || len(teams) > 0 {
		return err
	}
	agents, err := a.Store.Agents(ctx)
	if err != nil {
		return err
	}
	by := map[string]desk.Agent{}
	for _, agent := range agents {
		by[agent.Name] = agent
	}
	if err := plantTeams(ctx, a, by); err != nil {
		return fmt.Errorf("plant the demo's teams: %w", err)
	}
	if err := plantWords(ctx, a, by["Lena"]); err != nil {
		return fmt.Errorf("plant the demo's replies: %w", err)
	}
	return plantLanguage(ctx, a)
}

func plantTeams(ctx context.Context, a *app.App, by map[string]desk.Agent) error {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return err
	}
	work := matters.Hours{Zone: berlin, Open: []matters.Span{{
		Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}, From: 8 * 60, To: 18 * 60,
	}}}
	do := rosters.New(a.Store, time.Now)
	for _, t := range []roster.Team{
		{Name: "Front line", Members: []desk.AgentID{by["Jane"].ID, by["Omar"].ID, by["Lena"].ID}}, // always, so that the demo works at night
		{Name: "Mobile", Skills: roster.Skills{Services: []string{"mobile-app"}}, Hours: work, Members: []desk.AgentID{by["Omar"].ID, by["Lena"].ID}},
	} {
		if _, err := do.SaveTeam(ctx, desk.ByItself(), t); err != nil {
			return err
		}
	}
	return nil
}

func plantWords(ctx context.Context, a *app.App, lena desk.Agent) error {
	do := keeping.New(a.Store, time.Now)
	for _, c := range []personal.Canned{
		{Name: "hello", Text: "Hello {{customer}}, thank you for writing. I am looking into it."},
		{Name: "logs", Text: "Could you send us the log of the last hour? Drop the file here."},
		{Name: "bye", Agent: lena.ID, Text: "I am glad that it works again. Write here at any time."},
	} {
		if err := do.SaveReply(ctx, lena, c); err != nil {
			return err
		}
	}
	return do.SaveView(ctx, lena, personal.View{Name: "Urgent", Query: "severity=urgent"})
}

// plantLanguage adds French to what cases can be in.
func plantLanguage(ctx context.Context, a *app.App) error {
	const english = "  - {code: en, name: English}\n"
	text := strings.Replace(catalogue.Default(), english, english+"  - {code: fr, name: Français}\n", 1)
	was, err := catalogue.Parse(catalogue.Default())
	if err != nil {
		return err
	}
	is, err := catalogue.Parse(text)
	if err != nil {
		return err
	}
	_, err = versions.New(a.Store, time.Now).Save(ctx, versions.Save{By: desk.ByItself(), Text: text, Note: "French was added.", Names: is.Names(), Was: was.Names()})
	if err != nil {
		return fmt.Errorf("plant the demo's languages: %w", err)
	}
	return nil
}
