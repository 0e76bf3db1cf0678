package archtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A tree is a module in memory: path → text.
type tree map[string]string

// loaded returns the tree as a module, with what every module has.
func (files tree) loaded(t *testing.T) *module {
	t.Helper()
	root := fstest.MapFS{
		"go.mod":         {Data: []byte("module caseline\n\ngo 1.26\n\nrequire (\n\tgithub.com/known/dep v1.0.0 // indirect\n\tgithub.com/slack-go/slack v0.35.0\n\thonnef.co/go/tools v0.8.2\n)\n")},
		dependenciesPath: {Data: []byte("")},
	}
	for p, text := range files {
		root[p] = &fstest.MapFile{Data: []byte(text)}
	}
	m, err := load(root)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestRulesCatch shows each rule what it is there for, and what it must let
// pass. want is a part of each breach, in order; none means that all is well.
func TestRulesCatch(t *testing.T) {
	long := func(n int) string { return strings.Repeat("\n", n) }
	tests := []struct {
		name, rule string
		files      tree
		want       []string
	}{
		{"scripts in a circle", "Scripts", tree{"internal/a/js/x.js": "import {y} from './y.js';", "internal/a/js/y.js": "import * as z from './z.js'", "internal/a/js/z.js": "import './x.js';"}, []string{"internal/a/js/x.js: imports itself by way of internal/a/js/y.js, internal/a/js/z.js, internal/a/js/x.js"}},
		{"scripts in a line", "Scripts", tree{"internal/a/js/x.js": "import {y} from './y.js';\nimport './z.js';", "internal/a/js/y.js": "import './z.js'", "internal/a/js/z.js": ""}, nil},
		{"desk imports the store", "Imports", tree{"internal/desk/a.go": `package desk; import _ "caseline/internal/store"`}, []string{"internal/desk/a.go: imports internal/store, which internal/desk may not"}},
		{"store imports desk", "Imports", tree{"internal/store/a.go": `package store; import _ "caseline/internal/desk"`}, nil},
		{"services import each other", "Imports", tree{"internal/inbox/a.go": `package inbox; import _ "caseline/internal/outbox"`}, []string{"internal/outbox"}},
		{"a service imports an edge", "Imports", tree{"internal/outbox/a.go": `package outbox; import _ "caseline/internal/slack"`}, []string{"internal/slack"}},
		{"a use case imports the database", "Imports", tree{"internal/casework/a.go": `package casework; import _ "caseline/internal/store/sqlstore"`}, []string{"internal/store/sqlstore"}},
		{"its test may", "Imports", tree{"internal/casework/a_test.go": `package casework; import _ "caseline/internal/store/sqlstore"`}, nil},
		{"slack imports what is below it", "Imports", tree{"internal/slack/a.go": `package slack; import (_ "caseline/internal/slack/view"; _ "caseline/internal/slack/wire/lenient"; _ "caseline/internal/casework"; _ "github.com/slack-go/slack")`}, nil},
		{"plumbing imports the store", "Imports", tree{"internal/web/a.go": `package web; import _ "caseline/internal/store"`}, []string{"internal/store"}},
		{"a view imports a use case", "Imports", tree{"internal/slack/view/a.go": `package view; import _ "caseline/internal/casework"`}, []string{"internal/casework"}},
		{"a family imports itself", "Imports", tree{"internal/slack/wire/a.go": `package wire; import _ "caseline/internal/slack/wire/lenient"`}, nil},
		{"a leaf imports the desk", "Imports", tree{"internal/pace/a.go": `package pace; import _ "caseline/internal/desk"`}, []string{"internal/desk"}},
		{"a leaf imports a library", "Imports", tree{"internal/slack/wire/a.go": `package wire; import _ "github.com/slack-go/slack"`}, []string{"github.com/slack-go/slack"}},
		{"the simulated Slack imports ours", "Imports", tree{"internal/slacksim/a_test.go": `package slacksim; import _ "caseline/internal/slack/wire"`}, []string{"misunderstanding"}},
		{"its tests open a browser", "Imports", tree{"internal/slacksim/a_test.go": `package slacksim; import _ "caseline/internal/browsertest"`}, nil},
		{"it opens one itself", "Imports", tree{"internal/slacksim/a.go": `package slacksim; import _ "caseline/internal/browsertest"`}, []string{"misunderstanding"}},
		{"what opens a browser imports ours", "Imports", tree{"internal/browsertest/a.go": `package browsertest; import _ "caseline/internal/desk"`}, []string{"internal/desk"}},
		{"product opens a browser", "TestPackages", tree{"internal/console/a.go": `package console; import _ "caseline/internal/browsertest"`}, []string{"browsertest"}},
		{"the simulated Slack imports itself", "Imports", tree{"internal/slacksim/a.go": `package slacksim; import _ "caseline/internal/slacksim/pages"`}, nil},
		{"app imports the simulated Slack", "Imports", tree{"internal/app/a.go": `package app; import _ "caseline/internal/slacksim"`}, nil},
		{"slack imports the simulated Slack", "Imports", tree{"internal/slack/a.go": `package slack; import _ "caseline/internal/slacksim"`}, []string{"only app and tests"}},
		{"a test of slack imports it", "Imports", tree{"internal/slack/a_test.go": `package slack; import _ "caseline/internal/slacksim"`}, nil},
		{"a package nobody knows", "Imports", tree{"internal/extra/a.go": `package extra`}, []string{"no row"}},
		{"the command imports a test suite", "TestPackages", tree{"cmd/caseline/main.go": `package main; import _ "caseline/internal/scenario"`}, []string{"scenario"}},

		{"app imports a test suite", "TestPackages", tree{"internal/app/a.go": `package app; import _ "caseline/internal/store/storetest"`}, []string{"storetest"}},
		{"product imports testing", "TestPackages", tree{"internal/desk/a.go": `package desk; import _ "testing"`}, []string{"testing"}},
		{"a test suite imports testing", "TestPackages", tree{"internal/store/storetest/a.go": `package storetest; import _ "testing"`}, nil},

		{"utilities", "Names", tree{"internal/desk/util/a.go": `package util`}, []string{"internal/desk/util"}},
		{"no doc", "Doc", tree{"internal/desk/a.go": "// Package desk is here.\npackage desk"}, []string{"no doc.go"}},
		{"doc without comment", "Doc", tree{"internal/desk/doc.go": `package desk`}, []string{"no doc.go"}},
		{"doc", "Doc", tree{"internal/desk/doc.go": "// Package desk is here.\npackage desk"}, nil},
		{"doc of a command", "Doc", tree{"cmd/caseline/doc.go": "// Command caseline is it.\npackage main"}, nil},
		{"only tests need none", "Doc", tree{"internal/desk/a_test.go": `package desk`}, nil},

		{"a long file", "Files", tree{"internal/desk/a_test.go": "package desk" + long(801)}, []string{"801 lines"}},
		{"a file at the limit", "Files", tree{"internal/desk/a.go": "package desk" + long(800)}, nil},
		{"a generated file", "Files", tree{"internal/desk/a.go": "// Code generated by x. DO NOT EDIT.\n\npackage desk" + long(900)}, nil},
		{"a long function", "Functions", tree{"internal/desk/a.go": "package desk\nfunc F() {" + long(100) + "}" + manyFunctions()}, []string{"internal/desk.F has 101 lines"}},
		{"a long method", "Functions", tree{"internal/desk/a.go": "package desk\nfunc (t *T[K]) F() {" + long(100) + "}" + manyFunctions()}, []string{"internal/desk.T.F has 101"}},
		{"long functions everywhere", "Functions", tree{"internal/desk/a.go": "package desk\nfunc F() {" + long(45) + "}\nfunc G() {}"}, []string{"1 of 2 functions"}},
		{"a large package", "Packages", tree{"internal/feed/a.go": "package feed" + long(1300), "internal/feed/b.go": "package feed" + long(1300), "internal/feed/b_test.go": "package feed" + long(1300)}, []string{"2600 lines"}},
		{"a deep chain", "Depth", chainOf("cmd/caseline", "internal/app", "internal/console", "internal/slack", "internal/outbox", "internal/casework", "internal/store", "internal/desk"), []string{"cmd/caseline: 7 steps: cmd/caseline → internal/app → "}},
		{"a chain at the limit", "Depth", chainOf("internal/app", "internal/console", "internal/slack", "internal/outbox", "internal/casework", "internal/store", "internal/desk"), nil},
		{"a family is one step", "Depth", chainOf("cmd/caseline", "internal/app", "internal/app/a", "internal/app/b", "internal/slack", "internal/slack/a", "internal/inbox", "internal/store", "internal/desk"), nil},
		{"a circle of rows", "Depth", tree{"internal/slack/a.go": `package slack; import _ "caseline/internal/slack/view"`, "internal/slack/view/a.go": `package view; import _ "caseline/internal/slack"`}, nil},

		{"a dependency without reason", "Dependencies", tree{"internal/slack/a.go": `package slack; import _ "github.com/slack-go/slack/sub"`}, []string{"does not name `github.com/slack-go/slack`"}},
		{"a dependency with reason", "Dependencies", tree{"internal/slack/a.go": `package slack; import _ "github.com/slack-go/slack/sub"`, dependenciesPath: "| `github.com/slack-go/slack` | why |"}, nil},
		{"a reason without dependency", "Dependencies", tree{dependenciesPath: "| `github.com/gone/away` | why |"}, []string{"names `github.com/gone/away`"}},
		{"too many", "Dependencies", manyDependencies(), []string{"21 direct"}},

		{"init", "State", tree{"internal/desk/a.go": "package desk\nfunc init() {}"}, []string{"an init function"}},
		{"a method init", "State", tree{"internal/desk/a.go": "package desk\nfunc (T) init() {}"}, nil},
		{"state", "State", tree{"internal/desk/a.go": "package desk\nvar count int\nvar List = []int{1}\nvar a, b = 1, f()"}, []string{"count", "List", "a may", "b may"}},
		{"a table", "State", tree{"internal/desk/a.go": "package desk\nvar names = map[string]int{}\nfunc f() { names := 1; _ = names; g(names); x = append(names, 1) }"}, nil},
		{"tables that are written to", "State", tree{"internal/desk/a.go": "package desk\nvar a, b, c, d, e = T{}, T{}, T{}, T{}, T{}", "internal/desk/b.go": "package desk\nimport \"slices\"\nfunc f() { a[1].x = 2; b.n++; h(&c); delete(d, 1); slices.Sort(e[1:]) }"}, []string{"a may", "b may", "c may", "d may", "e may"}},
		{"no state", "State", tree{"internal/desk/a.go": `package desk
import ("errors"; "regexp"; "sync"; _ "embed"; re "html/template")
var ErrX = errors.New("x")
var _ I = T{}
var (
	number = regexp.MustCompile("x")
	page = re.Must(re.New("x"), nil)
	//archtest:table
	names = []string{"a"}
	more = f() //archtest:table
	later = sync.OnceValue(f)
)
//go:embed x
var text string`}, nil},

		{"todo", "Calls", tree{"internal/desk/a.go": `package desk; import "context"; func f() { context.TODO() }`}, []string{"nobody thought"}},
		{"sleep", "Calls", tree{"internal/desk/a_test.go": `package desk; import "time"; func f() { time.Sleep(1) }`}, []string{"sleeps"}},
		{"clock", "Calls", tree{"internal/desk/a.go": `package desk; import clock "time"; func New() { clock.Now(); clock.Since(x) }`}, []string{"time.Now hides", "time.Since hides"}},
		{"clock in a test", "Calls", tree{"internal/desk/a_test.go": `package desk; import "time"; func f() { time.Now() }`}, nil},
		{"clock as a default", "Calls", tree{"internal/feed/a.go": `package feed; import "time"; func NewFeed() { now = time.Now }`}, nil},
		{"clock among the defaults", "Calls", tree{"internal/feed/a.go": `package feed; import "time"; func (o Options) withDefaults() { o.Now = time.Now }`}, nil},
		{"clock for a deadline", "Calls", tree{"internal/console/a.go": `package console; import "time"; func f() { c.SetWriteDeadline(time.Now().Add(1)) }`}, nil},
		{"sleep in a bubble", "Calls", tree{"internal/desk/a_test.go": `package desk; import ("time"; "testing/synctest"); func f() { synctest.Test(t, func() { time.Sleep(1) }) }`}, nil},
		{"clock as a default elsewhere", "Calls", tree{"internal/feed/a.go": `package feed; import "time"; func run() { now = time.Now }`}, []string{"only where something is made"}},
		{"clock at an edge", "Calls", tree{"internal/app/a.go": `package app; import "time"; func f() { time.Now() }`, "internal/slacksim/a.go": `package slacksim; import "time"; func f() { time.Now() }`}, nil},
		{"a method called Now", "Calls", tree{"internal/desk/a.go": `package desk; func f(c C) { c.Now() }`}, nil},
		{"print", "Calls", tree{"internal/app/a.go": `package app; import ("fmt"; "log"); func f() { fmt.Println(1); println(2); log.Fatal(3); fmt.Fprintln(w, 4) }`}, []string{"fmt.Println", "println", "log.Fatal"}},
		{"print in the command", "Calls", tree{"cmd/caseline/main.go": `package main; import "fmt"; func f() { fmt.Println(1) }`}, nil},

		{"go", "Goroutines", tree{"internal/desk/a.go": `package desk; func (e *E) f() { if x { go g() } }`}, []string{"internal/desk.E.f starts"}},
		{"errgroup", "Goroutines", tree{"internal/desk/a.go": `package desk; func f() { g.Go(h); wg.Go(h) }`}, nil},
		{"a stored context", "Contexts", tree{"internal/inbox/a.go": `package inbox; import ("context"; "caseline/internal/store"); type T struct { ctx context.Context; tx store.Tx }`}, []string{"context.Context", "store.Tx"}},
		{"a context that comes late", "Contexts", tree{"internal/inbox/a.go": `package inbox; import "context"; func f(a int, ctx context.Context) {}`}, []string{"not the first"}},
		{"a context after the test", "Contexts", tree{"internal/scenario/a.go": `package scenario; import ("context"; "testing"); func f(t *testing.T, ctx context.Context) {}`}, nil},
		{"another Run", "Contexts", tree{"internal/inbox/a.go": `package inbox; import "context"; func (i *I) Run(ctx context.Context) {}; func (j J) Run(ctx context.Context) error { return nil }; func Run() {}`}, []string{"a method Run"}},
		{"select all", "SQL", tree{"internal/store/a.go": "package store\nvar q = `select\n * FROM x`", "internal/store/b.sql": "SELECT c.* FROM c"}, []string{"all columns", "all columns"}},
		{"count all", "SQL", tree{"internal/store/a.go": "package store\nvar q = `SELECT count(*) FROM x`"}, nil},
		{"words", "Words", tree{"internal/desk/a.go": "package desk\ntype SupportTicket struct { Tickets []string }\nfunc f(adminID string) { roomy := 1 }", "internal/slack/a.go": "package slack\nvar adminID, Conversation int"}, []string{"SupportTicket: say Case", "Tickets: say Case", "adminID: say Operator"}},
		{"Slack's words", "Words", tree{"internal/slacksim/a.go": "package slacksim\ntype Ticket struct{}"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, b := range ruleNamed(t, tt.rule).check(tt.files.loaded(t)) {
				got = append(got, b.String())
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("got %q, want it to contain %q", got[i], want)
				}
			}
		})
	}
}

func ruleNamed(t *testing.T, name string) rule {
	t.Helper()
	i := slices.IndexFunc(rules(), func(r rule) bool { return r.name == name })
	if i < 0 {
		t.Fatalf("no rule %s", name)
	}
	return rules()[i]
}

// manyFunctions are enough short functions for a long one to be among nine.
func manyFunctions() string {
	return strings.Repeat("\nfunc _() {}", 20)
}

// chainOf returns packages that import each other in a row.
func chainOf(dirs ...string) tree {
	files := tree{}
	for i, dir := range dirs {
		text := "package p"
		if i+1 < len(dirs) {
			text += fmt.Sprintf("; import _ %q", "caseline/"+dirs[i+1])
		}
		files[dir+"/a.go"] = text
	}
	return files
}

// manyDependencies imports one module more than allowed, each with its reason.
func manyDependencies() tree {
	mod, code, doc := "module caseline\n\nrequire (\n", "package app\nimport (\n", ""
	for i := range mostDependencies + 1 {
		dep := fmt.Sprintf("example.com/d/m%d", i)
		mod += "\t" + dep + " v1.0.0\n"
		code += fmt.Sprintf("_ %q\n", dep)
		doc += "`" + dep + "`\n"
	}
	return tree{"go.mod": mod + ")\n", "internal/app/a.go": code + ")", dependenciesPath: doc}
}

// The repository must keep the rules when none of its packages exist yet.
func TestRulesPassOnNothing(t *testing.T) {
	m := tree{}.loaded(t)
	for _, r := range rules() {
		if r.name == "Exceptions" {
			continue // they are about this repository
		}
		for _, b := range r.check(m) {
			t.Errorf("%s: %s", r.name, b)
		}
	}
}
