package demo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"caseline/internal/seal"
)

// keyFile is where the demo's key lies in its folder.
const keyFile = "caseline.key"

// keys are those that second factors are sealed with. They are made once and kept in
// the folder, for what a demo has kept is opened when it is started again. A server
// for others keeps its key elsewhere than its data; here both are of one person.
func keys(dir string) (*seal.Ring, error) {
	path := filepath.Join(dir, keyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text = []byte(seal.NewKey() + "\n")
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("keep the demo's key: %w", err)
	}
	ring, err := seal.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return ring, nil
}
