package slacksim_test

import (
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/dispatch"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/socket"
)

// newStillStage is a socket stage whose clock stands still.
func newStillStage(t *testing.T, o slacksim.Options) (*stage, *clock.Manual) {
	t.Helper()
	c := clock.NewManual(time.Unix(1_700_000_000, 0))
	o.Clock = c
	return newSocketStage(t, o), c
}

// tries are the attempts to deliver events, since the first n.
func (s *stage) tries(n int) []dispatch.Attempt { return s.sim.Attempts()[n:] }

func TestHelloAndEnvelopeHaveTheirFields(t *testing.T) {
	s := newSocketStage(t, slacksim.Options{})
	w, hello := s.connect(t, false, "")
	info := hello["debug_info"].(map[string]any)
	if hello["type"] != "hello" || hello["num_connections"] != 1.0 || info["approximate_connection_time"] != 18060.0 || info["host"] == "" ||
		!cmp.Equal(hello["connection_info"], any(map[string]any{"app_id": s.in.ID})) {
		t.Errorf("hello = %v", hello)
	}
	s.ops.Post(s.alice, "hello")
	f := w.hears(t, "hello")
	payload := f["payload"].(map[string]any)
	if f["type"] != "events_api" || f["accepts_response_payload"] != false || f["retry_attempt"] != 0.0 || f["retry_reason"] != "" ||
		payload["type"] != "event_callback" || payload["api_app_id"] != s.in.ID || len(f["envelope_id"].(string)) != 36 {
		t.Errorf("envelope = %v", f)
	}
	s.quiet(t)
	if _, second := s.connect(t, false, ""); second["num_connections"] != 2.0 {
		t.Errorf("the second hello = %v", second)
	}
}

// TestAClientLikeNodes opens with a form, offers compression, sends pings, and
// answers everything with an empty payload.
func TestAClientLikeNodes(t *testing.T) {
	s := newSocketStage(t, slacksim.Options{})
	w, _ := s.connect(t, true, "")
	if got := w.resp.Header.Get("Sec-WebSocket-Extensions"); !strings.Contains(got, "permessage-deflate") {
		t.Errorf("extensions = %q", got)
	}
	if err := w.ws.WriteControl(websocket.PingMessage, []byte("Ping from client"), time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if got := <-w.pongs; got != "Ping from client" {
		t.Errorf("pong = %q", got)
	}
	s.ops.Post(s.alice, "hello")
	w.hears(t, "hello")
	s.quiet(t)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		f := w.next(t)
		fields, _ := f["payload"].(map[string]any)
		if f["type"] != "slash_commands" || f["accepts_response_payload"] != true || f["retry_attempt"] != nil ||
			fields["command"] != "/support" || fields["text"] != "status" || fields["team_id"] != s.ws.ID || fields["trigger_id"] == "" {
			t.Errorf("envelope = %v", f)
		}
		w.ack(t, f, nil)
	}()
	answer, err := s.ops.Command(t.Context(), s.bob, "/support status")
	if err != nil || answer.Text() != "" {
		t.Errorf("an empty payload showed %q, %v", answer.Text(), err)
	}
	<-answered
	_, posted, err := s.api.PostMessage(s.ops.ID, slack.MsgOptionBlocks(slack.NewActionBlock("b",
		slack.NewButtonBlockElement("join", "", slack.NewTextBlockObject("plain_text", "Join", false, false)))))
	if err != nil {
		t.Fatal(err)
	}
	w.ack(t, w.next(t), nil) // its own message
	pressed := make(chan error, 1)
	go func() { pressed <- s.ops.Message(posted).Press(t.Context(), s.bob, "join") }()
	f := w.next(t)
	payload := f["payload"].(map[string]any)
	if f["type"] != "interactive" || f["accepts_response_payload"] != false || payload["type"] != "block_actions" || payload["response_url"] == "" {
		t.Errorf("envelope of a press = %v", f)
	}
	w.ack(t, f, nil)
	if err := <-pressed; err != nil {
		t.Error(err)
	}
	if as := s.sim.Attempts(); as[len(as)-1].Socket == "" {
		t.Errorf("the journal has no connection: %+v", as[len(as)-1])
	}
}

// TestAClientLikePythons opens with no body, answers without a payload, and
// has its new session before it closes the old.
func TestAClientLikePythons(t *testing.T) {
	s := newSocketStage(t, slacksim.Options{})
	old, _ := s.connect(t, false, "")
	s.ops.Post(s.alice, "under way")
	f := old.next(t)
	s.sim.Sockets.Refresh(s.in.ID)
	old.isTold(t, "refresh_requested")
	fresh, hello := s.connect(t, false, "")
	if hello["num_connections"] != 1.0 {
		t.Errorf("a connection that was told to go is counted: %v", hello)
	}
	old.ack(t, f, nil) // what was under way may still be answered
	s.quiet(t)
	for range 5 {
		s.ops.Post(s.alice, "hello")
		fresh.hears(t, "hello")
	}
	s.quiet(t)
	if got := s.sim.Attempts(); got[len(got)-1].RetryNum != 0 {
		t.Errorf("sent again: %+v", got[len(got)-1])
	}
}

// TestServerPings shows that pings come, which slack-go lives by.
func TestServerPings(t *testing.T) {
	s := newSocketStage(t, slacksim.Options{SocketPing: 10 * time.Millisecond})
	w, _ := s.connect(t, false, "")
	for range 3 {
		if got := <-w.pings; !strings.HasPrefix(got, "Ping from ") {
			t.Errorf("ping = %q", got)
		}
	}
}

func TestUnansweredEventsAreRedelivered(t *testing.T) {
	s, c := newStillStage(t, slacksim.Options{})
	w, _ := s.connect(t, false, "")
	n := len(s.sim.Attempts())
	s.ops.Post(s.alice, "hello")
	first := w.next(t)
	c.Advance(3 * time.Second)
	second := w.hears(t, "hello")
	s.quiet(t)
	if second["retry_attempt"] != 1.0 || second["retry_reason"] != "timeout" || first["envelope_id"] == second["envelope_id"] {
		t.Errorf("sent again: %v", second)
	}
	if a, b := first["payload"].(map[string]any)["event_id"], second["payload"].(map[string]any)["event_id"]; a != b {
		t.Errorf("event ids %v and %v", a, b)
	}
	if got := s.tries(n); len(got) != 2 || got[0].Failure != "timeout" || got[1].Failure != "" {
		t.Errorf("tries = %+v", got)
	}
}

// TestABrokenConnectionIsAFailedOne cuts the connection off that has an event and has not
// answered; the next one gets it.
func TestABrokenConnectionIsAFailedOne(t *testing.T) {
	s, _ := newStillStage(t, slacksim.Options{RetryDelays: make([]time.Duration, 50)})
	w, _ := s.connect(t, false, "")
	s.ops.Post(s.alice, "hello")
	w.next(t)
	fresh, _ := s.connect(t, false, "")
	if err := s.sim.Sockets.Drop(s.sim.Connections(s.in)[0].ID); err != nil {
		t.Fatal(err)
	}
	w.ends(t)
	if f := fresh.hears(t, "hello"); f["retry_attempt"] == 0.0 || f["retry_reason"] != "connection_failed" {
		t.Errorf("sent again: %v", f)
	}
	s.quiet(t)
	if s.sim.Sockets.Drop("S99") == nil {
		t.Error("a connection that is not there was cut off")
	}
}

// TestSocketsEndWithTheSimulation many times, and leave nothing behind.
func TestSocketsEndWithTheSimulation(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		t.Run("", func(t *testing.T) {
			s := newSocketStage(t, slacksim.Options{})
			s.connect(t, true, "")
			s.connect(t, false, "")
			s.sim.Sockets.Close()
			if got := s.sim.Connections(s.in); len(got) != 0 {
				t.Errorf("connections = %v", got)
			}
			ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), s.openWith(t, appToken, false)["url"].(string), nil)
			if err == nil {
				ws.Close()
			}
			if err == nil || resp.StatusCode != http.StatusForbidden {
				t.Error("somebody was let in after the end")
			}
		})
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	deadline := time.After(10 * time.Second)
	for runtime.NumGoroutine() > before+20 { // of the HTTP servers' connections some still end
		select {
		case <-deadline:
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		default:
			runtime.Gosched()
		}
	}
}

// TestNoConnectionIsAFailedConnection follows the schedule that HTTP has.
func TestNoConnectionIsAFailedConnection(t *testing.T) {
	s, c := newStillStage(t, slacksim.Options{})
	n := len(s.sim.Attempts())
	s.ops.Post(s.alice, "hello")
	s.wait(t, "two tries", func() bool { return len(s.tries(n)) == 2 }) // at once, twice
	_, err := s.ops.Command(t.Context(), s.bob, "/support")
	if err == nil || !strings.Contains(err.Error(), "dispatch_failed") {
		t.Errorf("the command: %v", err)
	}
	w, _ := s.connect(t, false, "")
	if err := c.Blocked(t.Context(), 2); err != nil { // the third try and the end of the connection
		t.Fatal(err)
	}
	c.Advance(time.Minute)
	f := w.hears(t, "hello")
	if f["retry_attempt"] != 2.0 || f["retry_reason"] != "connection_failed" {
		t.Errorf("sent again: %v", f)
	}
	s.quiet(t)
	if got := len(s.app.Requests("/commands")); got != 0 {
		t.Error("the command went to the app's address")
	}
}

func TestGhostSwallowsEnvelopesAndPings(t *testing.T) {
	s, c := newStillStage(t, slacksim.Options{SocketPing: 10 * time.Millisecond, RetryDelays: make([]time.Duration, 20)})
	ghost, _ := s.connect(t, false, "")
	<-ghost.pings
	id := s.sim.Connections(s.in)[0].ID
	if err := s.sim.Sockets.Ghost(id); err != nil {
		t.Fatal(err)
	}
	good, hello := s.connect(t, false, "")
	if hello["num_connections"] != 2.0 {
		t.Errorf("the ghost is not counted: %v", hello)
	}
	if err := ghost.ws.WriteControl(websocket.PingMessage, []byte("are you there"), time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	n, swallowed := len(s.sim.Attempts()), 0
	for range 10 {
		s.ops.Post(s.alice, "hello")
		for taken := false; !taken; {
			before := len(s.tries(n))
			at := -1
			s.wait(t, "an envelope", func() bool {
				at = slices.IndexFunc(s.sim.Connections(s.in), func(c socket.Connection) bool { return c.Waiting == 1 })
				return at >= 0
			})
			if taken = at == 1; taken {
				good.hears(t, "hello")
			} else {
				swallowed++
				c.Advance(3 * time.Second)
			}
			s.wait(t, "its end", func() bool { return len(s.tries(n)) > before })
		}
		s.quiet(t)
	}
	failed := slices.DeleteFunc(s.tries(n), func(a dispatch.Attempt) bool { return a.Failure == "" })
	if swallowed == 0 || len(failed) != swallowed || failed[0].Socket != id || failed[0].Failure != "timeout" {
		t.Errorf("%d swallowed, failed %+v", swallowed, failed)
	}
	select {
	case f := <-ghost.frames:
		t.Errorf("the ghost was told %v", f)
	case p := <-ghost.pongs:
		t.Errorf("the ghost answered a ping: %s", p)
	default:
	}
	if s.sim.Sockets.Ghost("S99") == nil {
		t.Error("a connection that is not there became a ghost")
	}
}

// TestSocketsDieByHand turns all sockets into ghosts by the switch that the pages have.
func TestSocketsDieByHand(t *testing.T) {
	s, c := newStillStage(t, slacksim.Options{})
	dead, _ := s.connect(t, false, "")
	if err := s.sim.SwitchOutage("ghosts", true); err != nil {
		t.Fatal(err)
	}
	n := len(s.sim.Attempts())
	s.ops.Post(s.alice, "hello")
	s.wait(t, "an envelope", func() bool { return s.sim.Connections(s.in)[0].Waiting == 1 })
	if err := s.sim.SwitchOutage("ghosts", false); err != nil {
		t.Fatal(err)
	}
	dead.ends(t)
	s.wait(t, "two tries", func() bool { return len(s.tries(n)) == 2 })
	fresh, _ := s.connect(t, false, "")
	if err := c.Blocked(t.Context(), 2); err != nil { // the third try and the end of the connection
		t.Fatal(err)
	}
	c.Advance(time.Minute)
	fresh.hears(t, "hello")
	s.quiet(t)
}

// TestLargeAnswersAreDropped sends the largest answer that counts and one byte more.
func TestLargeAnswersAreDropped(t *testing.T) {
	for _, tt := range []struct {
		size int
		want string
	}{{20479, ""}, {20480, "operation_timeout"}} {
		s, c := newStillStage(t, slacksim.Options{})
		w, _ := s.connect(t, false, "")
		done := make(chan error, 1)
		go func() {
			_, err := s.ops.Command(t.Context(), s.bob, "/support")
			done <- err
		}()
		id := w.next(t)["envelope_id"].(string)
		head, tail := `{"envelope_id":"`+id+`","payload":{"text":"`, `"}}`
		whole := head + strings.Repeat("x", tt.size-len(head)-len(tail)) + tail
		if err := w.ws.WriteMessage(websocket.TextMessage, []byte(whole)); err != nil {
			t.Fatal(err)
		}
		if tt.want != "" {
			// A second answer shows that the first was read: the connection works in order.
			if err := w.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)); err != nil {
				t.Fatal(err)
			}
			<-w.pongs
			c.Advance(3 * time.Second)
		}
		err := <-done
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%d bytes: %v, want %q", tt.size, err, tt.want)
		}
	}
}

func TestTicketsAreForOneUse(t *testing.T) {
	s, c := newStillStage(t, slacksim.Options{})
	refused := func(address string) {
		t.Helper()
		ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), address, nil)
		if err == nil {
			ws.Close()
		}
		if err == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s was let in", address)
		}
	}
	address := s.openWith(t, appToken, false)["url"].(string)
	if !strings.HasPrefix(address, "ws://") || !strings.HasSuffix(address, "&ticket="+address[strings.LastIndex(address, "=")+1:]) || !strings.Contains(address, "/link/?app_id="+s.in.ID) {
		t.Errorf("url = %q", address)
	}
	s.dial(t, address, false).next(t)
	refused(address)
	late := s.openWith(t, appToken, true)["url"].(string)
	c.Advance(31 * time.Second)
	refused(late)
	refused(strings.Replace(late, "ticket=", "ticket=x", 1))
}

func TestWhoMayOpenConnections(t *testing.T) {
	s := newSocketStage(t, slacksim.Options{})
	app, _ := s.sim.World.Apps.App(s.in.ID)
	app.AppTokens = append(app.AppTokens, entity.AppToken{Token: "xapp-other", Scopes: []string{"authorizations:read"}})
	if _, err := s.sim.World.PutApp(app); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ token, want string }{
		{"", "not_authed"}, {"xapp-nobody", "invalid_auth"}, {"xoxb-1", "not_allowed_token_type"}, {"xapp-other", "missing_scope"},
	} {
		for _, node := range []bool{false, true} {
			out := s.openWith(t, tt.token, node)
			if out["ok"] != false || out["error"] != tt.want {
				t.Errorf("%q: %v, want %s", tt.token, out, tt.want)
			}
			if tt.want == "missing_scope" && (out["needed"] != "connections:write" || out["provided"] != "authorizations:read") {
				t.Errorf("%q: %v", tt.token, out)
			}
		}
	}
	s.sim.Refuse("apps.connections.open", "forbidden_team")
	if out := s.openWith(t, appToken, false); out["error"] != "forbidden_team" {
		t.Errorf("forced: %v", out)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.sim.World.BaseURL()+"/api/auth.test", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+appToken)
	if out := do(t, req); out["error"] != "not_allowed_token_type" {
		t.Errorf("auth.test with an app-level token: %v", out)
	}
}

func TestTheEleventhConnectionClosesTheOldest(t *testing.T) {
	s, c := newStillStage(t, slacksim.Options{})
	var all []*wire
	for i := range 11 {
		w, hello := s.connect(t, false, "")
		if want := float64(min(i+1, 10)); hello["num_connections"] != want {
			t.Errorf("connection %d: %v", i+1, hello)
		}
		all = append(all, w)
	}
	all[0].isTold(t, "too_many_websockets")
	s.connections(t, 10)
	if err := c.Blocked(t.Context(), 11); err != nil { // the ends of ten, and the grace of one
		t.Fatal(err)
	}
	c.Advance(5 * time.Second)
	all[0].ends(t)
	if got := len(s.sim.Connections(s.in)); got > 11 {
		t.Errorf("%d connections", got)
	}
}

func TestSocketModeIsSwitchedOff(t *testing.T) {
	s := newSocketStage(t, slacksim.Options{})
	w, _ := s.connect(t, false, "")
	before := len(s.app.Requests("/events"))
	s.sim.SetSocketMode(s.in, false)
	w.isTold(t, "link_disabled")
	s.ops.Post(s.alice, "hello")
	s.quiet(t)
	if got := len(s.app.Requests("/events")) - before; got != 1 {
		t.Errorf("%d requests to the app's address", got)
	}
	late, first := s.connect(t, false, "")
	if first["type"] != "disconnect" || first["reason"] != "link_disabled" {
		t.Errorf("who connects now hears %v", first)
	}
	late.ends(t)
	s.sim.SetSocketMode(s.in, true)
	again, _ := s.connect(t, false, "")
	s.ops.Post(s.alice, "and on again")
	again.hears(t, "and on again")
	s.quiet(t)
}

// TestAConnectionsLife opens one for 360 seconds and follows it to its end.
func TestAConnectionsLife(t *testing.T) {
	s, c := newStillStage(t, slacksim.Options{})
	w, hello := s.connect(t, false, "&debug_reconnects=true")
	if got := hello["debug_info"].(map[string]any)["approximate_connection_time"]; got != 360.0 {
		t.Errorf("approximate_connection_time = %v", got)
	}
	step := func(d time.Duration) {
		t.Helper()
		if err := c.Blocked(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		c.Advance(d)
	}
	step(349 * time.Second)
	s.ops.Post(s.alice, "just before")
	w.hears(t, "just before")
	s.quiet(t)
	step(time.Second)
	w.isTold(t, "warning")
	s.ops.Post(s.alice, "after the warning")
	w.hears(t, "after the warning")
	s.quiet(t)
	step(10 * time.Second)
	w.isTold(t, "refresh_requested")
	step(5 * time.Second)
	w.ends(t)
	s.connections(t, 0)
}

// TestAnswersAreLostAndEnvelopesLate has what goes wrong on demand.
func TestAnswersAreLostAndEnvelopesLate(t *testing.T) {
	s, c := newStillStage(t, slacksim.Options{})
	w, _ := s.connect(t, false, "")
	s.sim.Sockets.Redeliver(s.in.ID, 1)
	s.ops.Post(s.alice, "twice")
	w.hears(t, "twice")
	if f := w.hears(t, "twice"); f["retry_attempt"] != 1.0 {
		t.Errorf("the second: %v", f)
	}
	s.quiet(t)
	s.sim.Sockets.Delay(s.in.ID, 20*time.Second)
	s.ops.Post(s.alice, "late")
	if err := c.Blocked(t.Context(), 2); err != nil { // the connection's end and the delay
		t.Fatal(err)
	}
	select {
	case f := <-w.frames:
		t.Errorf("it came at once: %v", f)
	default:
	}
	c.Advance(20 * time.Second)
	w.hears(t, "late")
	s.quiet(t)
}

// TestEachEnvelopeGoesToOneConnection by chance, and to the same ones for the same seed.
func TestEachEnvelopeGoesToOneConnection(t *testing.T) {
	run := func(seed uint64) []string {
		s := newSocketStage(t, slacksim.Options{Seed: seed})
		for range 3 {
			w, _ := s.connect(t, false, "")
			go func() {
				for f := range w.frames {
					w.ack(t, f, nil)
				}
			}()
		}
		n := len(s.sim.Attempts())
		for range 30 {
			s.ops.Post(s.alice, "hello")
			s.quiet(t)
		}
		var went []string
		for _, a := range s.tries(n) {
			went = append(went, a.Socket)
		}
		return went
	}
	first := run(7)
	distinct := slices.Compact(slices.Sorted(slices.Values(first)))
	if len(first) != 30 || len(distinct) != 3 || !slices.Equal(first, run(7)) || slices.Equal(first, run(8)) {
		t.Errorf("went to %v", first)
	}
}
