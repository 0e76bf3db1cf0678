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

func (r *report) rates(product, bare *side, d disk) {
	fmt.Fprintf(r.out, "%-20s %10s %10s %7s   %-17s   %s\n", "durable events/s", "caseline", "bare path", "ratio", "commits per event", "processor time per event")
	for _, n := range atOnce() {
		p, o := product.runs[n], bare.runs[n]
		rate, beside := median(p.rate), median(o.rate)
		fmt.Fprintf(r.out, "  %3d senders %17.0f %10.0f %7.2f   %7.3f   %7.3f   %7.0f µs %7.0f µs\n",
			n, rate, beside, rate/beside, median(p.commits), median(o.commits), median(p.cpu), median(o.cpu))
	}
	fmt.Fprintf(r.out, "raw disk, 512 B + fdatasync: alone %.0f/s, 64 at once %.0f/s\n\n", median(d.alone), median(d.grouped))
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
