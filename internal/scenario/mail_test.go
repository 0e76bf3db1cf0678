package scenario

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"caseline/internal/app/agent"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/mail/mailtest"
	"caseline/internal/store"
)

// mails gives the server a mail server.
func (h *house) mails() *mailtest.Server {
	h.Helper()
	post := mailtest.Start(h.T, "")
	host, port, err := net.SplitHostPort(post.Addr)
	h.must(err)
	n, err := strconv.Atoi(port)
	h.must(err)
	h.stopApp()
	h.cfg.Mail = config.Mail{
		Host: host, Port: n, TLS: config.MailNoTLS, From: "support@example.com", FromName: "Support",
		Timeout: 2 * time.Second, RetryAfter: 10 * time.Millisecond,
	}
	h.startApp()
	h.jane = h.signIn(janeEmail)
	return post
}

func TestAdditionalContactsGetMailWhereThereIsAServer(t *testing.T) {
	each(t, func(h *house) {
		const bob = "bob@example.com"
		post := h.mails()
		form := h.creates(h.ops, h.alice)
		h.upTo(form, 2, matter("Printer burns")...)
		options, err := form.Options("Contact method")
		h.must(err)
		if !slices.Equal(options, []string{"Live chat in Slack", "Email and Slack notifications"}) {
			t.Errorf("ways to be in contact: %q", options)
		}
		if got := viewText(form); !strings.Contains(got, "by e-mail, and can unsubscribe") || strings.Contains(got, "sends no e-mail") {
			t.Errorf("the form says %s", got)
		}
		h.upTo(form, 1, []string{"Contact method", "Email and Slack notifications"}, []string{"Additional contacts", bob})
		if got := form.Words(); !strings.Contains(got, "Email and Slack notifications") {
			t.Errorf("the review says %s", got)
		}
		problems, err := form.Submit(h.ctx)
		h.must(err)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		c := &chat{h: h, number: string(h.newest("Printer burns").Number)}
		if got := post.Gets(bob, 1); !strings.Contains(got.Header.Get("Subject"), c.number) {
			t.Errorf("got\n%s", got.Raw)
		}
		h.until("the page says so", func() bool { return strings.Contains(c.page(), "Gets e-mail") })

		post.Kill() // which takes nothing from Slack
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "we know of it"))
		h.quiet()
		h.until("the page says why", func() bool { return strings.Contains(c.page(), "Waits for the mail server") })
		link := strings.Trim(post.Mails(bob)[0].Header.Get("List-Unsubscribe"), "<>")
		post = mailtest.Start(h.T, post.Addr)
		post.Gets(bob, 1)

		r, err := http.NewRequestWithContext(h.ctx, http.MethodPost, link, strings.NewReader("List-Unsubscribe=One-Click"))
		h.must(err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := http.DefaultClient.Do(r)
		h.must(err)
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("one click: got %d", answer.StatusCode)
		}
		if got := c.page(); !strings.Contains(got, "Unsubscribed") || !strings.Contains(got, bob+" unsubscribed from e-mail about this case") {
			t.Error("the page does not say that bob unsubscribed")
		}
	})
}

// What a mail server refuses is told to the agent, who can have it tried again;
// what waits for it is told to the operator.
func TestMailThatDoesNotArriveIsToldAndTriedAgain(t *testing.T) {
	each(t, func(h *house) {
		const bob = "bob@example.com"
		post := h.mails()
		post.Plan(mailtest.Answer{To: bob, Code: 550})
		h.fills(h.alice, "Build is stuck", "Email and Slack notifications")
		c := h.only()
		h.must(h.jane.Submit(h.ctx, "/cases/"+c.number+"/contacts", url.Values{"token": {strings.Repeat("1", 32)}, "add": {bob}}))
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "we know of it"))
		h.until("the page says that it was refused", func() bool { return strings.Contains(c.page(), "Not delivered") })
		if !strings.Contains(c.page(), "Retry "+bob) {
			t.Error("the page does not offer to try again")
		}
		for range 2 {
			h.must(h.jane.Submit(h.ctx, "/cases/"+c.number+"/contacts", url.Values{"token": {strings.Repeat("2", 32)}, "again": {bob}}))
		}
		post.Gets(bob, 1)
		h.until("the page says that it went", func() bool { return strings.Contains(c.page(), "Gets e-mail") })
		h.quiet()
		if n := len(post.Mails(bob)); n != 1 {
			t.Errorf("%d mails arrived", n)
		}

		post.Kill()
		olivia := h.signIn(oliviaEmail)
		h.must(h.app.Store.Update(h.ctx, func(tx store.Tx) error { // as if it were from before
			record := c.record()
			return tx.Enqueue(h.ctx, &desk.Delivery{
				Lane: desk.MailLane(record.ID, bob), Case: record.ID, Kind: desk.DeliverMail, Seq: 1, State: desk.DeliveryPending,
				Content: desk.Content{To: bob}, CreatedAt: time.Now().Add(-time.Hour),
			})
		}))
		for who, a := range map[string]*agent.Agent{"operator": olivia, "agent": h.jane} {
			page, err := a.Page(h.ctx, "/")
			h.must(err)
			if got := strings.Contains(page, "1 e-mail waits for the mail server"); got != (who == "operator") {
				t.Errorf("the %s is told: %t", who, got)
			}
		}
		r, err := http.Get(h.url + "/readyz")
		h.must(err)
		defer r.Body.Close()
		var ready struct {
			Late   int       `json:"late_mails"`
			Oldest time.Time `json:"oldest_mail"`
		}
		h.must(json.NewDecoder(r.Body).Decode(&ready))
		if ready.Late != 1 || time.Since(ready.Oldest) < 50*time.Minute {
			t.Errorf("/readyz says %+v", ready)
		}
		post = mailtest.Start(h.T, post.Addr)
		post.Gets(bob, 1)
		h.until("nobody is told any more", func() bool {
			page, err := olivia.Page(h.ctx, "/")
			h.must(err)
			return !strings.Contains(page, "for the mail server")
		})
	})
}
