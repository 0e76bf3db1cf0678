package mail

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"caseline/internal/mrkdwn"
)

// letterPage is a letter for programs that show HTML. It loads nothing.
const letterPage = `<!doctype html>
<html><head><meta charset="utf-8"><title>Case {{.Number}}</title></head>
<body style="font-family:sans-serif;line-height:1.5;max-width:42rem">
<p style="color:#555">Case {{.Number}} · {{.Subject}}</p>
<p><strong>{{.What}}</strong></p>
{{range .Said}}<div style="margin:0 0 1em;padding-left:.8em;border-left:3px solid #ccc">{{if .Who}}<p style="margin:0;color:#555">{{.Who}}, {{.At.UTC.Format "2 Jan 15:04"}} UTC</p>{{end}}{{$.HTML .Text}}</div>
{{end}}{{if .Cut}}<p>There is more than fits into an e-mail. All of it is on the case.</p>
{{end}}{{with .Files}}<p>{{.}}</p>
{{end}}<hr style="border:0;border-top:1px solid #ccc">
<p style="color:#555;font-size:small">This goes to {{.To}}, a contact of case {{.Number}}. Replies to it are not read: answer in Slack.<br>
<a href="{{.Leave}}">Get no more e-mail about this case</a></p>
</body></html>
`

// HTML is Markdown for a page.
func (c content) HTML(markdown string) template.HTML { return mrkdwn.HTML(markdown, c.names) }

// page is the letter in HTML.
func (c content) page() (string, error) {
	t, err := template.New("letter").Parse(letterPage)
	if err != nil {
		return "", fmt.Errorf("write a letter: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, c); err != nil {
		return "", fmt.Errorf("write a letter: %w", err)
	}
	return out.String(), nil
}

// plain is the letter as text.
func (c content) plain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Case %s · %s\n\n%s\n", c.Number, c.Subject, c.What)
	for _, s := range c.Said {
		b.WriteString("\n")
		if s.Who != "" {
			fmt.Fprintf(&b, "%s, %s UTC:\n", s.Who, s.At.UTC().Format("2 Jan 15:04"))
		}
		for line := range strings.Lines(mrkdwn.Plain(s.Text, c.names)) {
			// A line that somebody wrote cannot pass for one of ours.
			b.WriteString("    " + strings.TrimRight(line, "\r\n") + "\n")
		}
	}
	if c.Cut {
		b.WriteString("\nThere is more than fits into an e-mail. All of it is on the case.\n")
	}
	if c.Files != "" {
		b.WriteString("\n" + c.Files + "\n")
	}
	fmt.Fprintf(&b, "\n-- \nThis goes to %s, a contact of case %s. Replies to it are not read: answer in Slack.\n", c.To, c.Number)
	b.WriteString("Get no more e-mail about this case: " + c.Leave + "\n")
	return b.String()
}
