package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"strings"
	"testing"
)

const (
	hardFile      = 800
	longFile      = 500
	hardFunction  = 100
	usualFunction = 45
	hardPackage   = 2500
)

func countLines(text string) int {
	return strings.Count(text, "\n")
}

// generated reports whether a tool wrote the file.
func (f *file) generated() bool { return ast.IsGenerated(f.ast) }

func checkFiles(m *module) []breach {
	var found []breach
	for _, f := range m.files {
		if n := countLines(f.text); n > hardFile && !f.generated() {
			found = append(found, breach{f.path, fmt.Sprintf("%d lines", n)})
		}
	}
	return found
}

// TestLongFiles names the files that should explain themselves or be split.
func TestLongFiles(t *testing.T) {
	for _, f := range repository(t).files {
		if n := countLines(f.text); n > longFile && !f.generated() {
			t.Logf("%s has %d lines: split it, or say at its top why it is one", f.path, n)
		}
	}
}

// functions calls f with every function declaration of the product.
func (m *module) functions(f func(*file, *ast.FuncDecl)) {
	for _, file := range m.product() {
		for _, d := range file.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && !file.generated() {
				f(file, fn)
			}
		}
	}
}

// nameOf names a function as the exceptions do: "internal/slack.(*Ingress).Run"
// without the punctuation, so "internal/slack.Ingress.Run".
func nameOf(f *file, fn *ast.FuncDecl) string {
	name := f.dir + "."
	if fn.Recv != nil && len(fn.Recv.List) == 1 {
		name += receiver(fn.Recv.List[0].Type) + "."
	}
	return name + fn.Name.Name
}

// receiver returns the name of a receiver's type.
func receiver(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.StarExpr:
		return receiver(x.X)
	case *ast.IndexExpr:
		return receiver(x.X)
	case *ast.IndexListExpr:
		return receiver(x.X)
	case *ast.Ident:
		return x.Name
	}
	return ""
}

func checkFunctions(m *module) []breach {
	var found []breach
	all, usual := 0, 0
	m.functions(func(f *file, fn *ast.FuncDecl) {
		n := m.lines(fn)
		all++
		if n <= usualFunction {
			usual++
		}
		if _, excepted := longFunctions()[nameOf(f, fn)]; n > hardFunction && !excepted {
			found = append(found, breach{m.place(fn), fmt.Sprintf("%s has %d lines", nameOf(f, fn), n)})
		}
	})
	if usual*10 < all*9 {
		found = append(found, breach{"the module", fmt.Sprintf("%d of %d functions have at most %d lines", usual, all, usualFunction)})
	}
	return found
}

func checkPackages(m *module) []breach {
	lines := map[string]int{}
	for _, f := range m.product() {
		if !f.generated() {
			lines[f.dir] += countLines(f.text)
		}
	}
	var found []breach
	for dir, n := range lines {
		if n > hardPackage && (n > hardPackage+hardPackage/5 || longPackages()[dir] == "") {
			found = append(found, breach{dir, fmt.Sprintf("%d lines", n)})
		}
	}
	return found
}

func checkNames(m *module) []breach {
	var found []breach
	for _, dir := range m.packages() {
		switch name := path.Base(dir); name {
		case "util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "manager", "managers", "misc", "shared", "base", "lib":
			found = append(found, breach{dir, "the name says nothing about what it is for"})
		}
	}
	return found
}

func checkDoc(m *module) []breach {
	documented := map[string]bool{}
	for _, f := range m.product() {
		command := path.Base(f.path) == "main.go" && f.ast.Name.Name == "main"
		if (path.Base(f.path) == "doc.go" || command) && f.ast.Doc != nil {
			documented[f.dir] = startsWell(f)
		}
	}
	var found []breach
	for _, dir := range m.packages() {
		if !documented[dir] {
			found = append(found, breach{dir, `no doc.go with a comment that begins "Package …"; a command may have its "Command …" in main.go`})
		}
	}
	return found
}

// startsWell reports whether a package comment begins as Go's tools expect.
func startsWell(f *file) bool {
	begins := "Package " + f.ast.Name.Name + " "
	if f.ast.Name.Name == "main" {
		begins = "Command "
	}
	return strings.HasPrefix(f.ast.Doc.Text(), begins)
}
