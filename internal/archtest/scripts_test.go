package archtest

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

var scriptImport = regexp.MustCompile(`(?m)^import [^;]*?'(\./[^']+)'`)

// checkScripts finds scripts of pages that import each other in a circle: Go
// would not build such packages, and they are no clearer in a browser.
func checkScripts(m *module) []breach {
	imports := map[string][]string{}
	for p, text := range m.scripts {
		for _, found := range scriptImport.FindAllStringSubmatch(text, -1) {
			imports[p] = append(imports[p], path.Join(path.Dir(p), found[1]))
		}
	}
	var found []breach
	done := map[string]bool{}
	var visit func(p string, way []string)
	visit = func(p string, way []string) {
		if i := slices.Index(way, p); i >= 0 {
			found = append(found, breach{p, "imports itself by way of " + strings.Join(append(way[i+1:], p), ", ")})
			return
		}
		if done[p] {
			return
		}
		for _, next := range imports[p] {
			visit(next, append(slices.Clone(way), p))
		}
		done[p] = true
	}
	var all []string
	for p := range imports {
		all = append(all, p)
	}
	slices.Sort(all)
	for _, p := range all {
		visit(p, nil)
	}
	return found
}
