package lead

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"caseline/internal/console/drawn"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/desk/sheet"
)

// rows write a table as CSV, row by row: RFC 4180 in UTF-8, with nothing in it
// that a spreadsheet would take for a formula.
type rows struct{ to *csv.Writer }

func newSheet(w io.Writer) rows {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return rows{out}
}

// row writes a row.
func (s rows) row(cells ...string) error {
	return s.to.Write(sheet.Cells(cells))
}

// A table of the reports writes itself.
type table func(ctx context.Context, s rows, a *report.Answer, n names) error

// tables are all that can be had as a file, by name.
func (l *Room) tables() map[string]table {
	return map[string]table{
		"time.csv": timeTable, "groups.csv": groupsTable, "week.csv": weekSheet, "comments.csv": l.commentsTable,
		"cases.csv": l.casesTable, "chats.csv": l.chatsTable, "ratings.csv": l.ratingsTable, "offers.csv": l.offersTable,
	}
}

// facts are the tables that need no answer: they are written as they are read.
func facts(name string) bool {
	return name == "cases.csv" || name == "chats.csv" || name == "ratings.csv" || name == "offers.csv"
}

func (l *Room) getTable(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	name := r.PathValue("table")
	write, ok := l.tables()[name]
	if !ok {
		return &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such table. Go back to the reports."}
	}
	face := drawn.BaseOf(r, "", l.house.Now())
	q, err := l.question(askedIn(r), face.Zone, face.Now)
	if err != nil {
		return err
	}
	n, err := l.names(r.Context(), face.Tongue)
	if err != nil {
		return err
	}
	q.Teams = report.Teams(n.teams)
	a := report.Begin(q)
	if !facts(name) {
		if a, err = l.answer(r.Context(), q); err != nil {
			return err
		}
	}
	if err := l.Took(r.Context(), who, name, askedIn(r).with("", "")); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="caseline-`+name+`"`)
	s := newSheet(w)
	if err := write(r.Context(), s, a, n); err != nil {
		return err
	}
	s.to.Flush()
	return s.to.Error()
}

// measureHead are the columns of all measures.
func measureHead() []string {
	var head []string
	for _, m := range report.Measures() {
		switch m.Key {
		case "first", "wait", "handling", "resolution", "accepting":
			head = append(head, m.Name+", median (s)", m.Name+", nine in ten (s)")
		case "intime", "reopened":
			head = append(head, m.Name+" (%)")
		default:
			head = append(head, m.Name)
		}
	}
	return append(head, "Ratings")
}

func measureCells(t *report.Totals) []string {
	var cells []string
	spread := func(s *report.Spread) {
		median, ok := s.Median()
		nine, _ := s.P90()
		cells = append(cells, seconds(median, ok), seconds(nine, ok))
	}
	for _, m := range report.Measures() {
		switch m.Key {
		case "first":
			spread(&t.First)
		case "wait":
			spread(&t.Wait)
		case "accepting":
			spread(&t.Accepting)
		case "handling":
			spread(&t.Handling)
		case "resolution":
			spread(&t.Resolution)
		default:
			v, _ := measure(m.Key, t)
			cells = append(cells, number(v.Number))
		}
	}
	return append(cells, strconv.Itoa(t.Ratings()))
}

func seconds(d time.Duration, ok bool) string {
	if !ok {
		return ""
	}
	return strconv.FormatInt(int64(d.Round(time.Second)/time.Second), 10)
}

func number(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

func timeTable(_ context.Context, s rows, a *report.Answer, _ names) error {
	if err := s.row(append([]string{"From"}, measureHead()...)...); err != nil {
		return err
	}
	for i := range a.Parts {
		if err := s.row(append([]string{moment(a, a.Parts[i].Begin)}, measureCells(&a.Parts[i].Totals)...)...); err != nil {
			return err
		}
	}
	return nil
}

func groupsTable(_ context.Context, s rows, a *report.Answer, n names) error {
	if err := s.row(append([]string{n.dimension(a.By), "Code"}, measureHead()...)...); err != nil {
		return err
	}
	for _, g := range a.Groups() {
		if err := s.row(append([]string{n.of(a.By, g.Key), g.Key}, measureCells(&g.Totals)...)...); err != nil {
			return err
		}
	}
	return nil
}

func weekSheet(_ context.Context, s rows, a *report.Answer, _ names) error {
	if err := s.row("Day", "Hour", "Cases opened and chats asked for"); err != nil {
		return err
	}
	for d := range a.Week {
		for h, n := range a.Week[d] {
			if err := s.row(time.Weekday((d+1)%7).String(), strconv.Itoa(h), strconv.Itoa(n)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Room) commentsTable(ctx context.Context, s rows, a *report.Answer, n names) error {
	all, err := l.said(ctx, a, n)
	if err != nil {
		return err
	}
	if err := s.row("When", "Case", "Agent", "Who", "Score", "Comment"); err != nil {
		return err
	}
	for _, c := range all {
		if err := s.row(moment(a, c.At), string(c.Number), c.Agent, c.Who, strconv.Itoa(c.Score), c.Remark); err != nil {
			return err
		}
	}
	return nil
}

// moment is a time in the reader's zone, for spreadsheets.
func moment(a *report.Answer, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(a.Zone).Format("2006-01-02 15:04:05")
}

func caseHead() []string {
	return []string{"Case", "Account", "Issue type", "Service", "Category", "Language", "Severity"}
}

func caseCells(c *report.CaseFact, n names) []string {
	return []string{string(c.Number), n.of(report.ByAccount, string(c.Account)), c.IssueType, c.Service, c.Category, c.Language, string(c.Severity)}
}

func (l *Room) casesTable(ctx context.Context, s rows, a *report.Answer, n names) error {
	if err := s.row(append(caseHead(), "Opened", "First response", "Answered by", "Last agent", "Resolved first", "Resolved", "Reopened")...); err != nil {
		return err
	}
	return l.Read.EachCase(ctx, a.From, a.To, func(c *report.CaseFact) error {
		if !a.Any(c, c.AnsweredBy, c.Agent) {
			return nil
		}
		return s.row(append(caseCells(c, n), moment(a, c.OpenedAt), moment(a, c.AnsweredAt), n.agent(c.AnsweredBy), n.agent(c.Agent),
			moment(a, c.SettledAt), moment(a, c.ResolvedAt), strconv.Itoa(c.Reopened))...)
	})
}

func (l *Room) chatsTable(ctx context.Context, s rows, a *report.Answer, n names) error {
	head := append(caseHead(), "Chat", "Agent", "Asked for", "Joined", "First words", "Ended", "Why it ended", "Handling (s)", "Handed over", "Came back", "Messages of customers", "Messages of agents")
	if err := s.row(head...); err != nil {
		return err
	}
	return l.Read.EachChat(ctx, a.From, a.To, func(k *report.ChatFact, c *report.CaseFact) error {
		if !a.Any(c, k.Agent) {
			return nil
		}
		return s.row(append(caseCells(c, n), string(k.Chat), n.agent(k.Agent), moment(a, k.RequestedAt), moment(a, k.JoinedAt), moment(a, k.AnsweredAt),
			moment(a, k.EndedAt), string(k.Reason), seconds(k.Handled, true), strconv.Itoa(k.Handed), strconv.Itoa(k.Returned), strconv.Itoa(k.Theirs), strconv.Itoa(k.Ours))...)
	})
}

func (l *Room) ratingsTable(ctx context.Context, s rows, a *report.Answer, n names) error {
	if err := s.row(append(caseHead(), "Chat", "Agent", "Ended", "Person", "Score", "Comment", "Given", "Changed")...); err != nil {
		return err
	}
	return l.Read.EachRating(ctx, a.From, a.To, func(r *report.Rating, k *report.ChatFact, c *report.CaseFact) error {
		if !a.Any(c, k.Agent) {
			return nil
		}
		return s.row(append(caseCells(c, n), string(k.Chat), n.agent(k.Agent), moment(a, k.EndedAt), string(r.Person), fmt.Sprint(r.Score), r.Remark,
			moment(a, r.GivenAt), moment(a, r.ChangedAt))...)
	})
}

func (l *Room) offersTable(ctx context.Context, s rows, a *report.Answer, n names) error {
	if err := s.row(append(caseHead(), "Chat", "Agent", "Offered", "Ended", "How it ended", "After (s)")...); err != nil {
		return err
	}
	return l.Read.EachOffer(ctx, a.From, a.To, func(o *report.OfferFact, _ *report.ChatFact, c *report.CaseFact) error {
		if !a.Any(c, o.Agent) {
			return nil
		}
		return s.row(append(caseCells(c, n), string(o.Chat), n.agent(o.Agent), moment(a, o.At), moment(a, o.EndedAt), string(o.End), seconds(o.After(), true))...)
	})
}
