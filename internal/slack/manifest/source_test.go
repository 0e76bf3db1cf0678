package manifest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"caseline/internal/slack/manifest"
)

// parse reads the product's files of a folder.
func parse(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

func text(x ast.Expr) (string, bool) {
	lit, ok := x.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// values are the texts that each name is given in n, as a constant or by an
// assignment.
func values(n ast.Node) map[string][]string {
	all := map[string][]string{}
	add := func(name ast.Expr, value ast.Expr) {
		if id, ok := name.(*ast.Ident); ok {
			if s, ok := text(value); ok {
				all[id.Name] = append(all[id.Name], s)
			}
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, v := range n.Values {
				add(n.Names[i], v)
			}
		case *ast.AssignStmt:
			for i, v := range n.Rhs {
				if len(n.Lhs) == len(n.Rhs) {
					add(n.Lhs[i], v)
				}
			}
		}
		return true
	})
	return all
}

// calls are the methods that package api calls: the second arguments of the
// ways in which it does.
func calls(t *testing.T) []string {
	t.Helper()
	ways := []string{"call", "do", "listed"}
	found := map[string]bool{}
	for _, f := range parse(t, "../api") {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || slices.Contains(ways, fn.Name.Name) {
				continue // a way gets the method as a parameter
			}
			named := values(fn)
			ast.Inspect(fn, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) < 2 {
					return true
				}
				sel, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || !slices.Contains(ways, sel.Sel.Name) {
					return true
				}
				methods := []string{}
				if s, ok := text(call.Args[1]); ok {
					methods = append(methods, s)
				} else if id, ok := call.Args[1].(*ast.Ident); ok {
					methods = named[id.Name]
				}
				if len(methods) == 0 {
					t.Errorf("api.%s calls a method that this test cannot read: name it by a text, or a constant or variable of the function", fn.Name.Name)
				}
				for _, m := range methods {
					found[m] = true
				}
				return true
			})
		}
	}
	delete(found, "response_url") // an address, not a method: it takes no token
	return sorted(found)
}

func sorted(set map[string]bool) []string {
	var all []string
	for s := range set {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

// handled are the types of events that package slack tells apart: what it
// compares an event's type with.
func handled(t *testing.T) []string {
	t.Helper()
	files := parse(t, "..")
	constants := map[string][]string{}
	for _, f := range files {
		for name, v := range values(f) {
			constants[name] = append(constants[name], v...)
		}
	}
	found := map[string]bool{}
	add := func(in string, x ast.Expr) {
		if s, ok := text(x); ok {
			found[s] = true
		} else if id, ok := x.(*ast.Ident); ok && len(constants[id.Name]) == 1 {
			found[constants[id.Name][0]] = true
		} else {
			t.Errorf("%s compares an event's type with something that this test cannot read", in)
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SwitchStmt:
					if !eventType(n.Tag) {
						return true
					}
					for _, s := range n.Body.List {
						for _, x := range s.(*ast.CaseClause).List {
							add(fn.Name.Name, x)
						}
					}
				case *ast.BinaryExpr:
					if (n.Op == token.EQL || n.Op == token.NEQ) && eventType(n.X) {
						add(fn.Name.Name, n.Y)
					}
				}
				return true
			})
		}
	}
	return sorted(found)
}

// eventType reports whether x is an event's type, as package slack writes it.
func eventType(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name == "eventType"
	case *ast.SelectorExpr:
		id, ok := x.X.(*ast.Ident)
		return ok && (id.Name == "p" && x.Sel.Name == "EventType" || (id.Name == "e" || id.Name == "event") && x.Sel.Name == "Type")
	}
	return false
}

func names(uses []manifest.Use) []string {
	var all []string
	for _, u := range uses {
		all = append(all, u.Name)
	}
	return all
}

func TestEveryMethodThatIsCalledIsInTheTable(t *testing.T) {
	known := slices.Concat(names(manifest.Methods()), names(manifest.AppMethods()), names(manifest.SecretMethods()))
	slices.Sort(known)
	called := calls(t)
	for _, m := range called {
		if !slices.Contains(known, m) {
			t.Errorf("package api calls %s, and the table in table.go does not say which scopes that takes", m)
		}
	}
	for _, m := range known {
		if !slices.Contains(called, m) {
			t.Errorf("the table has %s, which package api does not call", m)
		}
	}
	if len(called) < 25 {
		t.Errorf("only %v were found: the test no longer reads the source", called)
	}
}

func TestEveryEventThatIsHandledIsInTheTable(t *testing.T) {
	got := map[string]bool{}
	for _, e := range manifest.Events() {
		name, _, _ := strings.Cut(e.Name, ".") // message.channels comes as message
		got[name] = true
	}
	events := handled(t)
	for _, e := range events {
		if !got[e] {
			t.Errorf("package slack handles %s, and the table in table.go does not subscribe to it", e)
		}
	}
	for _, e := range sorted(got) {
		if !slices.Contains(events, e) {
			t.Errorf("the table subscribes to %s, which package slack does not handle", e)
		}
	}
	if len(events) < 20 {
		t.Errorf("only %v were found: the test no longer reads the source", events)
	}
}

func TestScopesAreThoseThatSomethingNeeds(t *testing.T) {
	needed := map[string]bool{}
	for _, uses := range [][]manifest.Use{manifest.Methods(), manifest.Events(), manifest.Features()} {
		for _, u := range uses {
			for _, s := range u.Scopes {
				needed[s] = true
			}
		}
	}
	var asked []string
	for _, s := range manifest.Scopes() {
		asked = append(asked, s.Name)
		if !strings.HasSuffix(s.Without, ".") {
			t.Errorf("what happens without %s is not told in a sentence: %q", s.Name, s.Without)
		}
	}
	if want := sorted(needed); !slices.Equal(asked, want) {
		t.Errorf("asked for are %v;\nneeded are %v", asked, want)
	}
}

func TestTheInstallationsPageHasTheTable(t *testing.T) {
	page, err := os.ReadFile("../../../docs/slack-install.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range manifest.Scopes() {
		optional := ""
		if s.Optional {
			optional = "optional"
		}
		if row := "| `" + s.Name + "` | " + optional + " | " + s.Without + " |\n"; !strings.Contains(string(page), row) {
			t.Errorf("docs/slack-install.md lacks the row\n%s", row)
		}
	}
}

// TestTheInstallationsPageNamesTestsThatExist: a package is named as its folder.
func TestTheInstallationsPageNamesTestsThatExist(t *testing.T) {
	page, err := os.ReadFile("../../../docs/slack-install.md")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	err = filepath.WalkDir("../../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(text, -1) {
			there[filepath.Base(filepath.Dir(path))+": "+string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(\\w+: Test\\w+)`").FindAllSubmatch(page, -1)
	for _, m := range named {
		if !there[string(m[1])] {
			t.Errorf("docs/slack-install.md names %s, which does not exist", m[1])
		}
	}
	if len(named) < 20 {
		t.Errorf("the page names %d tests: this test no longer reads it", len(named))
	}
}
