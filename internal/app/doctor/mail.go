package doctor

import (
	"context"

	"caseline/internal/mail"
)

// Mail says whether the mail server, if there is one, takes us.
func (d *Doctor) Mail(ctx context.Context) {
	m := d.cfg.Mail
	if !m.On() {
		d.say("mail", OK, "No mail server is configured, so no e-mail is sent.")
		return
	}
	s := mail.Server{Host: m.Host, Port: m.Port, TLS: mail.TLS(m.TLS), Username: m.Username, Password: m.Password.Reveal(), Timeout: m.Timeout}
	if reason := s.Greet(ctx); reason != "" {
		d.say("mail", Wrong, "The mail server %s does not let us in (%s): check mail.host, mail.port, mail.tls, mail.username and mail.password.", m.Host, reason)
		return
	}
	how := "greets us"
	if m.Username != "" {
		how = "lets us sign in"
	}
	d.say("mail", OK, "The mail server %s %s.", m.Host, how)
}
