package privacy

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/served"
	"caseline/internal/web"
)

const (
	peopleShown  = 20
	recordsShown = 50
	exportsShown = 50
)

// A privacyPage is where people are looked for, and what was exported and erased.
type privacyPage struct {
	work.Frame
	Query    string // who is looked for
	Looked   bool
	Found    []found
	Was      string      // whose erasure is looked for
	Answer   string      // whether they were erased
	Gone     []recordRow // the records of it
	Accounts []served.Account
	Exports  []exportRow
	Records  []recordRow
}

// A found is somebody who was looked for.
type found struct {
	Name, About, Path string
}

// A recordRow is the record of an erasure in a list.
type recordRow struct {
	keeping.Erasure
	Title string
	Said  string
}

// Path is where the record is.
func (r recordRow) Path() string { return "/privacy/records/" + r.ID }

// An exportRow is an export in a list.
type exportRow struct {
	keeping.Export
	Title   string
	Size    string
	Counted string
}

// Path is where its file is.
func (e exportRow) Path() string { return "/privacy/exports/" + e.ID }

func personPath(id string) string { return "/privacy/person?id=" + id }

func (p *pages) getPrivacy(w http.ResponseWriter, r *http.Request, who desk.Agent) (err error) {
	ctx, q := r.Context(), r.URL.Query()
	page := privacyPage{Query: strings.TrimSpace(q.Get("q")), Was: strings.TrimSpace(q.Get("was"))}
	if page.Frame, err = p.frame(r, who, "setup", "Privacy"); err != nil {
		return err
	}
	if page.Accounts, err = p.Read.Accounts(ctx); err != nil {
		return err
	}
	titles := map[desk.AccountID]string{}
	for _, a := range page.Accounts {
		titles[a.ID] = a.Title()
	}
	if page.Looked = page.Query != ""; page.Looked {
		if page.Found, err = p.find(ctx, page.Tongue, page.Query); err != nil {
			return err
		}
	}
	if page.Was != "" {
		if page.Gone, err = p.wasErased(ctx, page.Frame, page.Was, titles); err != nil {
			return err
		}
		page.Answer = page.Count(len(page.Gone), "Yes: there is 1 record of it.", "Yes: there are %d records of it.")
		if len(page.Gone) == 0 {
			page.Answer = page.Say("No: there is no record that somebody with this id was erased.")
		}
	}
	exports, err := p.Read.Exports(ctx, exportsShown)
	if err != nil {
		return err
	}
	for _, e := range exports {
		title := titles[e.Account]
		if title == "" {
			title = string(e.Account)
		}
		page.Exports = append(page.Exports, exportRow{e, title, keeping.Megabytes(e.Size), counted(page.Frame, "cases", e.Cases)})
	}
	records, err := p.Read.Erasures(ctx, time.Time{}, 10)
	if err != nil {
		return err
	}
	page.Records = rows(page.Frame, records, titles)
	return p.house.Show(w, http.StatusOK, "privacy", page)
}

// find looks for people in Slack and for agents, by name or id.
func (p *pages) find(ctx context.Context, t tongue.Tongue, typed string) (all []found, err error) {
	people, err := p.Read.PeopleCalled(ctx, typed, peopleShown)
	if err != nil {
		return nil, err
	}
	keys, err := p.keys(ctx, typed)
	if err != nil {
		return nil, err
	}
	known, err := p.Read.People(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, id := range keys {
		if one, ok := known[id]; ok && !slices.ContainsFunc(people, func(p desk.Person) bool { return p.ID == id }) {
			people = append(people, one)
		}
	}
	for _, one := range people {
		if one.Name == keeping.ErasedName {
			continue
		}
		_, user, _ := p.Split(one.ID)
		name := one.Name
		if name == "" {
			name = user
		}
		all = append(all, found{name, t.Say("In Slack, %s", user), personPath(string(one.ID))})
	}
	agents, err := p.Read.Agents(ctx)
	for _, a := range agents {
		if a.Name != keeping.FormerAgent && (containsFold(a.Name, typed) || containsFold(a.Email, typed)) {
			all = append(all, found{a.Name, t.Say("Agent, %s", a.Email), "/privacy/person?agent=" + string(a.ID)})
		}
	}
	return all, err
}

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// keys are the keys that a typed id of Slack's may be in the workspaces.
func (p *pages) keys(ctx context.Context, typed string) (all []desk.PersonID, err error) {
	user := strings.ToUpper(strings.Trim(typed, "<@> "))
	if _, _, ok := p.Split(desk.PersonID(typed)); ok {
		all = append(all, desk.PersonID(typed))
	}
	if user == "" || strings.Trim(user, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		return all, nil
	}
	spaces, err := p.Read.Workspaces(ctx)
	for _, w := range spaces {
		all = append(all, p.Person(w.ID, user))
	}
	return all, err
}

func (p *pages) wasErased(ctx context.Context, f work.Frame, typed string, titles map[desk.AccountID]string) ([]recordRow, error) {
	keys, err := p.keys(ctx, typed)
	if err != nil {
		return nil, err
	}
	var all []keeping.Erasure
	for _, key := range append(keys, desk.PersonID(typed)) {
		records, err := p.Forget.Erased(ctx, string(key))
		if err != nil {
			return nil, err
		}
		for _, e := range records {
			if !slices.ContainsFunc(all, func(have keeping.Erasure) bool { return have.ID == e.ID }) {
				all = append(all, e)
			}
		}
	}
	return rows(f, all, titles), nil
}

func rows(f work.Frame, records []keeping.Erasure, titles map[desk.AccountID]string) []recordRow {
	all := make([]recordRow, len(records))
	for i, e := range records {
		all[i] = rowOf(f, e, titles)
	}
	return all
}

func rowOf(f work.Frame, e keeping.Erasure, titles map[desk.AccountID]string) recordRow {
	row := recordRow{Erasure: e}
	switch e.Cause {
	case keeping.ByWish:
		row.Title = f.Say("A person, at their wish")
	case keeping.OfAgents:
		row.Title = f.Say("An agent’s name and sign-in")
	default:
		title := titles[e.Account]
		if title == "" {
			title = string(e.Account)
		}
		row.Title = f.Say("By time, of %s", title)
	}
	var said []string
	for _, k := range []string{"cases", "words", "files"} {
		if n := e.Counts[k]; n > 0 {
			said = append(said, counted(f, k, n))
		}
	}
	row.Said = strings.Join(said, " · ")
	return row
}

// counted says how much of a kind was erased.
func counted(f work.Frame, kind string, n int) string {
	switch kind {
	case "cases":
		return f.Count(n, "1 case", "%d cases")
	case "words":
		return f.Count(n, "1 message", "%d messages")
	case "files":
		return f.Count(n, "1 file", "%d files")
	case "events":
		return f.Count(n, "1 event of Slack’s", "%d events of Slack’s")
	case "audit":
		return f.Count(n, "1 entry of the audit", "%d entries of the audit")
	case "exports":
		return f.Count(n, "1 export", "%d exports")
	case "ratings":
		return f.Count(n, "1 rating", "%d ratings")
	case "remarks":
		return f.Count(n, "1 remark", "%d remarks")
	}
	return kind + ": " + strconv.Itoa(n)
}

// A recordsPage lists records of erasures.
type recordsPage struct {
	readRecords
	Records []recordRow
	Older   string
}

// readRecords is what pages of records have: they are read by whoever may have people
// erased, and by auditors.
type readRecords struct{ work.Frame }

// Erases reports whether the reader is one who may have people erased.
func (f readRecords) Erases() bool { return rights.May(f.Me, rights.Personal) }

// recordsFrame is the frame of a page of records: auditors, who may only read them,
// come to it from the audit log.
func (p *pages) recordsFrame(r *http.Request, who desk.Agent, title string) (f readRecords, err error) {
	section := "audit"
	if rights.May(who, rights.Personal) {
		section = "setup"
	}
	f.Frame, err = p.frame(r, who, section, title)
	return f, err
}

func (p *pages) getRecords(w http.ResponseWriter, r *http.Request, who desk.Agent) (err error) {
	var page recordsPage
	if page.readRecords, err = p.recordsFrame(r, who, "Records of erasures"); err != nil {
		return err
	}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	var from time.Time
	if before > 0 {
		from = time.UnixMicro(before).UTC()
	}
	records, err := p.Read.Erasures(r.Context(), from, recordsShown+1)
	if err != nil {
		return err
	}
	if len(records) > recordsShown {
		records = records[:recordsShown]
		page.Older = "/privacy/records?before=" + strconv.FormatInt(records[recordsShown-1].Begun.UnixMicro(), 10)
	}
	titles, err := p.titles(r.Context())
	if err != nil {
		return err
	}
	page.Records = rows(page.Frame, records, titles)
	return p.house.Show(w, http.StatusOK, "records", page)
}

func (p *pages) titles(ctx context.Context) (map[desk.AccountID]string, error) {
	accounts, err := p.Read.Accounts(ctx)
	titles := map[desk.AccountID]string{}
	for _, a := range accounts {
		titles[a.ID] = a.Title()
	}
	return titles, err
}

// A recordPage is the certificate of an erasure.
type recordPage struct {
	readRecords
	Record recordRow
	Counts []string
}

func (p *pages) getRecord(w http.ResponseWriter, r *http.Request, who desk.Agent) (err error) {
	var page recordPage
	e, err := p.Read.Erasure(r.Context(), r.PathValue("id"))
	if err != nil {
		return missing(err, "There is no such record. Look for it among the records of erasures.")
	}
	if page.readRecords, err = p.recordsFrame(r, who, "Record of an erasure"); err != nil {
		return err
	}
	titles, err := p.titles(r.Context())
	if err != nil {
		return err
	}
	page.Record = rowOf(page.Frame, e, titles)
	for _, k := range slices.Sorted(maps.Keys(e.Counts)) {
		page.Counts = append(page.Counts, counted(page.Frame, k, e.Counts[k]))
	}
	return p.house.Show(w, http.StatusOK, "record", page)
}

// A personPage asks whether somebody is to be erased.
type personPage struct {
	work.Frame
	ID, Agent string
	Name      string // to be typed
	About     string
	Will      []string
	Held      []string // warnings of what is held
	Typed     string
	Wrong     wrongs
}

func (p *pages) personPage(r *http.Request, who desk.Agent) (page personPage, err error) {
	page.ID, page.Agent = r.FormValue("id"), r.FormValue("agent")
	if page.Frame, err = p.frame(r, who, "setup", "Erase a person"); err != nil {
		return page, err
	}
	if page.Agent != "" {
		a, err := p.Read.Agent(r.Context(), desk.AgentID(page.Agent))
		page.Name, page.About = a.Name, a.Email
		page.Will = []string{
			page.Say("Their name, address, password and picture are erased, and they cannot sign in any more."),
			page.Say("What they wrote stays on the cases, under the name %s.", keeping.FormerAgent),
		}
		return page, missing(err, "There is no such agent. Look for them by name.")
	}
	_, user, ok := p.Split(desk.PersonID(page.ID))
	if !ok {
		return page, &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such person. Look for them by name or by Slack’s id."}
	}
	known, err := p.Read.People(r.Context(), []desk.PersonID{desk.PersonID(page.ID)})
	if err != nil {
		return page, err
	}
	if page.Name = known[desk.PersonID(page.ID)].Name; page.Name == "" {
		page.Name = user
	}
	page.About = user
	wrote, err := p.Read.Wrote(r.Context(), desk.PersonID(page.ID))
	page.Will = []string{
		page.Say("%s and %s in %s are erased.", counted(page.Frame, "words", wrote.Words), counted(page.Frame, "files", wrote.Files), counted(page.Frame, "cases", wrote.Cases)),
		page.Say("Subjects and descriptions of the cases that they opened are erased, and their name and picture everywhere."),
		page.Say("The cases stay, with a stub where the words were, and so does what others wrote. Exports that were made before are removed."),
		page.Say("Slack keeps what it has: delete it there, too. If they write again, they are somebody new here."),
	}
	if err != nil {
		return page, err
	}
	page.Held, err = p.held(r.Context(), page.Frame, desk.PersonID(page.ID))
	return page, err
}

func (p *pages) getPerson(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.personPage(r, who)
	if err != nil {
		return err
	}
	return p.house.Show(w, http.StatusOK, "person", page)
}

func (p *pages) postPerson(w http.ResponseWriter, r *http.Request, who desk.Agent) (err error) {
	if err := read(r); err != nil {
		return err
	}
	var e keeping.Erasure
	typed := r.PostForm.Get("typed")
	if agent := r.PostForm.Get("agent"); agent != "" {
		e, err = p.Forget.OrderAgent(r.Context(), by(who), desk.AgentID(agent), typed)
	} else {
		e, err = p.Forget.Order(r.Context(), by(who), desk.PersonID(r.PostForm.Get("id")), typed)
	}
	if why, ok := wrongOf(err, "typed"); ok && !web.WantsJSON(r) {
		page, broken := p.personPage(r, who)
		if broken != nil {
			return broken
		}
		page.Wrong, page.Typed = why, typed
		return p.house.Show(w, web.StatusOf(err), "person", page)
	}
	if err != nil {
		return err
	}
	p.Wake()
	return leave(w, r, "/privacy/records/"+e.ID, "")
}

func (p *pages) postExport(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	_, err := p.Export.Ask(r.Context(), by(who), desk.AccountID(r.PostForm.Get("account")))
	if err != nil {
		return missing(err, "There is no such account. Choose one of the list.")
	}
	p.Wake()
	return leave(w, r, "/privacy", "asked")
}

// getExport answers with the file of an export.
func (p *pages) getExport(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	e, err := p.Export.Take(r.Context(), by(who), r.PathValue("id"))
	if err != nil {
		return missing(err, "There is no such export. Ask for a new one.")
	}
	content, err := p.File(e.Hash)
	if err != nil {
		return missing(err, "The file of this export is not there. Ask for a new export.")
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="caseline-`+string(e.Account)+"-"+e.AskedAt.Format(time.DateOnly)+`.zip"`)
	http.ServeContent(w, r, "", e.AskedAt, content)
	return errors.Join(content.Close())
}

func (p *pages) postDrop(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := p.Export.Drop(r.Context(), by(who), r.PathValue("id")); err != nil {
		return missing(err, "There is no such export.")
	}
	return leave(w, r, "/privacy", "dropped")
}
