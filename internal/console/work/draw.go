package work

import (
	"html/template"
	"strings"

	"caseline/internal/console/drawn"
)

// keptRows is how many rows of each kind are kept as they are drawn: most look the
// same on the next page, but for the clock. They take about a megabyte.
const keptRows = 500

// Funcs are the functions by which templates draw the rows of lists that are long
// and often shown. Pages has the templates of the rows; token names one wish of
// an agent.
func Funcs(pages func() *drawn.Pages, token func() string) template.FuncMap {
	beside, queue := drawn.NewMemo[WorkRow](keptRows), drawn.NewMemo[QueueRow](keptRows)
	return template.FuncMap{
		"workrows": func(rows []WorkRow) (template.HTML, error) {
			var w strings.Builder
			for _, r := range rows {
				var fills []string
				if r.Time != "" {
					fills, r.Time = []string{r.Time}, beside.Cut
				}
				if err := beside.Draw(&w, pages(), "case", "workrow", r, fills...); err != nil {
					return "", err
				}
			}
			return template.HTML(w.String()), nil // templates have escaped what is in it
		},
		"queuerows": func(f Frame) (template.HTML, error) {
			var w strings.Builder
			for i := range f.Waiting {
				r := f.queueRow(&f.Waiting[i])
				waited := r.Waited
				r.Waited, r.Token = queue.Cut, queue.Cut
				if err := queue.Draw(&w, pages(), "queue", "queuerow", r, waited, waited, token()); err != nil {
					return "", err
				}
			}
			return template.HTML(w.String()), nil // as above
		},
	}
}
