package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

func checkState(m *module) []breach {
	var found []breach
	for _, f := range m.product() {
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					found = append(found, breach{m.place(d), "an init function"})
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR {
					found = append(found, m.checkVars(f, d)...)
				}
			}
		}
	}
	return found
}

func (m *module) checkVars(f *file, d *ast.GenDecl) []breach {
	var found []breach
	for _, s := range d.Specs {
		spec := s.(*ast.ValueSpec)
		if marked(d.Doc) || marked(spec.Doc) || marked(spec.Comment) {
			continue
		}
		for i, name := range spec.Names {
			isError := strings.HasPrefix(strings.ToLower(name.Name), "err")
			switch {
			case name.Name == "_" || isError:
			case i < len(spec.Values) && f.constant(spec.Values[i]):
			case i < len(spec.Values) && literal(spec.Values[i]) && !name.IsExported() && !m.written(f.dir, name.Name):
			default:
				found = append(found, breach{m.place(name), name.Name + " may change; a table is an unexported literal that nobody writes to, or says with the comment //archtest:table why it cannot change"})
			}
		}
	}
	return found
}

// marked reports whether a comment embeds a file or says that the variable is
// a table that nobody writes to.
func marked(c *ast.CommentGroup) bool {
	return c != nil && slices.ContainsFunc(c.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//go:embed ") || strings.HasPrefix(c.Text, "//archtest:table")
	})
}

// constant reports whether a package-level value cannot change once made.
func (f *file) constant(x ast.Expr) bool {
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return false
	}
	switch f.selects(call.Fun) {
	case "regexp.MustCompile", "strings.NewReplacer", "html/template.Must", "text/template.Must", "sync.OnceValue", "sync.OnceValues",
		"github.com/yuin/goldmark/ast.NewNodeKind":
		return true
	}
	return false
}

// literal reports whether an expression writes a value out.
func literal(x ast.Expr) bool {
	_, ok := x.(*ast.CompositeLit)
	return ok
}

// written reports whether the product files of a package may write to the
// package-level variable name. It goes by names only, so a local variable of
// the same name counts too.
func (m *module) written(dir, name string) bool {
	found := false
	about := func(xs ...ast.Expr) {
		for _, x := range xs {
			found = found || root(x) == name
		}
	}
	for _, f := range m.product() {
		if f.dir != dir {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					about(n.Lhs...)
				}
			case *ast.RangeStmt:
				if n.Tok == token.ASSIGN {
					about(n.Key, n.Value)
				}
			case *ast.IncDecStmt:
				about(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					about(n.X)
				}
			case *ast.CallExpr:
				if len(n.Args) > 0 && f.writesFirst(n.Fun) {
					about(n.Args[0])
				}
			}
			return !found
		})
	}
	return found
}

// root returns the variable that an expression reaches into.
func root(x ast.Expr) string {
	for {
		switch y := x.(type) {
		case *ast.Ident:
			return y.Name
		case *ast.IndexExpr:
			x = y.X
		case *ast.SliceExpr:
			x = y.X
		case *ast.SelectorExpr:
			x = y.X
		case *ast.StarExpr:
			x = y.X
		case *ast.ParenExpr:
			x = y.X
		default:
			return ""
		}
	}
}

var sorting = regexp.MustCompile(`^(slices\.(Sort|Reverse|Delete|Insert|Compact|Replace)|maps\.(Copy|Delete|Insert)|sort\.)`)

// writesFirst reports whether a function writes to its first argument.
func (f *file) writesFirst(fun ast.Expr) bool {
	if id, ok := fun.(*ast.Ident); ok {
		return id.Name == "delete" || id.Name == "clear" || id.Name == "copy"
	}
	return sorting.MatchString(f.selects(fun))
}

// clocks are the ways to read the clock.
var clocks = []string{"time.Now", "time.Since", "time.Until"}

// printers are the ways to print where nobody asked for it.
var printers = []string{"fmt.Print", "fmt.Printf", "fmt.Println", "log.Print", "log.Printf", "log.Println", "log.Fatal", "log.Fatalf", "log.Panic", "log.Panicf"}

// mayReadClock reports whether a package may call the clock: the edges of the
// program, the simulated Slack, and what runs tests.
func mayReadClock(dir string) bool {
	return slices.ContainsFunc([]string{"cmd", "internal/app", slacksim, "internal/scenario", "internal/store/storetest"},
		func(edge string) bool { return within(dir, edge) })
}

func checkCalls(m *module) []breach {
	var found []breach
	for _, f := range m.files {
		for _, d := range f.ast.Decls {
			fn, _ := d.(*ast.FuncDecl)
			called, deadline := map[ast.Node]bool{}, map[ast.Node]bool{}
			ast.Inspect(d, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					called[call.Fun] = true
					if setsDeadline(call) {
						ast.Inspect(call, func(n ast.Node) bool { deadline[n] = true; return true })
					}
					if id, ok := call.Fun.(*ast.Ident); ok && (id.Name == "print" || id.Name == "println") && !f.test {
						found = append(found, breach{m.place(call), "prints by " + id.Name})
					}
				}
				if message := f.forbidden(f.selects(n), fn, called[n]); message != "" && !deadline[n] {
					found = append(found, breach{m.place(n), message})
				}
				return true
			})
		}
	}
	return found
}

// setsDeadline reports whether a call gives a connection a deadline, which the
// system compares with its own clock.
func setsDeadline(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && strings.HasPrefix(sel.Sel.Name, "Set") && strings.HasSuffix(sel.Sel.Name, "Deadline")
}

// forbidden says what is wrong with selecting name in fn, a call or not.
func (f *file) forbidden(name string, fn *ast.FuncDecl, called bool) string {
	switch {
	case name == "time.Sleep":
		if f.test && slices.Contains(f.imports, "testing/synctest") {
			return "" // there it costs no time and ends when all else waits
		}
		return "sleeps; wait for a state, a timer or a context"
	case f.test:
		return ""
	case name == "context.TODO":
		return "a context that nobody thought about"
	case slices.Contains(printers, name) && within(f.dir, "internal"):
		return name + ": write to an injected writer or logger"
	case slices.Contains(clocks, name) && !mayReadClock(f.dir):
		if fn != nil {
			if _, excepted := clockReaders()[nameOf(f, fn)]; excepted {
				return ""
			}
		}
		if called {
			return name + " hides a clock; take now func() time.Time"
		}
		if fn == nil || !isMaker(fn.Name.Name) {
			return name + " may be a default only where something is made: in New…, Open… or …Defaults"
		}
	}
	return ""
}

// isMaker reports whether a function of the name makes something, and so may
// fill in defaults.
func isMaker(name string) bool {
	return strings.HasPrefix(name, "New") || strings.HasPrefix(name, "Open") || strings.HasSuffix(name, "Defaults")
}

func checkGoroutines(m *module) []breach {
	var found []breach
	m.functions(func(f *file, fn *ast.FuncDecl) {
		if _, excepted := goStatements()[nameOf(f, fn)]; excepted {
			return
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				found = append(found, breach{m.place(g), nameOf(f, fn) + " starts a goroutine; use an errgroup or a WaitGroup's Go, or name who joins it in exceptions_test.go"})
			}
			return true
		})
	})
	return found
}

func checkContexts(m *module) []breach {
	var found []breach
	for _, f := range m.product() {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.StructType:
				for _, field := range n.Fields.List {
					name := f.selects(field.Type)
					_, witness := txHolders()[f.path]
					if name == "context.Context" || name == m.name+"/internal/store.Tx" && !witness {
						found = append(found, breach{m.place(field), "a struct holds a " + name})
					}
				}
			case *ast.FuncDecl:
				found = append(found, m.checkContextFirst(f, n.Type)...)
				_, excepted := otherRuns()[nameOf(f, n)]
				apart := within(f.dir, slacksim) || within(f.dir, "internal/scenario")
				if n.Name.Name == "Run" && n.Recv != nil && !apart && !excepted && !f.isRun(n.Type) {
					found = append(found, breach{m.place(n), "a method Run that is not Run(ctx context.Context) error"})
				}
			}
			return true
		})
	}
	return found
}

// checkContextFirst reports a context that is not the first parameter. Test
// suites may take a *testing.T before it.
func (m *module) checkContextFirst(f *file, fn *ast.FuncType) []breach {
	for i, p := range fn.Params.List {
		if i == 0 || f.selects(p.Type) != "context.Context" {
			continue
		}
		if star, ok := fn.Params.List[0].Type.(*ast.StarExpr); ok && strings.HasPrefix(f.selects(star.X), "testing.") {
			continue
		}
		return []breach{{m.place(p), "a context that is not the first parameter"}}
	}
	return nil
}

// isRun reports whether a method has the type of every Run.
func (f *file) isRun(fn *ast.FuncType) bool {
	if len(fn.Params.List) != 1 || f.selects(fn.Params.List[0].Type) != "context.Context" || fn.Results == nil || len(fn.Results.List) != 1 {
		return false
	}
	id, ok := fn.Results.List[0].Type.(*ast.Ident)
	return ok && id.Name == "error"
}

var selectAll = regexp.MustCompile(`(?i)\bselect\s+(distinct\s+)?(\w+\.)?\*`)

func checkSQL(m *module) []breach {
	var found []breach
	for _, f := range m.product() {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && selectAll.MatchString(lit.Value) {
				found = append(found, breach{m.place(lit), "selects all columns; name them"})
			}
			return true
		})
	}
	for p, text := range m.sql {
		if selectAll.MatchString(text) {
			found = append(found, breach{p, "selects all columns; name them"})
		}
	}
	return found
}
