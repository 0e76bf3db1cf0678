package config

import (
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// What handing over one mail may take, and waiting for the next try.
const (
	minMailTimeout = 100 * time.Millisecond
	maxMailTimeout = 5 * time.Minute
	maxFromName    = 100
)

// mailHost is a name or an address, without a port.
var mailHost = regexp.MustCompile(`^[A-Za-z0-9._:-]+$`)

func (m *Mail) check(k *checker) {
	if !m.On() {
		k.must(m.From == "" && m.Username == "" && !m.Password.IsSet(), "mail.host", "is missing; name the mail server, or leave the whole section out to send no e-mail")
		return
	}
	k.must(mailHost.MatchString(m.Host), "mail.host", "must be the mail server's name such as smtp.example.com, without a port, not %q", m.Host)
	k.must(m.Port > 0 && m.Port <= 65535, "mail.port", "must be between 1 and 65535, such as 587, or 465 for tls: implicit, not %d", m.Port)
	k.must(m.TLS == MailStartTLS || m.TLS == MailImplicit || m.TLS == MailNoTLS, "mail.tls", "must be starttls, implicit or none, not %q", m.TLS)
	k.must(m.TLS != MailNoTLS || isLoopback(m.Host), "mail.tls", "can be none only for a mail server on this machine: others could read what is sent, and the password")
	k.must((m.Username == "") == !m.Password.IsSet(), "mail.username", "and mail.password go together; set both, or neither for a server that needs no sign-in")
	address, err := mail.ParseAddress(m.From)
	k.must(err == nil && address.Address == m.From && email.MatchString(m.From), "mail.from", "must be the address that mail comes from, such as support@example.com, not %q", m.From)
	k.must(len(m.FromName) <= maxFromName && strings.IndexFunc(m.FromName, unicode.IsControl) < 0, "mail.from_name", "must be at most %d characters in one line", maxFromName)
	k.must(m.Timeout >= minMailTimeout && m.Timeout <= maxMailTimeout, "mail.timeout", "must be between %v and %v, not %v", minMailTimeout, maxMailTimeout, m.Timeout)
	k.must(m.RetryAfter > 0 && m.RetryAfter <= MaxMailRetry, "mail.retry_after", "must be more than 0 and at most %v, not %v", MaxMailRetry, m.RetryAfter)
}
