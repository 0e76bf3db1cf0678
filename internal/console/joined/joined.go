package joined

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The lines by which modules are joined. Ours begin at the first column and end
// where they begin.
var (
	imports = regexp.MustCompile(`^import (?:\* as (\w+)|\{ ([\w, ]+) \}) from '\./(\w+)\.js';$`)
	exports = regexp.MustCompile(`^export ((?:async )?function|class|const) (\w+)`)
	renamed = regexp.MustCompile(`(\w+) as (\w+)`)
)

// Modules returns one script that does what a module of a directory does when it is
// run, with the ones that it imports, each once and before whoever imports it.
//
// Each module is a function of its own that returns what it exports. So what two
// of them have under one name stays apart, and an export must not change: it is a
// function, a class or a constant. Modules that import each other in a circle
// are refused.
func Modules(dir fs.FS, first string) ([]byte, error) {
	j := joiner{dir: dir, done: map[string]bool{}}
	if err := j.add(strings.TrimSuffix(first, ".js"), nil); err != nil {
		return nil, err
	}
	return []byte(j.out.String()), nil
}

type joiner struct {
	dir  fs.FS
	out  strings.Builder
	done map[string]bool
}

// variable is what a module is called in the script.
func variable(module string) string { return "module_" + module }

// add puts a module behind what it imports. The way is the modules that wait for it.
func (j *joiner) add(module string, way []string) error {
	if j.done[module] {
		return nil
	}
	if slices.Contains(way, module) {
		return fmt.Errorf("join scripts: %s imports itself by way of %s", module, strings.Join(way, ", "))
	}
	text, err := fs.ReadFile(j.dir, path.Base(module)+".js")
	if err != nil {
		return fmt.Errorf("join scripts: %w", err)
	}
	body, exported, err := j.read(module, string(text), append(slices.Clone(way), module))
	if err != nil {
		return err
	}
	j.done[module] = true
	fmt.Fprintf(&j.out, "const %s = (() => {\n%s", variable(module), body)
	if len(exported) > 0 {
		fmt.Fprintf(&j.out, "return { %s };\n", strings.Join(exported, ", "))
	}
	j.out.WriteString("})();\n")
	return nil
}

// read returns a module's text as the body of a function, and what it exports.
func (j *joiner) read(module, text string, way []string) (body string, exported []string, err error) {
	var out strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "import"):
			found := imports.FindStringSubmatch(line)
			if found == nil {
				return "", nil, fmt.Errorf("join scripts: %s.js: cannot read %q", module, line)
			}
			from := found[3]
			if err := j.add(from, way); err != nil {
				return "", nil, err
			}
			line = fmt.Sprintf("const %s = %s;", found[1], variable(from))
			if names := found[2]; names != "" {
				line = fmt.Sprintf("const { %s } = %s;", renamed.ReplaceAllString(names, "$1: $2"), variable(from))
			}
		case strings.HasPrefix(line, "export"):
			found := exports.FindStringSubmatch(line)
			if found == nil {
				return "", nil, fmt.Errorf("join scripts: %s.js: cannot read %q", module, line)
			}
			exported = append(exported, found[2])
			line = strings.TrimPrefix(line, "export ")
		}
		out.WriteString(line + "\n")
	}
	return out.String(), exported, nil
}
