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
func Funcs(pages *drawn.Pages, token func() string) template.FuncMap {
	beside, queue := drawn.NewMemo[WorkRow](keptRows), drawn.NewMemo[QueueRow](keptRows)
	return template.FuncMap{
		"workrows": func(rows []WorkRow) (template.HTML, error) {
			var w strings.Builder
			for _, r := range rows {
				var fills []string
				if r.Time != "" {
					fills, r.Time = []string{r.Time}, beside.Cut
				}
				if r.Pressing != "" {
					fills, r.Due = append(fills, r.Due), beside.Cut
				}
				if err := beside.Draw(&w, pages, "case", "workrow", r, fills...); err != nil {
					return "", err
				}
			}
			return template.HTML(w.String()), nil // templates have escaped what is in it
		},
		"queuerows": func(f Frame) (template.HTML, error) {
			var w strings.Builder
			for i := range f.Waiting {
				r := f.queueRow(&f.Waiting[i])
				fills := []string{r.Waited, r.Due}
				r.Waited, r.Due, r.Token = queue.Cut, queue.Cut, queue.Cut
				if r.Joins {
					fills = append(fills, token())
				}
				if err := queue.Draw(&w, pages, "queue", "queuerow", r, fills...); err != nil {
					return "", err
				}
			}
			return template.HTML(w.String()), nil // as above
		},
	}
}
