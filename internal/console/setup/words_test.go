package setup

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Whatever the audit can say has words, and can be looked for.
func TestEveryDeedHasWords(t *testing.T) {
	var paths []string
	for _, pattern := range []string{"../../desk/*.go", "../../desk/*/*.go", "../../casework/*/*.go", "../../auth/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	all := 0
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		all += worded(t, file)
	}
	if all < 45 {
		t.Errorf("only %d deeds were found", all)
	}
}

// worded checks the deeds that a file declares, and counts them.
func worded(t *testing.T, file *ast.File) (all int) {
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Names) != 1 || len(spec.Values) != 1 || len(spec.Names[0].Name) < 4 || spec.Names[0].Name[:3] != "Did" {
			return true
		}
		says, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true // a deed of another package, and seen there
		}
		what, err := strconv.Unquote(says.Value)
		if err != nil {
			t.Fatal(err)
		}
		if all++; did(what) == what {
			t.Errorf("%s (%s) has no words: add them to deeds", spec.Names[0].Name, what)
		}
		return true
	})
	return all
}

// Whatever entries of the audit say besides has a name that is translated.
func TestEveryDetailHasAName(t *testing.T) {
	keys := map[string]bool{}
	for _, pattern := range []string{"../../casework/*.go", "../../casework/*/*.go", "../../auth/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			detailsIn(file, keys)
		}
	}
	if len(keys) < 25 {
		t.Fatalf("only %d keys were found", len(keys))
	}
	for key := range keys {
		if detailNames()[key] == "" && !slices.Contains(plumbing(), key) {
			t.Errorf("%q has no name: add it to detailNames", key)
		}
	}
}

// detailsIn finds the keys of what is said: in a Detail, a deed, what is given to a
// function called audit, or by an index of a variable for it.
func detailsIn(file *ast.File, keys map[string]bool) {
	key := func(x ast.Expr) {
		if literal, ok := x.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text, err := strconv.Unquote(literal.Value)
			if err == nil {
				keys[text] = true
			}
		}
	}
	within := func(x ast.Node) {
		ast.Inspect(x, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				if _, isMap := lit.Type.(*ast.MapType); isMap {
					for _, e := range lit.Elts {
						key(e.(*ast.KeyValueExpr).Key)
					}
				}
			}
			return true
		})
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if name, ok := n.Key.(*ast.Ident); ok && name.Name == "Detail" {
				within(n.Value)
			}
		case *ast.CompositeLit:
			if name, ok := n.Type.(*ast.Ident); ok && name.Name == "deed" {
				within(n)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "audit" {
				within(n)
			}
		case *ast.IndexExpr:
			if name, ok := n.X.(*ast.Ident); ok && slices.Contains([]string{"detail", "said", "changed"}, name.Name) {
				key(n.Index)
			}
		}
		return true
	})
}
