package slacksim_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// build makes what every start of a demonstration makes.
func build(sim *slacksim.Server, eventsURL string) (ws *slacksim.Workspace, alice *slacksim.User, ops *slacksim.Channel) {
	ws = sim.Workspace("acme")
	alice = ws.AddUser("alice", "Alice Martin", slacksim.Admin)
	in := ws.Install(slacksim.App{ID: "A0", BotName: "Support Chat", BotToken: "xoxb-1", SigningSecret: secret, EventsURL: eventsURL})
	ops = ws.AddChannel("ops", world.Private, alice, in.Bot)
	return ws, alice, ops
}

func TestRestartGoesOn(t *testing.T) {
	dir := t.TempDir()
	fail := func(err error) { t.Helper(); t.Fatal(err) }
	sim, err := slacksim.New(slacksim.Options{Dir: dir, Fail: fail})
	if err != nil {
		t.Fatal(err)
	}
	_, alice, ops := build(sim, "http://127.0.0.1:1/events")
	m := ops.Post(alice, "one & *two*")
	m.Edit(alice, "one")
	m.React(alice, "eyes")
	m.Pin(alice)
	m.Reply(alice, "reply")
	ops.Post(alice, "gone").Delete(alice)
	ops.Upload(alice, "a.txt", []byte("content"), "file")
	before, undelivered := sim.Dump(), sim.World.Undelivered()
	if undelivered == 0 {
		t.Fatal("nothing waits for delivery")
	}
	// No Close: this is a crash. And a torn line at the end.
	path := filepath.Join(dir, "world.jsonl")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"t":1,"n":1,"r":[{"k":"mess`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	sim, err = slacksim.New(slacksim.Options{Dir: dir, Fail: fail})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, sim.Dump()); diff != "" {
		t.Error(diff)
	}
	_, alice, ops = build(sim, "http://127.0.0.1:1/events")
	if len(ops.Members()) != 2 || len(sim.World.Workspaces()) != 1 {
		t.Errorf("built anew: %v", ops.Members())
	}
	row, _ := ops.Message(m.TS).Now()
	if row.Reactions == nil || row.PinnedBy == "" || row.Edited == nil || row.ReplyCount != 1 {
		t.Errorf("message = %+v", row)
	}
	file := ops.Find(func(m world.Message) bool { return len(m.Files) > 0 })
	row, _ = file.Now()
	if data, err := sim.World.FileBytes(row.Files[0].ID); err != nil || string(data) != "content" {
		t.Errorf("file = %q, %v", data, err)
	}
	if next := ops.Post(alice, "after"); next.TS <= file.TS {
		t.Errorf("the clock of messages went back: %s after %s", next.TS, file.TS)
	}
	if err := sim.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestHistoryIsWhatWasPosted lets many clients post at once and compares.
func TestHistoryIsWhatWasPosted(t *testing.T) {
	s := newStage(t, slacksim.Options{Dir: t.TempDir()})
	const writers, each = 8, 25
	posted := make([][]string, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			api := slack.New("xoxb-1", slack.OptionAPIURL(s.sim.World.BaseURL()+"/api/"))
			for n := range each {
				text := fmt.Sprintf("%d-%d", i, n)
				if n%2 == 0 {
					_, ts, err := api.PostMessageContext(t.Context(), s.ops.ID, slack.MsgOptionText(text, false))
					if err != nil {
						t.Error(err)
						return
					}
					posted[i] = append(posted[i], ts+" "+text)
				} else {
					m := s.ops.Post(s.alice, text)
					posted[i] = append(posted[i], m.TS+" "+text)
				}
			}
		})
	}
	wg.Wait()
	want := slices.Concat(posted...)
	slices.Sort(want)
	var got []string
	p := &slack.GetConversationHistoryParameters{ChannelID: s.ops.ID, Limit: 30}
	for {
		h, err := s.api.GetConversationHistoryContext(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range h.Messages {
			if m.SubType == "" {
				got = append(got, m.Timestamp+" "+m.Text)
			}
		}
		if !h.HasMore {
			break
		}
		p.Cursor = h.ResponseMetaData.NextCursor
	}
	slices.Reverse(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i, list := range posted {
		if !slices.IsSorted(list) {
			t.Errorf("writer %d's order is lost", i)
		}
	}
	s.quiet(t)
	var told []string
	for _, e := range s.app.Events("message") {
		if e["subtype"] == nil {
			told = append(told, e["ts"].(string)+" "+e["text"].(string))
		}
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error("the app was told something else", diff)
	}
}

func TestRunMayStopAndStart(t *testing.T) {
	sim, err := slacksim.New(slacksim.Options{Fail: func(err error) { t.Fatal(err) }})
	if err != nil {
		t.Fatal(err)
	}
	_, alice, ops := build(sim, "http://127.0.0.1:1/events")
	ops.Post(alice, "hello")
	before := runtime.NumGoroutine()
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		if err := sim.Run(ctx); err != nil {
			t.Error(err)
		}
		cancel()
	}
	if after := runtime.NumGoroutine(); after > before+3 {
		t.Errorf("%d goroutines, then %d", before, after)
	}
	if sim.World.Undelivered() == 0 {
		t.Error("events were dropped with Run")
	}
}

func TestStartIsQuick(t *testing.T) {
	best := time.Hour
	for range 20 {
		began := time.Now()
		sim, err := slacksim.New(slacksim.Options{})
		if err != nil {
			t.Fatal(err)
		}
		build(sim, "")
		best = min(best, time.Since(began))
	}
	if best > 10*time.Millisecond {
		t.Errorf("a start takes %v", best)
	}
}

// TestBuildingAgainTellsNobody starts a demonstration twice on the same data.
func TestBuildingAgainTellsNobody(t *testing.T) {
	sim, err := slacksim.New(slacksim.Options{Fail: func(err error) { t.Fatal(err) }})
	if err != nil {
		t.Fatal(err)
	}
	build(sim, "http://127.0.0.1:1/events")
	before := sim.World.Undelivered()
	build(sim, "http://127.0.0.1:1/events")
	if after := sim.World.Undelivered(); after != before {
		t.Errorf("%d events, then %d", before, after)
	}
}
