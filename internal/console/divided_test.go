package console_test

import (
	"encoding/csv"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// few plants the facts of five cases of one week, to count by hand.
func (l *led) few() {
	l.t.Helper()
	const a, b = "481516234200", "481516234201"
	at := time.Date(2025, 6, 3, 9, 0, 0, 0, time.UTC)
	fact := func(id, account, service string, s desk.Severity, first, resolved time.Duration) report.Facts {
		c := report.CaseFact{Case: desk.CaseID("few-" + id), Number: desk.CaseNumber("900000000" + id), Account: desk.AccountID(account), Service: service, Severity: s, OpenedAt: at}
		if first > 0 {
			c.AnsweredAt, c.AnsweredBy, c.Agent = at.Add(first), l.jane.ID, l.jane.ID
		}
		if resolved > 0 {
			c.SettledAt, c.ResolvedAt = at.Add(resolved), at.Add(resolved)
		}
		return report.Facts{Case: c, Seq: 1, Revision: 1}
	}
	all := []report.Facts{
		fact("1", a, "service-1", desk.SeverityLow, 10*time.Minute, 2*time.Hour),
		fact("2", a, "service-2", desk.SeverityUrgent, 10*time.Minute, 0),
		fact("3", b, "service-1", desk.SeverityHigh, 30*time.Minute, 4*time.Hour),
		fact("4", b, "", desk.SeverityCritical, 0, 0), // from before the catalogue, and nobody has answered
		fact("5", a, "service-1", desk.SeverityNormal, 20*time.Minute, 0),
	}
	all[1].Chats = []report.ChatFact{{Chat: "few-2", RequestedAt: at, JoinedAt: at.Add(time.Minute), EndedAt: at.Add(9 * time.Minute), Agent: l.jane.ID, Reason: desk.EndedByAgent, Handled: 8 * time.Minute}}
	all[2].Chats = []report.ChatFact{{Chat: "few-3", RequestedAt: at, EndedAt: at.Add(5 * time.Minute), Reason: desk.EndedCancelled}}
	l.update(func(tx store.Tx) error {
		for i := range all {
			if err := tx.SaveFacts(l.t.Context(), &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

var (
	divided   = regexp.MustCompile(`(?s)aria-labelledby="by-title".*?<table.*?<tr>(.*?)</tr></thead>\s*<tbody>(.*?)</tbody>`)
	dividedTh = regexp.MustCompile(`<th scope="(?:col|row)">(.*?)</th>`)
	dividedTd = regexp.MustCompile(`<td>(.*?)(?:<span.*?)?</td>`)
)

// dividedOn are the cells of the table of groups on a page of reports, by group, of
// the columns with these heads.
func dividedOn(t *testing.T, page string, heads []string) map[string][]string {
	t.Helper()
	found := divided.FindStringSubmatch(page)
	if found == nil {
		t.Fatal("the page has no table of groups")
	}
	var columns []string
	for _, m := range dividedTh.FindAllStringSubmatch(found[1], -1)[1:] {
		columns = append(columns, html.UnescapeString(m[1]))
	}
	groups := map[string][]string{}
	for row := range strings.SplitSeq(found[2], "</tr>") {
		name := dividedTh.FindStringSubmatch(row)
		if name == nil {
			continue
		}
		cells := dividedTd.FindAllStringSubmatch(row, -1)
		for _, head := range heads {
			groups[html.UnescapeString(name[1])] = append(groups[html.UnescapeString(name[1])], strings.ReplaceAll(html.UnescapeString(cells[slices.Index(columns, head)][1]), "\u00a0", " "))
		}
	}
	return groups
}

// Figures counted by hand, divided by account, by service and by severity: in the CSV
// and on the page.
func TestB12_ReportsAreDividedByWhatCasesAreAbout(t *testing.T) {
	inFile := []string{"Cases opened", "Cases resolved", "First response, median (s)", "Chats asked for", "Gave up"}
	onPage := []string{"Cases opened", "Cases resolved", "First response", "Chats asked for", "Gave up"}
	storetest.Each(t, func(t *testing.T, s store.Store) {
		l := ledOn(t, s)
		l.few()
		lena := l.signedIn("lena@example.com")
		for by, want := range map[string]map[string][]string{
			"account":  {"481516234200": {"3", "1", "600", "1", "0"}, "481516234201": {"2", "1", "1800", "1", "1"}},
			"service":  {"service-1": {"3", "2", "1200", "1", "1"}, "service-2": {"1", "0", "600", "1", "0"}, "": {"1", "0", "", "0", "0"}},
			"severity": {"low": {"1", "1", "600", "0", "0"}, "normal": {"1", "0", "1200", "0", "0"}, "high": {"1", "1", "1800", "1", "1"}, "urgent": {"1", "0", "600", "1", "0"}, "critical": {"1", "0", "", "0", "0"}},
		} {
			asked := "?period=custom&from=2025-06-02&to=2025-06-08&by=" + by
			rows, err := csv.NewReader(strings.NewReader(lena.get("/reports/groups.csv" + asked).body)).ReadAll()
			if err != nil || len(rows) < 2 {
				t.Fatalf("by %s: %d rows, %v", by, len(rows), err)
			}
			got, shown := map[string][]string{}, map[string][]string{}
			for _, row := range rows[1:] {
				for _, head := range inFile {
					got[row[1]] = append(got[row[1]], row[slices.Index(rows[0], head)])
				}
				cells := slices.Clone(want[row[1]])
				if len(cells) > 0 {
					cells[2] = map[string]string{"": "–", "600": "10 min", "1200": "20 min", "1800": "30 min"}[cells[2]]
				}
				shown[row[0]] = cells
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("by %s in the file (-want +got):\n%s", by, diff)
			}
			if diff := cmp.Diff(shown, dividedOn(t, lena.get("/reports"+asked).body, onPage)); diff != "" {
				t.Errorf("by %s on the page (-want +got):\n%s", by, diff)
			}
		}
	})
}
