package drawn

import (
	"crypto/rand"
	"fmt"
	"html/template"
	"strings"
	"sync"
)

// A Memo keeps what was drawn for things that look the same when they are shown
// again, but for what is filled in each time. It keeps some and begins anew.
type Memo[K comparable] struct {
	// Cut stands in a thing where something is filled in. Nobody who writes what
	// pages show can know it, and no template changes it.
	Cut string

	most int

	mu    sync.Mutex // guards what follows, for map operations only
	drawn map[K][]string
}

// NewMemo returns a Memo of up to most things.
func NewMemo[K comparable](most int) *Memo[K] {
	return &Memo[K]{Cut: rand.Text(), most: most, drawn: make(map[K][]string)}
}

// Draw writes what a page's template of a name makes of k, with fills in place of
// its cuts, in the template's order.
func (m *Memo[K]) Draw(w *strings.Builder, p *Pages, page, name string, k K, fills ...string) error {
	pieces, err := m.pieces(p, page, name, k)
	if err != nil {
		return err
	}
	if len(pieces) != len(fills)+1 {
		return fmt.Errorf("%s has %d places to fill, not %d", name, len(pieces)-1, len(fills))
	}
	w.WriteString(pieces[0])
	for i, f := range fills {
		w.WriteString(template.HTMLEscapeString(f))
		w.WriteString(pieces[i+1])
	}
	return nil
}

func (m *Memo[K]) pieces(p *Pages, page, name string, k K) ([]string, error) {
	m.mu.Lock()
	known, ok := m.drawn[k]
	m.mu.Unlock()
	if ok {
		return known, nil
	}
	text, err := p.text(page, name, k)
	if err != nil {
		return nil, err
	}
	known = strings.Split(text, m.Cut)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.drawn) >= m.most {
		clear(m.drawn)
	}
	m.drawn[k] = known
	return known, nil
}
