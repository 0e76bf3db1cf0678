package routing_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/routing"
)

// Teams with hours in their zones, skills, languages, attention and loads at random,
// and agents who do not stay with what they took, in virtual time: every plan has all
// waiting chats in the order of the specification, and each is offered to whom it is
// to be, or has its reason: nobody is offered more than they take or a chat that is
// not theirs by their skills, their teams and these teams' hours, nobody is asked who
// looks away while somebody is there, and no chat is passed over by one behind it. The
// seed of one that fails is printed.
func TestRandomFloorsKeepThePromises(t *testing.T) {
	kinds, back, offers, lapses, taken, away, crossed := map[routing.Kind]int{}, map[int]int{}, 0, 0, 0, 0, 0
	for seed := range uint64(60) {
		w := newWorld(t, seed)
		rate := w.rand.Float64() / 2
		for range 120 {
			if w.chance(rate) {
				w.asks(desk.Severities()[w.rand.IntN(5)])
			}
			w.plan()
			w.step()
		}
		offers, lapses, taken = offers+w.offers, lapses+w.lapses, taken+len(w.taken)
		away, crossed = away+w.away, crossed+w.crossed
		for k, n := range w.kinds {
			kinds[k] += n
		}
		for k, n := range w.back {
			back[k] += n
		}
	}
	t.Logf("%d offers, %d of them to who looked away, %d lapsed, %d chats taken, %v came back for the nth time, hours changed %d times, reasons %v", offers, away, lapses, taken, back, crossed, kinds)
	if away == 0 || away == offers || crossed < 10 || back[1] < 10 || back[2] == 0 {
		t.Error("the worlds are too simple")
	}
	for _, k := range allKinds {
		if k != routing.ByHand && kinds[k] == 0 {
			t.Errorf("no chat ever had the reason %s, so the worlds are too simple", k)
		}
	}
}

// More critical chats come than can be answered, for ever, to agents with skills, in
// teams, and with some chats nobody ever stays: they come back each time. One chat
// that is not critical is answered all the same: once it has waited for its target,
// nobody who came later is answered before.
func TestNobodyStarves(t *testing.T) {
	worlds, back := 0, 0
	for seed := range uint64(16) {
		w := newWorld(t, seed)
		w.stays()
		least := w.someone()
		if least == nil {
			continue // nobody has the skills for anything in this world
		}
		first := w.opened
		w.comesBack = func(c *desk.Case) bool { return c.Category == "cursed" }
		due := least.Chat.RequestedAt.Add(targets[least.Severity])
		for served := false; !served; {
			for range 3 {
				if c := w.asks(desk.SeverityCritical); w.opened <= first+6 {
					c.Category, c.Service, c.Language = "cursed", least.Service, least.Language
				}
			}
			w.plan()
			for _, c := range w.waiting {
				if c.Chat.Offer.At.Equal(w.now) && w.now.After(due) && c.Chat.Returns != 1 && w.overtakes(&c, least) {
					w.fail("%s came at %s and is offered before %s, which is due since %s", c.ID, c.Chat.RequestedAt.Format("15:04:05"), least.ID, due.Format("15:04:05"))
				}
			}
			w.later()
			for _, c := range w.taken {
				served = served || c.ID == least.ID
			}
			w.taken = nil
			if w.now.After(due.Add(24 * time.Hour)) {
				w.fail("%s starves: %+v", least.ID, w.back)
			}
		}
		worlds++
		if w.back[2] > 1 {
			back++
		}
	}
	t.Logf("%d worlds, in %d of them several times one came back twice", worlds, back)
	if worlds < 12 || back < 8 {
		t.Error("the worlds are too simple")
	}
}

// stays has a world's agents be there, with little room, and its teams always open.
func (w *world) stays() {
	w.now = start.Add(time.Hour) // an office is open
	for _, a := range w.agents {
		a.Presence, a.takes, a.goes, a.byHand, a.Seat.Capacity = desk.Online, max(a.takes, 0.2), 0, 0, 1+w.rand.IntN(2)
		if a.Seat.Skills.Categories != nil {
			a.Seat.Skills.Categories = append(a.Seat.Skills.Categories, "cursed")
		}
	}
	for i := range w.teams {
		w.teams[i].Hours = matters.Hours{}
	}
	w.rules.Hours = func(string, string) (matters.Hours, bool) { return matters.Hours{}, true }
}

// someone asks for a chat that is not critical and that an agent can take; nil where
// there is none.
func (w *world) someone() *desk.Case {
	for range 100 {
		c := *w.asks(desk.Severities()[w.rand.IntN(4)])
		if _, why := w.rightFor(&c); why == routing.Offered {
			return &c
		}
		w.waiting = nil
	}
	return nil
}

// overtakes reports whether a chat that is offered came later than another, which waits
// without an offer though its agent could have been asked about it.
func (w *world) overtakes(c, least *desk.Case) bool {
	i := slices.IndexFunc(w.waiting, func(c desk.Case) bool { return c.ID == least.ID })
	if i < 0 || !sinceWhen(c).After(least.Chat.RequestedAt) {
		return false
	}
	other, a := &w.waiting[i], w.worker(string(c.Chat.Offer.Agent))
	mine, _ := w.of(other, a.ID)
	return other.Chat.Offer.Agent == "" && mine && can(a.Seat.Skills, other) && w.now.Sub(passedAt(other, a.ID)) >= w.rules.AskAgain
}

func TestOrderIsBySeverityAndAge(t *testing.T) {
	now := start.Add(3 * time.Hour)
	waits := func(id string, s desk.Severity, ago time.Duration) desk.Case {
		return desk.Case{ID: desk.CaseID(id), Severity: s, Chat: desk.ChatSession{State: desk.ChatRequested, RequestedAt: now.Add(-ago)}}
	}
	back := waits("came back", desk.SeverityLow, 0)
	back.Chat.Returned, back.Chat.Returns = true, 1
	twice := waits("came back twice, 20 minutes ago", desk.SeverityLow, 3*time.Hour)
	twice.Chat.Returned, twice.Chat.Returns, twice.Chat.TurnedAt = true, 2, now.Add(-20*time.Minute-time.Second)
	want := []string{
		"came back",
		"low, at its target",      // 2 h: with the most severe, and longest there
		"normal, past its target", // 1 h and more
		"high, at its target",     // 30 min
		"came back twice, 20 minutes ago",
		"critical for 20 minutes", //
		"critical",                //
		"high, at half of it",     // as severe as urgent, and longer there
		"urgent for two minutes",  // of 10: not risen yet
		"normal, at a third",      // as severe as high, and longer there
		"high",                    //
		"normal",                  //
		"low, nearly a quarter",   //
		"low",                     //
	}
	waiting := []desk.Case{
		waits("low", desk.SeverityLow, 0), waits("normal", desk.SeverityNormal, 0), waits("high", desk.SeverityHigh, 0), waits("critical", desk.SeverityCritical, 0),
		waits("low, at its target", desk.SeverityLow, 2*time.Hour), waits("normal, past its target", desk.SeverityNormal, 110*time.Minute),
		waits("urgent for two minutes", desk.SeverityUrgent, 2*time.Minute), waits("critical for 20 minutes", desk.SeverityCritical, 20*time.Minute),
		waits("high, at its target", desk.SeverityHigh, 30*time.Minute), waits("high, at half of it", desk.SeverityHigh, 15*time.Minute),
		waits("normal, at a third", desk.SeverityNormal, 20*time.Minute),
		waits("low, nearly a quarter", desk.SeverityLow, 29*time.Minute), twice, back,
	}
	var got []string
	for _, c := range rules().Order(waiting, now) {
		got = append(got, string(c.ID))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (routing.Rules{}).Urgency(&waiting[0], now.Add(12*time.Hour)); got != desk.SeverityHigh.Rank() {
		t.Errorf("half of a day of low without targets of its own: got %d", got)
	}
}

// A table of floors, each with one chat that is not offered, and why.
func TestEachReasonIsSaid(t *testing.T) {
	monday := start.Add(time.Hour) // 9:00
	on := func(id string, s roster.Skills, load int) routing.Agent {
		return routing.Agent{ID: desk.AgentID(id), Name: id, Presence: desk.Online, Seat: roster.Seat{Skills: s, Capacity: 2}, Load: load}
	}
	away := on("lena", roster.Skills{}, 0)
	away.Presence = desk.Away
	asked := on("omar", roster.Skills{}, 2) // one of the two is an offer
	asked.Asked = true
	german := roster.Skills{Languages: []string{"de"}}
	for name, tt := range map[string]struct {
		now    time.Time
		agents []routing.Agent
		teams  []roster.Team
		passed []desk.Pass
		offer  desk.Offer
		byHand bool
		want   routing.Reason
	}{
		"offered": {agents: []routing.Agent{on("jane", roster.Skills{}, 1)}, offer: desk.Offer{Agent: "jane", Name: "jane", Until: monday.Add(time.Second)},
			want: routing.Reason{Kind: routing.Offered, Name: "jane", Until: monday.Add(time.Second)}},
		"by hand":     {agents: []routing.Agent{on("jane", roster.Skills{}, 0)}, byHand: true, want: routing.Reason{Kind: routing.ByHand}},
		"no language": {agents: []routing.Agent{on("jane", german, 0)}, want: routing.Reason{Kind: routing.NoLanguage}},
		"no skill":    {agents: []routing.Agent{on("jane", roster.Skills{Services: []string{"mail"}}, 0)}, want: routing.Reason{Kind: routing.NoSkill}},
		"nobody here": {agents: []routing.Agent{away, on("jane", german, 0)}, want: routing.Reason{Kind: routing.NobodyHere}},
		"full":        {agents: []routing.Agent{away, on("jane", roster.Skills{}, 2)}, want: routing.Reason{Kind: routing.Full}},
		"passed": {agents: []routing.Agent{on("jane", roster.Skills{}, 0), on("omar", roster.Skills{}, 0)},
			passed: []desk.Pass{{Agent: "omar", At: monday.Add(-time.Minute)}, {Agent: "jane", At: monday.Add(-time.Second)}},
			want:   routing.Reason{Kind: routing.AllPassed, Name: "omar", More: 1, Until: monday.Add(time.Minute)}},
		"asked about another": {agents: []routing.Agent{asked, on("jane", roster.Skills{}, 2)}, want: routing.Reason{Kind: routing.Asked}},
		"outside hours":       {now: start, agents: []routing.Agent{on("jane", roster.Skills{}, 0)}, want: routing.Reason{Kind: routing.Closed, Until: monday, Zone: "UTC"}},
		"the first of two teams": {agents: []routing.Agent{on("jane", roster.Skills{}, 0)},
			teams: []roster.Team{{Hours: office(14, 15)}, {Hours: office(12, 15)}},
			want:  routing.Reason{Kind: routing.Closed, Until: monday.Add(3 * time.Hour), Zone: "UTC"}},
		"another's team": {agents: []routing.Agent{on("jane", german, 0), on("omar", roster.Skills{}, 0)}, teams: []roster.Team{{Members: []desk.AgentID{"jane"}}, {Skills: german}},
			want: routing.Reason{Kind: routing.NoLanguage}},
	} {
		t.Run(name, func(t *testing.T) {
			r := rules()
			if tt.byHand {
				r.OfferFor = 0
			}
			if tt.now.IsZero() {
				tt.now = monday
			}
			c := desk.Case{ID: "c", Service: "vpn", Language: "fr", Severity: desk.SeverityHigh, Chat: desk.ChatSession{
				State: desk.ChatRequested, RequestedAt: start, Offer: tt.offer, Passed: tt.passed,
			}}
			got := r.Plan(routing.Floor{Agents: tt.agents, Teams: tt.teams}, []desk.Case{c}, tt.now)
			if len(got) != 1 || got[0].To != (desk.Actor{}) {
				t.Fatalf("got %+v", got)
			}
			if diff := cmp.Diff(tt.want, got[0].Why); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A holiday closes a team with hours of its own, and a language by the hours of the
// catalogue, until the next day that somebody is there.
func TestAHolidayClosesATeamAndALanguage(t *testing.T) {
	monday := start.Add(4 * time.Hour) // noon
	hours := office(9, 17)
	hours.Holidays = []matters.Holiday{{Year: 2026, Month: time.March, Day: 2, Name: "A holiday"}}
	jane := routing.Agent{ID: "jane", Name: "Jane", Presence: desk.Online}
	for name, tt := range map[string]struct {
		teams    []roster.Team
		language string
		at       time.Time
		want     routing.Kind
	}{
		"a team":                   {teams: []roster.Team{{Hours: hours, Members: []desk.AgentID{"jane"}}}, language: "en", at: monday, want: routing.Closed},
		"a language":               {language: "fr", at: monday, want: routing.Closed},
		"another language":         {language: "en", at: monday, want: routing.Offered},
		"a team, the next day":     {teams: []roster.Team{{Hours: hours, Members: []desk.AgentID{"jane"}}}, language: "en", at: monday.AddDate(0, 0, 1), want: routing.Offered},
		"a language, the next day": {language: "fr", at: monday.AddDate(0, 0, 1), want: routing.Offered},
		"another team is there": {teams: []roster.Team{{Hours: hours}, {Hours: office(9, 17), Members: []desk.AgentID{"jane"}}}, language: "en", at: monday,
			want: routing.Offered},
	} {
		r := rules()
		r.Hours = func(_, language string) (matters.Hours, bool) { return hours, language != "fr" }
		if tt.language != "fr" {
			r.Hours = nil
		}
		c := desk.Case{ID: "c", Language: tt.language, Severity: desk.SeverityHigh, Chat: desk.ChatSession{State: desk.ChatRequested, RequestedAt: start}}
		got := r.Plan(routing.Floor{Agents: []routing.Agent{jane}, Teams: tt.teams}, []desk.Case{c}, tt.at)[0].Why
		if got.Kind != tt.want {
			t.Errorf("%s: got %+v, want %s", name, got, tt.want)
		}
		if back := start.AddDate(0, 0, 1).Add(time.Hour); got.Kind == routing.Closed && !got.Until.Equal(back) {
			t.Errorf("%s: closed until %s, want %s", name, got.Until, back)
		}
	}
}

// Of several who could take a chat each is asked for a reason.
func TestWhoIsAsked(t *testing.T) {
	agents := func(change func(map[string]*routing.Agent)) (all []routing.Agent) {
		by := map[string]*routing.Agent{}
		for _, id := range []string{"jane", "lena", "omar"} {
			by[id] = &routing.Agent{ID: desk.AgentID(id), Name: id, Presence: desk.Online, Seat: roster.Seat{Capacity: 4}, Last: start}
		}
		change(by)
		for _, a := range by {
			all = append(all, *a)
		}
		return all
	}
	waiting := desk.ChatSession{State: desk.ChatRequested, RequestedAt: start}
	known, passed, lapsed := waiting, waiting, waiting
	known.Before = "omar"
	passed.Before, passed.Passed = "omar", []desk.Pass{{Agent: "omar", At: start.Add(-time.Hour)}}
	lapsed.Offer = desk.Offer{Agent: "jane", Until: start}
	for name, tt := range map[string]struct {
		chat   desk.ChatSession
		change func(map[string]*routing.Agent)
		want   string
	}{
		"the first by id":        {waiting, func(map[string]*routing.Agent) {}, "jane"},
		"who was asked long ago": {waiting, func(a map[string]*routing.Agent) { a["lena"].Last = start.Add(-time.Second) }, "lena"},
		"who has least for a seat": {waiting, func(a map[string]*routing.Agent) {
			a["jane"].Load, a["lena"].Load, a["omar"].Load, a["omar"].Seat.Capacity = 2, 2, 4, 9
		}, "omar"},
		"whom they know":                   {known, func(a map[string]*routing.Agent) { a["omar"].Load = 3 }, "omar"},
		"they know one who is full":        {known, func(a map[string]*routing.Agent) { a["omar"].Load = 4 }, "jane"},
		"they know one who passed":         {passed, func(map[string]*routing.Agent) {}, "jane"},
		"who passed when all else is full": {passed, func(a map[string]*routing.Agent) { a["jane"].Load, a["lena"].Load = 4, 4 }, "omar"},
		"who is there, before whom they know, who has less and who was asked long ago": {known, func(a map[string]*routing.Agent) {
			a["lena"].Attentive, a["lena"].Load, a["jane"].Last = true, 3, start.Add(-time.Hour)
		}, "lena"},
		"of those who are there whom they know":     {known, func(a map[string]*routing.Agent) { a["lena"].Attentive, a["omar"].Attentive = true, true }, "omar"},
		"who looks away, when who is there is full": {waiting, func(a map[string]*routing.Agent) { a["lena"].Attentive, a["lena"].Load = true, 4 }, "jane"},
		"who looks away, when who is there passed":  {passed, func(a map[string]*routing.Agent) { a["omar"].Attentive = true }, "jane"},
		"another when one let it lapse":             {lapsed, func(a map[string]*routing.Agent) { a["jane"].Load = 1 }, "lena"},
	} {
		t.Run(name, func(t *testing.T) {
			c := desk.Case{ID: "c", Severity: desk.SeverityHigh, Chat: tt.chat}
			got := routing.Rules{OfferFor: time.Minute}.Plan(routing.Floor{Agents: agents(tt.change)}, []desk.Case{c}, start)
			if len(got) != 1 || got[0].To.ID != tt.want || got[0].Lapsed != (tt.chat.Offer.Agent != "") || !got[0].Until.Equal(start.Add(time.Minute)) {
				t.Errorf("got %+v, want it to be offered to %s", got, tt.want)
			}
		})
	}
}

// An agent who goes is not waited for, and their offer is one that they passed.
func TestAnOfferToSomebodyWhoGoesLapsesAtOnce(t *testing.T) {
	c := desk.Case{ID: "c", Chat: desk.ChatSession{State: desk.ChatRequested, RequestedAt: start, Offer: desk.Offer{Agent: "jane", Until: start.Add(time.Minute)}}}
	for name, f := range map[string]routing.Floor{
		"away": {Agents: []routing.Agent{{ID: "jane", Presence: desk.Away, Load: 1}}}, "shut out": {},
	} {
		got := routing.Rules{OfferFor: time.Minute}.Plan(f, []desk.Case{c}, start)
		if len(got) != 1 || !got[0].Lapsed || got[0].To != (desk.Actor{}) || !got[0].Why.Nobody() {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// A team's own hours hold in place of the catalogue's.
func TestHoursOfATeamHoldForIt(t *testing.T) {
	c := desk.Case{ID: "c", Language: "fr", Chat: desk.ChatSession{State: desk.ChatRequested, RequestedAt: start}}
	jane := routing.Agent{ID: "jane", Presence: desk.Online}
	for _, tt := range []struct {
		hours matters.Hours
		open  bool
	}{{matters.Hours{}, false}, {office(7, 12), true}} { // it is eight
		f := routing.Floor{Agents: []routing.Agent{jane}, Teams: []roster.Team{{Hours: tt.hours, Members: []desk.AgentID{"jane"}}}}
		if got := rules().Plan(f, []desk.Case{c}, start); (got[0].To.ID == "jane") != tt.open {
			t.Errorf("%+v: got %+v", tt.hours, got)
		}
	}
}

func BenchmarkPlan(b *testing.B) {
	var f routing.Floor
	for i := range 200 {
		f.Agents = append(f.Agents, routing.Agent{ID: desk.AgentID(rune('a' + i)), Presence: desk.Online, Load: i % 5})
	}
	var waiting []desk.Case
	for i := range 200 {
		waiting = append(waiting, desk.Case{ID: desk.CaseID(rune('a' + i)), Severity: desk.SeverityHigh, Chat: desk.ChatSession{State: desk.ChatRequested, RequestedAt: start}})
	}
	for b.Loop() {
		rules().Plan(f, waiting, start)
	}
}
