package socket_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"caseline/internal/slack"
	"caseline/internal/slack/api"
	"caseline/internal/slack/socket"
	"caseline/internal/slack/wire"
)

// A pipes is a network inside this process, so that time can be virtual.
type pipes struct {
	ends   chan net.Conn
	closed chan struct{}
	once   sync.Once

	mu     sync.Mutex // guards the rest
	down   bool       // nobody gets through
	frames []byte     // the first byte of each frame that our client sent
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.ends:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return nil, errors.New("network is unreachable")
	}
	ours, slacks := net.Pipe()
	p.ends <- slacks
	return &watched{Conn: ours, net: p}, nil
}

// watched notes how what is written begins: a frame is written at once.
type watched struct {
	net.Conn
	net *pipes
}

func (w *watched) Write(b []byte) (int, error) {
	w.net.mu.Lock()
	w.net.frames = append(w.net.frames, b[0])
	w.net.mu.Unlock()
	return w.Conn.Write(b)
}

// A fake is Slack's side of Socket Mode: real HTTP, real WebSockets.
type fake struct {
	t   *testing.T
	net *pipes

	mu      sync.Mutex // guards the rest
	opens   []time.Time
	refuse  func(http.ResponseWriter) bool // answers apps.connections.open instead
	greet   func(*end)                     // says hello; nil for the right count
	tickets map[string]bool
	ends    []*end // all there were, in order
	token   string // that the last call had
}

// An end is Slack's end of one connection.
type end struct {
	f    *fake
	ws   *websocket.Conn
	born time.Time

	going atomic.Bool // Slack sends nothing more there

	mu     sync.Mutex // guards the rest
	acks   map[string]json.RawMessage
	order  []string // of acks
	pings  int
	mute   bool  // pings are not answered
	gone   error // how it ended; nil while it has not
	ended  time.Time
	pongs  []string
	writes sync.Mutex // one writer
}

// start returns a Slack, and a client of it that runs until the test ends. It
// must be called in a bubble.
func start(t *testing.T, intake socket.Intake, change ...func(*socket.Options)) (*fake, *socket.Client) {
	t.Helper()
	f := newFake(t)
	c := f.client(intake, change...)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
	return f, c
}

func newFake(t *testing.T) *fake {
	f := &fake{t: t, net: &pipes{ends: make(chan net.Conn, 100), closed: make(chan struct{})}, tickets: map[string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/apps.connections.open", f.open)
	mux.HandleFunc("GET /link/", f.link)
	server := &http.Server{Handler: mux, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(f.net)
	}()
	t.Cleanup(func() {
		server.Close()
		<-served
		for _, e := range f.all() {
			e.ws.Close()
		}
	})
	return f
}

func (f *fake) client(intake socket.Intake, change ...func(*socket.Options)) *socket.Client {
	web, err := api.New("xapp-1-secret", api.Options{
		BaseURL: "http://127.0.0.1/api/", Transport: &http.Transport{DialContext: f.net.dial, DisableKeepAlives: true},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	o := socket.Options{Log: slog.New(slog.NewTextHandler(f.t.Output(), nil)), Dial: f.net.dial}
	for _, c := range change {
		c(&o)
	}
	return socket.New(slack.OpenSocket(web), intake, o)
}

func (f *fake) open(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.token = r.Header.Get("Authorization")
	f.opens = append(f.opens, time.Now())
	if f.refuse != nil && f.refuse(w) {
		return
	}
	ticket := fmt.Sprint(len(f.opens))
	f.tickets[ticket] = true
	fmt.Fprintf(w, `{"ok":true,"url":"ws://127.0.0.1/link/?ticket=%s&app_id=A1"}`, ticket)
}

func (f *fake) link(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	ticket := r.URL.Query().Get("ticket")
	good := f.tickets[ticket]
	delete(f.tickets, ticket) // it is good once
	greet := f.greet
	f.mu.Unlock()
	if !good {
		http.Error(w, "no such ticket", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	e := &end{f: f, ws: ws, born: time.Now(), acks: map[string]json.RawMessage{}}
	f.mu.Lock()
	f.ends = append(f.ends, e)
	f.mu.Unlock()
	if greet == nil {
		e.hello(len(f.current()))
	} else {
		greet(e)
	}
	e.read()
}

// read reads until the connection ends.
func (e *end) read() {
	e.ws.SetPingHandler(func(data string) error {
		e.mu.Lock()
		e.pings++
		mute := e.mute
		e.mu.Unlock()
		if mute {
			return nil
		}
		return e.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	e.ws.SetPongHandler(func(data string) error {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.pongs = append(e.pongs, data)
		return nil
	})
	for {
		_, raw, err := e.ws.ReadMessage()
		if err != nil {
			e.ws.Close()
			e.mu.Lock()
			e.gone, e.ended = err, time.Now()
			e.mu.Unlock()
			return
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(raw, &ack); err != nil {
			e.f.t.Errorf("an ack is no JSON: %q", raw)
			continue
		}
		if len(raw) >= 20_480 {
			continue // as Slack does, silently
		}
		e.mu.Lock()
		if _, twice := e.acks[ack.ID]; twice {
			e.f.t.Errorf("%s is acked twice", ack.ID)
		}
		e.acks[ack.ID] = ack.Payload
		e.order = append(e.order, ack.ID)
		e.mu.Unlock()
	}
}

// all are all ends there were.
func (f *fake) all() []*end {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]*end(nil), f.ends...)
}

// current are those that have not ended.
func (f *fake) current() []*end {
	var open []*end
	for _, e := range f.all() {
		if !e.closed() {
			open = append(open, e)
		}
	}
	return open
}

func (f *fake) opened() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.opens)
}

func (f *fake) refusing(how func(http.ResponseWriter) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refuse = how
}

func (f *fake) greeting(how func(*end)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.greet = how
}

func (p *pipes) cut(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// send sends a frame, unless the connection has ended.
func (e *end) send(frame string) {
	e.writes.Lock()
	defer e.writes.Unlock()
	_ = e.ws.WriteMessage(websocket.TextMessage, []byte(frame))
}

func (e *end) hello(n int) {
	e.send(fmt.Sprintf(`{"type":"hello","num_connections":%d,"debug_info":{"host":"applink-1"},"connection_info":{"app_id":"A1"}}`, n))
}

func (e *end) goodbye(reason string) {
	e.send(fmt.Sprintf(`{"type":"disconnect","reason":%q,"debug_info":{"host":"applink-1"}}`, reason))
}

func (e *end) event(id, channel string, retry int) {
	e.send(fmt.Sprintf(`{"envelope_id":%q,"type":"events_api","accepts_response_payload":false,"retry_attempt":%d,"retry_reason":"","payload":%s}`, id, retry, event(id, channel)))
}

func event(id, channel string) string {
	return fmt.Sprintf(`{"type":"event_callback","team_id":"T1","event_id":%q,"event":{"type":"message","channel":%q,"ts":"1.2","user":"U1","text":"a <b> & c"}}`, id, channel)
}

func (e *end) command(id, text string) {
	e.send(fmt.Sprintf(`{"envelope_id":%q,"type":"slash_commands","accepts_response_payload":true,"payload":{"command":"/support","text":%q,"is_enterprise_install":"false"}}`, id, text))
}

func (e *end) acked(id string) (payload string, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	raw, ok := e.acks[id]
	return string(raw), ok
}

func (e *end) closed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.gone != nil
}

// An intake keeps what it is given. What it is asked can be answered, held or
// failed.
type intake struct {
	mu     sync.Mutex // guards the rest
	events []string   // ids
	bodies []string
	tries  []int
	fail   error
	hold   map[string]chan struct{} // by event id or command text: waits for it, or for the context
	answer func(text string) socket.Answer
	asked  []wire.Interaction
}

func (in *intake) wait(ctx context.Context, id string) error {
	in.mu.Lock()
	hold := in.hold[id]
	in.mu.Unlock()
	if hold == nil {
		return nil
	}
	select {
	case <-hold:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (in *intake) Event(ctx context.Context, body []byte, retry int) error {
	p, err := wire.Peek(body)
	if err != nil {
		return nil
	}
	if strings.HasPrefix(p.EventID, "panic") {
		panic("a bug")
	}
	if err := in.wait(ctx, p.EventID); err != nil {
		return err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.fail != nil {
		return in.fail
	}
	in.events, in.tries, in.bodies = append(in.events, p.EventID), append(in.tries, retry), append(in.bodies, string(body))
	return nil
}

func (in *intake) Command(ctx context.Context, s wire.Slash) socket.Answer {
	if in.wait(ctx, s.Text) != nil || in.answer == nil {
		return socket.Answer{}
	}
	return in.answer(s.Text)
}

func (in *intake) Interaction(_ context.Context, i wire.Interaction) socket.Answer {
	in.mu.Lock()
	in.asked = append(in.asked, i)
	in.mu.Unlock()
	if in.answer == nil {
		return socket.Answer{}
	}
	return in.answer(i.Typed)
}

func (in *intake) kept() []string {
	in.mu.Lock()
	defer in.mu.Unlock()
	return append([]string(nil), in.events...)
}

// holds has an event or a command wait until the returned function is called.
func (in *intake) holds(id string) (release func()) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.hold == nil {
		in.hold = map[string]chan struct{}{}
	}
	ch := make(chan struct{})
	in.hold[id] = ch
	return sync.OnceFunc(func() { close(ch) })
}

// missed counts what the client says of gaps.
type missed struct {
	mu sync.Mutex // guards n
	n  int
}

func (m *missed) option(o *socket.Options) {
	o.Missed = func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.n++
	}
}

func (m *missed) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n
}

// one has a client hold one connection.
func one(o *socket.Options) { o.Connections = 1 }

// pass lets time go by.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// random is seeded, so that a failure can be had again.
func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }
