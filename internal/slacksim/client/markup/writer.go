package markup

import (
	"html"
	"html/template"
	"strings"
	"time"
)

// Names tells a Writer what ids stand for.
type Names interface {
	// Person returns the name shown for a user and the handle to type.
	Person(id string) (shown, handle string, ok bool)
	// Channel returns a channel's name and its page, which is empty where the
	// reader cannot go.
	Channel(id string) (name, page string, ok bool)
	// Group returns the handle of a user group, and whether the reader is in it.
	Group(id string) (handle string, mine, ok bool)
	// Emoji returns what a name stands for that is one of the workspace's own
	// emoji: characters, or the address of a picture.
	Emoji(name string) (picture, address string, ok bool)
	// Page returns the page of our own that a link leads to, or nothing if it
	// leads elsewhere.
	Page(url string) string
}

// A Writer writes texts as one person reads them.
type Writer struct {
	Names  Names
	Viewer string         // mentions of this user stand out
	Zone   *time.Location // of dates
}

// Plain writes the text of a plain_text object. Emoji says whether :names: in
// it stand for pictures.
func (w Writer) Plain(text string, emoji bool) template.HTML {
	o := w.begin()
	o.words(unescape(text), emoji)
	return o.end()
}

// output collects the HTML of one text.
type output struct {
	Writer
	b strings.Builder
}

func (w Writer) begin() *output { return &output{Writer: w} }

func (o *output) end() template.HTML {
	// Everything that was written is either our own markup or escaped.
	return template.HTML(o.b.String())
}

func (o *output) raw(markup string) { o.b.WriteString(markup) }

// text writes words of others, line breaks kept.
func (o *output) text(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			o.raw("<br/>")
		}
		o.raw(escape(line))
	}
}

// words is text with the names of emoji replaced by pictures.
func (o *output) words(s string, emoji bool) {
	for emoji {
		before, e, rest, ok := cutEmoji(s, o.find)
		if !ok {
			break
		}
		o.text(before)
		o.emoji(e)
		s = rest
	}
	o.text(s)
}

// find looks for an emoji among the common ones and the workspace's own.
func (o *output) find(name string) (e Emote, ok bool) {
	e.Name = name
	if e.Picture, ok = Emoji(name); ok {
		return e, true
	}
	e.Picture, e.Address, ok = o.Names.Emoji(name)
	return e, ok
}

func (o *output) emoji(e Emote) {
	about := `title=":` + escape(e.Name) + `:"`
	if e.Address != "" {
		o.raw(`<img class="emoji own" src="` + escape(e.Address) + `" alt=":` + escape(e.Name) + `:" ` + about + `/>`)
		return
	}
	o.raw(`<span class="emoji" role="img" aria-label="` + escape(e.Name) + `" ` + about + `>` + escape(e.Picture) + `</span>`)
}

// link writes a link to a foreign place, or just its words if the place is one
// that nobody should be sent to.
func (o *output) link(url, label string, emoji bool) {
	if label == "" {
		label = strings.TrimPrefix(url, "mailto:")
	}
	page := o.Names.Page(url)
	switch {
	case page != "":
		o.raw(`<a data-nav="true" href="` + escape(page) + `">`)
	case linkable(url):
		o.raw(`<a href="` + escape(url) + `" target="_blank" rel="noopener noreferrer nofollow">`)
	default:
		o.words(label, emoji)
		return
	}
	o.words(label, emoji)
	o.raw(`</a>`)
}

func linkable(url string) bool {
	scheme, rest, ok := strings.Cut(url, ":")
	if !ok || strings.ContainsAny(url, " \t\r\n\"<>\\") {
		return false
	}
	switch strings.ToLower(scheme) {
	case "http", "https":
		return len(rest) > 2 && strings.HasPrefix(rest, "//")
	case "mailto", "tel":
		return rest != ""
	}
	return false
}

// escape makes a text safe in element content and in quoted attributes. What
// no document may contain becomes the replacement character.
func escape(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case r < ' ' || r == 0x7f || r == 0xfffe || r == 0xffff:
			return '�'
		}
		return r
	}, strings.ToValidUTF8(s, "�")))
}

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// unescape undoes Slack's escaping, which knows three entities.
func unescape(s string) string { return entities.Replace(s) }
