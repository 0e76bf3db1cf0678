package lead

import (
	"strconv"

	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk/report"
)

// A groupTable is the measures, divided.
type groupTable struct {
	Head []string
	Rows []groupRow
	More int // groups that are left out
}

type groupRow struct {
	Key, Name string
	Cells     []cell
}

type cell struct{ Text, More string }

// maxGroups is how many groups a page shows; the CSV has all.
const maxGroups = 50

func groupsOf(a *report.Answer, n names) groupTable {
	t := groupTable{}
	for _, m := range report.Measures() {
		t.Head = append(t.Head, n.tongue.Text(m.Name))
	}
	for _, g := range a.Groups() {
		if len(t.Rows) == maxGroups {
			t.More++
			continue
		}
		row := groupRow{Key: g.Key, Name: n.of(a.By, g.Key)}
		for _, m := range report.Measures() {
			v, p90 := measure(m.Key, &g.Totals)
			c := cell{Text: v.Text(n.tongue), More: most(n.tongue, p90)}
			if m.Key == "score" && g.Ratings() > 0 {
				c.More = n.tongue.Count(g.Ratings(), "1 rating", "%d ratings")
			}
			row.Cells = append(row.Cells, c)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// A weekTable is what came in by the hour of the week.
type weekTable struct {
	Hours []string
	Days  []weekDay
	Most  int
	When  string // the hour with the most
}

type weekDay struct {
	Name  string
	Hours []weekHour
}

type weekHour struct {
	N, Heat int // Heat from 0 for nothing to 6
	Title   string
}

// heats is how many colours there are, besides that of nothing.
const heats = 6

func weekOf(a *report.Answer, f work.Frame) weekTable {
	days := []string{f.Say("Monday"), f.Say("Tuesday"), f.Say("Wednesday"), f.Say("Thursday"), f.Say("Friday"), f.Say("Saturday"), f.Say("Sunday")}
	t := weekTable{}
	for d := range a.Week {
		for h, n := range a.Week[d] {
			if n > t.Most {
				t.Most, t.When = n, f.Say("%s at %d:00", days[d], h)
			}
		}
	}
	for h := range 24 {
		t.Hours = append(t.Hours, strconv.Itoa(h))
	}
	for d := range a.Week {
		day := weekDay{Name: days[d]}
		for h, n := range a.Week[d] {
			heat := 0
			if n > 0 {
				heat = 1 + n*(heats-1)/t.Most
			}
			day.Hours = append(day.Hours, weekHour{N: n, Heat: min(heat, heats), Title: f.Say("%s %d:00 to %d:00: %d", days[d], h, h+1, n)})
		}
		t.Days = append(t.Days, day)
	}
	return t
}

// A scoreRow is how many gave a score.
type scoreRow struct {
	Score int
	Word  string
	N     int
	Share float64 // of all, in hundredths
}

func scoresOf(t tongue.Tongue, a *report.Answer) []scoreRow {
	var rows []scoreRow
	all := a.Now.Ratings()
	for score := report.BestScore; score >= 1; score-- {
		r := scoreRow{Score: score, Word: t.Text(report.ScoreWord(score)), N: a.Now.Scores[score]}
		if all > 0 {
			r.Share = float64(r.N) / float64(all) * 100
		}
		rows = append(rows, r)
	}
	return rows
}
