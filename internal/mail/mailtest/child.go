package mailtest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
)

// variable tells the program that it is the mail server, and where it listens.
const variable = "CASELINE_TEST_MAILSERVER"

// Main is the mail server, if this process is to be that; then it does not
// return.
func Main() {
	address := os.Getenv(variable)
	if address == "" {
		return
	}
	if err := serve(address, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mail server:", err) //nolint:forbidigo // a process of its own
		os.Exit(1)
	}
	os.Exit(0)
}

// An Answer is how the server answers one attempt to send to an address.
type Answer struct {
	To   string // whose next attempt it is for
	Data bool   // after the mail, not after its recipient
	Code int    // such as 451
	Hold bool   // with Data: takes the whole mail, says so, and never answers
}

// An event is what the server tells the test.
type event struct {
	Listening string // where it listens
	Planned   bool   // it has taken an Answer in
	To        string
	Raw       string // of a mail
	Held      bool   // that is held, and not answered
	Refused   int    // the code that an attempt was refused with
}

// A child is the server in its own process.
type child struct {
	mu      sync.Mutex // guards what follows; held for a look or a line
	answers []Answer
	out     *json.Encoder
}

func serve(address string, in io.Reader, out io.Writer) error {
	ln, err := net.Listen("tcp", address) //nolint:noctx // as long as the process
	if err != nil {
		return err
	}
	c := &child{out: json.NewEncoder(out)}
	c.tell(event{Listening: ln.Addr().String()})
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{child: c}, nil }))
	s.Domain, s.AllowInsecureAuth, s.EnableSMTPUTF8 = "mail.test", true, true
	var parts sync.WaitGroup
	parts.Go(func() {
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			var a Answer
			if json.Unmarshal(lines.Bytes(), &a) == nil {
				c.mu.Lock()
				c.answers = append(c.answers, a)
				c.mu.Unlock()
				c.tell(event{Planned: true})
			}
		}
		s.Close() // the test is over
	})
	err = s.Serve(ln)
	parts.Wait()
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	return err
}

func (c *child) tell(e event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.out.Encode(e) // the test has gone; then so do we
}

// answer takes the next answer to an attempt, if one was planned.
func (c *child) answer(to string, data bool) (Answer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.answers, func(a Answer) bool { return a.To == to && a.Data == data })
	if i < 0 {
		return Answer{}, false
	}
	a := c.answers[i]
	c.answers = slices.Delete(c.answers, i, i+1)
	return a, true
}

// A session is one connection.
type session struct {
	*child
	to string
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Reset()                               { s.to = "" }
func (s *session) Logout() error                        { return nil }

// Rcpt takes a recipient, or refuses it as planned, with the address in the
// answer as real servers do.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if a, ok := s.answer(to, false); ok {
		return s.refuse(a)
	}
	return nil
}

// Data takes a mail.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	a, planned := s.answer(s.to, true)
	switch {
	case planned && a.Hold:
		s.tell(event{To: s.to, Raw: string(raw), Held: true})
		select {} // until the process is killed
	case planned:
		return s.refuse(a)
	}
	s.tell(event{To: s.to, Raw: string(raw)})
	return nil
}

func (s *session) refuse(a Answer) error {
	s.tell(event{To: a.To, Refused: a.Code})
	class := a.Code / 100
	words := map[int]string{4: "Greylisted, try again later", 5: "User unknown"}[class]
	return &smtp.SMTPError{Code: a.Code, EnhancedCode: smtp.EnhancedCode{class, 1, 1}, Message: "<" + a.To + ">: " + strings.TrimSpace(words)}
}
