package slacksim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
)

// A steadfast client keeps two connections open, whatever happens to them, and
// answers what it hears.
type steadfast struct {
	s    *stage
	wg   sync.WaitGroup
	mu   sync.Mutex     // guards seen
	seen map[string]int // by text
}

// keep opens one connection after the other until ctx ends.
func (c *steadfast) keep(ctx context.Context, t *testing.T) {
	for ctx.Err() == nil {
		address, err := c.open(ctx)
		if err != nil {
			continue // ctx ends, or the next try
		}
		ws, _, err := websocket.DefaultDialer.DialContext(ctx, address, nil)
		if err != nil {
			continue
		}
		stop := context.AfterFunc(ctx, func() { ws.Close() })
		c.read(t, ws)
		stop()
		ws.Close()
	}
}

func (c *steadfast) open(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.s.sim.World.BaseURL()+"/api/apps.connections.open", nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+appToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var out struct{ URL string }
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		return "", err
	}
	return out.URL, nil
}

// read answers until the connection ends or is to be replaced.
func (c *steadfast) read(t *testing.T, ws *websocket.Conn) {
	for {
		var f map[string]any
		if ws.ReadJSON(&f) != nil {
			return
		}
		switch f["type"] {
		case "hello":
		case "disconnect":
			if f["reason"] != "warning" {
				return
			}
		case "events_api":
			c.mu.Lock()
			c.seen[text(f)]++
			c.mu.Unlock()
			if ws.WriteJSON(map[string]any{"envelope_id": f["envelope_id"]}) != nil {
				return
			}
		default:
			t.Errorf("heard %v", f)
		}
	}
}

// TestNothingIsLostInAStorm posts while connections are cut off, refreshed, made
// ghosts and deprived of their answers by chance. Everything must come, and what
// comes twice must have been sent twice.
func TestNothingIsLostInAStorm(t *testing.T) {
	const posts = 150
	c := clock.NewManual(time.Unix(1_700_000_000, 0))
	s := newSocketStage(t, slacksim.Options{Clock: c, RetryDelays: slices.Repeat([]time.Duration{time.Second}, 200), Seed: 3})
	client := &steadfast{s: s, seen: map[string]int{}}
	ctx, cancel := context.WithCancel(t.Context())
	for range 2 {
		client.wg.Go(func() { client.keep(ctx, t) })
	}
	defer client.wg.Wait()
	defer cancel()
	s.connections(t, 2)
	n := len(s.sim.Attempts())
	rng := rand.New(rand.NewPCG(3, 3))
	ghost := ""
	for i := range posts {
		s.ops.Post(s.alice, fmt.Sprint("message ", i))
		have := s.sim.Connections(s.in)
		switch pick := rng.IntN(12); {
		case len(have) == 0:
		case pick == 0:
			_ = s.sim.Sockets.Drop(have[rng.IntN(len(have))].ID) // it may have gone by itself
		case pick == 1:
			s.sim.Sockets.Refresh(s.in.ID)
		case pick == 2:
			s.sim.Sockets.Redeliver(s.in.ID, 2)
		case pick == 3 && ghost == "":
			ghost = have[rng.IntN(len(have))].ID
			_ = s.sim.Sockets.Ghost(ghost)
		case pick == 4:
			_ = s.sim.Sockets.Drop(ghost)
			ghost = ""
		case pick == 5:
			c.Advance(3 * time.Second)
		}
	}
	_ = s.sim.Sockets.Drop(ghost)
	for s.sim.World.Undelivered() > 0 {
		s.connections(t, 2) // or the tries are over before the client is back
		if err := s.sim.Advance(t.Context(), 3*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	client.mu.Lock()
	defer client.mu.Unlock()
	again := 0
	for _, a := range s.tries(n) {
		if a.RetryNum > 0 {
			again++
		}
	}
	twice := 0
	for i := range posts {
		got := client.seen[fmt.Sprint("message ", i)]
		if got == 0 {
			t.Errorf("message %d never came", i)
		}
		twice += max(got-1, 0)
	}
	if twice > again || again == 0 {
		t.Errorf("%d came again, %d were sent again", twice, again)
	}
}
