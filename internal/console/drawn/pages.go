package drawn

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"

	"caseline/internal/console/record"
	"caseline/internal/web"
)

// Pages are the templates and the static files they point to.
type Pages struct {
	Assets *web.Assets
	sets   map[string]func() (*template.Template, error) // by page; read when it is first asked for, and kept
	room   sync.Pool                                     // of *bytes.Buffer
}

// NewPages reads templates, the files they point to, which are served below a
// prefix, and the style sheets among those, which pages load as app.css. Funcs
// are what templates can call besides.
func NewPages(templates, static fs.FS, prefix string, sheets []string, funcs template.FuncMap) (*Pages, error) {
	p := &Pages{sets: map[string]func() (*template.Template, error){}}
	var err error
	if p.Assets, err = web.NewAssets(prefix, static, map[string][]string{"app.css": sheets}); err != nil {
		return nil, err
	}
	icons, err := readIcons(static)
	if err != nil {
		return nil, err
	}
	shared := template.New("shared").Funcs(p.funcs()).Funcs(funcs)
	parts, err := fs.Glob(templates, "shared/*.html")
	if err != nil {
		return nil, fmt.Errorf("list shared templates: %w", err)
	}
	for _, name := range parts {
		if err := parse(shared, templates, name, icons); err != nil {
			return nil, err
		}
	}
	names, err := fs.Glob(templates, "*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	for _, name := range names {
		p.sets[strings.TrimSuffix(name, ".html")] = sync.OnceValues(func() (*template.Template, error) {
			set, err := shared.Clone()
			if err == nil {
				err = parse(set, templates, name, icons)
			}
			return set, err
		})
	}
	return p, nil
}

// funcs are what templates can call.
func (p *Pages) funcs() template.FuncMap {
	preloads := sync.OnceValues(p.preloads)
	return template.FuncMap{
		"asset":    p.Assets.URL,
		"preloads": preloads,
		"severity": record.SeverityName,
		"status":   StatusName,
		"initials": record.Initials,
		"counted":  record.Counts,
		"forms":    func() []string { return []string{"txt", "html", "json"} },
	}
}

// preloads is the markup by which a page has all scripts fetched at once.
func (p *Pages) preloads() (template.HTML, error) {
	var w strings.Builder
	for _, name := range p.Assets.Names(".js") {
		url, err := p.Assets.URL(name)
		if err != nil {
			return "", err
		}
		w.WriteString("\n" + `<link rel="modulepreload" href="` + template.HTMLEscapeString(url) + `">`)
	}
	return template.HTML(w.String()), nil // only addresses of our own files are in it
}

// parse adds a file of templates to a set. Icons are put in where {{icon "name"}}
// stands, because a page has dozens and each call of a template takes as long as a
// row of a list.
func parse(set *template.Template, templates fs.FS, name string, icons map[string]string) error {
	file, err := fs.ReadFile(templates, name)
	if err != nil {
		return fmt.Errorf("read templates: %w", err)
	}
	const begins, ends = `{{icon "`, `"}}`
	var text strings.Builder
	for rest := string(file); ; {
		before, behind, there := strings.Cut(rest, begins)
		text.WriteString(before)
		if !there {
			break
		}
		icon, after, _ := strings.Cut(behind, ends)
		markup, ok := icons[icon]
		if !ok {
			return fmt.Errorf("parse %s: no icon %q", name, icon)
		}
		text.WriteString(markup)
		rest = after
	}
	if _, err := set.New(path.Base(name)).Parse(text.String()); err != nil {
		return fmt.Errorf("parse %s: %w", name, err)
	}
	return nil
}

// readIcons cuts the sheet of icons, one <symbol> a line, into pieces that
// stand in pages.
func readIcons(static fs.FS) (map[string]string, error) {
	sheet, err := fs.ReadFile(static, "icons.svg")
	if err != nil {
		return nil, fmt.Errorf("read icons: %w", err)
	}
	icons := map[string]string{}
	for line := range strings.Lines(string(sheet)) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), `<symbol id="`)
		if !ok {
			continue
		}
		name, rest, _ := strings.Cut(rest, `"`)
		_, body, _ := strings.Cut(rest, ">")
		body = strings.TrimSuffix(body, "</symbol>")
		icons[name] = `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">` + body + `</svg>`
	}
	return icons, nil
}

// Read reads every page, to find out whether all can be.
func (p *Pages) Read() error {
	var errs []error
	for _, read := range p.sets {
		_, err := read()
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// maxKept is how large a page may be that room is kept for.
const maxKept = 1 << 20

// Render runs a template of a page's set and has what it came to used, which is
// good until use returns.
func (p *Pages) Render(page, name string, data any, use func([]byte) error) error {
	read, ok := p.sets[page]
	if !ok {
		return fmt.Errorf("no page %q", page)
	}
	set, err := read()
	if err != nil {
		return err
	}
	out, ok := p.room.Get().(*bytes.Buffer)
	if !ok {
		out = new(bytes.Buffer)
	}
	out.Reset()
	defer func() {
		if out.Cap() <= maxKept {
			p.room.Put(out)
		}
	}()
	if err := set.ExecuteTemplate(out, name, data); err != nil {
		return fmt.Errorf("render %s: %w", page, err)
	}
	return use(out.Bytes())
}
