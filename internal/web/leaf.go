package web

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
)

// A Leaf is a page for people who have no account here: those who unsubscribe from
// mail, or install the app in Slack. It is one file that loads nothing. Make one
// with [NewLeaf].
type Leaf struct {
	page     *template.Template
	security string
}

// NewLeaf returns a page whose main part is a template. What Show is given needs a
// Title. Its forms, if it may have any, are sent here and nowhere else.
func NewLeaf(main string, forms bool) *Leaf {
	actions := "'none'"
	if forms {
		actions = "'self'"
	}
	sum := sha256.Sum256([]byte(leafStyle))
	return &Leaf{
		page: template.Must(template.New("leaf").Parse(leafHead + main + leafEnd)),
		security: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; img-src data:; form-action " + actions + "; base-uri 'none'; frame-ancestors 'none'",
	}
}

// Show answers with the page. The error is that the reader has gone.
func (l *Leaf) Show(w http.ResponseWriter, status int, v any) error {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", l.security)
	h.Set("Referrer-Policy", "no-referrer") // addresses of such pages let people do things
	w.WriteHeader(status)
	return l.page.Execute(w, v)
}

const (
	leafHead = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>{{.Title}}</title>
<link rel="icon" href="data:,">
<style>` + leafStyle + `</style></head>
<body><main>
<svg viewBox="0 0 32 32" width="40" height="40" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#4353d6"/><path d="M8.500 9.500h15a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7.200L11 24.800v-4.300H8.500a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z" fill="#fff"/><path d="M10.500 15h3l1.600-2.600 2.300 5 1.500-2.400h2.600" fill="none" stroke="#4353d6" stroke-width="1.700" stroke-linecap="round" stroke-linejoin="round"/></svg>
<h1>{{.Title}}</h1>
`
	leafEnd = `
</main></body></html>
`
	// leafStyle has the console's colours.
	leafStyle = `
:root { color-scheme: light dark; --line: light-dark(#e6e6ec, #2a2b32); --soft: light-dark(#53545f, #b0b1bd); --accent: light-dark(#4353d6, #5564e6); }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f7f7f9, #121317); color: light-dark(#1c1c23, #ecedf2);
  font: 1rem/1.55 Inter, ui-sans-serif, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif; }
main { box-sizing: border-box; width: min(36rem, 100%); padding: clamp(1.25rem, 5vw, 2.5rem); background: light-dark(#ffffff, #1f2026); border: 1px solid var(--line); border-radius: 11px; overflow-wrap: anywhere; }
h1 { margin: 1rem 0 .75rem; font-size: 1.4rem; line-height: 1.3; text-wrap: balance; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1rem; }
p, ol, ul { margin: .5rem 0; }
ol, ul { padding-left: 1.4rem; }
li { margin: .35rem 0; }
code { font: .875em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
a { color: light-dark(#3b4ac6, #a9b2ff); }
.button { display: inline-block; margin-top: 1rem; padding: .55rem 1.1rem; border: 0; border-radius: 7px; background: var(--accent); color: #fff; font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
.button:hover { filter: brightness(.93); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
@media (max-width: 30rem) { body { place-items: start stretch; } main { border-width: 0 0 1px; border-radius: 0; } }
`
)
