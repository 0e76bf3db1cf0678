package install

import (
	"html/template"
	"net/http"
	"strings"

	"caseline/internal/desk/served"
	"caseline/internal/slack/manifest"
	"caseline/internal/web"
)

// A view is a page in words.
type view struct {
	Title  string
	Texts  []string
	Lacks  []manifest.Scope // that were not granted
	Steps  []string         // what to do next
	Again  string           // where to begin again; empty for no button
	Button string
}

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>{{.Title}}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:38rem;margin:4rem auto;padding:0 1rem}a.button{display:inline-block;padding:.5rem 1rem;border:1px solid;border-radius:.25rem;text-decoration:none}code{font-size:.9em}</style></head>
<body><main><h1>{{.Title}}</h1>
{{range .Texts}}<p>{{.}}</p>
{{end}}{{if .Steps}}<h2>What to do next</h2>
<ol>{{range .Steps}}<li>{{.}}</li>
{{end}}</ol>
{{end}}{{if .Lacks}}<h2>What does not work without the scopes that were not granted</h2>
<ul>{{range .Lacks}}<li><code>{{.Name}}</code>: {{.Without}}</li>
{{end}}</ul>
<p>Install the app again to grant them.</p>
{{end}}{{if .Again}}<p><a class="button" href="{{.Again}}">{{.Button}}</a></p>{{end}}
</main></body></html>
`))

// security is what the pages allow: nothing but their own style. A button is a
// link, because a form must not lead to Slack.
const security = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (p *pages) show(w http.ResponseWriter, status int, v view) error {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", security)
	h.Set("Referrer-Policy", "no-referrer") // the address has what Slack gave
	w.WriteHeader(status)
	return page.Execute(w, v)
}

// problem shows a person why something failed. The error is that the reader has
// gone.
func (p *pages) problem(w http.ResponseWriter, _ *http.Request, problem web.Problem) {
	_ = p.show(w, problem.Status, again("That did not work", problem.Message))
}

func again(title string, texts ...string) view {
	return view{Title: title, Texts: texts, Again: manifest.PathInstall, Button: "Start again"}
}

func busy() view {
	return view{Title: "One moment, please", Texts: []string{"Very many people are installing the app just now. Try again in a minute."}, Again: manifest.PathInstall, Button: "Try again"}
}

func fromSlack() view {
	return view{
		Title: "Start here", Again: manifest.PathInstall, Button: "Add the app to Slack",
		Texts: []string{"You come from Slack’s own pages. So that nobody can install the app in your name, an installation begins here."},
	}
}

func used() view {
	return again("This installation has come back already",
		"The page was loaded twice, or its address was opened again. If the app is in Slack, there is nothing more to do. If it is not, start again.")
}

func late() view {
	return again("That took too long", "An installation is to be completed within ten minutes, and this one was not, or it was not begun here.")
}

func elsewhere() view {
	return again("This is another browser", "The installation was begun in another browser, or this one keeps no cookies. Start again, and stay in the same browser.")
}

func denied() view {
	return again("Nothing was installed", "The request was cancelled in Slack. If somebody else has to approve apps in your workspace, ask them, and start again when they have.")
}

func unclear() view {
	return again("Slack did not say yes", "Slack sent the browser back without a permission. Nothing was installed.")
}

// page is what a person reads of a refusal.
func (r *refusal) page() view {
	const operator = "Tell whoever runs this server: "
	switch r.code {
	case "invalid_code", "code_expired", "code_already_used":
		return again("That took too long", "What Slack gave is good for ten minutes and once. Nothing was installed.")
	case "bad_client_secret", "invalid_client_id":
		return again("The server is not set up for this", operator+"Slack does not know slack.client_id with this slack.client_secret. Both stand on the app’s page Basic Information.")
	case "bad_redirect_uri", "oauth_authorization_url_mismatch":
		return again("The server is not set up for this", operator+"Slack does not know this address as a redirect URL of the app. It stands in what caseline manifest prints, and public_url must be what people use.")
	case "cannot_install_an_org_installed_app":
		return again("The app is in your organisation already", "It was installed for the whole organisation. An admin of the organisation can add it to your workspace.")
	case "team_added_to_org", "org_login_required":
		return again("Your workspace is moving", "It is being moved into an organisation. Start again when that is done.")
	case "user_email_unverified":
		return again("Slack does not know your e-mail address", "Confirm your e-mail address in Slack, then start again.")
	case notAnswer:
		return again("Slack did not answer", "The app may be installed in Slack, but this server does not have its token. Start again.")
	}
	return again("That did not work", "Slack gave something other than this server asked for ("+r.code+"). The app may be installed in Slack, but this server does not use it.")
}

// welcome is the page after an installation.
func welcome(i served.Installation, console string) view {
	granted := manifest.Granted(i.Scopes)
	v := view{
		Title: "The app is installed in " + i.Name, Lacks: append(granted.Missing, granted.Declined...),
		Steps: []string{
			"An operator of this server links the workspace to the account that is supported, at " + strings.TrimSuffix(console, "/") + ".",
			"They configure in which channels people may ask.",
			"Somebody invites the app into each of those channels, by /invite.",
		},
	}
	if len(v.Lacks) > 0 {
		v.Again, v.Button = manifest.PathInstall, "Install again"
	}
	if i.Wide() {
		v.Texts = []string{"It is in no workspace of the organisation yet."}
		v.Steps = append([]string{"An admin of the organisation adds the app to workspaces, on the organisation’s page of apps. They appear here by themselves."}, v.Steps...)
	}
	return v
}
