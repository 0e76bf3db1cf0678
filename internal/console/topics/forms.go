package topics

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"caseline/internal/catalogue"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
)

// A cataloguePage has the forms of the catalogue.
type cataloguePage struct {
	catalogued
	Catalogue *matters.Catalogue
	Levels    []levelRow
	Languages []languageRow
	Hours     []hoursRow
	Types     []typeRow
}

type levelRow struct{ Code, Name, Answer string }

// A languageRow is a language as it is typed; its fields of several values have its
// number in their names.
type languageRow struct {
	N          int
	Code, Name string
	NoChat     []choice // the issue types
	New        bool
}

// An hoursRow is an entry of the hours as it is typed, likewise.
type hoursRow struct {
	N                int
	Says             string // what it is for; empty for all
	Types, Languages []choice
	Zone, Open, Free string
	New              bool
}

type typeRow struct {
	Code, Name string
	Services   int
}

// Path is where the issue type is.
func (t typeRow) Path() string { return home + "/types/" + t.Code }

func (p *pages) getCatalogue(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	return p.showCatalogue(w, r, who, nil, http.StatusOK, nil)
}

// showCatalogue shows a catalogue as it was typed, or the one in force.
func (p *pages) showCatalogue(w http.ResponseWriter, r *http.Request, who desk.Agent, c *matters.Catalogue, status int, wrong []string) (err error) {
	var page cataloguePage
	if page.catalogued, err = p.catalogued(r, who, "Catalogue and hours"); err != nil {
		return err
	}
	if c == nil {
		c = p.Book.Catalogue()
	}
	page.Catalogue, page.Problems = c, wrong
	for _, l := range c.Severities {
		page.Levels = append(page.Levels, levelRow{string(l.Severity), l.Name, catalogue.FirstResponse(l.FirstResponse)})
	}
	for i, l := range c.Languages {
		page.Languages = append(page.Languages, languageRow{N: i, Code: l.Code, Name: l.Name, NoChat: typesOf(c, l.NoChat)})
	}
	for i, h := range c.Hours {
		page.Hours = append(page.Hours, hoursOf(c, i, h))
	}
	if !page.ReadOnly {
		page.Languages = append(page.Languages, languageRow{N: len(c.Languages), NoChat: typesOf(c, nil), New: true})
		page.Hours = append(page.Hours, hoursRow{N: len(c.Hours), Types: typesOf(c, nil), Languages: languagesOf(c, nil), New: true})
	}
	for _, t := range c.IssueTypes {
		page.Types = append(page.Types, typeRow{t.Code, t.Name, len(t.Services)})
	}
	return p.house.Show(w, status, "catalogue", page)
}

// typesOf are the issue types to choose among, and languagesOf the languages.
func typesOf(c *matters.Catalogue, on []string) (all []choice) {
	for _, t := range c.IssueTypes {
		all = append(all, choice{t.Code, t.Name, slices.Contains(on, t.Code)})
	}
	return withUnknown(all, on)
}

func languagesOf(c *matters.Catalogue, on []string) (all []choice) {
	for _, l := range c.Languages {
		all = append(all, choice{l.Code, l.Name, slices.Contains(on, l.Code)})
	}
	return withUnknown(all, on)
}

// withUnknown also has those codes that the catalogue does not know any more, for a
// form that lacked them would take them away unseen.
func withUnknown(all []choice, on []string) []choice {
	for _, code := range on {
		if !slices.ContainsFunc(all, func(c choice) bool { return c.Code == code }) {
			all = append(all, choice{code, code, true})
		}
	}
	return all
}

func hoursOf(c *matters.Catalogue, n int, h matters.Hours) hoursRow {
	row := hoursRow{N: n, Types: typesOf(c, h.IssueTypes), Languages: languagesOf(c, h.Languages)}
	var says []string
	for _, one := range slices.Concat(row.Types, row.Languages) {
		if one.On {
			says = append(says, one.Name)
		}
	}
	row.Says = strings.Join(says, " · ")
	if h.Zone != nil {
		row.Zone = h.Zone.String()
	}
	for _, s := range h.Open {
		row.Open += catalogue.Span(s) + "\n"
	}
	for _, d := range h.Holidays {
		row.Free += catalogue.Holiday(d) + "\n"
	}
	return row
}

// chosen are the codes that are chosen in the row of a form.
func chosen(f url.Values, name string, row int) []string {
	return f[name+"-"+strconv.Itoa(row)]
}

// lines reads what was typed in lines.
func lines(typed string) (all []string) {
	for l := range strings.Lines(typed) {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, l)
		}
	}
	return all
}

func at(all []string, i int) string {
	if i < len(all) {
		return strings.TrimSpace(all[i])
	}
	return ""
}

func (p *pages) severities(r *http.Request, c *matters.Catalogue) (string, error) {
	f := r.PostForm
	for i := range c.Severities {
		d, err := catalogue.ReadFirstResponse(at(f["answer"], i))
		if err != nil {
			return "", &desk.Refusal{Kind: desk.ErrInvalid, Message: fmt.Sprintf("“%s” is no time to a first answer. Write it as 15m, 4h or 2d.", at(f["answer"], i))}
		}
		c.Severities[i].Name, c.Severities[i].FirstResponse = at(f["name"], i), d
	}
	return tongue.Mark("Severities"), nil
}

func (p *pages) languages(r *http.Request, c *matters.Catalogue) (string, error) {
	f := r.PostForm
	c.Languages = nil
	for i, code := range f["code"] {
		if code = strings.ToLower(strings.TrimSpace(code)); code != "" {
			c.Languages = append(c.Languages, matters.Language{Code: code, Name: at(f["name"], i), NoChat: chosen(f, "no_chat", i)})
		}
	}
	return tongue.Mark("Languages"), nil
}

func (p *pages) hours(r *http.Request, c *matters.Catalogue) (string, error) {
	f := r.PostForm
	c.Hours = nil
	for i, open := range f["open"] {
		if strings.TrimSpace(open) == "" {
			continue // it is taken away, or never was
		}
		h, err := catalogue.ReadHours(at(f["zone"], i), lines(open), lines(at(f["free"], i)))
		if err != nil {
			return "", err
		}
		h.IssueTypes, h.Languages = chosen(f, "types", i), chosen(f, "languages", i)
		c.Hours = append(c.Hours, h)
	}
	return tongue.Mark("Support hours"), nil
}

func (p *pages) newType(r *http.Request, c *matters.Catalogue) (string, error) {
	code := strings.ToLower(strings.TrimSpace(r.PostForm.Get("code")))
	name := strings.TrimSpace(r.PostForm.Get("name"))
	services, err := outlined("general: General\n  other: Other\n")
	c.IssueTypes = append(c.IssueTypes, matters.IssueType{Code: code, Name: name, Services: services})
	return fmt.Sprintf(tongue.Mark("New issue type %s"), name), err
}

// A typePage is the form of an issue type.
type typePage struct {
	catalogued
	Type    matters.IssueType
	Outline string
}

func (p *pages) getType(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	return p.showType(w, r, who, http.StatusOK, nil)
}

func (p *pages) showType(w http.ResponseWriter, r *http.Request, who desk.Agent, status int, wrong []string) (err error) {
	var page typePage
	if page.catalogued, err = p.catalogued(r, who, ""); err != nil {
		return err
	}
	t, ok := p.Book.Catalogue().IssueType(r.PathValue("type"))
	if !ok {
		return &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such issue type. Choose one of the catalogue."}
	}
	page.Title, page.Type, page.Outline, page.Problems = t.Name, t, outline(t.Services), wrong
	if r.Method == http.MethodPost {
		page.Type.Name, page.Outline = r.PostForm.Get("name"), r.PostForm.Get("services")
	}
	return p.house.Show(w, status, "issuetype", page)
}

func (p *pages) issueType(r *http.Request, c *matters.Catalogue) (string, error) {
	code := r.PathValue("type")
	i := slices.IndexFunc(c.IssueTypes, func(t matters.IssueType) bool { return t.Code == code })
	if i < 0 {
		return "", &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such issue type. Choose one of the catalogue."}
	}
	name := c.IssueTypes[i].Name
	if r.PostForm.Has("remove") {
		c.IssueTypes = slices.Delete(c.IssueTypes, i, i+1)
		return fmt.Sprintf(tongue.Mark("Without issue type %s"), name), nil
	}
	services, err := outlined(r.PostForm.Get("services"))
	c.IssueTypes[i].Name, c.IssueTypes[i].Services = strings.TrimSpace(r.PostForm.Get("name")), services
	return fmt.Sprintf(tongue.Mark("Issue type %s"), name), err
}

// outline writes services as lines "code: Name", their categories indented below.
func outline(all []matters.Service) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%s: %s\n", s.Code, s.Name)
		for _, g := range s.Categories {
			fmt.Fprintf(&b, "  %s: %s\n", g.Code, g.Name)
		}
	}
	return b.String()
}

// outlined reads them.
func outlined(text string) (all []matters.Service, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		inner := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		code, name, ok := strings.Cut(line, ":")
		code, name = strings.TrimSpace(code), strings.TrimSpace(name)
		switch {
		case !ok:
			return all, &desk.Refusal{Kind: desk.ErrInvalid, Message: fmt.Sprintf("Line %d has no colon. Write the code, a colon and the name, as in “api: API”.", n)}
		case inner && len(all) == 0:
			return all, &desk.Refusal{Kind: desk.ErrInvalid, Message: fmt.Sprintf("Line %d is a category without a service. Begin with a service, at the beginning of its line.", n)}
		case inner:
			s := &all[len(all)-1]
			s.Categories = append(s.Categories, matters.Category{Code: code, Name: name})
		default:
			all = append(all, matters.Service{Code: code, Name: name})
		}
	}
	return all, nil
}

// A previewPage shows what the form in Slack will offer.
type previewPage struct {
	catalogued
	Types      []choice
	Services   []choice
	Categories []choice
	Severities []choice
	Languages  []choice
	Hours      string
}

type choice struct {
	Code, Name string
	On         bool
}

func (p *pages) getPreview(w http.ResponseWriter, r *http.Request, who desk.Agent) (err error) {
	var page previewPage
	if page.catalogued, err = p.catalogued(r, who, "What the form in Slack offers"); err != nil {
		return err
	}
	c, q := p.Book.Catalogue(), r.URL.Query()
	t, ok := c.IssueType(q.Get("type"))
	if !ok && len(c.IssueTypes) > 0 {
		t = c.IssueTypes[0]
	}
	s, ok := c.Service(t.Code, q.Get("service"))
	if !ok && len(t.Services) > 0 {
		s = t.Services[0]
	}
	l, ok := c.Language(q.Get("language"))
	if !ok && len(c.Languages) > 0 {
		l = c.Languages[0]
	}
	for _, one := range c.IssueTypes {
		page.Types = append(page.Types, choice{one.Code, one.Name, one.Code == t.Code})
	}
	for _, one := range t.Services {
		page.Services = append(page.Services, choice{one.Code, one.Name, one.Code == s.Code})
	}
	for _, one := range s.Categories {
		page.Categories = append(page.Categories, choice{Code: one.Code, Name: one.Name})
	}
	for _, one := range c.Severities {
		page.Severities = append(page.Severities, choice{Code: string(one.Severity), Name: page.Say("%s: first answer within %s", one.Name, catalogue.FirstResponse(one.FirstResponse))})
	}
	for _, one := range c.Languages {
		page.Languages = append(page.Languages, choice{one.Code, one.Name, one.Code == l.Code})
	}
	page.Hours = page.Say("Somebody is always there.")
	if h, always := c.HoursOf(t.Code, l.Code); !always {
		switch open, next := h.Next(p.house.Now()); {
		case open:
			page.Hours = page.Say("Somebody is there now.")
		case next.IsZero():
			page.Hours = page.Say("Nobody is there for more than a year: no hours are open.")
		default:
			page.Hours = page.Say("Nobody is there now. The next hours begin on %s.", page.Date(next.In(h.Zone), "Monday, 2 January at 15:04 (MST)"))
		}
	}
	return p.house.Show(w, http.StatusOK, "cataloguepreview", page)
}
