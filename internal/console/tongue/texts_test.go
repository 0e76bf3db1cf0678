package tongue_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"caseline/internal/console/tongue"
)

// texts are the English texts that the console shows, each with where it stands.
type texts map[string]string

func (all texts) add(key, where string) {
	if _, known := all[key]; !known && key != "" {
		all[key] = where
	}
}

// shown finds every text but those of scripts.
func shown(t *testing.T) texts {
	t.Helper()
	all := texts{}
	each(t, "../templates", ".html", func(file, source string) { ofTemplate(all, file, source) })
	for _, dir := range append(tellers(), "..") {
		each(t, dir, ".go", func(file, source string) {
			if !strings.HasSuffix(file, "_test.go") {
				ofGo(t, all, file, source)
			}
		})
	}
	for _, status := range statuses() {
		all.add(http.StatusText(status), "net/http")
	}
	for m := time.January; m <= time.December; m++ {
		all.add(m.String(), "package time")
		all.add("in short: "+m.String()[:3], "package time")
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		all.add(d.String(), "package time")
	}
	all.add(".", "tongue.go")
	return all
}

// tellers are the packages that know no reader and whose sentences the console
// shows.
func tellers() []string {
	return []string{
		"../../desk", "../../casework", "../../auth", "../../web", "../../blob", "../../transcript", "../../store/sqlstore/search", "../../slack/send",
		"../../catalogue",
	}
}

// statuses are those that an error page is called by.
func statuses() []int {
	return []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusConflict,
		http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
}

func each(t *testing.T, dir, ending string, do func(file, source string)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ending) {
			return err
		}
		source, err := os.ReadFile(file)
		do(file, string(source))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	saying   = regexp.MustCompile(`\b(?:say|told) ("(?:[^"\\]|\\.)*")`)
	counting = regexp.MustCompile(`\b[cC]ount (?:\([^()]*\)|[^ ()]+) ("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")`)
)

func ofTemplate(all texts, file, source string) {
	tongue.Template(source, func(key string) string {
		all.add(key, file)
		return key
	})
	for _, m := range saying.FindAllStringSubmatch(source, -1) {
		all.add(unquoted(m[1]), file)
	}
	for _, m := range counting.FindAllStringSubmatch(source, -1) {
		all.add(unquoted(m[1])+" | "+unquoted(m[2]), file)
	}
}

func unquoted(literal string) string {
	text, err := strconv.Unquote(literal)
	if err != nil {
		panic(err) // the parser took it
	}
	return text
}

// titled are functions that have a page's title among what they are given, and
// where.
func titled() map[string]int {
	return map[string]int{"Frame": 3, "frame": 3, "base": 1, "BaseOf": 1, "Beside": 2}
}

// refusing are functions that make a refusal of a sentence.
func refusing() []string {
	return []string{"refuse", "refuseField", "wrong", "asMissing", "missing", "Missing", "refused", "must", "report"}
}

func ofGo(t *testing.T, all texts, file, source string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	inConsole := !strings.Contains(file, "../../")
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			ofCall(all, file, n, inConsole)
		case *ast.CompositeLit:
			ofRefusal(all, file, n)
		case *ast.FuncDecl:
			if slices.Contains(sayers(), filepath.Base(file)+" "+n.Name.Name) {
				ofSayer(all, file, n)
				return false
			}
		case *ast.ValueSpec:
			name := n.Names[0].Name
			if name == "sentences" || strings.HasSuffix(name, "File") && strings.Contains(file, "slack/send") { // of package web, and reasons
				ofSayer(all, file, n)
			}
		}
		return true
	})
}

// sayers are functions all of whose texts are for people.
func sayers() []string {
	return []string{
		"measures.go Measures", "rating.go ScoreWord", "tally.go Statement", "tally.go Compared", "fetch.go largeFile", "signin.go Error", "reading.go Stub", "case.go Level", "rights.go Refused", "kit.go ProblemOf", "throttle.go Error", "errors.go Error", "policy.go Refuses", "withdraw.go Reason"}
}

func ofSayer(all texts, file string, in ast.Node) {
	ast.Inspect(in, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text := strings.TrimSpace(unquoted(literal.Value)); strings.Contains(text, " ") || text != "" && unicode.IsUpper(rune(text[0])) {
				all.add(text, file)
			}
		}
		return true
	})
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func ofCall(all texts, file string, call *ast.CallExpr, inConsole bool) {
	name := called(call)
	at, isTitle := titled()[name]
	switch {
	case slices.Contains(refusing(), name):
		for _, arg := range call.Args {
			if text := form(arg); strings.Contains(text, " ") {
				all.add(text, file)
			}
		}
	case !inConsole:
	case (name == "Say" || name == "Text" || name == "Mark" || name == "Told") && len(call.Args) > 0:
		all.add(form(call.Args[0]), file)
	case name == "Date" && len(call.Args) == 2:
		all.add(form(call.Args[1]), file)
	case name == "Count" && len(call.Args) == 3:
		if one := form(call.Args[1]); one != "" {
			all.add(one+" | "+form(call.Args[2]), file)
		}
	case isTitle && at < len(call.Args):
		if literal, ok := call.Args[at].(*ast.BasicLit); ok {
			all.add(unquoted(literal.Value), file)
		}
	}
}

// ofRefusal finds the sentence of a refusal that is written out.
func ofRefusal(all texts, file string, lit *ast.CompositeLit) {
	name := ""
	switch typ := lit.Type.(type) {
	case *ast.Ident:
		name = typ.Name
	case *ast.SelectorExpr:
		name = typ.Sel.Name
	}
	if name != "Refusal" && name != "Problem" { // of packages catalogue and web
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == "Message" {
			if text := form(kv.Value); strings.Trim(text, "%s ") != "" {
				all.add(text, file)
			}
		}
	}
}

// form is a text with its gaps, of an expression that has words: a literal, one
// with others put into it, or several one after the other.
func form(x ast.Expr) string {
	text, words := formed(x)
	if !words {
		return ""
	}
	return text
}

func formed(x ast.Expr) (text string, words bool) {
	switch x := x.(type) {
	case *ast.BasicLit:
		if x.Kind == token.STRING {
			return unquoted(x.Value), true
		}
	case *ast.ParenExpr:
		return formed(x.X)
	case *ast.BinaryExpr:
		left, has := formed(x.X)
		right, too := formed(x.Y)
		return left + right, has || too
	case *ast.CallExpr:
		if name := called(x); name == "Sprintf" || name == "Mark" {
			return formed(x.Args[0])
		}
	}
	return "%s", false
}

var (
	inScript = regexp.MustCompile(`\bt\('((?:[^'\\]|\\.)*)'`)
)

// inScripts finds what scripts say.
func inScripts(t *testing.T) texts {
	t.Helper()
	all := texts{}
	each(t, "../static/js", ".js", func(file, source string) {
		for _, m := range inScript.FindAllStringSubmatch(source, -1) {
			all.add(strings.ReplaceAll(m[1], `\'`, "'"), file)
		}
	})
	return all
}

// silent are the console's functions whose texts nobody reads in a page.
func silent() []string {
	return []string{"Errorf", "New", "Fatal", "ErrorContext", "WarnContext", "InfoContext", "LogAttrs", "MustCompile", "Set", "Fprintf"}
}

// Go code of the console has no sentence that no reader's language is asked for.
func TestGoSaysNothingOutsideTheCatalogue(t *testing.T) {
	known := shown(t)
	each(t, "..", ".go", func(file, source string) {
		if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "/tongue/") || strings.HasSuffix(file, "lead/csv.go") {
			return // files for spreadsheets have the same columns for everybody
		}
		files := token.NewFileSet()
		tree, err := parser.ParseFile(files, file, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && slices.Contains(silent(), called(call)) {
				return false
			}
			if field, ok := n.(*ast.KeyValueExpr); ok && labelling(field) {
				if text := labelled(field.Value); text != "" {
					t.Errorf("%s: %q is put in no Say, Count or Mark", files.Position(field.Pos()), text)
				}
			}
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text := strings.TrimSpace(unquoted(literal.Value))
			if sentence(text) && !said(known, text) {
				t.Errorf("%s: %q is in no Say, Count or Mark", files.Position(literal.Pos()), text)
			}
			return true
		})
	})
}

// labelling reports whether a field of a composite literal is one that people read.
func labelling(field *ast.KeyValueExpr) bool {
	key, ok := field.Key.(*ast.Ident)
	return ok && slices.Contains([]string{"Label", "Name", "Title", "Says", "Text", "Placeholder", "Words", "Hint"}, key.Name)
}

// labelled is the text of a field that is said as it stands: what is one word without
// a capital, or has the form of an address, is a name within the program.
func labelled(x ast.Expr) string {
	literal, ok := x.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	text := unquoted(literal.Value)
	if !prose(text) || strings.ContainsAny(text, "/<{") {
		return ""
	}
	return text
}

// sentence reports whether a text looks like words for people.
func sentence(text string) bool {
	first, _, more := strings.Cut(text, " ")
	return more && len(text) > 8 && !strings.ContainsAny(text, "<>{=/") && first != "" && unicode.IsUpper([]rune(first)[0]) && !strings.Contains(text, ":04")
}

// said reports whether a text is one of those that are known, or a part of one.
func said(known texts, text string) bool {
	if _, ok := known[text]; ok {
		return true
	}
	for key := range known {
		if strings.Contains(key, text) {
			return true
		}
	}
	return false
}
