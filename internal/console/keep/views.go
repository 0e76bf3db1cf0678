package keep

import (
	"net/http"
	"net/url"
	"slices"

	"caseline/internal/console/drawn"
	"caseline/internal/console/form"
	"caseline/internal/console/seek"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/sought"
	"caseline/internal/web"
)

// postView keeps the search that the field "query" has, as it stands in the
// address of the list of cases.
func (s rooms) postView(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	values, err := url.ParseQuery(r.PostForm.Get("query"))
	if err != nil {
		return form.Bad(err)
	}
	entered := seek.Read(values, drawn.ZoneOf(r)) // only what is a search is kept of it
	v := personal.View{Agent: who.ID, Name: r.PostForm.Get("name")}
	if entered.Any() {
		v.Query = queryOf(entered)
	}
	if r.PostForm.Get("all") != "" {
		v.Agent = ""
	}
	if err := s.Do.SaveView(r.Context(), who, v); err != nil {
		return err
	}
	http.Redirect(w, r, "/cases?"+v.Query, http.StatusSeeOther)
	return nil
}

// queryOf is how a search stands in an address.
func queryOf(entered seek.Seek) string {
	address, err := url.Parse(entered.Address(""))
	if err != nil {
		return ""
	}
	return address.RawQuery
}

func (s rooms) postDropView(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := s.Do.DropView(r.Context(), who, personal.ViewID(r.PathValue("id"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/cases", http.StatusSeeOther)
	return nil
}

// A command is what the palette leads to.
type command struct {
	Name string `json:"name"`
	More string `json:"more,omitempty"` // what it is, beside the name
	Href string `json:"href"`
}

// palette is what the palette offers on every page, besides what is on the page.
type palette struct {
	Views      []command `json:"views"`
	Replies    []command `json:"replies"`
	Chats      []command `json:"chats"`
	Colleagues []string  `json:"colleagues"`
}

func (s rooms) getPalette(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	answer := palette{Views: []command{}, Replies: []command{}, Chats: []command{}, Colleagues: []string{}}
	views, err := s.Read.Views(r.Context(), who.ID)
	if err != nil {
		return err
	}
	for _, v := range views {
		answer.Views = append(answer.Views, command{Name: v.Name, More: tongue.From(r.Context()).Say("View"), Href: "/cases?" + v.Query})
	}
	groups, err := s.replies(r, who, false)
	if err != nil {
		return err
	}
	for _, g := range groups {
		for _, c := range g.Replies {
			answer.Replies = append(answer.Replies, command{Name: "/" + c.Name, More: g.Title, Href: "/replies?edit=" + url.QueryEscape(string(c.ID))})
		}
	}
	f, err := s.Frame(r, who, "", "")
	if err != nil {
		return err
	}
	for _, c := range f.Mine {
		answer.Chats = append(answer.Chats, command{Name: c.Subject, More: string(c.Number), Href: "/cases/" + string(c.Number)})
	}
	agents, err := s.Read.Agents(r.Context())
	if err != nil {
		return err
	}
	for _, a := range slices.DeleteFunc(agents, func(a desk.Agent) bool { return a.Disabled || a.ID == who.ID }) {
		answer.Colleagues = append(answer.Colleagues, a.Name)
	}
	web.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// offered is how many cases the palette offers.
const offered = 8

// getPaletteCases answers with the cases that are found by what is typed.
func (s rooms) getPaletteCases(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	found, err := s.Read.Search(r.Context(), sought.Query{Text: r.URL.Query().Get("q"), Notes: true, Limit: offered})
	all := []command{}
	if err != nil && !isInvalid(err) { // what cannot be looked for finds nothing
		return err
	}
	for _, h := range found.Hits {
		all = append(all, command{Name: h.Case.Subject, More: string(h.Case.Number), Href: "/cases/" + string(h.Case.Number)})
	}
	web.WriteJSON(w, http.StatusOK, all)
	return nil
}
