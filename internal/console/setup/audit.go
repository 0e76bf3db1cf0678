package setup

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"caseline/internal/casework/auditlog"
	"caseline/internal/console/drawn"
	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// auditShown is how many entries a page of the audit has.
const auditShown = 50

// A query is what is looked for in the audit, as it was typed.
type query struct{ What, Account, Case, Who, From, To string }

func queryIn(r *http.Request) query {
	q := r.URL.Query()
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	return query{get("what"), get("account"), get("case"), get("who"), get("from"), get("to")}
}

// Any reports whether anything is looked for.
func (q query) Any() bool { return q != query{} }

// Encode is the query in an address.
func (q query) Encode() string {
	values := url.Values{}
	for name, value := range map[string]string{"what": q.What, "account": q.Account, "case": q.Case, "who": q.Who, "from": q.From, "to": q.To} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values.Encode()
}

type auditPage struct {
	work.Frame
	Query    query
	Deeds    []deed
	Accounts []served.Account
	Agents   []desk.Agent
	Rows     []auditRow
	Newest   bool
	Older    string // address of the next page, or empty
	Wrong    Wrong
}

// Address is where the entries that are looked for are in another form.
func (p auditPage) Address(path string) string {
	if text := p.Query.Encode(); text != "" {
		return path + "?" + text
	}
	return path
}

// An auditRow is an entry of the audit for people.
type auditRow struct {
	desk.AuditEntry
	Who     string
	WhoPath string // the entries of the same person, or empty
	Did     string
	Via     string
	Open    string // where Slack opens it, or empty
	Title   string // of the account
	Number  desk.CaseNumber
	Said    []detail
}

// A detail is one thing that an entry says besides.
type detail struct{ Key, Value string }

func (p *Pages) getAudit(w http.ResponseWriter, r *http.Request, who desk.Agent) (err error) {
	page := auditPage{Query: queryIn(r), Deeds: deeds()}
	if page.Frame, err = p.frame(r, who, "audit", "Audit log"); err != nil {
		return err
	}
	if page.Accounts, err = p.Read.Accounts(r.Context()); err != nil {
		return err
	}
	if page.Agents, err = p.Read.Agents(r.Context()); err != nil {
		return err
	}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	page.Newest = before <= 0
	f, why, err := p.filter(r.Context(), page.Query, page.Agents, drawn.ZoneOf(r))
	if err != nil {
		return err
	}
	if page.Wrong = why; len(why) > 0 {
		return p.Show(w, http.StatusUnprocessableEntity, "audit", page)
	}
	entries, err := p.Read.Audit(r.Context(), f, max(before, 0), auditShown+1)
	if err != nil {
		return err
	}
	if len(entries) > auditShown {
		entries = entries[:auditShown]
		older := page.Query.Encode()
		if older != "" {
			older += "&"
		}
		page.Older = "/audit?" + older + "before=" + strconv.FormatInt(entries[auditShown-1].ID, 10)
	}
	if page.Rows, err = p.auditRows(r.Context(), entries, page.Accounts); err != nil {
		return err
	}
	return p.Show(w, http.StatusOK, "audit", page)
}

// filter reads a query. What is wrong with it is said by field.
func (p *Pages) filter(ctx context.Context, q query, agents []desk.Agent, zone *time.Location) (desk.AuditFilter, Wrong, error) {
	f, why := desk.AuditFilter{What: q.What, Account: desk.AccountID(q.Account)}, Wrong{}
	var err error
	if f.By, err = p.actor(ctx, q.Who, agents); err != nil {
		return f, nil, err
	}
	if q.Who != "" && f.By == "" {
		why["who"] = tongue.Mark("Nobody has this name alone. Choose an agent from the list, write more of the name, or press a name among the entries.")
	}
	if q.Case != "" {
		number, _ := desk.ParseCaseNumber(q.Case)
		c, err := p.Read.CaseByNumber(ctx, number)
		switch {
		case errors.Is(err, desk.ErrNotFound):
			why["case"] = tongue.Mark("There is no case with this number. A case number has ten digits.")
		case err != nil:
			return f, nil, err
		}
		f.Case = c.ID
	}
	for _, d := range []struct {
		name, typed string
		to          *time.Time
		days        int
	}{{"from", q.From, &f.From, 0}, {"to", q.To, &f.To, 1}} {
		if d.typed == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, d.typed, zone)
		if err != nil {
			why[d.name] = tongue.Mark("This is not a day. Write it as 2026-03-01.")
			continue
		}
		*d.to = day.AddDate(0, 0, d.days)
	}
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		why["to"] = tongue.Mark("The last day is before the first one. Choose a later day.")
	}
	return f, why, nil
}

// actor is the id of who was typed: of an agent by name, address or id, or of
// anybody else who did something by id, or by a name that only one person has. Empty is nobody.
func (p *Pages) actor(ctx context.Context, typed string, agents []desk.Agent) (string, error) {
	if typed == "" {
		return "", nil
	}
	for _, a := range agents {
		if strings.EqualFold(typed, a.Name) || strings.EqualFold(typed, a.Email) || typed == string(a.ID) {
			return string(a.ID), nil
		}
	}
	did, err := p.Read.Audit(ctx, desk.AuditFilter{By: typed}, 0, 1)
	if err != nil || len(did) > 0 {
		return typed, err
	}
	people, err := p.Read.PeopleCalled(ctx, typed, 2)
	if err != nil || len(people) != 1 {
		return "", err
	}
	return string(people[0].ID), nil
}

func (p *Pages) auditRows(ctx context.Context, entries []desk.AuditEntry, accounts []served.Account) ([]auditRow, error) {
	titles, numbers := map[desk.AccountID]string{}, map[desk.CaseID]desk.CaseNumber{}
	for _, a := range accounts {
		titles[a.ID] = a.Title()
	}
	var people []desk.PersonID
	for _, e := range entries {
		if e.By.Side == desk.SideCustomer {
			people = append(people, desk.PersonID(e.By.ID))
		}
		if _, known := numbers[e.Case]; known || e.Case == "" {
			continue
		}
		c, err := p.Read.Case(ctx, e.Case)
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return nil, err
		}
		numbers[e.Case] = c.Number
	}
	known, err := p.Read.People(ctx, people)
	if err != nil {
		return nil, err
	}
	t := tongue.From(ctx)
	rows := make([]auditRow, len(entries))
	for i, e := range entries {
		row := auditRow{
			AuditEntry: e, Did: t.Text(did(e.What)), Via: t.Text(via(e.Via)), Open: p.opt.Address(e.Where), Number: numbers[e.Case],
			Title: cmp.Or(titles[e.Account], string(e.Account)), Who: cmp.Or(e.By.Name, known[desk.PersonID(e.By.ID)].Name, e.By.ID, "Caseline"),
		}
		if e.By.ID != "" {
			row.WhoPath = "/audit?" + query{Who: e.By.ID}.Encode()
		}
		for _, key := range slices.Sorted(maps.Keys(e.Detail)) {
			if e.Detail[key] != "" && !slices.Contains(plumbing(), key) {
				row.Said = append(row.Said, detail{detailName(t, key), detailValue(t, key, e.Detail[key])})
			}
		}
		rows[i] = row
	}
	return rows, nil
}

// plumbing are what entries say besides that the page shows in another way, or
// that means something to programs alone.
func plumbing() []string { return []string{"number", "entry", "chat"} }

// via is the way in which something was done, for people.
func via(way string) string {
	switch way {
	case desk.ViaSlack:
		return tongue.Mark("Slack")
	case desk.ViaConsole:
		return tongue.Mark("Console")
	case desk.ViaCommand:
		return tongue.Mark("Command line")
	}
	return tongue.Mark("By itself")
}

func (p *Pages) getAuditCSV(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	f, err := p.exported(r)
	if err != nil {
		return err
	}
	asFile(w, "text/csv; charset=utf-8", "caseline-audit.csv")
	return auditlog.WriteCSV(r.Context(), w, p.Read, f, 0)
}

func (p *Pages) getAuditJSON(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	f, err := p.exported(r)
	if err != nil {
		return err
	}
	asFile(w, "application/x-ndjson; charset=utf-8", "caseline-audit.jsonl")
	return auditlog.WriteJSON(r.Context(), w, p.Read, f, 0)
}

// exported reads which entries go into a file.
func (p *Pages) exported(r *http.Request) (desk.AuditFilter, error) {
	agents, err := p.Read.Agents(r.Context())
	if err != nil {
		return desk.AuditFilter{}, err
	}
	f, why, err := p.filter(r.Context(), queryIn(r), agents, drawn.ZoneOf(r))
	for _, field := range slices.Sorted(maps.Keys(why)) {
		return f, &desk.Refusal{Kind: desk.ErrInvalid, Field: field, Message: why[field]}
	}
	return f, err
}

func asFile(w http.ResponseWriter, kind, name string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}
