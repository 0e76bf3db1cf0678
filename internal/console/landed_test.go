package console_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/casework"
	"caseline/internal/desk"
)

// Whoever resolves a case by keys is somewhere afterwards, and so is whoever is at a
// button of it as a colleague does.
func TestTheFocusIsSomewhereAfterACaseIsResolved(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	for _, tt := range []struct {
		name    string
		of      desk.Case
		resolve func(c desk.Case)
	}{
		{"by a key, after the chat", s.ended, func(desk.Case) { tab.Press("d") }},
		{"at the button, by a colleague", s.opened("Two at once", "We both saw it.", "T1:UBOB", desk.SeverityLow), func(c desk.Case) {
			tab.Script(`document.querySelector('.rail-open, #head button, #head summary').focus()`)
			s.join(c, s.jane)
			tab.Until(`document.querySelector('[data-key="resolve"]')`)
			tab.Script(`document.querySelector('[data-key="resolve"]').focus()`)
			if _, _, err := h.cases.Resolve(t.Context(), casework.Resolve{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(s.jane), Origin: h.origin()}); err != nil {
				t.Fatal(err)
			}
		}},
		{"by a key, in the chat", s.running, func(desk.Case) { tab.Press("d") }},
	} {
		t.Log(tt.name)
		tab.Visit(h.http.URL + "/cases/" + string(tt.of.Number))
		tab.Until(alive + ` && document.getElementById('linkstate').hidden`)
		tt.resolve(tt.of)
		tab.Until(`document.querySelector('#dialog-resolve[open]') || !document.querySelector('[data-key="resolve"]')`)
		if browsertest.Read[bool](tab, `Boolean(document.querySelector('#dialog-resolve[open]'))`) {
			tab.Press(tabKey)
			tab.Press(browsertest.Enter)
		}
		tab.Until(`!document.querySelector('[data-key="resolve"]') && !document.querySelector('dialog[open]')`)
		tab.Until(`document.activeElement !== document.body && document.activeElement.checkVisibility() && !document.activeElement.closest('dialog')`)
	}
}

// A port is the address of a server that can be stopped and started again.
type port struct {
	t       *testing.T
	to, at  string
	mu      sync.Mutex // guards what follows
	conns   map[net.Conn]bool
	ln      net.Listener
	running sync.WaitGroup
}

func newPort(t *testing.T, url string) *port {
	p := &port{t: t, to: strings.TrimPrefix(url, "http://"), at: "127.0.0.1:0", conns: map[net.Conn]bool{}}
	p.start()
	t.Cleanup(p.stop)
	return p
}

func (p *port) start() {
	p.t.Helper()
	ln, err := net.Listen("tcp", p.at)
	if err != nil {
		p.t.Fatal(err)
	}
	p.ln, p.at = ln, ln.Addr().String()
	p.running.Go(func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", p.to)
			if err != nil {
				_ = in.Close()
				continue
			}
			p.join(in, out)
		}
	})
}

// join passes on what each of two connections says.
func (p *port) join(in, out net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[in], p.conns[out] = true, true
	for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
		p.running.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			_ = in.Close()
			_ = out.Close()
		})
	}
}

// stop ends every connection and takes no more.
func (p *port) stop() {
	_ = p.ln.Close()
	p.mu.Lock()
	for c := range p.conns {
		_ = c.Close()
	}
	clear(p.conns)
	p.mu.Unlock()
	p.running.Wait()
}

// A page whose server is gone says so calmly and soon, loses no words, and goes on by
// itself when the server is back.
func TestAPageOutlivesItsServer(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	door := newPort(t, h.http.URL)
	h.http.URL = "http://" + door.at
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	tab.Until(composing + ` && document.querySelector('.presence-text').checkVisibility()`)
	const reconnects = `!document.getElementById('linkstate').hidden && document.getElementById('linkstate').textContent.startsWith('Reconnecting…')
		&& document.getElementById('linkstate').getAttribute('aria-live') === 'polite'
		&& document.querySelector('.presence-lost').checkVisibility() && !document.querySelector('.presence-text').checkVisibility()`
	door.stop()
	tab.Until(reconnects)
	tab.Press("rare you there?" + browsertest.Enter)
	tab.Until(`document.querySelector('#outbox .delivery-waiting')?.textContent.includes('Not sent yet: The server cannot be reached. Trying again.')`)
	tab.Press("half a")
	tab.Script(`document.querySelector('.presence-button').click()`)
	tab.Until(`document.getElementById('toasts').textContent === 'The server cannot be reached.' && ` + reconnects)
	door.start()
	tab.Until(`document.getElementById('linkstate').hidden && document.querySelector('.presence-text').checkVisibility()`)
	tab.Until(`document.querySelectorAll('#outbox li').length === 0 && ` + sentWords + `.at(-1) === 'are you there?' && document.getElementById('text').value === 'half a'`)

	// A form that leaves the page would lose what is typed into it.
	tab.Visit(h.http.URL + "/replies")
	tab.Until(alive)
	tab.Script(`document.querySelector('main form [name=name]').value = 'hello'; document.querySelector('main form [name=text]').value = 'Hello!'; window.here = true`)
	door.stop()
	tab.Until(reconnects)
	tab.Script(`document.querySelector('main form:has([name=text])').requestSubmit()`)
	tab.Until(`document.getElementById('toasts').textContent === 'The server cannot be reached.' && window.here && document.querySelector('main form [name=text]').value === 'Hello!'`)
	door.start()
	tab.Until(`document.getElementById('linkstate').hidden`)
	tab.Script(`document.querySelector('main form:has([name=text])').requestSubmit()`)
	tab.Until(`!window.here && document.readyState === 'complete' && document.querySelector('main').textContent.includes('Hello!')`)
}
