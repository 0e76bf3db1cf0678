package console_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"caseline/internal/console"
	"caseline/internal/desk"
)

// A listener reads a live stream.
type listener struct {
	t      *testing.T
	events chan event
	cancel context.CancelFunc
	header http.Header
}

type event struct{ id, name, data string }

func (b *browser) listen(t *testing.T) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.h.http.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	res, err := b.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("got %d", res.StatusCode)
	}
	l := &listener{t: t, events: make(chan event, 1000), cancel: cancel, header: res.Header}
	go func() {
		defer close(l.events)
		defer res.Body.Close()
		lines, one := bufio.NewScanner(res.Body), event{}
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ":")
			switch value = strings.TrimPrefix(value, " "); name {
			case "id":
				one.id = value
			case "event":
				one.name = value
			case "data":
				one.data = value
			case "":
				if value != "" {
					one.name = "comment"
				}
				if one.name != "" {
					l.events <- one
				}
				one = event{}
			}
		}
	}()
	return l
}

// next waits for the next event with a name; ok is false when the stream has
// ended.
func (l *listener) next(name string) (e event, ok bool) {
	l.t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	for {
		select {
		case e, ok := <-l.events:
			if !ok || e.name == name {
				return e, ok
			}
		case <-deadline.C:
			l.t.Fatalf("no %s in time", name)
		}
	}
}

// nextOf waits for a change of a case.
func (l *listener) nextOf(id desk.CaseID) (seq int64) {
	l.t.Helper()
	for {
		e, ok := l.next("change")
		if !ok {
			l.t.Fatal("the stream ended")
		}
		var change struct {
			Cases []struct {
				Case desk.CaseID
				Seq  int64
			}
		}
		if err := json.Unmarshal([]byte(e.data), &change); err != nil {
			l.t.Fatal(err)
		}
		for _, c := range change.Cases {
			if c.Case == id {
				return c.Seq
			}
		}
	}
}

func TestStreamSaysWhatChanged(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("Secret subject", "Secret words", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	l := h.signedIn("jane@example.com").listen(t)
	if kind := l.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/event-stream") {
		t.Errorf("got type %q", kind)
	}
	hello, _ := l.next("hello")
	if hello.id == "" {
		t.Error("the event has no id")
	}
	h.say(c, "T1:UALICE", "Secret message")
	want := h.get(c.ID).LastSeq
	for seq := int64(0); seq < want; {
		seq = l.nextOf(c.ID)
	}
	// Nothing of the content is on the stream.
	h.say(c, "T1:UALICE", "Secret again")
	if e, _ := l.next("change"); strings.Contains(e.data, "ecret") || strings.Contains(e.data, "Alice") {
		t.Errorf("the stream has content: %s", e.data)
	}
	if err := h.cases.SetPresence(t.Context(), jane.ID, desk.Online); err != nil {
		t.Fatal(err)
	}
	for {
		if e, ok := l.next("change"); !ok || strings.Contains(e.data, `"agents":true`) {
			break
		}
	}
}

// What happens between two streams is fetched after the hello.
func TestReconnectLeavesNoGap(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	b := h.signedIn("jane@example.com")
	l := b.listen(t)
	l.next("hello")
	seen := b.log(c, 0).Seq
	l.cancel()
	h.say(c, "T1:UALICE", "while nobody listened")
	l = b.listen(t)
	l.next("hello")
	news := b.log(c, seen)
	if len(news.Items) != 1 || !strings.Contains(news.Items[0].HTML, "while nobody listened") {
		t.Errorf("got %v", news.seqs())
	}
	h.say(c, "T1:UALICE", "and on")
	for seq := news.Seq; seq < news.Seq+1; {
		seq = l.nextOf(c.ID) // what was missed may be told first
	}
}

func TestIdleStreamBeatsAndEndsWithTheSignIn(t *testing.T) {
	h := newHouse(t, func(o *console.Options) { o.Beat = 20 * time.Millisecond })
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	l := h.signedIn("jane@example.com").listen(t)
	l.next("hello")
	if _, ok := l.next("beat"); !ok {
		t.Fatal("no beat")
	}
	if err := h.auth.SetPassword(t.Context(), desk.ByItself(), "jane@example.com", "another long password"); err != nil {
		t.Fatal(err)
	}
	if e, ok := l.next("none"); ok {
		t.Errorf("got %v, want the end", e)
	}
}

// A stream that always has something to tell ends with the sign-in all the same.
func TestBusyStreamEndsWithTheSignIn(t *testing.T) {
	h := newHouse(t, func(o *console.Options) { o.Beat = 50 * time.Millisecond })
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	l := h.signedIn("jane@example.com").listen(t)
	l.next("hello")
	if err := h.auth.SetPassword(t.Context(), desk.ByItself(), "jane@example.com", "another long password"); err != nil {
		t.Fatal(err)
	}
	late := time.After(20 * time.Second)
	for {
		h.say(c, "T1:UALICE", "and another thing")
		select {
		case _, ok := <-l.events:
			if !ok {
				return
			}
		case <-late:
			t.Fatal("the stream goes on")
		}
	}
}

func TestStreamsEndWhenTheServerStops(t *testing.T) {
	h := newHouse(t)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	b := h.signedIn("jane@example.com")
	l := b.listen(t)
	l.next("hello")
	h.server.EndStreams()
	if _, ok := l.next("none"); ok {
		t.Error("the stream goes on")
	}
	if got := b.get("/events", "Accept", "text/event-stream"); got.status != http.StatusConflict {
		t.Errorf("a new stream: got %d, want a refusal", got.status)
	}
	waitFor(t, func() bool { return console.Streams(h.server) == 0 })
}

// A browser that does not read holds up nobody and is dropped.
func TestSlowReaderIsDropped(t *testing.T) {
	h := newHouse(t, func(o *console.Options) { o.Patience = 100 * time.Millisecond })
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	narrow := httptest.NewUnstartedServer(h.server.Handler())
	narrow.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		if err := conn.(*net.TCPConn).SetWriteBuffer(4096); err != nil {
			t.Error(err)
		}
		return ctx
	}
	narrow.Start()
	t.Cleanup(narrow.Close)
	b := h.signedIn("jane@example.com")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.http.URL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	cookies := b.client.Jar.Cookies(req.URL)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", narrow.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	ask := "GET /events HTTP/1.1\r\nHost: x\r\nCookie: " + cookies[0].Name + "=" + cookies[0].Value + "\r\n\r\n"
	if _, err := conn.Write([]byte(ask)); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return console.Streams(h.server) == 1 })
	quick := b.listen(t)
	quick.next("hello")
	waitFor(t, func() bool {
		h.say(c, "T1:UALICE", "more")
		quick.nextOf(c.ID)
		return console.Streams(h.server) == 1 // only the quick one is left
	})
}

// waitFor waits until a state is reached.
func waitFor(t *testing.T, reached func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !reached() {
		select {
		case <-ctx.Done():
			t.Fatal("the state was never reached")
		case <-tick.C:
		}
	}
}
