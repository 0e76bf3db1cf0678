package archtest

import (
	"fmt"
	"go/ast"
	"strings"
)

// avoided are the words that have another word here. They are few: those that
// are wrong wherever they stand, and those that are wrong where the desk's own
// words are made.
func avoided(dir string) map[string]string {
	words := map[string]string{"ticket": "Case"}
	for _, d := range []string{"internal/desk", "internal/store", "internal/casework"} {
		if within(dir, d) {
			words["conversation"] = "ChatSession"
			words["comment"] = "Correspondence"
			words["admin"] = "Operator"
			words["nonce"] = "Origin"
		}
	}
	return words
}

func checkWords(m *module) []breach {
	var found []breach
	for _, f := range m.product() {
		if within(f.dir, slacksim) || within(f.dir, "internal/slack/wire") {
			continue // Slack's own words
		}
		words := avoided(f.dir)
		for _, name := range declared(f.ast) {
			for _, part := range wordsOf(name.Name) {
				if say, ok := words[strings.TrimSuffix(part, "s")]; ok {
					found = append(found, breach{m.place(name), fmt.Sprintf("%s: say %s, not %s", name.Name, say, part)})
				}
			}
		}
	}
	return found
}

// declared returns the names that a file declares: types, functions, fields,
// parameters, constants and package-level variables.
func declared(f *ast.File) []*ast.Ident {
	var names []*ast.Ident
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.TypeSpec:
			names = append(names, n.Name)
		case *ast.FuncDecl:
			names = append(names, n.Name)
		case *ast.Field:
			names = append(names, n.Names...)
		case *ast.ValueSpec:
			names = append(names, n.Names...)
		}
		return true
	})
	return names
}

// wordsOf splits a Go name into its words, in lowercase.
func wordsOf(name string) []string {
	var words []string
	for _, part := range strings.Split(name, "_") {
		start := 0
		for i := 1; i <= len(part); i++ {
			if i == len(part) || upper(part[i]) && (!upper(part[i-1]) || i+1 < len(part) && !upper(part[i+1])) {
				words = append(words, strings.ToLower(part[start:i]))
				start = i
			}
		}
	}
	return words
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
