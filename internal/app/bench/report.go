package bench

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"time"
)

// A report prints figures as they come: a table in Markdown, each figure
// beside its target and the limit it is to be judged by.
type report struct {
	out      io.Writer
	postgres bool
}

// A target is what a figure is to be.
type target struct {
	text string // such as "≤ 25 ms"; empty for none
	met  bool
}

func atMost(got, most float64, format string, a ...any) target {
	return target{"≤ " + fmt.Sprintf(format, a...), got <= most}
}

func atLeast(got, least float64, format string, a ...any) target {
	return target{"≥ " + fmt.Sprintf(format, a...), got >= least}
}

// and joins two targets for one line.
func (t target) and(o target) target { return target{t.text + ", " + o.text, t.met && o.met} }

func (r *report) head(b *bench) {
	database := "SQLite"
	if r.postgres {
		database = "PostgreSQL"
	}
	fmt.Fprintf(r.out, "caseline bench: %s, %d cores, %s, medians of %d runs of %v, %d open chats, %d streams\n\n",
		database, runtime.NumCPU(), runtime.Version(), b.opt.Runs, b.opt.Each, b.opt.Chats, b.opt.Streams)
	fmt.Fprintf(r.out, "| figure | measured | target | beside it |\n|---|---|---|---|\n")
}

func (r *report) line(figure, measured string, t target, beside string) {
	if t.text != "" {
		t.text += map[bool]string{true: ": met", false: ": **not met**"}[t.met]
	}
	// One that could not be put into words would be seen in the table.
	fmt.Fprintf(r.out, "| %s |\n", strings.Join([]string{figure, measured, t.text, beside}, " | "))
}

func (r *report) memory(m memory) {
	start := float64(m.start) / 1e6
	r.line("resident memory at start", fmt.Sprintf("%.1f MB", start), atMost(start, 40, "40 MB"), "")
	r.line("resident memory per idle stream", fmt.Sprintf("%.1f KB", m.perStream/1e3), atMost(m.perStream, 30e3, "30 KB"), "")
	r.line("resident memory per open chat", fmt.Sprintf("%.2f KB", m.perChat/1e3), atMost(m.perChat, 1e3, "1 KB"), "with what the collector leaves uncollected")
	r.line("start to ready", millis(m.ready), target{}, "")
}

// rates puts the product's rates beside the bare path's. Targets are for 64
// senders, where commits are grouped.
func (r *report) rates(product, bare *side, d disk) {
	least, text := 5000.0, "5,000/s"
	if r.postgres {
		least, text = 3000, "3,000/s"
	}
	for _, n := range atOnce() {
		p, o := product.runs[n], bare.runs[n]
		rate, beside := median(p.rate), median(o.rate)
		var t target
		if n == 64 {
			t = atLeast(rate, least, "%s", text).and(atLeast(rate/beside, 0.5, "0.5 × the bare path"))
		}
		r.line(fmt.Sprintf("durable events/s, %s", senders(n)), fmt.Sprintf("%.0f/s", rate), t,
			fmt.Sprintf("bare path %.0f/s: %.2f ×; processor time %.0f µs an event, bare path %.0f µs", beside, rate/beside, median(p.cpu), median(o.cpu)))
	}
	for _, n := range atOnce() {
		commits := math.Round(product.runs[n].perEvent(product.idle)*1000) / 1000 // as exactly as it is shown
		var t target
		switch n {
		case 1:
			t = atMost(commits, 1, "1")
		case 64:
			t = atMost(commits, 0.1, "0.1")
		}
		r.line(fmt.Sprintf("commits per event, %s", senders(n)), fmt.Sprintf("%.3f", commits), t, fmt.Sprintf("bare path %.3f", bare.runs[n].perEvent(bare.idle)))
	}
	r.line("disk alone: 512 B and a flush", fmt.Sprintf("%.0f/s", median(d.alone)), target{}, fmt.Sprintf("64 to a flush %.0f/s", median(d.grouped)))
}

func senders(n int) string {
	if n == 1 {
		return "1 sender"
	}
	return fmt.Sprintf("%d senders", n)
}

// latency tells the spread of waits whose halves are to be at most p50 and p99
// milliseconds.
func (r *report) latency(what string, spreads []spread, missed int, p50, p99 float64, beside string) {
	got := middle(spreads)
	t := target{fmt.Sprintf("≤ %g / ≤ %g ms", p50, p99), inMillis(got.p50) <= p50 && inMillis(got.p99) <= p99 && missed == 0}
	if missed > 0 {
		beside = fmt.Sprintf("%d never seen", missed)
	}
	r.line(what+", p50 / p99", got.String(), t, beside)
}

// growth sets what the same acts cost at each size side by side; the targets
// are for the largest.
func (r *report) growth(looks []look) {
	last := looks[len(looks)-1]
	var held []string
	for _, l := range looks {
		held = append(held, fmt.Sprintf("%d in %d cases", l.messages, l.cases))
	}
	r.line("messages held, for the lines below", strings.Join(held, " / "), target{}, fmt.Sprintf("put there in %.0f s", last.seeded.Seconds()))
	for _, act := range []struct {
		what string
		of   func(look) cost
		most float64 // ms; 0 for no target
	}{
		{"start to ready", func(l look) cost { return cost{p50: l.ready} }, 300},
		{fmt.Sprintf("page of a case with %d messages, p50", plainLog), func(l look) cost { return l.plain }, 5},
		{fmt.Sprintf("page of a case with %d messages, p50", longLog), func(l look) cost { return l.long }, 5},
		{"page in the middle of that case, p50", func(l look) cost { return l.past }, 5},
		{"queue, p50", func(l look) cost { return l.queue }, 5},
		{"all cases, p50", func(l look) cost { return l.all }, 5},
		{"a search of two words in open cases, p50", func(l look) cost { return l.search }, 0},
		{fmt.Sprintf("event to a case with %d messages, 1 sender, p50", plainLog), func(l look) cost { return l.appendPlain }, 0},
		{fmt.Sprintf("event to a case with %d messages, 1 sender, p50", longLog), func(l look) cost { return l.appendToLong }, 0},
	} {
		var t target
		if act.most > 0 {
			t = atMost(inMillis(act.of(last).p50), act.most, "%g ms", act.most)
		}
		var each, cpu []string
		for _, l := range looks {
			each = append(each, fmt.Sprintf("%.1f", inMillis(act.of(l).p50)))
			cpu = append(cpu, fmt.Sprintf("%.1f", inMillis(act.of(l).cpu)))
		}
		beside := "processor time " + strings.Join(cpu, " / ") + " ms"
		if act.of(last).cpu == 0 {
			beside = ""
		}
		r.line(act.what, strings.Join(each, " / ")+" ms", t, beside)
	}
}

func inMillis(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

func millis(d time.Duration) string { return fmt.Sprintf("%.0f ms", inMillis(d)) }
