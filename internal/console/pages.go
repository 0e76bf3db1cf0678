package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"caseline/internal/console/record"
	"caseline/internal/web"
)

//go:embed static
var staticFiles embed.FS

//go:embed templates
var templateFiles embed.FS

// staticPrefix is where static files are served.
const staticPrefix = "/static/"

// sheets is the order of the style sheets in the one that pages load.
func sheets() []string {
	return []string{
		"css/tokens.css", "css/base.css", "css/controls.css", "css/shell.css", "css/lists.css",
		"css/case.css", "css/log.css", "css/composer.css", "css/overlays.css", "css/alone.css",
	}
}

// pages are the templates and the static files they point to.
type pages struct {
	assets *web.Assets
	sets   map[string]*template.Template // by page
}

func newPages() (*pages, error) {
	static, err := fs.Sub(staticFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("find static files: %w", err)
	}
	p := &pages{sets: map[string]*template.Template{}}
	p.assets, err = web.NewAssets(staticPrefix, static, map[string][]string{"app.css": sheets()})
	if err != nil {
		return nil, err
	}
	icons, err := readIcons(static)
	if err != nil {
		return nil, err
	}
	shared, err := template.New("shared").Funcs(p.funcs(icons)).ParseFS(templateFiles, "templates/shared/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse shared templates: %w", err)
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	for _, name := range names {
		set, err := shared.Clone()
		if err == nil {
			_, err = set.ParseFS(templateFiles, name)
		}
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		p.sets[strings.TrimSuffix(strings.TrimPrefix(name, "templates/"), ".html")] = set
	}
	return p, nil
}

// funcs are what templates can call.
func (p *pages) funcs(icons map[string]template.HTML) template.FuncMap {
	return template.FuncMap{
		"asset":   p.assets.URL,
		"modules": func() []string { return p.assets.Names(".js") },
		"icon": func(name string) (template.HTML, error) {
			icon, ok := icons[name]
			if !ok {
				return "", fmt.Errorf("no icon %q", name)
			}
			return icon, nil
		},
		"severity": record.SeverityName,
		"status":   statusName,
		"initials": record.Initials,
		"counted":  record.Counts,
		"forms":    func() []string { return []string{"txt", "html", "json"} },
		"token":    newToken,
	}
}

// readIcons cuts the sheet of icons, one <symbol> a line, into pieces that
// stand in pages.
func readIcons(static fs.FS) (map[string]template.HTML, error) {
	sheet, err := fs.ReadFile(static, "icons.svg")
	if err != nil {
		return nil, fmt.Errorf("read icons: %w", err)
	}
	icons := map[string]template.HTML{}
	for line := range strings.Lines(string(sheet)) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), `<symbol id="`)
		if !ok {
			continue
		}
		name, rest, _ := strings.Cut(rest, `"`)
		_, body, _ := strings.Cut(rest, ">")
		body = strings.TrimSuffix(body, "</symbol>")
		// The sheet is a file of ours, not anything a person wrote.
		icons[name] = template.HTML(`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">` + body + `</svg>`)
	}
	return icons, nil
}

// render runs a template of a page's set.
func (p *pages) render(page, name string, data any) ([]byte, error) {
	set, ok := p.sets[page]
	if !ok {
		return nil, fmt.Errorf("no page %q", page)
	}
	var out bytes.Buffer
	if err := set.ExecuteTemplate(&out, name, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", page, err)
	}
	return out.Bytes(), nil
}

// show answers with a page, whole or not at all.
func (s *Server) show(w http.ResponseWriter, status int, page string, data any) error {
	body, err := s.pages.render(page, "page", data)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err = w.Write(body)
	return ignoreLeft(err)
}

// ignoreLeft drops an error that only says that the reader has left.
func ignoreLeft(error) error { return nil }

// part renders a piece of a page for a script.
func (s *Server) part(page, name string, data any) (string, error) {
	body, err := s.pages.render(page, name, data)
	return string(body), err
}

// errorPage is the page of a request that failed.
func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, p web.Problem) {
	err := s.show(w, p.Status, "error", struct {
		base
		web.Problem
	}{s.base(r, http.StatusText(p.Status)), p})
	if err != nil {
		s.Log.ErrorContext(r.Context(), "error page failed", "err", err)
		http.Error(w, p.Message, p.Status)
	}
}
