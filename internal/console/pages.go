package console

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"strconv"

	"caseline/internal/console/drawn"
	"caseline/internal/console/portrait"
	"caseline/internal/console/setup"
	"caseline/internal/console/work"
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
		"css/setup.css", "css/case.css", "css/log.css", "css/composer.css", "css/overlays.css", "css/alone.css",
		"css/roster.css", "css/working.css", "css/lead.css", "css/people.css", "css/policy.css",
	}
}

func newPages() (*drawn.Pages, error) {
	static, err := fs.Sub(staticFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("find static files: %w", err)
	}
	templates, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		return nil, fmt.Errorf("find templates: %w", err)
	}
	return drawn.NewPages(templates, static, staticPrefix, sheets(), func(p *drawn.Pages) template.FuncMap {
		funcs := work.Funcs(p, newToken)
		maps.Copy(funcs, template.FuncMap{"token": newToken, "wrong": setup.WrongIn(p.Tongue()), "face": portrait.Address})
		return funcs
	})
}

func (s *Server) base(r *http.Request, title string) drawn.Base {
	return drawn.BaseOf(r, title, s.opt.Now())
}

// show answers with a page, whole or not at all.
func (s *Server) show(w http.ResponseWriter, status int, page string, data any) error {
	return s.pages.Render(page, "page", data, func(body []byte) error {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, err := w.Write(body)
		return ignoreLeft(err)
	})
}

// ignoreLeft drops an error that only says that the reader has left.
func ignoreLeft(error) error { return nil }

// part renders a piece of a page for a script.
func (s *Server) part(page, name string, data any) (text string, err error) {
	err = s.pages.Render(page, name, data, func(body []byte) error {
		text = string(body)
		return nil
	})
	return text, err
}

// errorPage is the page of a request that failed.
func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, p web.Problem) {
	err := s.show(w, p.Status, "error", struct {
		drawn.Base
		web.Problem
	}{s.base(r, http.StatusText(p.Status)), p})
	if err != nil {
		s.Log.ErrorContext(r.Context(), "error page failed", "err", err)
		http.Error(w, p.Message, p.Status)
	}
}
