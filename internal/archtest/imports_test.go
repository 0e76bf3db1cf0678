package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// A row is a line of the table of packages: what a package, and what lies in
// folders below it without a row of its own, may import besides the standard
// library and its own family.
type row struct {
	dir     string
	ours    []string // of this module, without "internal/"; "x/*" is x and all below
	outside []string // prefixes of other modules' import paths; "*" is any
}

// table is the house's table of packages, from the top.
func table() []row {
	return []row{
		{"cmd/caseline", []string{"*"}, []string{"*"}},
		{"internal/app", []string{"*"}, []string{"*"}},

		{"internal/console", []string{"desk", "store", "casework", "feed", "auth", "web", "mrkdwn", "terms", "transcript", "catalogue"}, nil},
		// casework for how addresses stand; outbox tests run it whole.
		{"internal/mail", []string{"desk", "store", "casework", "web", "mrkdwn", "pace"}, []string{"github.com/wneessen/go-mail"}},
		{"internal/mail/mailtest", nil, []string{"github.com/emersion/go-smtp"}},
		// store, because what inbox applies gets a transaction and passes it on,
		// and because readers of their own may read; pace for looking people up;
		// blob for the kinds of its errors.
		{"internal/slack", []string{"desk", "store", "casework", "inbox", "outbox", "web", "blob", "slack/*", "mrkdwn", "terms", "pace", "seal"}, []string{"github.com/slack-go/slack"}},
		{"internal/slack/ident", []string{"desk", "slack/wire"}, nil},
		{"internal/slack/view", []string{"desk", "mrkdwn", "terms", "slack/ident"}, []string{"github.com/slack-go/slack"}},
		{"internal/slack/socket", []string{"slack/wire", "slack/tally"}, []string{"github.com/gorilla/websocket", "golang.org/x/sync"}},
		{"internal/slack/wire", nil, nil},
		{"internal/slack/tally", nil, nil},
		{"internal/slack/manifest", nil, []string{"github.com/goccy/go-yaml"}},

		{"internal/inbox", []string{"desk", "store", "lanes"}, []string{"golang.org/x/sync"}},
		{"internal/outbox", []string{"desk", "store", "pace", "lanes"}, []string{"golang.org/x/sync"}},
		{"internal/upkeep", []string{"desk"}, nil},
		{"internal/feed", []string{"desk", "store"}, []string{"golang.org/x/sync"}},
		{"internal/auth", []string{"desk", "store"}, []string{"golang.org/x/crypto", "github.com/alexedwards/scs/v2", "rsc.io/qr"}},
		{"internal/auth/oidc/oidctest", nil, []string{"github.com/zitadel/oidc/v3"}},
		{"internal/auth/oidc", []string{"auth"}, []string{"github.com/coreos/go-oidc/v3", "golang.org/x/oauth2"}},
		{"internal/web", []string{"desk"}, nil},
		{"internal/catalogue", []string{"desk"}, []string{"github.com/goccy/go-yaml"}},
		{"internal/store/sqlstore", []string{"desk", "store", "terms"}, []string{"modernc.org/sqlite", "github.com/jackc/pgx/v5", "golang.org/x/sync", "golang.org/x/sys"}},
		{"internal/blob", []string{"desk"}, nil},

		{"internal/casework", []string{"desk", "store"}, nil},
		{"internal/store", []string{"desk"}, nil},
		// casework for the audit as it is written into files.
		{"internal/takeout", []string{"desk", "store", "casework", "transcript", "mrkdwn"}, nil},
		{"internal/transcript", []string{"desk", "mrkdwn"}, nil},
		{"internal/desk", nil, nil},

		{"internal/lanes", nil, nil}, // under inbox and outbox, which are the same machine in two directions
		{"internal/pace", nil, nil},
		{"internal/mrkdwn", nil, []string{"github.com/yuin/goldmark"}},
		{"internal/terms", nil, []string{"golang.org/x/text"}},
		{"internal/seal", nil, nil},
		{"internal/config", nil, []string{"github.com/goccy/go-yaml"}},

		{"internal/slacksim", nil, []string{"github.com/gorilla/websocket"}},

		{"internal/store/storetest", []string{"*"}, []string{"*"}},
		// Nothing of ours: the simulated Slack's tests use it too.
		{browsertest, nil, []string{"github.com/chromedp"}},
		{"internal/scenario", []string{"*"}, []string{"*"}},
		{"internal/archtest", nil, nil},
	}
}

// forTests are the packages that only tests may import. Fakes of what lies
// outside are apart: app imports slacksim for the demonstration.
var forTests = []string{"internal/store/storetest", "internal/scenario", "internal/archtest", "internal/slacksim/simtest", "internal/slack/front/fronttest", "internal/slack/wire/wiretest", "internal/mail/mailtest", "internal/auth/oidc/oidctest", browsertest}

const (
	slacksim    = "internal/slacksim"
	browsertest = "internal/browsertest"
)

// rowOf returns the row that a folder belongs to: the nearest above it.
func rowOf(dir string) (row, bool) {
	var best row
	for _, r := range table() {
		if within(dir, r.dir) && len(r.dir) > len(best.dir) {
			best = r
		}
	}
	return best, best.dir != ""
}

// allows reports whether a package of the row may import another of ours.
func (r row) allows(dir string) bool {
	if other, ok := rowOf(dir); ok && other.dir == r.dir {
		return true // its own family
	}
	for _, o := range r.ours {
		family, all := strings.CutSuffix(o, "/*")
		switch {
		case o == "*":
			return true
		case all && within(dir, "internal/"+family):
			return true
		}
		// A row stands for the folders below it that have no row of their own.
		if other, ok := rowOf(dir); ok && other.dir == "internal/"+o {
			return true
		}
	}
	return false
}

// allowsOutside reports whether a package of the row may import one of another
// module.
func (r row) allowsOutside(imported string) bool {
	return slices.ContainsFunc(r.outside, func(o string) bool { return o == "*" || within(imported, o) })
}

func checkImports(m *module) []breach {
	var found []breach
	for _, f := range m.files {
		r, ok := rowOf(f.dir)
		if !ok {
			found = append(found, breach{f.path, "no row of the table in imports_test.go knows this package"})
			continue
		}
		for _, imported := range f.imports {
			dir, ours := m.ours(imported)
			switch {
			case isStandard(imported) && !ours:
			case f.test && dir == browsertest:
				// Also the simulated Slack's: it may share no understanding of
				// Slack with the product, and how to press a button is none.
			case ours && r.dir == slacksim && !within(dir, slacksim):
				found = append(found, breach{f.path, fmt.Sprintf("the simulated Slack imports %s of ours, which would let one misunderstanding hide in both", dir)})
			case f.test:
				// Tests take what they need: a real store, the simulated Slack.
			case ours && within(dir, slacksim) && r.dir != "internal/app" && r.dir != slacksim && !slices.Contains(forTests, r.dir):
				found = append(found, breach{f.path, "imports the simulated Slack; only app and tests may"})
			case ours && !r.allows(dir):
				found = append(found, breach{f.path, fmt.Sprintf("imports %s, which %s may not", dir, r.dir)})
			case !ours && !r.allowsOutside(imported):
				found = append(found, breach{f.path, fmt.Sprintf("imports %s, which %s may not", imported, r.dir)})
			}
		}
	}
	return found
}

func checkTestPackages(m *module) []breach {
	var found []breach
	for _, f := range m.product() {
		if slices.ContainsFunc(forTests, func(dir string) bool { return within(f.dir, dir) }) {
			continue
		}
		for _, imported := range f.imports {
			dir, ours := m.ours(imported)
			made := slices.ContainsFunc(forTests, func(d string) bool { return ours && within(dir, d) })
			if made || within(imported, "testing") {
				found = append(found, breach{f.path, "imports " + imported})
			}
		}
	}
	return found
}

// checkDepth counts a family, the folders of one row, as one step: splitting a
// package that grew must not be punished.
func checkDepth(m *module) []breach {
	const most = 6
	edges := map[string][]string{}
	for _, f := range m.product() {
		from, known := rowOf(f.dir)
		for _, imported := range f.imports {
			dir, ours := m.ours(imported)
			to, knownToo := rowOf(dir)
			if ours && known && knownToo && from.dir != to.dir {
				edges[from.dir] = append(edges[from.dir], to.dir)
			}
		}
	}
	var chain func(dir string, above []string) []string
	chain = func(dir string, above []string) []string {
		var longest []string
		for _, next := range edges[dir] {
			if slices.Contains(above, next) {
				continue // rows that import each other: the rule on imports says so
			}
			if c := chain(next, append(above, dir)); len(c) > len(longest) {
				longest = c
			}
		}
		return append([]string{dir}, longest...)
	}
	var found []breach
	for _, r := range table() {
		if c := chain(r.dir, nil); len(c)-1 > most && !slices.Contains(forTests, r.dir) {
			found = append(found, breach{r.dir, fmt.Sprintf("%d steps: %s", len(c)-1, strings.Join(c, " → "))})
		}
	}
	return found
}
