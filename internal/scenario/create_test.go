package scenario

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/catalogue"
	"caseline/internal/desk"
	"caseline/internal/desk/sought"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// newest waits for the case with a subject and returns it.
func (h *house) newest(subject string) (c desk.Case) {
	h.Helper()
	h.until("the case "+subject, func() bool {
		cases, err := h.app.Store.Search(h.ctx, sought.Query{Accounts: []desk.AccountID{acmeID}, Text: subject, Limit: 1})
		h.must(err)
		if len(cases.Hits) == 0 {
			return false
		}
		c = cases.Hits[0].Case
		return true
	})
	return c
}

// stays sends a step of the form and wants a problem beside a field.
func (h *house) stays(form *slacksim.Form, block, want string, fields ...[]string) {
	h.Helper()
	_, problems, err := form.Step(h.ctx, fields...)
	h.must(err)
	if !strings.Contains(problems[block], want) {
		h.Errorf("got %v, want %q beside %s", problems, want, block)
	}
}

func TestL69_L70_ACaseIsCreatedInSteps(t *testing.T) {
	each(t, func(h *house) {
		form := h.creates(h.ops, h.alice)
		h.stays(form, "subject", "Write a subject", []string{"Subject", "  "}, []string{"Description", "It burns."})
		h.upTo(form, 1, []string{"Subject", "Printer burns"})

		if got := form.Labels(); !cmp.Equal(got, []string{"Issue type", "Service", "Severity"}) {
			t.Errorf("before a service is chosen the step asks for %v", got)
		}
		h.must(form.Set(h.ctx, "Issue type", "Account and billing"))
		found, err := form.Search(h.ctx, "Service", "")
		h.must(err)
		if !slices.Contains(found, "Invoices and payments") || slices.Contains(found, "API") {
			t.Errorf("services of accounts: %v", found)
		}
		h.must(form.Set(h.ctx, "Issue type", "Technical support"))
		found, err = form.Search(h.ctx, "Service", "app")
		h.must(err)
		if diff := cmp.Diff([]string{"Web application", "Mobile app", "Desktop app"}, found); diff != "" {
			t.Errorf("services found by app (-want +got):\n%s", diff)
		}
		h.must(form.Set(h.ctx, "Service", "Mobile app"))
		h.upTo(form, 1, []string{"Category", "No access"}, []string{"Severity", "high"})

		h.must(form.Attach(h.ctx, "Files", slacksim.Upload{Name: "burnt.txt", Data: []byte("ash")}))
		h.stays(form, "cc", "“nonsense” is not an e-mail address", []string{"Contact method", caseOnly}, []string{"Additional contacts", "Bob@Example.com, nonsense"})
		h.stays(form, "cc", "A case can have 10", []string{"Additional contacts", "a@b.de b@b.de c@b.de d@b.de e@b.de f@b.de g@b.de h@b.de i@b.de j@b.de k@b.de"})
		h.upTo(form, 1, []string{"Additional contacts", "Bob@Example.com; bob@example.com chloe@example.com"})

		review := form.Words()
		for _, want := range []string{"Printer burns", "It burns.", "Technical support", "Mobile app", "No access", "Production impaired", "English", caseOnly, "burnt.txt", "Only you see this."} {
			if !strings.Contains(review, want) {
				t.Errorf("the review lacks %q:\n%s", want, review)
			}
		}
		if h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, "Printer burns") }) != nil {
			t.Error("the channel was told before the case was created")
		}
		h.must(form.Press(h.ctx, "Share to channel"))
		if m := h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, "shares the draft of a support case") }); m == nil || !strings.Contains(blocksText(m), "Printer burns") {
			t.Error("the draft was not shown to the channel")
		}
		h.must(form.Press(h.ctx, "Edit"))
		h.upTo(form, 1, []string{"Subject", "Printer smoulders"})
		h.upTo(form, 1)
		h.upTo(form, 1)
		if got := form.Words(); !strings.Contains(got, "Printer smoulders") || !strings.Contains(got, "burnt.txt") {
			t.Errorf("the edited review:\n%s", got)
		}
		problems, err := form.Submit(h.ctx)
		h.must(err)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		c := h.newest("Printer smoulders")
		got := desk.Case{IssueType: c.IssueType, Service: c.Service, Category: c.Category, Language: c.Language, Severity: c.Severity, CC: c.CC}
		want := desk.Case{
			IssueType: "technical", Service: "mobile-app", Category: "access", Language: "en", Severity: desk.SeverityHigh,
			CC: []string{"bob@example.com", "chloe@example.com"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the case (-want +got):\n%s", diff)
		}
		h.until("the file of the form", func() bool {
			files, err := h.app.Store.Files(h.ctx, c.ID)
			h.must(err)
			return len(files) == 1 && files[0].Name == "burnt.txt" && files[0].State == desk.FileReady
		})
		again := h.creates(h.ops, h.alice)
		if got := again.Words(); strings.Contains(got, "You have begun a case") {
			t.Errorf("what was created is offered as begun: %s", got)
		}
	})
}

func TestADraftIsGoneOnWith(t *testing.T) {
	each(t, func(h *house) {
		form := h.creates(h.ops, h.alice)
		h.upTo(form, 2, matter("Printer burns")...)
		h.must(form.Close(h.ctx))

		other := h.creates(h.ops, h.bob)
		if strings.Contains(other.Words(), "You have begun a case") {
			t.Error("Bob is offered what Alice has begun")
		}
		h.must(other.Close(h.ctx))

		form = h.creates(h.ops, h.alice)
		if got := form.Words(); !strings.Contains(got, "You have begun a case here and not sent it") || !strings.Contains(got, "Printer burns") {
			t.Fatalf("what was begun is not offered:\n%s", got)
		}
		h.must(form.Press(h.ctx, "Go on with it"))
		h.upTo(form, 1) // nothing needs to be entered again
		problems, err := form.FillIn(h.ctx, []string{"Contact method", caseOnly})
		h.must(err)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if c := h.newest("Printer burns"); c.Service != "web-app" || c.Category != "error" || c.Severity != desk.SeverityHigh {
			t.Errorf("got %s, %s, %s", c.Service, c.Category, c.Severity)
		}
	})
}

func TestOutsideSupportHoursTheFormSaysSo(t *testing.T) {
	each(t, func(h *house) {
		h.stopApp()
		// Somebody is there for a few hours in three days only.
		day := strings.ToLower(time.Now().UTC().Add(72 * time.Hour).Weekday().String()[:3])
		h.cfg.Catalogue.File = filepath.Join(h.TempDir(), "catalogue.yaml")
		hours := "hours:\n  - issue_types: [technical]\n    time_zone: UTC\n    open: [" + day + " 09:00-17:00]\nissue_types:\n"
		h.must(os.WriteFile(h.cfg.Catalogue.File, []byte(strings.Replace(catalogue.Default(), "issue_types:\n", hours, 1)), 0o600))
		h.startApp()

		form := h.creates(h.ops, h.alice)
		h.upTo(form, 2, matter("Printer burns")...)
		for _, step := range []string{"how", "review"} {
			if got := form.Words(); !strings.Contains(got, "Support is not there now* for Technical support in English. Somebody is back on") {
				t.Errorf("%s does not say so:\n%s", step, got)
			}
			h.upTo(form, 1, []string{"Contact method", caseOnly})
		}
		h.newest("Printer burns") // it can be created all the same

		form = h.creates(h.ops, h.alice)
		h.upTo(form, 2, []string{"Subject", "Bill"}, []string{"Description", "Wrong."}, []string{"Issue type", "Account and billing"},
			[]string{"Service", "Invoices and payments"}, []string{"Category", "Invoice is wrong"})
		if got := form.Words(); strings.Contains(got, "not there now") {
			t.Errorf("for accounts somebody is always there:\n%s", got)
		}
	})
}

func TestACaseThatFollowsOneKnowsIt(t *testing.T) {
	each(t, func(h *house) {
		h.stopApp()
		h.cfg.Cases.ReopenWithin = time.Nanosecond
		h.startApp()
		h.fills(h.alice, "Printer burns", caseOnly)
		first := h.newest("Printer burns")
		h.says(h.ops, h.alice, "resolve "+string(first.Number), "is resolved")
		h.says(h.ops, h.alice, "reopen "+string(first.Number), "can no longer be reopened")
		said := h.ws.Ephemerals(h.alice)
		h.must(said[len(said)-1].Press(h.ctx, "Create a related case"))
		form := h.ws.View(h.alice)
		problems, err := form.FillIn(h.ctx, []string{"Subject", "Printer smokes"}, []string{"Service", "API"}, []string{"Category", "Error or failure"}, []string{"Contact method", caseOnly})
		h.must(err)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if got := h.newest("Printer smokes"); got.Related != first.ID || !strings.Contains(got.Description, "Follows case "+string(first.Number)) {
			t.Errorf("it follows %q: %s", got.Related, got.Description)
		}
	})
}
