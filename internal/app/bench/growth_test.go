package bench

import (
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"
)

// What is put into the database past the product is what the product would
// have left there.
func TestAGrownDatabaseIsInOrder(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx := t.Context()
		g := &grown{url: url}
		for _, each := range []int{1, 3} {
			if err := g.growTo(ctx, grownOthers+4*each, each); err != nil {
				t.Fatal(err)
			}
		}
		s, err := sqlstore.Open(ctx, sqlstore.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for i, messages := range map[int]int{
			0: 0, grownRunning: 0, grownPlain: plainLog, grownLong: longLog, grownOthers: 3, grownOthers + 5: 3, grownOthers + 11: 3,
		} {
			c, err := s.Case(ctx, caseOf(i))
			if err != nil {
				t.Fatal(err)
			}
			newest, err := s.LogBefore(ctx, c.ID, c.LastSeq+1, 1)
			if err != nil || len(newest) != 1 || newest[0].Seq != c.LastSeq || c.LastSeq != int64(3+messages) || c.Chat.Messages != messages {
				t.Errorf("case %d: got %d entries of which %d are messages, %v, the newest %v; want %d", i, c.LastSeq, c.Chat.Messages, err, newest, 3+messages)
			}
			if want := i > grownLong; want != (c.Chat.State == desk.ChatEnded) {
				t.Errorf("case %d: got state %s", i, c.Chat.State)
			}
		}
		waiting, err := s.Waiting(ctx, 100)
		if err != nil || len(waiting) != grownWaiting {
			t.Errorf("got %d waiting, %v, want %d", len(waiting), err, grownWaiting)
		}
		if running, err := s.Running(ctx, desk.Lookout{}, "", 100); err != nil || len(running) != grownRunning+2 {
			t.Errorf("got %d running, %v, want %d", len(running), err, grownRunning+2)
		}
	})
}

func TestTheReportSaysWhatIsMet(t *testing.T) {
	var out strings.Builder
	r := &report{out: &out}
	r.latency("event", []spread{{2 * time.Millisecond, 12 * time.Millisecond}, {3 * time.Millisecond, 13 * time.Millisecond}, {time.Millisecond, 9 * time.Millisecond}}, 0, 2, 12, "")
	r.latency("event", []spread{{2 * time.Millisecond, 13 * time.Millisecond}}, 0, 2, 12, "")
	r.latency("event", []spread{{0, 0}}, 3, 2, 12, "")
	r.line("figure", "5", atLeast(5, 4, "%d", 4).and(atMost(5, 4, "%d", 4)), "beside")
	r.line("figure", "5", target{}, "")
	want := `| event, p50 / p99 | 2.0 / 12.0 ms | ≤ 2 / ≤ 12 ms: met |  |
| event, p50 / p99 | 2.0 / 13.0 ms | ≤ 2 / ≤ 12 ms: **not met** |  |
| event, p50 / p99 | 0.0 / 0.0 ms | ≤ 2 / ≤ 12 ms: **not met** | 3 never seen |
| figure | 5 | ≥ 4, ≤ 4: **not met** | beside |
| figure | 5 |  |  |
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestGrowthIsSaidSizeBySize(t *testing.T) {
	var out strings.Builder
	looks := []look{{size: size{10, 2}, ready: 20 * time.Millisecond}, {size: size{1000, 20}, ready: 301 * time.Millisecond}}
	looks[1].queue = cost{p50: 5 * time.Millisecond, cpu: 3 * time.Millisecond}
	(&report{out: &out}).growth(looks)
	for _, want := range []string{
		"| 10 in 2 cases / 1000 in 20 cases |", "| start to ready | 20.0 / 301.0 ms | ≤ 300 ms: **not met** |",
		"| queue, p50 | 0.0 / 5.0 ms | ≤ 5 ms: met | processor time 0.0 / 3.0 ms |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// TestCommitsAreCountedForEvents leaves out what the server commits anyhow.
func TestCommitsAreCountedForEvents(t *testing.T) {
	r := &runs{commits: []commits{
		{made: 3003, events: 3000, took: 3 * time.Second}, {made: 1501, events: 1500, took: time.Second}, {made: 6006, events: 6000, took: 6 * time.Second},
	}}
	if got := r.perEvent(1); got != 1 {
		t.Errorf("one a second without events: got %v commits an event, want 1", got)
	}
	if got := r.perEvent(0); got != 1.001 {
		t.Errorf("none without events: got %v commits an event, want 1.001", got)
	}
}
