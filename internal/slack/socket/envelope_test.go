package socket_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"caseline/internal/slack/socket"
)

func TestEventsAreAckedWhenTheyAreStoredAndNotBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &intake{}
		release := in.holds("Ev1")
		f, c := start(t, in, one)
		e := f.all()[0]
		e.event("Ev1", "C1", 0)
		pass(time.Second)
		if _, ok := e.acked("Ev1"); ok || len(in.kept()) != 0 {
			t.Fatal("acked before it was stored")
		}
		release()
		synctest.Wait()
		if payload, ok := e.acked("Ev1"); !ok || payload != "" {
			t.Errorf("stored: acked %v with %q", ok, payload)
		}
		in.fail = errors.New("disk full")
		e.event("Ev2", "C1", 0)
		pass(time.Minute)
		if _, ok := e.acked("Ev2"); ok {
			t.Error("acked what is not stored")
		}
		in.fail = nil
		e.event("Ev2", "C1", 2) // as Slack does
		synctest.Wait()
		if _, ok := e.acked("Ev2"); !ok || !slices.Equal(in.kept(), []string{"Ev1", "Ev2"}) || in.tries[1] != 2 {
			t.Errorf("again: acked %v, kept %v by tries %v", ok, in.kept(), in.tries)
		}
		if in.bodies[0] != event("Ev1", "C1") {
			t.Errorf("stored %s, want it as it came", in.bodies[0])
		}
		if diff := cmp.Diff(map[string]int64{"event: not taken": 1}, c.Counts()); diff != "" || len(f.all()) != 1 {
			t.Errorf("%d connections; counted (-want +got):\n%s", len(f.all()), diff)
		}
	})
}

func TestAnswersTravelInTheAck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		then := ""
		in := &intake{}
		f, c := start(t, in, one)
		e := f.all()[0]
		in.answer = func(text string) socket.Answer {
			a := socket.Answer{Payload: []byte(fmt.Sprintf(`{"text":%q}`, "<"+text+"> & co"))}
			if text == "then" {
				a.Then = func(context.Context) {
					time.Sleep(time.Millisecond)
					if _, ok := e.acked("D"); ok {
						then = "after the ack"
					}
				}
			}
			return a
		}
		e.command("A", "status")
		e.send(`{"envelope_id":"B","type":"interactive","accepts_response_payload":true,"payload":{"type":"block_suggestion","value":"bu"}}`)
		e.send(`{"envelope_id":"C","type":"interactive","accepts_response_payload":false,"payload":{"type":"shortcut"}}`)
		e.command("D", "then")
		pass(time.Second)
		want := map[string]string{"A": `{"text":"<status> & co"}`, "B": `{"text":"<bu> & co"}`, "C": "", "D": `{"text":"<then> & co"}`}
		for id, answer := range want {
			if got, ok := e.acked(id); !ok || got != answer {
				t.Errorf("%s: acked %v with %q, want %q", id, ok, got, answer)
			}
		}
		if then != "after the ack" {
			t.Errorf("what follows came %q", then)
		}
		in.answer = func(string) socket.Answer { return socket.Answer{Then: func(context.Context) { panic("a bug") }} }
		e.command("E", "status")
		synctest.Wait()
		if _, ok := e.acked("E"); !ok || c.Counts()["panic"] != 1 || len(f.current()) != 1 {
			t.Errorf("a bug after the ack: acked %v, counted %v", ok, c.Counts())
		}
		if c.Counts()["answer: nobody waits for it"] != 1 {
			t.Errorf("counted %v", c.Counts())
		}
	})
}

// Slack drops an ack of 20,480 bytes or more, and one in several frames.
func TestAnAckIsOneFrameBelow20KB(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		size := 0
		in := &intake{answer: func(string) socket.Answer {
			return socket.Answer{Payload: []byte(`"` + strings.Repeat("x", size-2) + `"`)}
		}}
		f, c := start(t, in, one)
		e := f.all()[0]
		for _, tt := range []struct {
			size int
			id   string
			fits bool
		}{
			{4096, "a", true}, {socket.MaxPayload, strings.Repeat("u", 36), true}, {socket.MaxPayload, strings.Repeat("i", 400), true},
			{20_480 - len(`{"envelope_id":"b","payload":}`) - 1, "b", true}, {20_480 - len(`{"envelope_id":"c","payload":}`), "c", false}, {100_000, "d", false},
		} {
			size = tt.size
			e.command(tt.id, "status")
			synctest.Wait()
			got, ok := e.acked(tt.id)
			if !ok || (len(got) == tt.size) != tt.fits || !tt.fits && got != "" {
				t.Errorf("%d bytes: acked %v with %d bytes, want them there: %v", tt.size, ok, len(got), tt.fits)
			}
		}
		if c.Counts()["answer: cannot be sent"] != 2 {
			t.Errorf("counted %v", c.Counts())
		}
		const lastText, lastPing = 0x81, 0x89 // with the bit for the last frame of a message
		for i, b := range f.net.frames {
			if b != lastText && b != lastPing && b != 'G' && b != 'P' { // the two requests over HTTP
				t.Errorf("write %d begins with %#x, want whole messages in one frame", i, b)
			}
		}
	})
}

// Whatever comes, it is acked if it can be, counted, and the connection goes on.
func TestMalformedAndUnknownEnvelopes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &intake{}
		f, c := start(t, in, one)
		e := f.all()[0]
		tests := []struct{ name, frame, ack, answer, count string }{
			{"no JSON", `<html>`, "", "", "malformed"},
			{"nothing", ``, "", "", "malformed"},
			{"no object", `[1]`, "", "", "malformed"},
			{"cut off", `{"envelope_id":"m1","type":"events_api","payload":{"x":`, "m1", "", "malformed"},
			{"more after it", `{"envelope_id":"m2","type":"events_api"} {}`, "m2", "", "malformed"},
			{"without an id", `{"type":"events_api","payload":{}}`, "", "", "without an id"},
			{"of a type of later", `{"type":"holograms","envelope_id":"u1","payload":{}}`, "u1", "", "of an unknown type"},
			{"of no type", `{"envelope_id":"u2"}`, "u2", "", "of an unknown type"},
			{"an event without an envelope", `{"type":"events_api","envelope_id":"p1"}`, "p1", "", ""},
			{"an event that is a list", `{"type":"events_api","envelope_id":"p2","payload":[1]}`, "p2", "", ""},
			{
				"a command without a name", `{"type":"slash_commands","envelope_id":"p3","accepts_response_payload":true,"payload":{"text":"x"}}`, "p3",
				`{"response_type":"ephemeral","text":"That command could not be read. Please try again."}`, "slash_commands: malformed",
			},
			{"an interaction that is text", `{"type":"interactive","envelope_id":"p4","payload":"x"}`, "p4", "", "interactive: malformed"},
			{"an event that trips us", `{"type":"events_api","envelope_id":"p5","payload":` + event("panic", "C1") + `}`, "", "", "panic"},
			{"odd kinds", `{"type":"events_api","envelope_id":7,"retry_attempt":"x","payload":` + event("Ev7", "C1") + `}`, "7", "", ""},
			{"another hello", `{"type":"hello","num_connections":"many"}`, "", "", ""},
		}
		want := map[string]int64{}
		for _, tt := range tests {
			e.send(tt.frame)
			synctest.Wait()
			if tt.count != "" {
				want[tt.count]++
			}
			if got, ok := e.acked(tt.ack); tt.ack != "" && (!ok || got != tt.answer) {
				t.Errorf("%s: acked %v with %q", tt.name, ok, got)
			}
		}
		e.writes.Lock()
		_ = e.ws.WriteMessage(websocket.BinaryMessage, []byte{0, 1})
		e.writes.Unlock()
		want["no text"]++
		e.event("Ev9", "C1", 0)
		synctest.Wait()
		if _, ok := e.acked("Ev9"); !ok || !slices.Equal(in.kept(), []string{"Ev7", "Ev9"}) {
			t.Errorf("acked %v, kept %v", ok, in.kept())
		}
		if diff := cmp.Diff(want, c.Counts()); diff != "" || len(f.all()) != 1 {
			t.Errorf("%d connections; counted (-want +got):\n%s", len(f.all()), diff)
		}
	})
}

// A message that is larger than any is acked, so that it does not come again, and
// what it said is fetched.
func TestAnEndlessMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m missed
		f, _ := start(t, &intake{}, one, m.option)
		e, before := f.all()[0], m.count()
		e.send(`{"envelope_id":"big","type":"events_api","payload":"` + strings.Repeat("x", 5<<20) + `"}`)
		e.event("Ev1", "C1", 0)
		synctest.Wait()
		for _, id := range []string{"big", "Ev1"} {
			if _, ok := e.acked(id); !ok {
				t.Errorf("%s is not acked", id)
			}
		}
		if m.count() != before+1 || len(f.all()) != 1 {
			t.Errorf("said %d times that something is missing, %d connections", m.count()-before, len(f.all()))
		}
	})
}

// A store that hangs keeps neither pings nor what else comes from being answered.
func TestAStalledHandlerBlocksNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &intake{}
		in.holds("Ev1")
		in.holds("slow")
		f, _ := start(t, in, one)
		e := f.all()[0]
		e.event("Ev1", "C1", 0)
		e.command("slow", "slow")
		e.event("Ev2", "C2", 0)
		e.writes.Lock()
		_ = e.ws.WriteControl(websocket.PingMessage, []byte("there?"), time.Now().Add(time.Second))
		e.writes.Unlock()
		synctest.Wait()
		if _, ok := e.acked("Ev2"); !ok || !slices.Equal(e.pongs, []string{"there?"}) {
			t.Errorf("acked the other %v, ponged %v", ok, e.pongs)
		}
		pass(2400 * time.Millisecond)
		if _, ok := e.acked("slow"); ok {
			t.Error("the slow command was answered early")
		}
		pass(200 * time.Millisecond)
		if _, ok := e.acked("slow"); !ok {
			t.Error("a command is not acked within three seconds")
		}
		if _, ok := e.acked("Ev1"); ok {
			t.Error("acked what is not stored")
		}
	})
}

// More than can be worked on is left for Slack to send again; nothing is read
// later for it.
func TestTooManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &intake{}
		var releases []func()
		for i := range 300 {
			releases = append(releases, in.holds(fmt.Sprint("Ev", i)))
		}
		f, c := start(t, in, one)
		e := f.all()[0]
		for i := range 300 {
			e.event(fmt.Sprint("Ev", i), fmt.Sprint("C", i), 0)
		}
		synctest.Wait()
		for _, release := range releases {
			release()
		}
		synctest.Wait()
		if n := c.Counts()["too many at once"]; n != 300-256 || len(e.order) != 256 {
			t.Errorf("left %d, acked %d", n, len(e.order))
		}
		e.event("Ev299", "C299", 1)
		synctest.Wait()
		if _, ok := e.acked("Ev299"); !ok {
			t.Error("not acked when it came again")
		}
	})
}

// Slack's order within a channel is kept; channels do not wait for each other.
func TestEventsOfAChannelAreTakenInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &intake{}
		release := in.holds("first")
		f, _ := start(t, in, func(o *socket.Options) { o.Connections = 2 })
		a, b := f.all()[0], f.all()[1]
		a.event("first", "C1", 0)
		synctest.Wait()
		a.event("second", "C1", 0)
		b.event("third", "C1", 0) // by the other connection
		synctest.Wait()
		b.event("other", "C2", 0)
		synctest.Wait()
		if !slices.Equal(in.kept(), []string{"other"}) {
			t.Errorf("kept %v while the first waits", in.kept())
		}
		release()
		synctest.Wait()
		got := in.kept()
		if len(got) != 4 || got[1] != "first" || !slices.Contains(got, "second") || !slices.Contains(got, "third") {
			t.Errorf("kept %v", got)
		}
	})
}

// The same over a real network, without virtual time.
func TestOverTCP(t *testing.T) {
	events, acks := make(chan string, 1), make(chan string, 1)
	var server *httptest.Server
	upgrader := websocket.Upgrader{}
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello","num_connections":1}`))
		_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"events_api","envelope_id":"E1","payload":`+event("Ev1", "C1")+`}`))
		for {
			_, raw, err := ws.ReadMessage()
			if err != nil {
				return
			}
			acks <- string(raw)
		}
	}))
	defer server.Close()
	open := func(context.Context) (string, error) { return "ws" + strings.TrimPrefix(server.URL, "http"), nil }
	c := socket.New(open, tellers{&intake{}, events}, socket.Options{Connections: 1})
	ctx, cancel := context.WithCancel(t.Context())
	var parts sync.WaitGroup
	parts.Go(func() {
		if err := c.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	if got := <-events; got != event("Ev1", "C1") {
		t.Errorf("took %s", got)
	}
	if got := <-acks; got != `{"envelope_id":"E1"}` {
		t.Errorf("acked %s", got)
	}
	cancel()
	parts.Wait()
}

// tellers tell of events.
type tellers struct {
	*intake
	events chan<- string
}

func (t tellers) Event(_ context.Context, body []byte, _ int) error {
	t.events <- string(body)
	return nil
}
