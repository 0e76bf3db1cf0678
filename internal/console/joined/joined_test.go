package joined_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"caseline/internal/browsertest"
	"caseline/internal/console/joined"
)

func files(of map[string]string) fstest.MapFS {
	dir := fstest.MapFS{}
	for name, text := range of {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return dir
}

// What is joined does what the modules do: each runs once, behind those that it
// imports, and has its names for itself.
func TestJoinedModulesDoWhatTheyDoApart(t *testing.T) {
	script, err := joined.Modules(files(map[string]string{
		"app.js": "import * as log from './log.js';\nimport { add, Sum as Total } from './sum.js';\n" +
			"const said = 'mine';\nglobalThis.came = [said, log.start(), add(1, 2), new Total().of, log.all.length].join();\n",
		"log.js": "// import what?\nimport { add } from './sum.js';\n\nconst said = 'its';\nglobalThis.runs = (globalThis.runs || 0) + 1;\n" +
			"export function start() { return late() + add(2, 2); }\nexport const all = [\n  1,\n  2,\n];\nfunction late() { return said; }\n",
		"sum.js": "export const add = (a, b) => a + b;\nexport class Sum {\n  of = 7;\n}\nexport async function none() {}\n",
	}), "app.js")
	if err != nil {
		t.Fatal(err)
	}
	tab := browsertest.Open(t).Tab("joined")
	tab.Script("'use strict';\n" + string(script))
	if got, want := browsertest.Read[string](tab, "globalThis.came + ' ' + globalThis.runs"), "mine,its4,3,7,2 1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatCannotBeJoinedIsRefused(t *testing.T) {
	for _, test := range []struct {
		name, says string
		files      map[string]string
	}{
		{"a circle", "a imports itself by way of app, a, b", map[string]string{"app.js": "import * as a from './a.js';\n", "a.js": "import { b } from './b.js';\n", "b.js": "import * as a from './a.js';\nexport const b = 1;\n"}},
		{"a module that is not there", "none.js", map[string]string{"app.js": "import * as none from './none.js';\n"}},
		{"a default", "cannot read", map[string]string{"app.js": "import a from './a.js';\n", "a.js": ""}},
		{"an import over several lines", "cannot read", map[string]string{"app.js": "import {\n  a,\n} from './a.js';\n", "a.js": ""}},
		{"an export that may change", "cannot read", map[string]string{"app.js": "export let a = 1;\n"}},
		{"a list of exports", "cannot read", map[string]string{"app.js": "const a = 1;\nexport { a };\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := joined.Modules(files(test.files), "app.js"); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Every module of the console is in the script that pages load.
func TestEveryModuleOfTheConsoleIsJoined(t *testing.T) {
	dir := os.DirFS("../static/js")
	script, err := joined.Modules(dir, "app.js")
	if err != nil {
		t.Fatal(err)
	}
	all, err := os.ReadDir("../static/js")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		name := strings.TrimSuffix(file.Name(), ".js")
		if !strings.Contains(string(script), "const module_"+name+" = ") {
			t.Errorf("%s is missing", name)
		}
	}
	if left := regexp.MustCompile(`(?m)^(import|export) .*`).FindString(string(script)); left != "" {
		t.Errorf("still there: %s", left)
	}
}
