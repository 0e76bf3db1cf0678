package topics

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"caseline/internal/casework/versions"
	"caseline/internal/catalogue"
	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/rights"
)

// A Reader reads the versions.
type Reader interface {
	SavedCatalogue(ctx context.Context, version int64) (keeping.Catalogue, error)
	SavedCatalogues(ctx context.Context, below int64, limit int) ([]keeping.Catalogue, error)
}

// A Room has the pages.
type Room struct {
	Read Reader
	Do   *versions.Service
	Book *catalogue.Book // in force
	File string          // the configured file, which wins; empty for none
	// Follow puts the newest version in force here at once.
	Follow func(context.Context) error
}

type pages struct {
	Room
	house room.House
}

const (
	home          = "/setup/catalogue"
	versionsShown = 50
)

// Doors are the addresses.
func (r Room) Doors(h room.House) map[string]room.Door {
	p := &pages{r, h}
	door := func(answer room.Handler) room.Door { return room.Door{May: rights.Setup, Answer: answer} }
	return map[string]room.Door{
		"GET " + home:                               door(p.getCatalogue),
		"POST " + home + "/severities":              door(p.form(p.severities)),
		"POST " + home + "/languages":               door(p.form(p.languages)),
		"POST " + home + "/hours":                   door(p.form(p.hours)),
		"POST " + home + "/types":                   door(p.form(p.newType)),
		"GET " + home + "/types/{type}":             door(p.getType),
		"POST " + home + "/types/{type}":            door(p.form(p.issueType)),
		"GET " + home + "/yaml":                     door(p.getYAML),
		"POST " + home + "/yaml":                    door(p.postYAML),
		"GET " + home + "/preview":                  door(p.getPreview),
		"GET " + home + "/versions":                 door(p.getVersions),
		"GET " + home + "/versions/{version}":       door(p.getVersion),
		"POST " + home + "/versions/{version}/back": door(p.postBack),
	}
}

// A catalogued is what all pages have of the catalogue.
type catalogued struct {
	work.Frame
	Version   int64 // that is changed; 0 before one was saved
	ReadOnly  bool
	File      string
	Problems  []string
	Meanwhile []form.Change // by others, since what was typed was begun
}

// catalogued also has the catalogue in force here go as far as the version at least.
// What pages show of it they read afterwards, so that nobody changes an older one
// under a newer number.
func (p *pages) catalogued(r *http.Request, who desk.Agent, title string) (c catalogued, err error) {
	if c.Frame, err = p.house.Frame(r, who, "setup", title); err != nil {
		return c, err
	}
	if r.Method == http.MethodGet && r.URL.Query().Has("did") {
		c.Notice = c.Say("Saved. Forms in Slack offer it from now on.")
	}
	c.ReadOnly, c.File = p.File != "", p.File
	newest, err := p.Read.SavedCatalogue(r.Context(), 0)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return c, err
	}
	c.Version = newest.Version
	if r.Method == http.MethodPost {
		c.Version = based(r) // what is in the form was typed with that in view
		if c.Meanwhile, err = p.meanwhile(r.Context(), tongue.From(r.Context()), c.Version, newest); err != nil {
			return c, err
		}
	}
	return c, p.Follow(r.Context())
}

// based is the version that a form was filled in with.
func based(r *http.Request) int64 {
	base, _ := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	return base
}

func by(who desk.Agent) desk.By { return desk.By{Actor: desk.ByAgent(who), Via: desk.ViaConsole} }

// save saves a catalogue that replaces the one in force, if it is right.
func (p *pages) save(ctx context.Context, who desk.Agent, base int64, text, note string) error {
	if p.File != "" {
		return &desk.Refusal{Kind: desk.ErrForbidden, Message: "The catalogue comes from a file of the server. Change it there."}
	}
	c, err := catalogue.Parse(text)
	if err != nil {
		return err
	}
	w := versions.Save{By: by(who), Base: base, Text: text, Note: note, Names: c.Names(), Was: p.Book.Catalogue().Names()}
	if _, err := p.Do.Save(ctx, w); err != nil {
		return err
	}
	return p.Follow(ctx)
}

// problems are what is wrong with a catalogue, for people; ok is false for any
// other error.
func problems(t tongue.Tongue, err error) (all []string, ok bool) {
	if found, is := errors.AsType[catalogue.Problems](err); is {
		for _, f := range found {
			path := f.Path
			if path == "line" {
				path = t.Text("The text")
			} else if line, rest, has := strings.Cut(strings.TrimPrefix(path, "line:"), ": "); has && path != line+": "+rest {
				path = t.Say("Line %s, %s", line, rest)
			}
			all = append(all, path+" "+t.Told(f.Message))
		}
		return all, true
	}
	if refusal, is := errors.AsType[*desk.Refusal](err); is {
		return []string{t.Told(refusal.Message)}, true
	}
	return nil, false
}

// A change reads a form and changes a copy of the catalogue by it. It says in a few
// words what that was.
type change func(r *http.Request, c *matters.Catalogue) (note string, err error)

// form answers a form that changes a part of the catalogue.
func (p *pages) form(do change) room.Handler {
	return func(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
		if err := r.ParseForm(); err != nil {
			return form.Bad(err)
		}
		if err := p.Follow(r.Context()); err != nil { // another node may have saved one
			return err
		}
		c, err := catalogue.Parse(catalogue.Text(p.Book.Catalogue())) // a copy
		if err != nil {
			return fmt.Errorf("read the catalogue in force: %w", err)
		}
		note, err := do(r, c)
		if err == nil {
			if err = catalogue.Validate(c); err == nil {
				err = p.save(r.Context(), who, based(r), catalogue.Text(c), note)
			}
		}
		back := home
		if code := r.PathValue("type"); code != "" && !r.PostForm.Has("remove") {
			back += "/types/" + url.PathEscape(code)
		}
		if err == nil {
			http.Redirect(w, r, back+"?did=saved", http.StatusSeeOther)
			return nil
		}
		wrong, ok := problems(tongue.From(r.Context()), err)
		if !ok {
			return err
		}
		if r.PathValue("type") != "" {
			return p.showType(w, r, who, http.StatusUnprocessableEntity, wrong)
		}
		return p.showCatalogue(w, r, who, c, http.StatusUnprocessableEntity, wrong)
	}
}

// A yamlPage is the catalogue as text.
type yamlPage struct {
	catalogued
	Text, Note string
}

func (p *pages) getYAML(w http.ResponseWriter, r *http.Request, who desk.Agent) (err error) {
	page := yamlPage{}
	if page.catalogued, err = p.catalogued(r, who, tongue.Mark("Catalogue as YAML")); err != nil {
		return err
	}
	if page.Text, err = p.text(r.Context()); err != nil {
		return err
	}
	return p.house.Show(w, http.StatusOK, "catalogueyaml", page)
}

// text is the catalogue in force as it was written, with its comments, or as it is
// written by us.
func (p *pages) text(ctx context.Context) (string, error) {
	newest, err := p.Read.SavedCatalogue(ctx, 0)
	switch {
	case p.File != "":
		return catalogue.Text(p.Book.Catalogue()), nil
	case errors.Is(err, desk.ErrNotFound):
		return catalogue.Default(), nil
	}
	return newest.Text, err
}

func (p *pages) postYAML(w http.ResponseWriter, r *http.Request, who desk.Agent) (err error) {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	text := strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")
	note := r.PostForm.Get("note")
	if strings.TrimSpace(note) == "" {
		note = tongue.Mark("Changed as YAML")
	}
	err = p.save(r.Context(), who, based(r), text, note)
	if err == nil {
		http.Redirect(w, r, home+"?did=saved", http.StatusSeeOther)
		return nil
	}
	wrong, ok := problems(tongue.From(r.Context()), err)
	if !ok {
		return err
	}
	page := yamlPage{Text: text, Note: note}
	if page.catalogued, err = p.catalogued(r, who, tongue.Mark("Catalogue as YAML")); err != nil {
		return err
	}
	page.Problems = wrong
	return p.house.Show(w, http.StatusUnprocessableEntity, "catalogueyaml", page)
}

// A versionsPage lists the versions.
type versionsPage struct {
	catalogued
	All   []keeping.Catalogue
	Older int64
}

func (p *pages) getVersions(w http.ResponseWriter, r *http.Request, who desk.Agent) (err error) {
	var page versionsPage
	if page.catalogued, err = p.catalogued(r, who, tongue.Mark("Versions of the catalogue")); err != nil {
		return err
	}
	below, _ := strconv.ParseInt(r.URL.Query().Get("below"), 10, 64)
	if page.All, err = p.Read.SavedCatalogues(r.Context(), below, versionsShown+1); err != nil {
		return err
	}
	if len(page.All) > versionsShown {
		page.All = page.All[:versionsShown]
		page.Older = page.All[versionsShown-1].Version
	}
	return p.house.Show(w, http.StatusOK, "catalogueversions", page)
}

// A versionPage shows one of them.
type versionPage struct {
	catalogued
	Old keeping.Catalogue
}

func (p *pages) getVersion(w http.ResponseWriter, r *http.Request, who desk.Agent) (err error) {
	var page versionPage
	if page.Old, err = p.old(r); err != nil {
		return err
	}
	if page.catalogued, err = p.catalogued(r, who, tongue.From(r.Context()).Say("Version %d of the catalogue", page.Old.Version)); err != nil {
		return err
	}
	return p.house.Show(w, http.StatusOK, "catalogueversion", page)
}

func (p *pages) old(r *http.Request) (keeping.Catalogue, error) {
	n, _ := strconv.ParseInt(r.PathValue("version"), 10, 64)
	c, err := p.Read.SavedCatalogue(r.Context(), max(n, -1))
	if n <= 0 || errors.Is(err, desk.ErrNotFound) {
		return c, &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such version of the catalogue. Choose one of the list."}
	}
	return c, err
}

func (p *pages) postBack(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	c, err := p.old(r)
	if err != nil {
		return err
	}
	if err := p.save(r.Context(), who, based(r), c.Text, fmt.Sprintf(tongue.Mark("Back to version %d"), c.Version)); err != nil {
		return err
	}
	http.Redirect(w, r, home+"?did=saved", http.StatusSeeOther)
	return nil
}
