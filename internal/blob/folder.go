package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"caseline/internal/desk"
)

const (
	halfway  = "tmp"     // where files are until they are whole
	stale    = time.Hour // untouched for so long, a file in there is nobody's
	dirMode  = fs.FileMode(0o700)
	fileMode = fs.FileMode(0o600)
)

// A Folder keeps files in a directory. Several processes may share it.
type Folder struct{ root *os.Root }

// Open opens the folder at dir, which is made if it is not there.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, fmt.Errorf("make file folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open file folder: %w", err)
	}
	f := &Folder{root: root}
	// The system's own clock is what dates files.
	if err := f.sweep(time.Now().Add(-stale)); err != nil {
		_ = root.Close() // the first error says what is wrong
		return nil, fmt.Errorf("sweep file folder: %w", err)
	}
	return f, nil
}

// Close gives the folder back. Files that are open stay so.
func (f *Folder) Close() error { return f.root.Close() }

// sweep removes what was left half written and not touched since before.
func (f *Folder) sweep(before time.Time) error {
	if err := f.root.MkdirAll(halfway, dirMode); err != nil {
		return err
	}
	entries, err := fs.ReadDir(f.root.FS(), halfway)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // its writer has finished
		}
		if err != nil {
			return err
		}
		if info.ModTime().After(before) {
			continue
		}
		if err := f.root.Remove(path.Join(halfway, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Put keeps what r holds and returns its hash and size. It returns a
// *[TooLargeError] when r holds more than limit bytes, and keeps nothing then,
// nor when r or the disk fails or ctx ends.
func (f *Folder) Put(ctx context.Context, r io.Reader, limit int64) (hash string, size int64, err error) {
	beside := path.Join(halfway, rand.Text())
	defer func() {
		if err != nil {
			_ = f.root.Remove(beside) // else the next Open sweeps it
			err = fmt.Errorf("keep file: %w", err)
		}
	}()
	hash, size, err = f.write(ctx, beside, r, limit)
	if err != nil {
		return "", 0, err
	}
	if err := f.place(beside, hash); err != nil {
		return "", 0, err
	}
	return hash, size, nil
}

// write copies r to the file name, to the disk.
func (f *Folder) write(ctx context.Context, name string, r io.Reader, limit int64) (hash string, size int64, err error) {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return "", 0, err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(file, sum), io.LimitReader(until(ctx, r), limit+1))
	if err != nil {
		return "", 0, err
	}
	if size > limit {
		return "", 0, &TooLargeError{Limit: limit}
	}
	return hex.EncodeToString(sum.Sum(nil)), size, file.Sync()
}

// place gives the whole file beside its name. If one is there already it has
// the same content, and replacing it does no harm.
func (f *Folder) place(beside, hash string) error {
	dir := hash[:2]
	if err := f.root.Mkdir(dir, dirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := f.root.Rename(beside, path.Join(dir, hash)); err != nil {
		return err
	}
	if err := f.sync(dir); err != nil {
		return err
	}
	return f.sync(".") // somebody else may have made dir and not come this far
}

// sync makes what a directory lists survive a crash.
func (f *Folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return err
}

// Open opens the file with the hash for reading. It returns desk.ErrNotFound
// when there is none.
func (f *Folder) Open(hash string) (*os.File, error) {
	name, err := nameOf(hash)
	if err != nil {
		return nil, err
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", hash, known(err))
	}
	return file, nil
}

// Remove deletes the file with the hash. It is no error when there is none.
func (f *Folder) Remove(hash string) error {
	name, err := nameOf(hash)
	if err != nil {
		return err
	}
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove file %s: %w", hash, err)
	}
	return nil
}

// RemoveIdle is Remove for a file that was not put there lately; removed is
// false when it was. Between the two, who puts it there again has the time to
// have the database name it.
func (f *Folder) RemoveIdle(hash string, idle time.Duration) (removed bool, err error) {
	name, err := nameOf(hash)
	if err != nil {
		return false, err
	}
	info, err := f.root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at file %s: %w", hash, err)
	}
	// The system's own clock is what dates files.
	if time.Since(info.ModTime()) < idle {
		return false, nil
	}
	return true, f.Remove(hash)
}

// nameOf returns where the file with the hash is.
func nameOf(hash string) (string, error) {
	if len(hash) != hex.EncodedLen(sha256.Size) {
		return "", fmt.Errorf("a hash of %d characters: %w", len(hash), desk.ErrNotFound)
	}
	for _, c := range []byte(hash) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", fmt.Errorf("a hash with other than hex digits: %w", desk.ErrNotFound)
		}
	}
	return path.Join(hash[:2], hash), nil
}

// known turns the disk's words into ours.
func known(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return desk.ErrNotFound
	}
	return err
}

// A reader is a function that reads.
type reader func(p []byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }

// until is r for as long as ctx is not done, for a body that trickles in.
func until(ctx context.Context, r io.Reader) io.Reader {
	return reader(func(p []byte) (int, error) {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		return r.Read(p)
	})
}
