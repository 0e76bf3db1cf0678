package mail_test

import (
	"maps"
	"mime"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/mail"
)

// headers are all that a letter may have, whatever it says.
var headers = []string{
	"Auto-Submitted", "Content-Type", "Date", "From", "In-Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-Id", "Mime-Version",
	"References", "Subject", "To", "X-Auto-Response-Suppress",
}

func TestALettersHeaders(t *testing.T) {
	raw, err := mail.Written("bob@example.com", "[Case 1234567890] Übersicht ist kaputt", "text", "<p>text</p>", "Support & Söhne")
	if err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(headers, slices.Sorted(maps.Keys(m.Header))); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"Message-Id": "<case.1.2@example.com>", "In-Reply-To": "<case.1.1@example.com>", "References": "<case.1.1@example.com>",
		"Auto-Submitted": "auto-generated", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "To": "<bob@example.com>",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil || got != "[Case 1234567890] Übersicht ist kaputt" {
		t.Errorf("subject: got %q, %v", got, err)
	}
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "Support & Söhne" || from[0].Address != "support@example.com" {
		t.Errorf("from: got %v, %v", from, err)
	}
}

func TestAnAddressIsOneAddress(t *testing.T) {
	for _, to := range []string{
		"", "bob", "bob@", "@example.com", "Bob <bob@example.com>", "bob@example.com, eve@example.com", "bob@example.com\r\nBcc: eve@example.com",
		"bob@example.com\nBcc: eve@example.com", "bob@example.com\r", "bob@example.com\x00", " bob@example.com", "bob@example.com>", "<bob@example.com>",
		"bob@example.com\r\nRCPT TO:<eve@example.com>", "bob@example.com;eve@example.com", "\"bob\r\n\"@example.com",
	} {
		if raw, err := mail.Written(to, "s", "t", "h", "n"); err == nil {
			t.Errorf("%q was taken:\n%s", to, raw)
		}
	}
}

// FuzzHeaders has whatever people can write stand where headers are made.
func FuzzHeaders(f *testing.F) {
	for _, s := range []string{"plain", "a\r\nBcc: eve@example.com", "a\n\nbody", "=?utf-8?q?x?=", "é\r\n\tfold", strings.Repeat("long ", 300), "\x00\x0b\u2028", "\r\n.\r\n"} {
		f.Add("bob@example.com", s, s)
	}
	f.Add("bob@example.com\r\nBcc: e@x.y", "s", "n")
	f.Fuzz(func(t *testing.T, to, subject, name string) {
		raw, err := mail.Written(to, subject, "the text", "<p>the text</p>", name)
		if err != nil {
			return
		}
		m, err := netmail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatalf("no mail: %v\n%q", err, raw)
		}
		if diff := cmp.Diff(headers, slices.Sorted(maps.Keys(m.Header))); diff != "" {
			t.Errorf("headers (-want +got):\n%s\n%q", diff, raw)
		}
		for name, values := range m.Header {
			if len(values) != 1 {
				t.Errorf("%s is there %d times", name, len(values))
			}
		}
		if list, err := m.Header.AddressList("To"); err != nil || len(list) != 1 || list[0].Address != to {
			t.Errorf("to: got %v, %v; want %q", list, err, to)
		}
	})
}

func TestLinksAreBoundToCaseAndAddress(t *testing.T) {
	links := mail.NewLinks("https://support.example.com/", "key")
	link := links.Link("1234567890", "bob@example.com")
	token, ok := strings.CutPrefix(link, "https://support.example.com/mail/unsubscribe?t=")
	if !ok {
		t.Fatalf("got %s", link)
	}
	if number, address, ok := links.Read(token); !ok || number != "1234567890" || address != "bob@example.com" {
		t.Errorf("got %s, %s, %t", number, address, ok)
	}
	if _, _, ok := mail.NewLinks("https://support.example.com", "another").Read(token); ok {
		t.Error("a link that others signed was taken")
	}
	for i := range token {
		other := byte('A')
		if token[i] == other {
			other = 'B'
		}
		forged := token[:i] + string(other) + token[i+1:]
		if number, address, ok := links.Read(forged); ok && (number != "1234567890" || address != "bob@example.com") {
			t.Errorf("changed at %d it reads %s, %s", i, number, address)
		}
	}
	for _, bad := range []string{"", "x", token[:20], token[:len(token)-3], "é"} {
		if _, _, ok := links.Read(bad); ok {
			t.Errorf("%q was taken", bad)
		}
	}
}
