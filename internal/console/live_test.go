package console_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/casework"
	"caseline/internal/console"
	"caseline/internal/desk"
)

// A wire is what is between a browser and the house. It can lose what streams say
// without either side being told, as when a laptop has slept.
type wire struct {
	ln   net.Listener
	to   string
	open sync.WaitGroup

	mu      sync.Mutex     // guards what follows, for one look or one write
	streams []*atomic.Bool // of each, whether it is silent
}

func newWire(t *testing.T, h *house) *wire {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{ln: ln, to: strings.TrimPrefix(h.http.URL, "http://")}
	w.open.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			w.open.Go(func() { w.carry(conn) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		h.server.EndStreams()
		h.http.CloseClientConnections()
		w.open.Wait()
	})
	return w
}

func (w *wire) url() string { return "http://" + w.ln.Addr().String() }

// cut has the streams that there are die in silence.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, silent := range w.streams {
		silent.Store(true)
	}
}

func (w *wire) carry(near net.Conn) {
	defer near.Close()
	far, err := new(net.Dialer).Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer far.Close()
	var silent atomic.Bool
	var back sync.WaitGroup
	back.Go(func() {
		defer near.Close()
		room := make([]byte, 32<<10)
		for {
			n, err := far.Read(room)
			if silent.Load() {
				n = 0
			}
			if n > 0 {
				if _, failed := near.Write(room[:n]); failed != nil {
					return
				}
			}
			if err != nil {
				return
			}
		}
	})
	room := make([]byte, 32<<10)
	for {
		n, err := near.Read(room)
		if bytes.HasPrefix(room[:n], []byte("GET /events")) {
			w.mu.Lock()
			w.streams = append(w.streams, &silent)
			w.mu.Unlock()
		}
		if n > 0 {
			if _, failed := far.Write(room[:n]); failed != nil {
				break
			}
		}
		if err != nil {
			break
		}
	}
	far.Close()
	back.Wait()
}

func atBeat(d time.Duration) func(*console.Options) {
	return func(o *console.Options) { o.Beat = d }
}

// live waits until the page's stream has begun.
const live = `document.querySelector('#linkstate[hidden]') && performance.getEntriesByType('resource').some((r) => r.name.endsWith('/worklist?case=' + document.body.dataset.case))`

// A stream that says nothing any more is begun anew, without anybody's being told
// that its connection is dead, and what happened meanwhile is there.
func TestAStreamThatDiedInSilenceIsBegunAnew(t *testing.T) {
	h := newHouse(t, atBeat(300*time.Millisecond))
	s := fill(h)
	w := newWire(t, h)
	tab := browsertest.Open(t).Tab("console")
	tab.Visit(w.url() + "/login")
	tab.Type("input[name=email]", "jane@example.com")
	tab.Type("input[name=password]", password+browsertest.Enter)
	tab.Until(`location.pathname === '/' && document.readyState === 'complete'`)
	tab.Visit(w.url() + "/cases/" + string(s.running.Number))
	tab.Until(live)
	h.say(s.running, "T1:UALICE", "before the sleep")
	tab.Sees("#log", "before the sleep")
	w.cut()
	h.say(s.running, "T1:UALICE", "during the sleep")
	tab.Sees("#log", "during the sleep")
	h.say(s.running, "T1:UALICE", "after the sleep")
	tab.Sees("#log", "after the sleep")
}

// Behind a proxy that holds back what it is given until there is no more, a page
// asks by itself.
func TestAPageBehindAProxyThatHoldsBack(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	to, err := url.Parse(h.http.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(res *http.Response) error {
		if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
			if res.Header.Get("X-Accel-Buffering") != "no" || !strings.Contains(res.Header.Get("Cache-Control"), "no-transform") {
				t.Errorf("nothing asks proxies to pass the stream on: %v", res.Header)
			}
			whole, _ := io.ReadAll(res.Body) // until the stream ends
			res.Body = io.NopCloser(bytes.NewReader(whole))
		}
		return nil
	}
	front := &http.Server{Handler: proxy, ReadHeaderTimeout: time.Minute}
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = front.Serve(ln) })
	t.Cleanup(func() {
		h.server.EndStreams()
		front.Close()
		serving.Wait()
	})
	base := "http://" + ln.Addr().String()
	tab := browsertest.Open(t).Tab("console")
	tab.Visit(base + "/login")
	tab.Type("input[name=email]", "jane@example.com")
	tab.Type("input[name=password]", password+browsertest.Enter)
	tab.Until(`location.pathname === '/' && document.readyState === 'complete'`)
	tab.Visit(base + "/cases/" + string(s.running.Number))
	h.say(s.running, "T1:UALICE", "held back by nobody")
	tab.Sees("#log", "held back by nobody")
}

// Browsers that lose a server do not come back all at once.
func TestBrowsersComeBackSpread(t *testing.T) {
	h := newHouse(t)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	b := h.signedIn("jane@example.com")
	waits := map[int]bool{}
	for range 60 {
		res, err := b.client.Get(h.http.URL + "/events")
		if err != nil {
			t.Fatal(err)
		}
		head := make([]byte, 64)
		if _, err := io.ReadAtLeast(res.Body, head, 12); err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		text, _, _ := strings.Cut(strings.TrimPrefix(string(head), "retry: "), "\n")
		ms, err := strconv.Atoi(text)
		if err != nil || ms < 1000 || ms >= 4000 {
			t.Fatalf("got %q", head)
		}
		waits[ms/300] = true
	}
	if len(waits) < 6 {
		t.Errorf("60 browsers come back in %d moments", len(waits))
	}
}

// Who is signed out is told so, and it stays said.
func TestAPageSaysThatItsReaderIsSignedOut(t *testing.T) {
	h := newHouse(t, atBeat(200*time.Millisecond))
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	tab.Script(`fetch('/logout', { method: 'POST', redirect: 'manual' })`)
	tab.Sees("#linkstate", "You are signed out.")
	tab.Until(`document.querySelector('#linkstate a').getAttribute('href') === '/login?next=%2Fcases%2F` + string(s.running.Number) + `'`)
}

// Jane is told of words in her chat while she looks elsewhere: once, by one tab,
// and not where a tab shows them or she wants none of it.
func TestWhatHappensElsewhereIsTold(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	b := browsertest.Open(t)
	first, second := b.Tab("first"), b.Tab("second")
	signIn(first, h, "jane@example.com")
	const stub = `window.told = []; window.Notification = class { static permission = 'granted'; constructor(title, o) { window.told.push(title + '|' + o.body); } };
		localStorage.setItem('notify', 'true');`
	const away = `Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' }); document.hasFocus = () => false;`
	running := h.http.URL + "/cases/" + string(s.running.Number)
	first.Visit(running)
	first.Script(stub + away)
	first.Until(live)
	h.say(s.running, "T1:UALICE", "are you there?")
	first.Until(`window.told.length > 0`)
	if got := browsertest.Read[[]string](first, "window.told"); len(got) != 1 || !strings.HasSuffix(got[0], " has written.|"+s.running.Subject) {
		t.Errorf("got %q", got)
	}
	h.opened("One more", "Please.", "T1:UEMI", desk.SeverityLow)
	first.Until(`window.told.length === 2 && window.told[1].startsWith('Somebody is waiting')`)

	second.Visit(running) // in sight
	second.Script(stub)
	second.Until(live)
	h.say(s.running, "T1:UALICE", "hello?")
	second.Sees("#log", "hello?")
	h.opened("Another one", "Please.", "T1:UEMI", desk.SeverityLow)
	second.Until(`document.getElementById('worklist').textContent.includes('Another one')`)
	second.Script(away)
	h.say(s.running, "T1:UALICE", "still there?")
	first.Until(`window.told.length > 2`)
	if got := browsertest.Read[[]string](first, "window.told"); len(got) != 3 {
		t.Errorf("a tab that shows it was there: got %q", got)
	}
	if got := browsertest.Read[[]string](second, "window.told"); len(got) != 0 {
		t.Errorf("two tabs tell: got %q", got)
	}

	second.Visit(h.http.URL + "/favicon.ico")
	h.signedIn("jane@example.com").post("/me/notifications", url.Values{"of": {"queue"}})
	first.Reload()
	first.Script(stub + away)
	first.Until(live)
	h.say(s.running, "T1:UALICE", "unheard")
	first.Sees("#log", "unheard")
	h.opened("The last", "Please.", "T1:UEMI", desk.SeverityLow)
	first.Until(`window.told.length > 0`)
	for _, text := range browsertest.Read[[]string](first, "window.told") {
		if !strings.HasPrefix(text, "Somebody is waiting") {
			t.Errorf("got %q, which she does not want", text)
		}
	}
}

// An offer and a mention are told while the page is hidden, once each, and lead to
// where they are answered.
func TestOffersAndMentionsAreTold(t *testing.T) {
	h := newHouse(t, func(o *console.Options) { o.Beat = 50e6 })
	s := fill(h)
	jane := h.agent("jane.doe@example.com", "Nora Lind", desk.RoleAgent)
	omar := h.agent("omar.h@example.com", "Omar Haddad", desk.RoleAgent)
	tab := browsertest.Open(t).Tab("nora")
	signIn(tab, h, "jane.doe@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(s.watched.Number))
	tab.Script(`window.told = []; window.Notification = class { static permission = 'granted'; constructor(title, o) { window.told.push(title + '|' + o.tag); } };
		localStorage.setItem('notify', 'true');
		Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' }); document.hasFocus = () => false;`)
	tab.Until(live)
	err := h.cases.Note(t.Context(), casework.Note{Case: s.running.ID, Agent: omar, Text: "@Nora Lind, look", Named: []desk.AgentID{jane.ID}, Origin: h.origin()})
	if err != nil {
		t.Fatal(err)
	}
	tab.Until(`window.told.length > 0`)
	if got := browsertest.Read[[]string](tab, "window.told"); len(got) != 1 || !strings.HasPrefix(got[0], "A colleague names you in a note.|note "+string(s.running.ID)+"@") {
		t.Errorf("a mention: got %q", got)
	}
	h.online(jane)
	h.offers()
	tab.Until(`window.told.some((x) => x.startsWith('A chat is offered to you: '))`)
	h.say(s.running, "T1:UALICE", "More words, so that the lists are read again.")
	tab.Until(`document.querySelector('.offer')`)
	seen := map[string]int{}
	for _, text := range browsertest.Read[[]string](tab, "window.told") {
		if seen[text]++; seen[text] > 1 {
			t.Errorf("told twice: %q", text)
		}
	}
}
