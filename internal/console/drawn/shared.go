package drawn

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

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
	page    string
	clock   Clockface
	marks   map[marks]string
	writers map[string][]signature // by name
	moulds  map[look]mould
}

type signature struct {
	of         writer
	face, head template.HTML
}

func (p *Pages) sharing(page string, face Clockface) *sharing {
	return &sharing{pages: p.In(face.Tongue), page: page, clock: face, marks: map[marks]string{}, writers: map[string][]signature{}, moulds: map[look]mould{}}
}

// Entries returns items ready to be drawn by a page that has templates for
// entries, marks, faces and heads.
func (p *Pages) Entries(page string, items []record.Item, face Clockface) ([]Entry, error) {
	s := p.sharing(page, face)
	out := make([]Entry, len(items))
	for i := range items {
		var err error
		if out[i], err = s.entry(&items[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// piece is how long the pieces of a log are, in bytes: html/template copies each,
// into room that it only keeps when it is small.
const piece = 16 << 10

// Log draws items one after the other as Entries and a page's template of an entry
// do, in pieces.
func (p *Pages) Log(page string, items []record.Item, face Clockface) ([]template.HTML, error) {
	s := p.sharing(page, face)
	var pieces []template.HTML
	room := make([]byte, 0, piece+piece/4)
	for i := range items {
		var err error
		if room, err = s.append(room, &items[i]); err != nil {
			return nil, err
		}
		if len(room) >= piece || i == len(items)-1 {
			pieces = append(pieces, template.HTML(room)) // templates have escaped what is in it
			room = room[:0]
		}
	}
	return pieces, nil
}

// append draws an item behind what is in room.
func (s *sharing) append(room []byte, item *record.Item) ([]byte, error) {
	if item.Token == "" && plain(item) {
		return s.cast(room, item)
	}
	e, err := s.entry(item)
	if err != nil {
		return room, err
	}
	err = s.pages.Render(s.page, "entry", &e, func(body []byte) error {
		room = append(room, body...)
		return nil
	})
	return room, err
}

// entry returns an item ready to be drawn.
func (s *sharing) entry(item *record.Item) (Entry, error) {
	e := draw(item, s.clock)
	known, err := s.marksOf(marksOf(item, s.clock))
	if err != nil {
		return e, err
	}
	if e.spoken() {
		if e.Face, e.Head, err = s.sign(item); err != nil {
			return e, err
		}
	}
	e.Marks = template.HTMLAttr(appendNumbers([]byte(known), item)) // a template wrote the one, and the other needs no escaping
	if e.Plain && e.Token == "" {
		whole, err := s.cast(nil, item)
		e.Whole = template.HTML(whole) // all of it is markup that templates or we have written
		return e, err
	}
	return e, nil
}

// appendNumbers appends the attributes of an entry that no other has.
func appendNumbers(to []byte, item *record.Item) []byte {
	to = strconv.AppendInt(append(to, ` id="e`...), item.Seq, 10)
	to = strconv.AppendInt(append(to, `" data-seq="`...), item.Seq, 10)
	to = strconv.AppendInt(append(to, `" data-at="`...), item.At.UnixMicro(), 10)
	return append(to, '"')
}

// marksOf returns attributes as a template has written them, into an element
// of which nothing else is used.
func (s *sharing) marksOf(m marks) (string, error) {
	if known, ok := s.marks[m]; ok {
		return known, nil
	}
	element, err := s.pages.text(s.page, "entry-marks", m)
	if err != nil {
		return "", err
	}
	known := strings.TrimSuffix(strings.TrimPrefix(element, "<li "), ">")
	s.marks[m] = known
	return known, nil
}

func (s *sharing) sign(item *record.Item) (face, head template.HTML, err error) {
	a := item.Author
	w := writer{Face: avatarClass(a), Initials: a.Initials, Picture: a.Picture, Name: a.Name, Unnamed: a.Unnamed, Tags: tagsOf(s.clock.Tongue, item)}
	for _, known := range s.writers[w.Name] {
		if known.of.is(w) {
			return known.face, known.head, nil
		}
	}
	drawnFace, err := s.pages.text(s.page, "entry-face", w)
	if err != nil {
		return "", "", err
	}
	drawnHead, err := s.pages.text(s.page, "entry-head", w)
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
	marks, day string
	face, head template.HTML
}

// A mould is a plain entry as the template draws it, cut where entries of the
// same look differ. There the template puts in what it is given as it is: it is
// markup already.
type mould []string

// cut is where a mould is cut. The templates leave it in nothing that is text.
const cut = "\x00"

// mouldOf returns the mould of entries of a look.
func (s *sharing) mouldOf(of look) (mould, error) {
	if m, ok := s.moulds[of]; ok {
		return m, nil
	}
	blank := Entry{
		Marks: template.HTMLAttr(of.marks + cut), Day: of.day, Message: true, Plain: true, Face: of.face, Head: of.head,
		Gutter: cut, Time: cut, Body: cut, Clock: s.clock,
	}
	text, err := s.pages.text(s.page, "entry-drawn", blank)
	if err != nil {
		return nil, err
	}
	m := mould(strings.Split(text, cut))
	if len(m) != places+1 {
		return nil, fmt.Errorf("the template of an entry has %d places to fill, not %d", len(m)-1, places)
	}
	s.moulds[of] = m
	return m, nil
}

// places is how many places of a mould are filled: with what no other entry has,
// the time twice, and the words.
const places = 4

// cast fills the mould of a plain entry, behind what is in room.
func (s *sharing) cast(room []byte, item *record.Item) ([]byte, error) {
	known, err := s.marksOf(marksOf(item, s.clock))
	if err != nil {
		return room, err
	}
	face, head, err := s.sign(item)
	if err != nil {
		return room, err
	}
	m, err := s.mouldOf(look{known, s.clock.Day(item.At), face, head})
	if err != nil {
		return room, err
	}
	stamp := s.clock.stamp(item.At)
	room = appendNumbers(append(room, m[0]...), item)
	room = stamp.append(append(room, m[1]...), "said-gutter")
	room = stamp.append(append(room, m[2]...), "said-time")
	room = append(append(room, m[3]...), item.Body...)
	return append(room, m[places]...), nil
}

func (p *Pages) text(page, name string, data any) (text string, err error) {
	err = p.Render(page, name, data, func(body []byte) error {
		text = string(body)
		return nil
	})
	return text, err
}
