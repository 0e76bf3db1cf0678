package mentions

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/nap"
)

// A town is a Slack with channels and user groups.
type town struct {
	mu       sync.Mutex // guards all below
	channels map[string]api.Channel
	groups   []served.Group
	err      error         // what every call comes to
	slow     time.Duration // before every answer
	asked    []string
	told     int
}

func newTown() *town {
	return &town{
		channels: map[string]api.Channel{
			"C1": {ID: "C1", Name: "plans"}, "C2": {ID: "C2", Name: "case-1", Private: true, IsMember: true},
			"C3": {ID: "C3", Name: "layoffs", Private: true},
		},
		groups: []served.Group{{ID: "S1", Handle: "ops"}, {ID: "S2", Handle: "gone", Disabled: true}},
	}
}

func (w *town) answer(ctx context.Context, what string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, what)
	if w.slow > 0 {
		nap.For(ctx, w.slow, nil, nil)
	}
	return w.err
}

func (w *town) ChannelInfo(ctx context.Context, id string) (api.Channel, error) {
	if err := w.answer(ctx, id); err != nil {
		return api.Channel{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, ok := w.channels[id]
	if !ok {
		return ch, &api.Error{Kind: api.Refused, Code: "channel_not_found"}
	}
	return ch, nil
}

func (w *town) Groups(ctx context.Context, _ desk.WorkspaceID) ([]served.Group, error) {
	if err := w.answer(ctx, "groups"); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.groups), nil
}

// seen is what was asked so far, and how often pages were told.
func (w *town) seen() (asked []string, told int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked), w.told
}

func (w *town) change(fn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fn()
}

// run plays a story with a Book of w that runs.
func run(t *testing.T, w *town, story func(*testing.T, *Book)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := New("T1", w, w, Options{Told: func() { w.change(func() { w.told++ }) }})
		done := make(chan error)
		go func() { done <- b.Run(ctx) }()
		story(t, b)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func told(w *town) int {
	_, n := w.seen()
	return n
}

// called is how a Book names things, as people read it.
func called(b *Book, ids ...string) string {
	var out []string
	for _, id := range ids {
		name, instead := b.Channel("T1", id)
		if id[0] == 'S' {
			name, instead = b.Group("T1", id)
		}
		out = append(out, name+"/"+instead)
	}
	return strings.Join(out, " ")
}

func TestWhatIsMentionedIsKnownWhenItIsRead(t *testing.T) {
	w := newTown()
	run(t, w, func(t *testing.T, b *Book) {
		texts := []string{"<#C1> and <#C2|> and <#C3|layoffs>, <#C4>", "<!subteam^S1> <!subteam^S9> <@U1> <#c1> <# C1> <#>"}
		b.Learn(t.Context(), "T1", texts)
		want := "plans/ case-1/ /a private channel /a private channel ops/ /a user group"
		if got := called(b, "C1", "C2", "C3", "C4", "S1", "S9"); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		b.Learn(t.Context(), "T1", texts)
		synctest.Wait()
		if asked, _ := w.seen(); !slices.Equal(asked, []string{"C1", "C2", "C3", "C4", "groups"}) {
			t.Errorf("asked %v: each once", asked)
		}
		b.Learn(t.Context(), "T2", []string{"<#C5>"})
		if name, instead := b.Channel("T2", "C1"); name+instead != "" {
			t.Errorf("another workspace's channel is called %q", name+instead)
		}
	})
}

func TestInSlackAPrivateChannelIsNotNamed(t *testing.T) {
	w := newTown()
	run(t, w, func(t *testing.T, b *Book) {
		channel, group := b.InSlack(t.Context())("T1")
		for id, want := range map[string]string{"C1": "plans/", "C2": "/a private channel", "C3": "/a private channel", "S1": "ops/", "S9": "/a user group"} {
			look := channel
			if id[0] == 'S' {
				look = group
			}
			name, instead := look(id)
			if got := name + "/" + instead; got != want {
				t.Errorf("%s is called %q, want %q", id, got, want)
			}
		}
		if name, instead := b.Channel("T1", "C2"); name != "case-1" {
			t.Errorf("to agents C2 is called %q %q", name, instead)
		}
	})
}

// However many unknown things a text mentions, who waits for it waits a moment.
func TestInSlackAllTogetherIsWaitedForAMoment(t *testing.T) {
	w := newTown()
	w.slow = 5 * time.Second
	run(t, w, func(t *testing.T, b *Book) {
		began := time.Now()
		channel, _ := b.InSlack(t.Context())("T1")
		for _, id := range []string{"C1", "C2", "C3", "C4"} {
			if name, instead := channel(id); name+instead != "" {
				t.Errorf("%s is called %q %q", id, name, instead)
			}
		}
		if took := time.Since(began); took != askFor {
			t.Errorf("it took %v", took)
		}
	})
}

func TestAReaderDoesNotWaitForASlackThatIsSilent(t *testing.T) {
	w := newTown()
	w.slow = 5 * time.Second
	run(t, w, func(t *testing.T, b *Book) {
		began := time.Now()
		b.Learn(t.Context(), "T1", []string{"<#C1>"})
		if took := time.Since(began); took != askFor {
			t.Errorf("waited %v, want %v", took, askFor)
		}
		if got := called(b, "C1"); got != "/" {
			t.Errorf("got %s before Slack has said", got)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got, told := called(b, "C1"), told(w); got != "plans/" || told != 1 {
			t.Errorf("later: got %s, and pages were told %d times", got, told)
		}
	})
}

func TestAnOutageIsWaitedOut(t *testing.T) {
	for _, err := range []error{
		&api.Error{Kind: api.Unknown}, &api.Error{Kind: api.Limited, After: 3 * time.Second}, &api.Error{Kind: api.Refused, Code: "missing_scope"},
	} {
		w := newTown()
		w.err = err
		run(t, w, func(t *testing.T, b *Book) {
			b.Learn(t.Context(), "T1", []string{"<#C1> <!subteam^S1>"})
			b.Learn(t.Context(), "T1", []string{"<#C1> <!subteam^S1>"})
			if got := called(b, "C1", "S1"); got != "/ /" {
				t.Errorf("%v: got %s", err, got)
			}
			time.Sleep(time.Hour)
			synctest.Wait()
			w.change(func() { w.err = nil })
			if asked, _ := w.seen(); len(asked) < 4 || len(asked) > 40 {
				t.Errorf("%v: asked %d times in an hour", err, len(asked))
			}
			time.Sleep(time.Hour)
			synctest.Wait()
			if got := called(b, "C1", "S1"); got != "plans/ ops/" || told(w) == 0 {
				t.Errorf("%v: afterwards %s, told %d times", err, got, told(w))
			}
			w.change(func() { w.err = err })
			time.Sleep(3 * time.Hour)
			b.Learn(t.Context(), "T1", []string{"<#C1> <!subteam^S1>"})
			synctest.Wait()
			if got := called(b, "C1", "S1"); got != "plans/ ops/" {
				t.Errorf("%v: a name from before is better than none, got %s", err, got)
			}
		})
	}
}

func TestNamesFollowSlack(t *testing.T) {
	w := newTown()
	run(t, w, func(t *testing.T, b *Book) {
		b.Learn(t.Context(), "T1", []string{"<#C1> <#C2> <!subteam^S1>"})
		synctest.Wait()
		before := told(w)
		w.change(func() {
			w.channels["C1"] = api.Channel{ID: "C1", Name: "schemes"}
			w.groups = []served.Group{{ID: "S1", Handle: "operations"}}
		})
		b.Renamed("T1", "C1")
		b.Renamed("T1", "C9") // nobody mentions it
		b.Regrouped("T1")
		synctest.Wait()
		if got := called(b, "C1", "S1"); got != "schemes/ operations/" || told(w) != before+2 {
			t.Errorf("got %s, told %d times more", got, told(w)-before)
		}
		if asked, _ := w.seen(); slices.Contains(asked, "C9") {
			t.Error("asked for a channel that nobody mentioned")
		}
		// A name that changed unheard is found within its time.
		w.change(func() { w.channels["C1"] = api.Channel{ID: "C1", Name: "quiet"} })
		time.Sleep(freshFor)
		b.Learn(t.Context(), "T1", []string{"<#C1>"})
		synctest.Wait()
		if got := called(b, "C1"); got != "quiet/" {
			t.Errorf("after an hour: got %s", got)
		}
	})
}

func TestAPrivateChannelThatClosedIsNotNamedFromThenOn(t *testing.T) {
	w := newTown()
	run(t, w, func(t *testing.T, b *Book) {
		b.Learn(t.Context(), "T1", []string{"<#C2>"})
		synctest.Wait()
		w.change(func() { w.err = &api.Error{Kind: api.Unknown} })
		b.Closed("T1", "C2")
		if got := called(b, "C2"); got != "/a private channel" {
			t.Errorf("got %s at once", got)
		}
		synctest.Wait()
		if got := called(b, "C2"); got != "/a private channel" {
			t.Errorf("got %s while Slack is silent", got)
		}
		w.change(func() { w.err = nil; delete(w.channels, "C2") })
		time.Sleep(time.Hour)
		if got := called(b, "C2"); got != "/a private channel" {
			t.Errorf("got %s", got)
		}
	})
}

func TestALongListIsAskedForAtSlacksPace(t *testing.T) {
	w := newTown()
	var text strings.Builder
	for i := range 500 {
		fmt.Fprintf(&text, "<#CX%d>", i)
	}
	run(t, w, func(t *testing.T, b *Book) {
		b.Learn(t.Context(), "T1", []string{text.String()})
		time.Sleep(time.Hour)
		synctest.Wait()
		if asked, _ := w.seen(); len(asked) != maxRead {
			t.Errorf("asked for %d channels of one text, want %d", len(asked), maxRead)
		}
	})
}
