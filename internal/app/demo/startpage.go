package demo

import (
	"embed"
	"fmt"
	"html/template"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

// A step is one thing to try.
type step struct{ Title, Text string }

func steps() []step {
	return []step{
		{"Ask for help", "In Slack, in #ops, type /support create, fill in the form, choose Live chat in Slack."},
		{"Pick it up", "In the console, sign in, go online, and accept the chat that is offered to you, or join one from the queue."},
		{"Talk", "Write on both sides. Try *bold*, `code`, a file, an edit, or /hello in the console; switch to Bob in Slack."},
		{"End the chat", "Press End chat on the pinned card, or in the console. The transcript stays on the case."},
		{"Resolve", "Press Resolve case. What is written in the channel now is not recorded. As Lena, see the wallboard and the reports."},
	}
}

// newStartPage serves the page with both sides next to each other.
func newStartPage(dir string, st *stage) (http.Handler, error) {
	page, err := template.ParseFS(pageFiles, "page/start.html")
	if err != nil {
		return nil, fmt.Errorf("read the start page: %w", err)
	}
	data := map[string]any{
		"Dir": dir, "Steps": steps(), "Agents": hands(), "Password": Password,
		"Person": "Alice", "SlackURL": st.clientURL(), "ConsoleURL": st.consoleURL + "/",
	}
	policy := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src " +
		st.slackURL + " " + st.consoleURL + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := page.Execute(w, data); err != nil {
			http.Error(w, "The page could not be drawn.", http.StatusInternalServerError)
		}
	})
	for _, name := range []string{"start.css", "start.js", "icon.svg"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, pageFiles, "page/"+name)
		})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		mux.ServeHTTP(w, r)
	}), nil
}
