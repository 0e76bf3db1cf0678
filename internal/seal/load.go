package seal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// The variables of the environment that say which keys there are.
const (
	VarKey  = "CASELINE_KEY"      // the keys themselves
	VarFile = "CASELINE_KEY_FILE" // the file that has them
)

// maxFile bounds what is read of a file: a wrong path may be a device.
const maxFile = 64 << 10

// Load reads the keys that environ, whose entries have the form of os.Environ,
// names: in the file of CASELINE_KEY_FILE, or in CASELINE_KEY, where commas may
// stand for ends of lines. ErrNoKey says that neither is set.
func Load(environ []string) (*Ring, error) {
	text, path := lookup(environ, VarKey), lookup(environ, VarFile)
	switch {
	case text == "" && path == "":
		return nil, ErrNoKey
	case text != "" && path != "":
		return nil, errors.New(VarKey + " and " + VarFile + " are both set; unset one")
	case path != "":
		return read(path)
	}
	r, err := Parse(strings.ReplaceAll(text, ",", "\n"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", VarKey, err)
	}
	return r, nil
}

func read(path string) (*Ring, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", VarFile, err)
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = errors.New("it is far too long for a file of keys")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: read %s: %w", VarFile, path, err)
	}
	r, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", VarFile, path, err)
	}
	return r, nil
}

// lookup returns the value of a variable, the last if there are several, as exec
// takes them.
func lookup(environ []string, name string) string {
	value := ""
	for _, entry := range environ {
		if v, ok := strings.CutPrefix(entry, name+"="); ok {
			value = v
		}
	}
	return value
}
