package archtest

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Twenty may be in the binary; what tests and tools are made of comes on top.
const (
	mostDependencies = 20
	mostBesides      = 8
	dependenciesPath = "docs/dependencies.md"
)

var (
	required = regexp.MustCompile(`(?m)^(?:require\s+|\t)(\S+\.\S+/\S+|\S+\.\S+) v\S+`)
	toolUsed = regexp.MustCompile(`(?m)^(?:tool\s+|\t)(\S+\.\S+/\S+)$`)
	inTicks  = regexp.MustCompile("`([a-z0-9.]+\\.[a-z]+/[^`\\s]+)`")
)

// moduleOf returns the module among those of go.mod that an import path is of.
func (m *module) moduleOf(imported string) string {
	best := ""
	for _, match := range required.FindAllStringSubmatch(m.mod, -1) {
		if within(imported, match[1]) && len(match[1]) > len(best) {
			best = match[1]
		}
	}
	return best
}

// direct returns the modules that our files import or that are tools, in
// order. It goes by the imports, not by what go.mod calls indirect.
func (m *module) direct() []string {
	var direct []string
	for _, f := range m.files {
		for _, imported := range f.imports {
			if _, ours := m.ours(imported); !ours && !isStandard(imported) {
				direct = append(direct, m.moduleOf(imported))
			}
		}
	}
	for _, match := range toolUsed.FindAllStringSubmatch(m.mod, -1) {
		direct = append(direct, m.moduleOf(match[1]))
	}
	slices.Sort(direct)
	return slices.Compact(direct)
}

// shipped returns those of the modules that are in the binary.
func (m *module) shipped() []string {
	var shipped []string
	for _, f := range m.product() {
		if slices.ContainsFunc(forTests, func(dir string) bool { return within(f.dir, dir) }) {
			continue
		}
		for _, imported := range f.imports {
			if _, ours := m.ours(imported); !ours && !isStandard(imported) {
				shipped = append(shipped, m.moduleOf(imported))
			}
		}
	}
	slices.Sort(shipped)
	return slices.Compact(shipped)
}

func checkDependencies(m *module) []breach {
	var found []breach
	direct := m.direct()
	if shipped := m.shipped(); len(shipped) > mostDependencies || len(direct)-len(shipped) > mostBesides {
		found = append(found, breach{"go.mod", fmt.Sprintf("%d direct dependencies in the binary: %s; and %d besides", len(shipped), strings.Join(shipped, ", "), len(direct)-len(shipped))})
	}
	text, err := fs.ReadFile(m.fs, dependenciesPath)
	if err != nil {
		return append(found, breach{dependenciesPath, err.Error()})
	}
	var named []string
	for _, match := range inTicks.FindAllStringSubmatch(string(text), -1) {
		named = append(named, match[1])
	}
	for _, dep := range direct {
		if !slices.Contains(named, dep) {
			found = append(found, breach{dependenciesPath, fmt.Sprintf("does not name `%s` and why we have it", dep)})
		}
	}
	for _, dep := range named {
		if m.moduleOf(dep) != dep {
			found = append(found, breach{dependenciesPath, fmt.Sprintf("names `%s`, which go.mod does not require", dep)})
		}
	}
	return found
}
