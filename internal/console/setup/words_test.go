package setup

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// Whatever the audit can say has words, and can be looked for.
func TestEveryDeedHasWords(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../desk/audit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Names) != 1 || len(spec.Values) != 1 || len(spec.Names[0].Name) < 4 || spec.Names[0].Name[:3] != "Did" {
			return true
		}
		what, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if all++; did(what) == what {
			t.Errorf("%s (%s) has no words: add them to deeds", spec.Names[0].Name, what)
		}
		return true
	})
	if all != len(deeds()) {
		t.Errorf("got %d words for %d deeds", len(deeds()), all)
	}
}
