package config

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// Load reads the configuration from the file at path, or from nothing when
// path is empty, and then from environ, whose entries have the form of
// os.Environ. It resolves secrets and derives what is left open. The error is
// of type Problems and has all that is wrong, unless the file cannot be read
// at all.
func Load(path string, environ []string) (*Config, error) {
	c, err := read(path, environ)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// read is Load, which also returns what could be read when something is wrong.
// It is nil only when the file cannot be read at all.
func read(path string, environ []string) (*Config, error) {
	var text []byte
	if path != "" {
		var err error
		if text, err = os.ReadFile(path); err != nil {
			return nil, fmt.Errorf("read the configuration: %w", err)
		}
	}
	l := &loader{file: path, environ: environ, where: map[string]string{}}
	c := Default()
	if !l.readYAML(text, reflect.ValueOf(&c).Elem()) {
		return &c, l.problems.err() // all else would be about what could not be read
	}
	l.readEnviron(reflect.ValueOf(&c).Elem())
	l.resolveSecrets(reflect.ValueOf(&c).Elem(), "")
	c.derive()
	l.problems = append(l.problems, l.placed(c.check())...)
	return &c, l.problems.err()
}

// A loader is one reading of a configuration.
type loader struct {
	file     string
	environ  []string
	where    map[string]string // field path → place it was set
	problems Problems
}

func (l *loader) report(path, where, message string) {
	l.problems = append(l.problems, Problem{Path: path, Where: where, Message: message})
}

// placed adds to problems the places where their fields were set, or what
// should have held them.
func (l *loader) placed(ps Problems) Problems {
	for i := range ps {
		for path := ps[i].Path; path != "" && ps[i].Where == ""; path = path[:max(0, strings.LastIndexAny(path, ".["))] {
			ps[i].Where = l.where[path]
		}
	}
	return ps
}

// maxSecretFile bounds what is read for a secret: no secret is that long, and
// a wrong path may be a device.
const maxSecretFile = 64 << 10

// resolveSecrets replaces file: and env: references by what they refer to, in
// v and all it holds.
func (l *loader) resolveSecrets(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Struct:
		if s, ok := v.Interface().(Secret); ok {
			v.Set(reflect.ValueOf(l.resolved(s, path)))
			return
		}
		for i := range v.NumField() {
			l.resolveSecrets(v.Field(i), join(path, yamlName(v.Type().Field(i))))
		}
	case reflect.Slice:
		for i := range v.Len() {
			l.resolveSecrets(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	}
}

// resolved returns the secret that s refers to, or s itself.
func (l *loader) resolved(s Secret, path string) Secret {
	value := s.Reveal()
	if name, ok := strings.CutPrefix(value, "env:"); ok {
		value := lookup(l.environ, name)
		if value == "" {
			l.report(path, l.where[path], "refers to the variable "+name+", which is not set; set it, or write the secret another way")
		}
		return NewSecret(value)
	}
	if name, ok := strings.CutPrefix(value, "file:"); ok {
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(l.file), name)
		}
		value, err := readSecret(name)
		if err != nil {
			l.report(path, l.where[path], "cannot be read: "+err.Error()+"; check the path and who may read it")
		}
		return NewSecret(value)
	}
	return s
}

// readSecret returns what a secret's file holds, without white space around.
func readSecret(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, maxSecretFile+1))
	if err != nil {
		return "", err
	}
	value := strings.TrimSpace(string(text))
	switch {
	case len(text) > maxSecretFile:
		return "", fmt.Errorf("%s is far too long for a secret", name)
	case value == "":
		return "", fmt.Errorf("%s is empty", name)
	}
	return value, nil
}

// lookup returns the value of a variable in environ, the last if there are
// several, as exec takes them.
func lookup(environ []string, name string) string {
	value := ""
	for _, entry := range environ {
		if v, ok := strings.CutPrefix(entry, name+"="); ok {
			value = v
		}
	}
	return value
}

// yamlName returns the name of a field in the file.
func yamlName(f reflect.StructField) string { return f.Tag.Get("yaml") }

// join returns the path of a field in the struct at path.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
