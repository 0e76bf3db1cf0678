package config

import (
	"errors"
	"os"
	"slices"
	"strings"
)

// LoadPart reads as Load does, and refuses only what is wrong at the paths: a
// path stands for all below it. It is for what must work before a configuration
// is complete. What is wrong elsewhere is left as it was read, or at its
// default. A file that is not there counts as empty.
func LoadPart(path string, environ []string, paths ...string) (*Config, error) {
	c, err := read(path, environ)
	if errors.Is(err, os.ErrNotExist) {
		c, err = read("", environ)
	}
	problems, ok := errors.AsType[Problems](err)
	if !ok {
		return c, err
	}
	var kept Problems
	for _, p := range problems {
		concerns := func(path string) bool {
			rest, ok := strings.CutPrefix(p.Path, path)
			return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
		}
		if p.Path == "" || slices.ContainsFunc(paths, concerns) {
			kept = append(kept, p)
		}
	}
	return c, kept.err()
}
