package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A module is the source text that the rules are about.
type module struct {
	fs    fs.FS
	fset  *token.FileSet
	name  string // the module's path
	files []*file
	sql   map[string]string // path → text
	mod   string            // go.mod

	scripts map[string]string // of pages: path → text
}

// A file is one Go file.
type file struct {
	path    string // from the root, with slashes
	dir     string // the package's folder
	test    bool   // *_test.go
	text    string
	ast     *ast.File
	names   map[string]string // name in the file → import path
	imports []string
}

// A breach is one place that breaks a rule.
type breach struct {
	at      string
	message string
}

func (b breach) String() string { return b.at + ": " + b.message }

// load reads all Go and SQL files and scripts below the root of a file system.
func load(root fs.FS) (*module, error) {
	m := &module{fs: root, fset: token.NewFileSet(), sql: map[string]string{}, scripts: map[string]string{}}
	mod, err := fs.ReadFile(root, "go.mod")
	if err != nil {
		return nil, err
	}
	m.mod = string(mod)
	line, _, _ := strings.Cut(m.mod, "\n")
	m.name = strings.TrimSpace(strings.TrimPrefix(line, "module"))

	err = fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := p != "." && (strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_"))
		if d.IsDir() && (hidden || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || hidden {
			return nil
		}
		switch path.Ext(p) {
		case ".go":
			return m.addGo(p)
		case ".sql":
			text, err := fs.ReadFile(root, p)
			m.sql[p] = string(text)
			return err
		case ".js":
			text, err := fs.ReadFile(root, p)
			m.scripts[p] = string(text)
			return err
		}
		return nil
	})
	return m, err
}

func (m *module) addGo(p string) error {
	text, err := fs.ReadFile(m.fs, p)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(m.fset, p, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	f := &file{path: p, dir: path.Dir(p), test: strings.HasSuffix(p, "_test.go"), text: string(text), ast: parsed, names: map[string]string{}}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		f.names[name] = imported
		f.imports = append(f.imports, imported)
	}
	m.files = append(m.files, f)
	return nil
}

// product returns the files that are part of the program, tests left out.
func (m *module) product() []*file {
	return slices.DeleteFunc(slices.Clone(m.files), func(f *file) bool { return f.test })
}

// packages returns the folders with product files, in order.
func (m *module) packages() []string {
	var dirs []string
	for _, f := range m.product() {
		dirs = append(dirs, f.dir)
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// ours returns the folder of an imported package of this module.
func (m *module) ours(imported string) (dir string, ok bool) {
	return strings.CutPrefix(imported, m.name+"/")
}

// isStandard reports whether an import path is of the standard library.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// place names the place of a node.
func (m *module) place(n ast.Node) string {
	pos := m.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", pos.Filename, pos.Line)
}

// lines returns how many lines a node takes.
func (m *module) lines(n ast.Node) int {
	return m.fset.Position(n.End()).Line - m.fset.Position(n.Pos()).Line + 1
}

// within reports whether a folder is dir or below it.
func within(folder, dir string) bool {
	return folder == dir || strings.HasPrefix(folder, dir+"/")
}

// selects returns what x selects of an imported package: "time.Now" for time.Now
// whatever the file calls the package, and "" for anything else.
func (f *file) selects(x ast.Node) string {
	sel, ok := x.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	imported, ok := f.names[id.Name]
	if !ok {
		return ""
	}
	return imported + "." + sel.Sel.Name
}

// repository returns the module that this test is part of.
func repository(t *testing.T) *module {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
	m, err := load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestRules holds the repository to every rule.
func TestRules(t *testing.T) {
	m := repository(t)
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			for _, b := range r.check(m) {
				t.Errorf("%s\n\trule: %s", b, r.says)
			}
		})
	}
}

// A rule is one rule of the house.
type rule struct {
	name  string
	says  string
	check func(*module) []breach
}

func rules() []rule {
	return []rule{
		{"Imports", "a row imports only what its line in the table allows", checkImports},
		{"TestPackages", "no product code imports testing or a package made for tests", checkTestPackages},
		{"Names", "no package is called util, common, helpers, models, types or manager", checkNames},
		{"Doc", "every package has a doc.go with a package comment", checkDoc},
		{"Files", "a file has at most 800 lines", checkFiles},
		{"Functions", "a function has at most 100 lines, and nine in ten have at most 45", checkFunctions},
		{"Packages", "a package has at most 2,500 lines besides tests", checkPackages},
		{"Depth", "a chain of imports has at most 6 steps from row to row", checkDepth},
		{"Dependencies", "at most 20 direct dependencies in the binary and 8 besides, each with its reason in docs/dependencies.md", checkDependencies},
		{"State", "no init, and no package-level variable that could change", checkState},
		{"Calls", "no context.TODO, no sleeping, no hidden clock, no printing", checkCalls},
		{"Goroutines", "every go statement has an owner that joins it", checkGoroutines},
		{"Contexts", "a context comes first and is stored nowhere, and neither is a transaction", checkContexts},
		{"SQL", "no SELECT *", checkSQL},
		{"Exceptions", "an exception excepts something, and says why", checkExceptions},
		{"Words", "one word for each thing", checkWords},
		{"Scripts", "scripts of pages import each other in no circle", checkScripts},
	}
}
