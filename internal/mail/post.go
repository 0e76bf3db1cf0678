package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"caseline/internal/desk"
)

// A Server is the mail server that letters are handed to.
type Server struct {
	Host     string
	Port     int
	TLS      TLS
	Username string // empty: without signing in
	Password string
	Timeout  time.Duration // of handing over one letter
	Config   *tls.Config   // default: the system's roots, TLS 1.2 at the least
}

// TLS says how the connection to a mail server is kept from others' eyes.
type TLS string

// The ways.
const (
	StartTLS TLS = "starttls" // begun in the clear, and encrypted before anything is said
	Implicit TLS = "implicit" // encrypted from the first byte
	NoTLS    TLS = "none"     // only for a server on this machine
)

// deliver hands a letter to the server. It heeds ctx.
func (s Server) deliver(ctx context.Context, l letter, from From) error {
	m, err := l.message(from)
	if err != nil {
		return err
	}
	return s.visit(ctx, func(client *gomail.Client, session *smtp.Client) error { return client.SendWithSMTPClient(session, m) })
}

// Greet connects and signs in, and hands nothing over. It returns why the server
// does not let us in, or "".
func (s Server) Greet(ctx context.Context) (reason string) {
	if err := s.visit(ctx, func(*gomail.Client, *smtp.Client) error { return nil }); err != nil {
		return reasonOf(err)
	}
	return ""
}

// visit does something while the server has let us in.
func (s Server) visit(ctx context.Context, do func(*gomail.Client, *smtp.Client) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.Timeout, errTimeout)
	defer cancel()
	var conn net.Conn
	client, err := gomail.NewClient(s.Host, s.options(func(ctx context.Context, network, address string) (net.Conn, error) {
		var err error
		conn, err = s.dial(ctx, network, address)
		return conn, err
	})...)
	if err != nil {
		return fmt.Errorf("prepare a connection: %w", err)
	}
	defer func() {
		if conn != nil {
			conn.Close()
		}
	}()
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("reach the mail server: %w", err)
	}
	// The library does not look at the context while it talks.
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err := do(client, session); err != nil {
		return err
	}
	_ = session.Quit() // what was to be done is done; how they part does not matter
	return nil
}

var errTimeout = errors.New("the mail server did not answer in time")

func (s Server) options(dial gomail.DialContextFunc) []gomail.Option {
	o := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(s.Timeout), gomail.WithDialContextFunc(dial), gomail.WithTLSConfig(s.tls()),
		gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithTLSPolicy(gomail.TLSMandatory),
	}
	switch s.TLS {
	case Implicit:
		o = append(o, gomail.WithSSL())
	case NoTLS:
		o = append(o, gomail.WithTLSPolicy(gomail.NoTLS))
	case StartTLS:
	}
	if s.Username == "" {
		return o
	}
	auth := gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin)
	if s.TLS == NoTLS {
		auth = gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc)
	}
	return append(o, auth, gomail.WithUsername(s.Username), gomail.WithPassword(s.Password))
}

func (s Server) tls() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.Config != nil {
		c = s.Config.Clone()
	}
	c.ServerName = s.Host
	return c
}

func (s Server) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.TLS == Implicit {
		return (&tls.Dialer{Config: s.tls()}).DialContext(ctx, network, address)
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// Why mail is refused or not known to have arrived, beside the server's words.
const (
	NoAnswer  = "the connection was lost before the mail server answered"
	SentTwice = "the mail server took it twice and never answered; it may have arrived"
	GaveUp    = "given up after five days"
)

// verdictOf is what an attempt came to by what deliver returned.
func verdictOf(id string, err error) desk.Verdict {
	if err == nil {
		return desk.Verdict{Kind: desk.Sent, Receipt: id}
	}
	if errors.Is(err, errHeader) {
		return desk.Verdict{Kind: desk.Refused, Reason: err.Error()}
	}
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok { // it never came to the letter: others need not try either
		return desk.Verdict{Kind: desk.Retry, Down: true, Reason: reasonOf(err)}
	}
	code := e.ErrorCode()
	switch {
	case e.Reason == gomail.ErrSMTPReset:
		return desk.Verdict{Kind: desk.Sent, Receipt: id} // it was theirs already
	case e.Reason == gomail.ErrSMTPDataClose && code == 0:
		return desk.Verdict{Kind: desk.Unknown, Reason: NoAnswer}
	case code == 530 || code == 535 || code == 538: // RFC 4954: it is our sign-in, not the letter
		return desk.Verdict{Kind: desk.Retry, Reason: reasonOf(err)}
	case code >= 500 || e.Reason == gomail.ErrGetSender || e.Reason == gomail.ErrGetRcpts:
		return desk.Verdict{Kind: desk.Refused, Reason: reasonOf(err)}
	}
	return desk.Verdict{Kind: desk.Retry, Reason: reasonOf(err)}
}

// maxReason is how long a reason is, in bytes.
const maxReason = 200

// reasonOf is what went wrong, in one line and without anybody's address: it is
// shown to agents, and logged.
func reasonOf(err error) string {
	text := err.Error()
	if e, ok := errors.AsType[*gomail.SendError](err); ok {
		text = strings.ReplaceAll(strings.TrimPrefix(text, e.Reason.String()+": "), `"`, "") // the server's own words say it
	}
	for _, tail := range []string{", affected recipient(s)", ", affected message ID"} {
		text, _, _ = strings.Cut(text, tail)
	}
	var words []string
	for _, word := range strings.Fields(flat(text)) {
		if strings.Contains(word, "@") {
			word = "…"
		}
		words = append(words, word)
	}
	text = strings.ToValidUTF8(strings.Join(words, " "), "")
	if len(text) > maxReason {
		text = strings.ToValidUTF8(text[:maxReason], "") + "…"
	}
	return text
}
