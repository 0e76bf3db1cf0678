package archtest

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// slackDocs name tests in their tables.
var slackDocs = []string{"docs/slack.md", "docs/slacksim.md"}

var namedTest = regexp.MustCompile("`([a-z/]+): (Test\\w+)`")

// TestSlacksRulesNameTestsThatExist holds what is said of Slack, and of the simulated
// one, against the tests.
func TestSlacksRulesNameTestsThatExist(t *testing.T) {
	m := repository(t)
	there := map[string]bool{}
	for _, f := range m.files {
		if !f.test {
			continue
		}
		for _, found := range testName.FindAllStringSubmatch(f.text, -1) {
			there[strings.TrimPrefix(f.dir, "internal/")+": "+found[1]] = true
		}
	}
	for _, doc := range slackDocs {
		text, err := fs.ReadFile(m.fs, doc)
		if err != nil {
			t.Fatal(err)
		}
		named := namedTest.FindAllStringSubmatch(string(text), -1)
		for _, n := range named {
			if !there[n[1]+": "+n[2]] {
				t.Errorf("%s names %s, which does not exist", doc, n[0])
			}
		}
		if len(named) == 0 {
			t.Errorf("%s names no tests", doc)
		}
	}
}
