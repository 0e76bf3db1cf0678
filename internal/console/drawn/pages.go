package drawn

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"caseline/internal/console/joined"
	"caseline/internal/console/record"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// Pages are the templates and the static files they point to, in one language;
// In has them in another.
type Pages struct {
	Assets *web.Assets
	tongue tongue.Tongue
	all    map[string]*Pages                             // by language
	sets   map[string]func() (*template.Template, error) // by page; read when it is first asked for, and kept
	room   sync.Pool                                     // of *bytes.Buffer
}

// Funcs are what templates can call besides what every page can, for the pages of
// one language.
type Funcs func(*Pages) template.FuncMap

// NewPages finds templates, the files they point to, which are served below a
// prefix, and the style sheets among those, which pages load as app.css. They are
// read when the first page is asked for.
func NewPages(templates, static fs.FS, prefix string, sheets []string, funcs Funcs) (*Pages, error) {
	assets := web.NewAssets(prefix, static, map[string][]string{"app.css": sheets}, func() (map[string][]byte, error) { return scripts(static) })
	icons := sync.OnceValues(func() (map[string]string, error) { return readIcons(static) })
	all := map[string]*Pages{}
	for _, t := range tongue.All() {
		p := &Pages{Assets: assets, tongue: t, all: all, sets: map[string]func() (*template.Template, error){}}
		if err := p.read(templates, icons, funcs); err != nil {
			return nil, err
		}
		all[t.Code()] = p
	}
	return all[tongue.Tongue{}.Code()], nil
}

// scripts are what pages load, by its file: all modules in one, behind what they
// say in a language.
func scripts(static fs.FS) (map[string][]byte, error) {
	modules, err := fs.Sub(static, "js")
	if err != nil {
		return nil, fmt.Errorf("find scripts: %w", err)
	}
	all, err := joined.Modules(modules, "app.js")
	if err != nil {
		return nil, err
	}
	made := map[string][]byte{}
	for _, t := range tongue.All() {
		texts, err := t.Script()
		if err != nil {
			return nil, err
		}
		made[scriptOf(t)] = slices.Concat(texts, all)
	}
	return made, nil
}

// scriptOf is the file of the scripts in a language.
func scriptOf(t tongue.Tongue) string { return "app." + t.Code() + ".js" }

// Tongue is the language of the pages.
func (p *Pages) Tongue() tongue.Tongue { return p.tongue }

// In are the pages in a language.
func (p *Pages) In(t tongue.Tongue) *Pages {
	if own, ok := p.all[t.Code()]; ok {
		return own
	}
	return p // unreachable: there are pages for every language
}

// read finds the pages' templates. Each is parsed when it is first asked for.
func (p *Pages) read(templates fs.FS, icons func() (map[string]string, error), funcs Funcs) error {
	parts, err := fs.Glob(templates, "shared/*.html")
	if err != nil {
		return fmt.Errorf("list shared templates: %w", err)
	}
	shared := sync.OnceValues(func() (*template.Template, error) {
		set := template.New("shared").Funcs(p.funcs()).Funcs(funcs(p))
		for _, name := range parts {
			if err := p.parse(set, templates, name, icons); err != nil {
				return nil, err
			}
		}
		return set, nil
	})
	names, err := fs.Glob(templates, "*.html")
	if err != nil {
		return fmt.Errorf("list templates: %w", err)
	}
	for _, name := range names {
		p.sets[strings.TrimSuffix(name, ".html")] = sync.OnceValues(func() (*template.Template, error) {
			parts, err := shared()
			if err != nil {
				return nil, err
			}
			set, err := parts.Clone()
			if err == nil {
				err = p.parse(set, templates, name, icons)
			}
			return set, err
		})
	}
	return nil
}

// funcs are what templates can call.
func (p *Pages) funcs() template.FuncMap {
	t := p.tongue
	return template.FuncMap{
		"asset":    p.Assets.URL,
		"script":   func() (string, error) { return p.Assets.URL(scriptOf(t)) },
		"severity": func(s desk.Severity) string { return t.Text(record.SeverityName(s)) },
		"status":   func(s desk.Status) string { return t.Text(StatusName(s)) },
		"initials": record.Initials,
		"counted":  func(messages, files int) string { return record.Counts(t, messages, files) },
		"forms":    func() []string { return []string{"txt", "html", "json"} },
		"say":      func(english string) string { return t.Text(english) },
		"told":     t.Told,
		"count":    t.Count,
		"lang":     t.Code,
		"tongues":  tongue.All,
	}
}

// parse adds a file of templates to a set, in the pages' language. Icons are put in where {{icon "name"}}
// stands, because a page has dozens and each call of a template takes as long as a
// row of a list.
func (p *Pages) parse(set *template.Template, templates fs.FS, name string, icons func() (map[string]string, error)) error {
	file, err := fs.ReadFile(templates, name)
	if err != nil {
		return fmt.Errorf("read templates: %w", err)
	}
	drawings, err := icons()
	if err != nil {
		return err
	}
	const begins, ends = `{{icon "`, `"}}`
	var text strings.Builder
	for rest := tongue.Template(string(file), p.tongue.Text); ; {
		before, behind, there := strings.Cut(rest, begins)
		text.WriteString(before)
		if !there {
			break
		}
		icon, after, _ := strings.Cut(behind, ends)
		markup, ok := drawings[icon]
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
	for _, own := range p.all {
		for _, read := range own.sets {
			_, err := read()
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// maxKept is how large a page may be that room is kept for.
const maxKept = 1 << 20

// Render runs a template of a page's set and has what it came to used, which is
// good until use returns. Data that has a tongue is shown in that.
func (p *Pages) Render(page, name string, data any, use func([]byte) error) error {
	if who, ok := data.(interface{ Speaks() tongue.Tongue }); ok {
		p = p.In(who.Speaks())
	}
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
