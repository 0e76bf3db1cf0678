package mailtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/mail"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait. It is not a measure of speed.
const patience = 30 * time.Second

// A Server is a mail server in a process of its own.
type Server struct {
	Addr string

	t     testing.TB
	cmd   *exec.Cmd
	in    io.WriteCloser
	ended chan struct{}

	mu     sync.Mutex // guards what follows; held for a look
	events []event
	more   chan struct{} // closed when there is another event
}

// A Mail is one that the server was given.
type Mail struct {
	To     string
	Raw    string
	Header mail.Header
	Held   bool // the server never answered
}

// Start starts a server at an address; empty for one that is free.
func Start(t testing.TB, address string) *Server {
	t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, ended: make(chan struct{}), more: make(chan struct{})}
	s.cmd = exec.Command(program) //nolint:gosec,noctx // ourselves; it is killed with the test
	s.cmd.Env, s.cmd.Stderr = append(os.Environ(), variable+"="+address), os.Stderr
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() { s.listen(out) })
	t.Cleanup(func() { s.Kill(); reading.Wait() })
	s.Addr = s.wait("the mail server listens", func(e event) bool { return e.Listening != "" }).Listening
	return s
}

// listen takes in what the server tells.
func (s *Server) listen(out io.Reader) {
	defer close(s.ended)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		s.mu.Lock()
		s.events = append(s.events, e)
		close(s.more)
		s.more = make(chan struct{})
		s.mu.Unlock()
	}
}

// wait returns the first event that is the one, when it is there.
func (s *Server) wait(what string, is func(event) bool) event {
	s.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		s.mu.Lock()
		events, more := s.events, s.more
		s.mu.Unlock()
		if i := slices.IndexFunc(events, is); i >= 0 {
			return events[i]
		}
		select {
		case <-more:
		case <-s.ended:
			s.t.Fatalf("the mail server ended before %s", what)
		case <-late.C:
			s.t.Fatalf("never came true: %s", what)
		}
	}
}

func (s *Server) count(is func(event) bool) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if is(e) {
			n++
		}
	}
	return n
}

// Plan says how the server answers attempts that come from now on.
func (s *Server) Plan(answers ...Answer) {
	s.t.Helper()
	planned := func() int { return s.count(func(e event) bool { return e.Planned }) }
	want := planned() + len(answers)
	for _, a := range answers {
		if err := json.NewEncoder(s.in).Encode(a); err != nil {
			s.t.Fatal(err)
		}
	}
	s.wait("the plan is taken in", func(event) bool { return planned() >= want })
}

// Kill ends the server's process at once, as a crash does.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill() // it may have ended already
	<-s.ended
	_ = s.cmd.Wait()
}

// Mails are what the server was given for an address, in order.
func (s *Server) Mails(to string) []Mail {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Mail
	for _, e := range s.events {
		if e.To != to || e.Raw == "" {
			continue
		}
		m, err := mail.ReadMessage(strings.NewReader(e.Raw))
		if err != nil {
			s.t.Fatalf("what came is no mail: %v\n%s", err, e.Raw)
		}
		all = append(all, Mail{To: e.To, Raw: e.Raw, Header: m.Header, Held: e.Held})
	}
	return all
}

// Gets waits for the n-th mail to an address, and returns it.
func (s *Server) Gets(to string, n int) Mail {
	s.t.Helper()
	s.wait(fmt.Sprintf("mail %d to %s", n, to), func(event) bool { return s.count(func(e event) bool { return e.To == to && e.Raw != "" }) >= n })
	return s.Mails(to)[n-1]
}

// Refuses waits until an attempt to send to an address was refused with code.
func (s *Server) Refuses(to string, code int) {
	s.t.Helper()
	s.wait("a refusal", func(e event) bool { return e.To == to && e.Refused == code })
}
