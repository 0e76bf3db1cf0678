package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"caseline/internal/catalogue"
	"caseline/internal/config"
)

// A bridge stands where the server was and carries over sockets what the
// simulated Slack sends there by HTTP. All else goes to the server itself.
type bridge struct {
	h      *house
	server *httputil.ReverseProxy
	direct string // the server's own address

	mu    sync.Mutex // guards the rest, and is held for one frame
	socks []*websocket.Conn
	acks  map[string]chan json.RawMessage
	sent  int
	off   bool

	moments int // views that say that more is coming
}

// bySocket starts the server anew, to hear of Slack by Socket Mode only.
func (h *house) bySocket() *bridge {
	h.Helper()
	h.stopApp()
	appLn := listen(h.T)
	target := &url.URL{Scheme: "http", Host: appLn.Addr().String()}
	b := &bridge{h: h, server: httputil.NewSingleHostReverseProxy(target), direct: target.String(), acks: map[string]chan json.RawMessage{}}
	b.server.FlushInterval = -1
	ln, err := new(net.ListenConfig).Listen(h.ctx, "tcp", h.cfg.Listen)
	h.must(err)
	server := &http.Server{Handler: b, ReadHeaderTimeout: patience}
	h.runs("bridge", func(context.Context) error { return server.Serve(ln) }, func() { server.Close() })
	h.listens = func() net.Listener { return appLn }
	h.reaches = b
	h.cfg.Slack.SigningSecrets, h.cfg.Slack.AppToken = nil, config.NewSecret("xapp-1-A0CASELINE-1-test")
	h.startApp()
	h.Cleanup(h.stopApp)
	h.until("two connections", func() bool { return strings.Contains(h.get(b.direct+"/readyz"), `"connections":2`) })
	h.jane = h.signIn(janeEmail)
	return b
}

// RoundTrip lets calls through to the simulated Slack, which knows nothing of
// sockets.
func (b *bridge) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/apps.connections.open") {
		return http.DefaultTransport.RoundTrip(r)
	}
	answer := fmt.Sprintf(`{"ok":true,"url":"ws%s/link"}`, strings.TrimPrefix(b.h.url, "http"))
	if r.Header.Get("Authorization") != "Bearer xapp-1-A0CASELINE-1-test" {
		answer = `{"ok":false,"error":"not_allowed_token_type"}`
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

func (b *bridge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/link":
		b.link(w, r)
	case strings.HasPrefix(r.URL.Path, "/slack/"):
		b.carry(w, r)
	default:
		b.server.ServeHTTP(w, r)
	}
}

func (b *bridge) link(w http.ResponseWriter, r *http.Request) {
	ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	b.mu.Lock()
	b.socks = append(b.socks, ws)
	hello := fmt.Sprintf(`{"type":"hello","num_connections":%d}`, len(b.socks))
	if b.off {
		hello = `{"type":"disconnect","reason":"link_disabled"}`
	}
	err = ws.WriteMessage(websocket.TextMessage, []byte(hello))
	b.mu.Unlock()
	for err == nil {
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		var raw []byte
		if _, raw, err = ws.ReadMessage(); err == nil && len(raw) < 20_480 { // as Slack drops what is larger
			err = json.Unmarshal(raw, &ack)
			b.mu.Lock()
			if strings.Contains(string(ack.Payload), "One moment.") {
				b.moments++
			}
			answer, waits := b.acks[ack.ID]
			delete(b.acks, ack.ID)
			b.mu.Unlock()
			if waits {
				answer <- ack.Payload
			}
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, other := range b.socks {
		if other == ws {
			b.socks = append(b.socks[:i], b.socks[i+1:]...)
			break
		}
	}
}

// carry sends a request as an envelope by any of the sockets, and answers with
// what is in the ack.
func (b *bridge) carry(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	kind, payload := "events_api", json.RawMessage(body)
	if form, err := url.ParseQuery(string(body)); err == nil && !strings.HasSuffix(r.URL.Path, "/events") {
		kind, payload = "interactive", json.RawMessage(form.Get("payload"))
		if form.Has("command") {
			fields := map[string]string{}
			for name := range form {
				fields[name] = form.Get(name)
			}
			kind = "slash_commands"
			payload, _ = json.Marshal(fields) // text can always be
		}
	}
	answer, err := b.send(kind, payload)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	select {
	case a := <-answer:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(a)
	case <-r.Context().Done(): // Slack waits no longer
	}
}

func (b *bridge) send(kind string, payload json.RawMessage) (chan json.RawMessage, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.socks) == 0 {
		return nil, errors.New("no connection")
	}
	b.sent++
	id := fmt.Sprint("envelope-", b.sent)
	b.acks[id] = make(chan json.RawMessage, 1)
	return b.acks[id], b.socks[rand.IntN(len(b.socks))].WriteJSON(map[string]any{
		"envelope_id": id, "type": kind, "payload": payload, "accepts_response_payload": kind != "events_api",
	})
}

// tell says goodbye on every connection.
func (b *bridge) tell(reason string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ws := range b.socks {
		_ = ws.WriteJSON(map[string]string{"type": "disconnect", "reason": reason})
	}
}

// get returns what a page says.
func (h *house) get(address string) string {
	h.Helper()
	r, err := http.NewRequestWithContext(h.ctx, http.MethodGet, address, nil)
	h.must(err)
	resp, err := http.DefaultClient.Do(r)
	h.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	h.must(err)
	return string(body)
}

func TestEdge_ACaseGoesItsWayBySocketMode(t *testing.T) {
	each(t, func(h *house) {
		b := h.bySocket()
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "it hangs at step 3 & waits")
		h.must(h.jane.Reply(h.ctx, c.number, "by-socket", "Looking now."))
		c.says("Looking now.")
		b.tell("refresh_requested") // on both at once
		for i := range 20 {
			c.post(h.alice, fmt.Sprint("line ", i))
		}
		want := []string{"it hangs at step 3 & waits", "Looking now."}
		for i := range 20 {
			want = append(want, fmt.Sprint("line ", i))
		}
		c.recorded(want...)
		if answer, err := c.ch.Command(h.ctx, h.alice, "/support status"); err != nil || !strings.Contains(answer.Text(), c.number) {
			t.Errorf("status: got %q, %v", answer.Text(), err)
		}
		if page := h.get(b.direct + "/slack/events"); !strings.Contains(page, "Socket Mode") {
			t.Errorf("asked by HTTP it says %q", page)
		}
	})
}

func TestEdge_SocketModeSwitchedOffIsSaid(t *testing.T) {
	each(t, func(h *house) {
		b := h.bySocket()
		h.banner("")
		b.mu.Lock()
		b.off = true
		b.mu.Unlock()
		b.tell("link_disabled")
		h.banner("Socket Mode is switched off in the settings of the app in Slack.")
		if page := h.get(b.direct + "/readyz"); !strings.Contains(page, `"connections":0`) || !strings.Contains(page, `"reason":"link_disabled"`) || !strings.Contains(page, `"status":"ok"`) {
			t.Errorf("/readyz says %s", page)
		}
		begun := time.Now()
		h.stopApp()
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("stopping took %v", took)
		}
	})
}

// A form whose next step does not fit into an ack, for it has a menu of a hundred
// long names, has its next step all the same.
func TestEdge_ALargeFormComesBySocketMode(t *testing.T) {
	each(t, func(h *house) {
		const english = "languages:\n  - {code: en, name: English}\n"
		languages := english
		for i := range 99 {
			languages += fmt.Sprintf("  - {code: l%d, name: %s%d}\n", i, strings.Repeat("ü", 70), i)
		}
		h.cfg.Catalogue.File = filepath.Join(h.TempDir(), "catalogue.yaml")
		h.must(os.WriteFile(h.cfg.Catalogue.File, []byte(strings.Replace(catalogue.Default(), english, languages, 1)), 0o600))
		b := h.bySocket()
		form := h.opensForm(h.alice)
		fields := append(matter("Build is stuck"), []string{"Contact language", strings.Repeat("ü", 70) + "42"}, []string{"Contact method", caseOnly})
		for _, open := form.Now(); open; _, open = form.Now() {
			left, problems, err := form.Step(h.ctx, fields...)
			h.must(err)
			if len(problems) > 0 {
				t.Fatalf("refused: %v", problems)
			}
			fields = left
			h.until("the next step", func() bool {
				v, open := form.Now()
				return !open || v.Submit != nil
			})
		}
		c := h.newest("Build is stuck")
		b.mu.Lock()
		defer b.mu.Unlock()
		if c.Language != "l42" || b.moments == 0 {
			t.Errorf("the case is in %q; %d steps came after their acks", c.Language, b.moments)
		}
	})
}
