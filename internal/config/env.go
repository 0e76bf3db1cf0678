package config

import (
	"reflect"
	"slices"
	"strings"
)

// envPrefix is what the names of our variables begin with.
const envPrefix = "CASELINE_"

// EnvName returns the variable that overrides the setting at a path.
func EnvName(path string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(path, ".", "_"))
}

// notSettings are variables of ours that are not settings: the configuration's
// own place, the keys that package seal reads, and what tests and checks go by.
func notSettings(name string) bool {
	return name == "CASELINE_CONFIG" || name == "CASELINE_KEY" || name == "CASELINE_KEY_FILE" || name == "CASELINE_BROWSER" || name == "CASELINE_FORBID_SKIP" || name == "CASELINE_SHOTS" || strings.HasPrefix(name, "CASELINE_TEST_")
}

// readEnviron sets the fields of v, a Config, from the environment. A variable
// that is empty counts as not set. A list of single values is written with
// commas; a list of others cannot be set here.
func (l *loader) readEnviron(v reflect.Value) {
	paths := map[string]string{}
	for _, path := range allPaths(v.Type(), "") {
		paths[EnvName(path)] = path
	}
	for _, name := range l.variables() {
		value := lookup(l.environ, name)
		path, known := paths[name]
		switch {
		case value == "" || notSettings(name):
		case !known:
			hint := didYouMean(name, sortedKeys(paths))
			if hint == "" {
				hint = "; unset it"
			}
			l.report(name, "environment", "is not a setting"+hint)
		default:
			l.override(fieldAt(v, path), path, name, value)
		}
	}
}

// override sets one field from a variable.
func (l *loader) override(v reflect.Value, path, name, value string) {
	switch {
	case isScalar(v.Type()):
		if err := setScalar(v, value); err != nil {
			l.report(path, name, err.Error())
		}
	case v.Kind() == reflect.Slice && isScalar(v.Type().Elem()):
		var texts []string
		for text := range strings.SplitSeq(value, ",") {
			if text = strings.TrimSpace(text); text != "" {
				texts = append(texts, text)
			}
		}
		l.setList(v, texts, path, name)
	default:
		l.report(path, name, "cannot be set by the environment; write it in the file")
		return
	}
	l.where[path] = name
}

// variables returns the names of our variables in the environment, each once,
// in order.
func (l *loader) variables() []string {
	var names []string
	for _, entry := range l.environ {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, envPrefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// fieldAt returns the field at a path that allPaths has.
func fieldAt(v reflect.Value, path string) reflect.Value {
	for name := range strings.SplitSeq(path, ".") {
		v, _ = fieldOf(v, name)
	}
	return v
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
