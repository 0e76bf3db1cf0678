package tongue_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"caseline/internal/console/tongue"
)

// A listed is a catalogue as its file has it.
type listed struct{ texts, scripts map[string]string }

func catalogue(t *testing.T, code string) listed {
	t.Helper()
	file, err := os.ReadFile("catalogue/" + code + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	all := listed{map[string]string{}, map[string]string{}}
	into, key := all.texts, ""
	for line := range strings.Lines(string(file)) {
		line = strings.TrimRight(line, "\n")
		switch own, translated := strings.CutPrefix(line, "\t"); {
		case line == "[js]":
			into = all.scripts
		case translated && own == "=":
			into[key] = key
		case translated:
			into[key] = own
		default:
			key = line
		}
	}
	return all
}

// Every text that the console shows is in every catalogue, with the same gaps,
// and nothing else is.
func TestCataloguesAreComplete(t *testing.T) {
	texts, scripts := shown(t), inScripts(t)
	if len(texts) < 300 || len(scripts) < 30 {
		t.Fatalf("only %d texts and %d of scripts were found", len(texts), len(scripts))
	}
	if len(tongue.All()) < 2 {
		t.Fatal("the console speaks English only")
	}
	for _, own := range tongue.All()[1:] {
		has := catalogue(t, own.Code())
		compare(t, own.Code(), texts, has.texts)
		compare(t, own.Code()+" [js]", scripts, has.scripts)
	}
}

func compare(t *testing.T, name string, want texts, has map[string]string) {
	t.Helper()
	for _, key := range slices.Sorted(maps.Keys(want)) {
		own, ok := has[key]
		switch {
		case !ok:
			t.Errorf("%s lacks, of %s:\n%s\n\t", name, want[key], key)
		case strings.TrimSpace(own) == "":
			t.Errorf("%s says nothing for %q", name, key)
		default:
			alike(t, name, key, own)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(has)) {
		if _, ok := want[key]; !ok {
			t.Errorf("%s has what nobody says: %q", name, key)
		}
	}
}

var gaps = regexp.MustCompile(`\{\{[^{}]*\}\}|%(?:\[(\d+)\]|(\d+)\$)?[-+ 0#]*[\d.]*[a-zA-Z]`)

// alike fails when a translation has other gaps than the English.
func alike(t *testing.T, name, key, own string) {
	t.Helper()
	forms, owns := strings.Split(key, " | "), strings.Split(own, " | ")
	if len(forms) != len(owns) {
		t.Errorf("%s: %q has %d forms, and the translation %q has %d", name, key, len(forms), own, len(owns))
		return
	}
	for i := range forms {
		got, want := gapsOf(owns[i]), gapsOf(forms[i])
		if len(forms) == 2 && i == 0 {
			if name == "fr" && !slices.ContainsFunc(got, isCount) {
				t.Errorf("%s: %q says %q of none, too: it needs the number", name, key, owns[0])
			}
			got, want = slices.DeleteFunc(got, isCount), slices.DeleteFunc(want, isCount) // one may be written out
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q has the gaps %q, and the translation %q has %q", name, forms[i], want, owns[i], got)
		}
	}
}

func isCount(gap string) bool { return strings.HasSuffix(gap, "d") }

// gapsOf are a text's gaps, each with its place.
func gapsOf(text string) []string {
	var all []string
	for i, m := range gaps.FindAllStringSubmatch(text, -1) {
		switch place := m[1] + m[2]; {
		case strings.HasPrefix(m[0], "{{"):
			all = append(all, m[0])
		case place == "":
			all = append(all, fmt.Sprintf("%d%s", i+1, m[0][len(m[0])-1:]))
		default:
			all = append(all, place+m[0][len(m[0])-1:])
		}
	}
	slices.Sort(all)
	return all
}
