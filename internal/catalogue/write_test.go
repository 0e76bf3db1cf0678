package catalogue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/catalogue"
	"caseline/internal/desk"
)

func TestWhatIsWrittenIsReadTheSame(t *testing.T) {
	c, err := catalogue.Parse(catalogue.Default() + `
hours:
  - issue_types: [technical]
    languages: [en]
    time_zone: Europe/Berlin
    open:
      - mon-fri 09:00-17:00
      - sat,sun 10:00-14:30
    holidays:
      - 12-25 Christmas Day
      - 2027-03-26 'Good' Friday
  - time_zone: UTC
    open: ["fri-mon 00:00-24:00"]
`)
	if err != nil {
		t.Fatal(err)
	}
	c.Languages[0].NoChat = []string{"technical"}
	c.IssueTypes[0].Name = `It's: "odd" # {}`
	c.Severities[0].FirstResponse = 90 * time.Minute
	again, err := catalogue.Parse(catalogue.Text(c))
	if err != nil {
		t.Fatalf("%v in\n%s", err, catalogue.Text(c))
	}
	if diff := cmp.Diff(c, again, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

func TestCodesThatAreNoMoreKeepTheirLastNames(t *testing.T) {
	c, err := catalogue.Load("")
	if err != nil {
		t.Fatal(err)
	}
	names := c.Names()
	c.Former = map[string]string{"old": "Old matters", "old/tool": "The tool", "old/tool/bug": "A bug", "language de": "Deutsch"}
	if names["technical/api"] != "API" {
		t.Errorf("names: %q", names["technical/api"])
	}
	got := c.Topic(sample())
	if got.IssueType != "Old matters" || got.Service != "The tool" || got.Category != "A bug" || got.Language != "Deutsch" {
		t.Errorf("got %+v", got)
	}
}

func sample() *desk.Case {
	return &desk.Case{IssueType: "old", Service: "tool", Category: "bug", Language: "de"}
}
