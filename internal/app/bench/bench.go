package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options are what a bench can be given; the zero value works.
type Options struct {
	Dir      string        // where the databases are made; default: the system's folder for temporary files
	Postgres string        // URL of a PostgreSQL server on which a database may be made; empty for SQLite
	Runs     int           // of each figure; default 5
	Each     time.Duration // of one run; default 3 s
	Chats    int           // open chats; default 5,000, at least 2
	Streams  int           // agents' live streams connected; default 20
	Only     string        // one part: memory, rates, latency, streams or growth; default: all
	Profile  string        // file for a processor profile of the server under load; default: none
	Out, Err io.Writer     // the report; the server's log
}

func (o Options) withDefaults() Options {
	if o.Runs <= 0 {
		o.Runs = 5
	}
	if o.Each <= 0 {
		o.Each = 3 * time.Second
	}
	if o.Chats <= 1 {
		o.Chats = 5000
	}
	if o.Streams <= 0 {
		o.Streams = 20
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	if o.Err == nil {
		o.Err = io.Discard
	}
	return o
}

// A bench is one run of the measurements.
type bench struct {
	opt       Options
	dir       string
	database  string // URL of the product's database; empty for SQLite in dir
	bareURL   string // of the bare path's
	grownURL  string // of the one that growth is measured in
	data      string // the folder in dir for the server's own things
	slackAddr string
	stub      *stub
	channels  []string
	err       io.Writer
}

// Run measures and prints a report.
func Run(ctx context.Context, o Options) (err error) {
	o = o.withDefaults()
	dir, err := os.MkdirTemp(o.Dir, "caseline-bench-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	b := &bench{opt: o, dir: dir, data: "data", stub: newStub(), err: o.Err}
	if o.Postgres != "" {
		drop, err := b.makeDatabases(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, drop()) }()
	}
	for _, name := range []string{"data", "bare", "grown"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			return fmt.Errorf("make a folder: %w", err)
		}
	}
	if b.bareURL == "" {
		b.bareURL = "sqlite:" + filepath.Join(dir, "bare", "caseline.db")
		b.grownURL = "sqlite:" + filepath.Join(dir, "grown", "caseline.db")
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	b.slackAddr = ln.Addr().String()
	slack := &http.Server{Handler: b.stub, ReadHeaderTimeout: 10 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = slack.Serve(ln) }) // it ends with Close, which is no failure
	defer func() { slack.Close(); serving.Wait() }()
	return b.measure(ctx)
}

func (b *bench) storeURL() string {
	if b.database != "" {
		return b.database
	}
	return "sqlite:" + filepath.Join(b.dir, "data", "caseline.db")
}

// seedBoth prepares the same chats for the product and for the bare path, each
// in a database of its own.
func (b *bench) seedBoth(ctx context.Context) error {
	for _, url := range []string{b.storeURL(), b.bareURL} {
		if err := seed(ctx, url, b.opt.Chats); err != nil {
			return err
		}
	}
	for i := range b.opt.Chats {
		b.channels = append(b.channels, channelOf(i))
	}
	return nil
}

// parts are the groups of figures, in the order in which they are taken.
func (b *bench) parts() []part {
	return []part{
		{"memory", b.measureMemory},
		{"rates", b.measureRates},
		{"latency", b.measureLatency},
		{"streams", b.measureStreams},
		{"growth", b.measureGrowth},
	}
}

type part struct {
	name    string
	measure func(context.Context, *report) error
}

// measure takes the figures in turn.
func (b *bench) measure(ctx context.Context) error {
	r := &report{out: b.opt.Out, postgres: b.database != ""}
	r.head(b)
	if err := b.seedBoth(ctx); err != nil {
		return err
	}
	for _, p := range b.parts() {
		if b.opt.Only != "" && b.opt.Only != p.name {
			continue
		}
		if err := p.measure(ctx, r); err != nil {
			return fmt.Errorf("measure %s: %w", p.name, err)
		}
	}
	return nil
}

// freeAddress returns a loopback address nobody listens on.
func freeAddress(ctx context.Context) (string, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return ln.Addr().String(), ln.Close()
}
