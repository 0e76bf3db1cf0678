package keep

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Bytes keeps the content of files by id: in a folder, or in memory when the
// folder's name is empty.
type Bytes struct {
	dir string
	mem map[string][]byte
}

// OpenBytes returns the content kept in dir, which is made if need be.
func OpenBytes(dir string) (*Bytes, error) {
	b := &Bytes{dir: dir, mem: map[string][]byte{}}
	if dir == "" {
		return b, nil
	}
	return b, os.MkdirAll(dir, 0o700)
}

// Put stores content. A crash leaves either the old content or the new.
func (b *Bytes) Put(id string, data []byte) error {
	if b.dir == "" {
		b.mem[id] = data
		return nil
	}
	path := filepath.Join(b.dir, id)
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Get returns content, or fs.ErrNotExist.
func (b *Bytes) Get(id string) ([]byte, error) {
	if b.dir != "" {
		return os.ReadFile(filepath.Join(b.dir, id))
	}
	data, ok := b.mem[id]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return data, nil
}
