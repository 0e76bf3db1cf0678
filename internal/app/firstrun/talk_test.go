package firstrun

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// Whoever stops setup while it waits for an answer is told what ends the waiting.
func TestWhoStopsSetupIsToldHow(t *testing.T) {
	in, typed := io.Pipe()
	heard, out := io.Pipe()
	talk := talk{in: bufio.NewReader(in), out: out}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := talk.ask(ctx, "Which", "1")
		done <- err
	}()
	said := func() string {
		b := make([]byte, 100)
		n, err := heard.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
	if got := said(); got != "Which [1]: " {
		t.Fatalf("asked %q", got)
	}
	stop()
	if got := said(); !strings.Contains(got, "Press Enter to stop") {
		t.Errorf("told %q", got)
	}
	if _, err := typed.Write([]byte("\n")); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
