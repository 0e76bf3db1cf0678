package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net"
	"net/http/httptest"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/mail"
	"caseline/internal/mail/mailtest"
)

func at(t *testing.T, address string) mail.Server {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return mail.Server{Host: host, Port: n, TLS: mail.NoTLS, Timeout: 20 * time.Second}
}

func TestWhatAServerAnswersIsTheVerdict(t *testing.T) {
	server := mailtest.Start(t, "")
	const bob = "bob@example.com"
	for _, tc := range []struct {
		name   string
		answer mailtest.Answer
		want   desk.VerdictKind
		reason string
	}{
		{"taken", mailtest.Answer{}, desk.Sent, ""},
		{"greylisted", mailtest.Answer{To: bob, Code: 451}, desk.Retry, "Greylisted"},
		{"too much", mailtest.Answer{To: bob, Data: true, Code: 452}, desk.Retry, "452"},
		{"unknown", mailtest.Answer{To: bob, Code: 550}, desk.Refused, "User unknown"},
		{"refused for what it says", mailtest.Answer{To: bob, Data: true, Code: 554}, desk.Refused, "554"},
		{"our sign-in", mailtest.Answer{To: bob, Code: 530}, desk.Retry, "530"},
	} {
		if tc.answer.Code != 0 {
			server.Plan(tc.answer)
		}
		v := at(t, server.Addr).Try(t.Context(), bob)
		if v.Kind != tc.want || !strings.Contains(v.Reason, tc.reason) {
			t.Errorf("%s: got %s, %q; want %s", tc.name, v.Kind, v.Reason, tc.want)
		}
		if strings.Contains(v.Reason, "bob") || len(v.Reason) > 210 {
			t.Errorf("%s: the reason says too much: %q", tc.name, v.Reason)
		}
	}
	server.Kill()
	if v := at(t, server.Addr).Try(t.Context(), bob); v.Kind != desk.Retry || v.Reason == "" {
		t.Errorf("nobody listens: got %s, %q; want retry", v.Kind, v.Reason)
	}
}

// The server has the whole letter when it dies: nobody knows what became of it.
func TestAServerThatDiesBeforeItAnswers(t *testing.T) {
	server := mailtest.Start(t, "")
	server.Plan(mailtest.Answer{To: "bob@example.com", Data: true, Hold: true})
	got := make(chan desk.Verdict, 1)
	go func() { got <- at(t, server.Addr).Try(t.Context(), "bob@example.com") }()
	server.Gets("bob@example.com", 1)
	server.Kill()
	if v := <-got; v.Kind != desk.Unknown {
		t.Errorf("got %s, %q; want unknown", v.Kind, v.Reason)
	}
}

func TestAStopCutsALetterOff(t *testing.T) {
	server := mailtest.Start(t, "")
	server.Plan(mailtest.Answer{To: "bob@example.com", Data: true, Hold: true})
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan desk.Verdict, 1)
	go func() { got <- at(t, server.Addr).Try(ctx, "bob@example.com") }()
	server.Gets("bob@example.com", 1)
	cancel()
	if v := <-got; v.Kind != desk.Unknown {
		t.Errorf("got %s, %q; want unknown", v.Kind, v.Reason)
	}
}

// A strict server takes one mail, from who has signed in, and says nothing of
// that in the clear.
type strict struct {
	config   *tls.Config // nil: cannot encrypt
	took     bool
	inTheRaw bool // the password came in the clear
}

func (s *strict) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	text, in := textproto.NewConn(conn), false
	_, encrypted := conn.(*tls.Conn)
	say := func(line string) { _ = text.PrintfLine("%s", line) }
	say("220 mail.test")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		switch word, rest, _ := strings.Cut(line, " "); word {
		case "EHLO":
			say("250-mail.test")
			if s.config != nil && !encrypted {
				say("250-STARTTLS")
			}
			say("250 AUTH PLAIN")
		case "STARTTLS":
			say("220 go on")
			conn, encrypted = tls.Server(conn, s.config), true
			text = textproto.NewConn(conn)
		case "AUTH":
			s.inTheRaw = s.inTheRaw || !encrypted
			if in = rest == "PLAIN "+base64.StdEncoding.EncodeToString([]byte("\x00caseline\x00secret")); in {
				say("235 welcome")
			} else {
				say("535 5.7.8 no")
			}
		case "DATA":
			say("354 go on")
			if _, err := text.ReadDotLines(); err == nil {
				s.took = in && encrypted
				say("250 taken")
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

func TestConnectionsAreEncryptedAndSignedIn(t *testing.T) {
	known := httptest.NewTLSServer(nil) // for its certificate
	defer known.Close()
	roots := x509.NewCertPool()
	roots.AddCert(known.Certificate())
	config := &tls.Config{Certificates: known.TLS.Certificates}
	for _, tc := range []struct {
		name     string
		tls      mail.TLS
		server   *tls.Config // nil: cannot do it
		roots    *x509.CertPool
		password string
		want     desk.VerdictKind
	}{
		{"starttls", mail.StartTLS, config, roots, "secret", desk.Sent},
		{"implicit", mail.Implicit, config, roots, "secret", desk.Sent},
		{"starttls with a server that cannot", mail.StartTLS, nil, roots, "secret", desk.Retry},
		{"starttls with a stranger", mail.StartTLS, config, x509.NewCertPool(), "secret", desk.Retry},
		{"implicit with a stranger", mail.Implicit, config, x509.NewCertPool(), "secret", desk.Retry},
		{"the wrong password", mail.StartTLS, config, roots, "wrong", desk.Retry},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := &strict{config: tc.server}
			ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			s := at(t, ln.Addr().String())
			if tc.tls == mail.Implicit {
				ln = tls.NewListener(ln, tc.server)
			}
			var serving sync.WaitGroup
			serving.Go(func() {
				if conn, err := ln.Accept(); err == nil {
					server.serve(conn)
				}
			})
			s.TLS, s.Username, s.Password, s.Config = tc.tls, "caseline", tc.password, &tls.Config{RootCAs: tc.roots, MinVersion: tls.VersionTLS12}
			v := s.Try(t.Context(), "bob@example.com")
			ln.Close()
			serving.Wait()
			took := server.took
			if server.inTheRaw {
				t.Error("the password went in the clear")
			}
			if v.Kind != tc.want || took != (tc.want == desk.Sent) {
				t.Errorf("got %s, %q, and that it was taken: %t; want %s", v.Kind, v.Reason, took, tc.want)
			}
			if strings.Contains(v.Reason, tc.password) {
				t.Errorf("the reason has the password in it: %q", v.Reason)
			}
		})
	}
}
