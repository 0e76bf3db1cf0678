package slacksim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// A wire is a client of our own at the end of a socket. It does what it is told
// and nothing else; pings are answered by the library.
type wire struct {
	ws     *websocket.Conn
	resp   *http.Response
	frames chan map[string]any // closed with the connection
	pongs  chan string
	pings  chan string
	node   bool // answers with "payload":{} always, as Node's SDK does
}

// openWith calls apps.connections.open as an SDK does: Node's with a form,
// Python's and Go's with the content type of JSON and no body.
func (s *stage) openWith(t *testing.T, token string, node bool) map[string]any {
	t.Helper()
	kind, body := "application/json; charset=utf-8", io.Reader(nil)
	if node {
		kind, body = "application/x-www-form-urlencoded", strings.NewReader("token="+token)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.sim.World.BaseURL()+"/api/apps.connections.open", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	if !node && token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return do(t, req)
}

// connect opens a socket and returns after the first frame, with it.
func (s *stage) connect(t *testing.T, node bool, query string) (*wire, map[string]any) {
	t.Helper()
	address, _ := s.openWith(t, appToken, node)["url"].(string)
	w := s.dial(t, address+query, node)
	return w, w.next(t)
}

func (s *stage) dial(t *testing.T, address string, node bool) *wire {
	t.Helper()
	d := websocket.Dialer{EnableCompression: node}
	ws, resp, err := d.DialContext(t.Context(), address, http.Header{"Origin": {"https://api.slack.com"}})
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{ws: ws, resp: resp, frames: make(chan map[string]any, 100), pings: make(chan string, 100), pongs: make(chan string, 100), node: node}
	answer := ws.PingHandler()
	ws.SetPingHandler(func(data string) error { w.pings <- data; return answer(data) })
	ws.SetPongHandler(func(data string) error { w.pongs <- data; return nil })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(w.frames)
		for {
			_, raw, err := ws.ReadMessage()
			if err != nil {
				return
			}
			var f map[string]any
			if err := json.Unmarshal(raw, &f); err != nil {
				t.Error(err)
			}
			w.frames <- f
		}
	}()
	t.Cleanup(func() { ws.Close(); <-ended })
	return w
}

// next is the next frame, or nil when the connection is gone.
func (w *wire) next(t *testing.T) map[string]any {
	t.Helper()
	select {
	case f := <-w.frames:
		return f
	case <-time.After(10 * time.Second):
		t.Fatal("no frame came")
		return nil
	}
}

// text is what the message in an event's envelope says.
func text(f map[string]any) string {
	payload, _ := f["payload"].(map[string]any)
	event, _ := payload["event"].(map[string]any)
	out, _ := event["text"].(string)
	return out
}

// ack answers an envelope, with a payload unless it is nil.
func (w *wire) ack(t *testing.T, f map[string]any, payload any) {
	t.Helper()
	answer := map[string]any{"envelope_id": f["envelope_id"]}
	switch {
	case payload != nil:
		answer["payload"] = payload
	case w.node:
		answer["payload"] = map[string]any{}
	}
	if err := w.ws.WriteJSON(answer); err != nil {
		t.Error(err)
	}
}

// hears reads the next frame, which must be an event that says this, and
// answers it.
func (w *wire) hears(t *testing.T, want string) map[string]any {
	t.Helper()
	f := w.next(t)
	if got := text(f); got != want {
		t.Fatalf("heard %q in %v, want %q", got, f, want)
	}
	w.ack(t, f, nil)
	return f
}

// isTold reads the next frame, which must be a disconnect for this reason.
func (w *wire) isTold(t *testing.T, reason string) {
	t.Helper()
	f := w.next(t)
	if f["type"] != "disconnect" || f["reason"] != reason || f["debug_info"].(map[string]any)["host"] == "" {
		t.Fatalf("got %v, want to be told %s", f, reason)
	}
}

// ends wants the connection to be closed now.
func (w *wire) ends(t *testing.T) {
	t.Helper()
	if f := w.next(t); f != nil {
		t.Fatalf("still open: %v", f)
	}
}
