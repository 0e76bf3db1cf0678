package keep

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// A Loader is a part of the state that reads its own records back.
type Loader interface {
	Load(key string, value json.RawMessage) error
	Dump(l *Log)
}

type line struct {
	Stamp
	Records []record `json:"r"`
}

// A Journal is a file of lines. A nil Journal keeps nothing.
type Journal struct {
	file *os.File
}

// Open reads the file at path, if it is there, into the loaders by kind, and
// rewrites it without what has been overwritten since.
func Open(path string, loaders map[string]Loader) (*Journal, Stamp, error) {
	stamp, err := replay(path, loaders)
	if err != nil {
		return nil, stamp, fmt.Errorf("read %s: %w", path, err)
	}
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, stamp, err
	}
	j := &Journal{file: f}
	if err := j.snapshot(stamp, loaders); err != nil {
		return nil, stamp, errors.Join(err, f.Close())
	}
	if err := os.Rename(tmp, path); err != nil {
		return nil, stamp, errors.Join(err, f.Close())
	}
	return j, stamp, nil
}

func (j *Journal) snapshot(stamp Stamp, loaders map[string]Loader) error {
	var all Log
	for _, l := range loaders {
		l.Dump(&all)
	}
	for part := range slices.Chunk(all.records, 500) {
		if err := j.Append(stamp, &Log{records: part}); err != nil {
			return err
		}
	}
	return j.file.Sync()
}

func replay(path string, loaders map[string]Loader) (Stamp, error) {
	var stamp Stamp
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return stamp, nil
	}
	if err != nil {
		return stamp, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	for {
		raw, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return stamp, nil // what stands after the last newline was never finished
		}
		if err != nil {
			return stamp, err
		}
		var l line
		if err := json.Unmarshal(raw, &l); err != nil {
			return stamp, err
		}
		stamp = l.Stamp
		if err := l.load(loaders); err != nil {
			return stamp, err
		}
	}
}

func (l line) load(loaders map[string]Loader) error {
	for _, r := range l.Records {
		into, ok := loaders[r.Kind]
		if !ok {
			return fmt.Errorf("unknown kind %q", r.Kind)
		}
		if err := into.Load(r.Key, r.Value); err != nil {
			return fmt.Errorf("%s %s: %w", r.Kind, r.Key, err)
		}
	}
	return nil
}

// Log returns an empty log for the next operation.
func (j *Journal) Log() *Log { return &Log{off: j == nil} }

// Append writes what one operation changed.
func (j *Journal) Append(s Stamp, l *Log) error {
	if j == nil || len(l.records) == 0 {
		return nil
	}
	raw, err := json.Marshal(line{s, l.records})
	if err != nil {
		return err
	}
	_, err = j.file.Write(append(raw, '\n'))
	return err
}

// Close lets go of the file after everything has reached the disk.
func (j *Journal) Close() error {
	if j == nil {
		return nil
	}
	return errors.Join(j.file.Sync(), j.file.Close())
}
