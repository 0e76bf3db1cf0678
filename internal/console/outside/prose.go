package outside

import (
	"html/template"
	"strings"
	"sync"

	"caseline/internal/mrkdwn"
)

const (
	maxProse = 2 << 20 // bytes that are kept, of texts and what they became
	maxText  = 4 << 10 // bytes of a text that is kept
)

// A Prose keeps the HTML of texts that look the same to whoever reads them: most
// are read again with the next page, and reading Markdown takes longer than the
// rest of an item of the log. It keeps some and begins anew. The zero Prose is
// ready to be used.
type Prose struct {
	mu    sync.Mutex // guards what follows, for map operations only
	bytes int
	html  map[string]template.HTML
}

// HTML is mrkdwn.HTML.
func (p *Prose) HTML(markdown string, r mrkdwn.Resolver) template.HTML {
	// What is called something else tomorrow, and dates, which look different in
	// another time zone, begin so.
	if strings.IndexByte(markdown, '<') >= 0 || len(markdown) > maxText {
		return mrkdwn.HTML(markdown, r)
	}
	p.mu.Lock()
	known, ok := p.html[markdown]
	p.mu.Unlock()
	if ok {
		return known
	}
	asked, find := false, r.Emoji
	r.Emoji = func(name string) (text, image string) {
		asked = true // the workspace's own may be changed there
		if find != nil {
			text, image = find(name)
		}
		return text, image
	}
	html := mrkdwn.HTML(markdown, r)
	if !asked {
		p.keep(markdown, html)
	}
	return html
}

func (p *Prose) keep(markdown string, html template.HTML) {
	p.mu.Lock()
	defer p.mu.Unlock()
	size := len(markdown) + len(html)
	if p.html == nil || p.bytes+size > maxProse {
		p.html, p.bytes = map[string]template.HTML{}, 0
	}
	if _, known := p.html[markdown]; !known {
		p.html[markdown] = html
		p.bytes += size
	}
}
