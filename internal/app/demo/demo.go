package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options are what a demo can be given; the zero value works.
type Options struct {
	Dir  string       // the folder that everything is kept in; default caseline-demo
	Port int          // of the start page; the console and Slack take the next two. Default 8079
	Log  *slog.Logger // default: none
	Out  io.Writer    // where the addresses are printed; default: nowhere
}

// Run shows the demo until ctx ends.
func Run(ctx context.Context, o Options) error {
	dir, err := prepare(&o)
	if err != nil {
		return err
	}
	var lns [3]net.Listener
	for i := range lns {
		if lns[i], err = listen(ctx, o.Port+i); err != nil {
			return err
		}
	}
	start := "http://" + lns[0].Addr().String()
	st, err := setUp(ctx, setting{
		dir: dir, consoleLn: lns[1], slackLn: lns[2], pages: true, frames: []string{start}, log: o.Log,
	})
	if err != nil {
		return err
	}
	page, err := newStartPage(dir, st)
	if err != nil {
		return err
	}
	st.announce(o.Out, dir, start)
	server := &http.Server{Handler: page, ReadHeaderTimeout: 10 * time.Second}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return st.run(ctx) })
	g.Go(func() error {
		if err := server.Serve(lns[0]); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error { <-ctx.Done(); return server.Close() })
	err = g.Wait()
	fmt.Fprintln(o.Out, "\nStopped. Everything is kept in", dir)
	return ignoreEnd(err)
}

func prepare(o *Options) (dir string, err error) {
	if o.Dir == "" {
		o.Dir = "caseline-demo"
	}
	if o.Port == 0 {
		o.Port = 8079
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	if dir, err = filepath.Abs(o.Dir); err != nil {
		return "", fmt.Errorf("find the demo's folder: %w", err)
	}
	return dir, nil
}

// listen takes the port on loopback, or any free one when it is taken.
func listen(ctx context.Context, port int) (net.Listener, error) {
	lc := new(net.ListenConfig)
	ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err == nil {
		return ln, nil
	}
	if ln, err = lc.Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	return ln, nil
}

func (st *stage) announce(w io.Writer, dir, start string) {
	fmt.Fprintf(w, "Caseline demo: a simulated Slack and the support console, on this computer only.\n\n")
	fmt.Fprintf(w, "  Start here       %s/\n", start)
	fmt.Fprintf(w, "  Simulated Slack  %s   as Alice, Bob or Chloé\n", st.clientURL())
	fmt.Fprintf(w, "  Console          %s/\n", st.consoleURL)
	for _, h := range hands() {
		fmt.Fprintf(w, "                   %s  password %s%s\n", h.Email, Password, h.Says())
	}
	fmt.Fprintf(w, "  Data             %s\n\n", dir)
	fmt.Fprintf(w, "Ctrl-C stops it. Started again, it goes on with the same data.\n")
}
