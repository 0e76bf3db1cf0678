package bench

import (
	"fmt"
	"io"
	"runtime"
	"time"
)

// A report prints figures as they come, each beside its limit.
type report struct{ out io.Writer }

func (r *report) head(b *bench) {
	database := "SQLite"
	if b.database != "" {
		database = "PostgreSQL"
	}
	fmt.Fprintf(r.out, "caseline bench: %s, %d cores, %s, medians of %d runs of %v, %d open chats, %d streams\n\n",
		database, runtime.NumCPU(), runtime.Version(), b.opt.Runs, b.opt.Each, b.opt.Chats, b.opt.Streams)
}

func (r *report) memory(m memory) {
	fmt.Fprintf(r.out, "memory at start              %8.1f MB     (target ≤ 40)\n", float64(m.start)/1e6)
	fmt.Fprintf(r.out, "memory per idle stream       %8.1f KB     (target ≤ 30)\n", m.perStream/1e3)
	fmt.Fprintf(r.out, "memory per open chat         %8.2f KB     (target ≤ 1)\n", m.perChat/1e3)
	fmt.Fprintf(r.out, "start to ready               %8.0f ms\n\n", float64(m.ready.Microseconds())/1e3)
}

func (r *report) rates(results map[int]*rates, alone, grouped []float64) {
	fmt.Fprintf(r.out, "%-28s %10s %10s %7s %10s\n", "durable events/s", "caseline", "bare path", "ratio", "commits")
	for _, n := range atOnce() {
		got := results[n]
		product, bare := median(got.product), median(got.bare)
		fmt.Fprintf(r.out, "  %3d senders %25.0f %10.0f %7.2f %10.3f\n", n, product, bare, product/bare, median(got.commits))
	}
	fmt.Fprintf(r.out, "raw disk, 512 B + fdatasync: alone %.0f/s, 64 at once %.0f/s\n\n", median(alone), median(grouped))
}

func (r *report) latency(what string, spreads []spread, missed int) {
	var p50, p99 []time.Duration
	for _, s := range spreads {
		p50, p99 = append(p50, s.p50), append(p99, s.p99)
	}
	fmt.Fprintf(r.out, "%-30s p50 %7.2f ms   p99 %7.2f ms", what,
		float64(medianDuration(p50).Microseconds())/1e3, float64(medianDuration(p99).Microseconds())/1e3)
	if missed > 0 {
		fmt.Fprintf(r.out, "   %d never seen", missed)
	}
	fmt.Fprintln(r.out)
}
