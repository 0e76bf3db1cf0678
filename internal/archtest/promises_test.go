package archtest

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/promises.md anew")

const (
	promisesDoc = "docs/promises.md"
	toCome      = "to come: " // begins the last column of a promise that nothing shows yet
)

var (
	testName   = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	number     = regexp.MustCompile(`^[LB]\d+$`)
	promiseRow = regexp.MustCompile(`^\| ([LB]\d+) \| (.+) \| (.*) \|$`)
)

// TestEveryPromiseHasATest holds docs/promises.md against the names of the
// tests: every promise stands there once, with all the tests that carry its
// number; only one that says what it waits for may have none.
func TestEveryPromiseHasATest(t *testing.T) {
	m := repository(t)
	shown := promisesShown(m)
	text, err := fs.ReadFile(m.fs, promisesDoc)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		row := promiseRow.FindStringSubmatch(line)
		if row == nil {
			continue
		}
		n, tests := row[1], shown[row[1]]
		rows[n]++
		want := strings.Join(tests, "<br>")
		if len(tests) == 0 {
			want = row[3]
			if !strings.HasPrefix(want, toCome) {
				t.Errorf("no test shows %s: %s", n, row[2])
			}
		}
		lines[i] = fmt.Sprintf("| %s | %s | %s |", n, row[2], want)
		if !*update && lines[i] != line {
			t.Errorf("%s: the tests of %s are not those there are; write them anew with -update", promisesDoc, n)
		}
	}
	for _, n := range promises() {
		if rows[n] != 1 {
			t.Errorf("%s stands in %s %d times, want once", n, promisesDoc, rows[n])
		}
		delete(shown, n)
	}
	for n, tests := range shown {
		t.Errorf("%v name %s, which is no promise", tests, n)
	}
	if *update {
		if err := os.WriteFile(filepath.Join("..", "..", promisesDoc), []byte(strings.Join(lines, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// promises are the numbers of the specification.
func promises() []string {
	var all []string
	for n := range 82 {
		all = append(all, fmt.Sprintf("L%d", n+1))
	}
	for n := range 14 {
		all = append(all, fmt.Sprintf("B%d", n+1))
	}
	return all
}

// promisesShown are the tests that carry a promise's number in their name.
func promisesShown(m *module) map[string][]string {
	shown := map[string][]string{}
	for _, f := range m.files {
		if !f.test {
			continue
		}
		for _, found := range testName.FindAllStringSubmatch(f.text, -1) {
			for _, n := range numbersOf(found[1]) {
				shown[n] = append(shown[n], fmt.Sprintf("`%s: %s`", strings.TrimPrefix(f.dir, "internal/"), found[1]))
			}
		}
	}
	for n := range shown {
		slices.Sort(shown[n])
		shown[n] = slices.Compact(shown[n])
	}
	return shown
}

// numbersOf are the promises that a test's name carries, each between
// underscores.
func numbersOf(name string) []string {
	parts := strings.Split(strings.TrimPrefix(name, "Test"), "_")
	return slices.DeleteFunc(parts, func(part string) bool { return !number.MatchString(part) })
}

func TestNumbersOfANameAreFound(t *testing.T) {
	for name, want := range map[string][]string{
		"TestL28_L29_FilesArrive": {"L28", "L29"},
		"TestB10_AFile":           {"B10"},
		"TestL2x_Nothing":         {},
		"TestLongWordsL3_":        {},
	} {
		if got := numbersOf(name); !slices.Equal(got, want) {
			t.Errorf("numbersOf(%q): got %v, want %v", name, got, want)
		}
	}
}
