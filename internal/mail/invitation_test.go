package mail_test

import (
	"strings"
	"testing"
	"time"

	"caseline/internal/mail"
	"caseline/internal/mail/mailtest"
)

// The link of an invitation goes at once to who is invited, and to nobody else.
func TestAnInvitationIsMailed(t *testing.T) {
	server := mailtest.Start(t, "")
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	post := mail.Invitations{Server: at(t, server.Addr), From: mail.From{Address: "support@example.com", Name: "Support"}, Now: func() time.Time { return now }}
	to := mail.Invitation{To: "noor@example.com", By: "Olivia\r\nBcc: eve@example.com", Link: "https://support.example.com/invitations/ABC", Until: now.Add(7 * 24 * time.Hour), New: true}
	if err := post.Send(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	got := server.Gets("noor@example.com", 1)
	for _, want := range []string{"https://support.example.com/invitations/ABC", "8 March 2026, 09:00 UTC", "Subject: You are invited to Caseline", "Auto-Submitted: auto-generated"} {
		if !strings.Contains(got.Raw, want) {
			t.Errorf("the letter lacks %q:\n%s", want, got.Raw)
		}
	}
	if strings.Contains(got.Raw, "\nBcc:") || len(server.Mails("eve@example.com")) > 0 {
		t.Error("a name became a header")
	}
	server.Plan(mailtest.Answer{To: "noor@example.com", Code: 550})
	if err := post.Send(t.Context(), to); err == nil || strings.Contains(err.Error(), "noor") {
		t.Errorf("refused: got %v", err)
	}
	to.To = "noor@example.com, eve@example.com"
	if err := post.Send(t.Context(), to); err == nil {
		t.Error("it went to two")
	}
}
