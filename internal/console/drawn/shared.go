package drawn

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"sync"

	"caseline/internal/console/record"
)

// marks are what entries are known by that many of a page share.
type marks struct {
	Class, Day, Author, From string
	May, Open                bool // it may be changed; it may still come further without a new entry
}

// A writer is how a page shows who wrote an entry.
type writer struct {
	Face     string // classes of the avatar
	Initials string
	Picture  string // its address; empty for none
	Name     string
	Unnamed  bool
	Tags     []tag
}

// is reports whether both look the same.
func (w writer) is(other writer) bool {
	return w.Face == other.Face && w.Initials == other.Initials && w.Picture == other.Picture && w.Name == other.Name &&
		w.Unnamed == other.Unnamed && slices.Equal(w.Tags, other.Tags)
}

// A sharing has what entries of one page share drawn once, by the templates.
type sharing struct {
	pages   *Pages
	marks   map[marks]string
	writers map[string][]signature // by name
	moulds  map[look]mould
}

type signature struct {
	of         writer
	face, head template.HTML
}

// Entries returns items ready to be drawn by a page that has templates for
// marks, faces and heads.
func (p *Pages) Entries(page string, items []record.Item, face Clockface) ([]Entry, error) {
	s := sharing{pages: p, marks: map[marks]string{}, writers: map[string][]signature{}, moulds: map[look]mould{}}
	out := make([]Entry, len(items))
	for i, item := range items {
		e := draw(item, face)
		known, err := s.marksOf(page, marksOf(item, face))
		if err != nil {
			return nil, err
		}
		if e.spoken() {
			if e.Face, e.Head, err = s.sign(page, item); err != nil {
				return nil, err
			}
		}
		e.Marks = template.HTMLAttr(known + numbers(item)) // a template wrote the one, and the other needs no escaping
		if e.Plain && e.Token == "" {
			if e.Whole, err = s.cast(page, known, item, e); err != nil {
				return nil, err
			}
		}
		out[i] = e
	}
	return out, nil
}

// numbers are the attributes of an entry that no other has.
func numbers(item record.Item) string {
	seq := strconv.FormatInt(item.Seq, 10)
	return ` id="e` + seq + `" data-seq="` + seq + `" data-at="` + strconv.FormatInt(item.At.UnixMicro(), 10) + `"`
}

// marksOf returns attributes as a template has written them, into an element
// of which nothing else is used.
func (s *sharing) marksOf(page string, m marks) (string, error) {
	if known, ok := s.marks[m]; ok {
		return known, nil
	}
	element, err := s.pages.text(page, "entry-marks", m)
	if err != nil {
		return "", err
	}
	known := strings.TrimSuffix(strings.TrimPrefix(element, "<li "), ">")
	s.marks[m] = known
	return known, nil
}

func (s *sharing) sign(page string, item record.Item) (face, head template.HTML, err error) {
	a := item.Author
	w := writer{Face: avatarClass(a), Initials: a.Initials, Picture: a.Picture, Name: a.Name, Unnamed: a.Unnamed, Tags: tagsOf(item)}
	for _, known := range s.writers[w.Name] {
		if known.of.is(w) {
			return known.face, known.head, nil
		}
	}
	drawnFace, err := s.pages.text(page, "entry-face", w)
	if err != nil {
		return "", "", err
	}
	drawnHead, err := s.pages.text(page, "entry-head", w)
	if err != nil {
		return "", "", err
	}
	// Templates have escaped what is in them.
	sign := signature{of: w, face: template.HTML(drawnFace), head: template.HTML(drawnHead)}
	s.writers[w.Name] = append(s.writers[w.Name], sign)
	return sign.face, sign.head, nil
}

// A look is what plain entries have in common.
type look struct {
	marks      string
	face, head template.HTML
}

// A mould is a plain entry as the template draws it, cut where entries of the
// same look differ. There the template puts in what it is given as it is: it is
// markup already.
type mould []string

// cut is where a mould is cut. The templates leave it in nothing that is text.
const cut = "\x00"

// cast fills the mould of an entry.
func (s *sharing) cast(page, known string, item record.Item, e Entry) (template.HTML, error) {
	m, ok := s.moulds[look{known, e.Face, e.Head}]
	if !ok {
		blank := Entry{
			Marks: template.HTMLAttr(known + cut), Day: e.Day, Message: true, Plain: true, Face: e.Face, Head: e.Head,
			Gutter: cut, Time: cut, Body: cut,
		}
		text, err := s.pages.text(page, "entry-drawn", blank)
		if err != nil {
			return "", err
		}
		m = strings.Split(text, cut)
		s.moulds[look{known, e.Face, e.Head}] = m
	}
	fill := [...]string{numbers(item), string(e.Gutter), string(e.Time), string(e.Body)} // in the template's order
	if len(m) != len(fill)+1 {
		return "", fmt.Errorf("the template of an entry has %d places to fill, not %d", len(m)-1, len(fill))
	}
	var whole strings.Builder
	whole.Grow(1 << 10) // most are shorter
	for i, f := range fill {
		whole.WriteString(m[i])
		whole.WriteString(f)
	}
	whole.WriteString(m[len(fill)])
	return template.HTML(whole.String()), nil // all of it is markup that templates or we have written
}

func (p *Pages) text(page, name string, data any) (text string, err error) {
	err = p.Render(page, name, data, func(body []byte) error {
		text = string(body)
		return nil
	})
	return text, err
}

// A Memo keeps what was drawn for things that look the same when they are shown
// again. It keeps some and begins anew.
type Memo[K comparable] struct {
	most int

	mu    sync.Mutex // guards what follows, for map operations only
	drawn map[K]template.HTML
}

// NewMemo returns a Memo of up to most things.
func NewMemo[K comparable](most int) *Memo[K] {
	return &Memo[K]{most: most, drawn: make(map[K]template.HTML)}
}

// Draw returns what a page's template of a name makes of k.
func (m *Memo[K]) Draw(p *Pages, page, name string, k K) (template.HTML, error) {
	m.mu.Lock()
	known, ok := m.drawn[k]
	m.mu.Unlock()
	if ok {
		return known, nil
	}
	text, err := p.text(page, name, k)
	if err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.drawn) >= m.most {
		clear(m.drawn)
	}
	m.drawn[k] = template.HTML(text) // the template has escaped what is in it
	return m.drawn[k], nil
}
