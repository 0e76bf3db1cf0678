package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"caseline/internal/desk"
)

// Assets serves static files, all under one directory named after the content of
// them all: browsers keep them for ever, and modules may import each other by
// relative address.
type Assets struct {
	prefix string // "/static/"
	fsys   fs.FS
	read   func() (held, error) // what there is; read when it is first asked for, and kept
}

// held is what there is to serve.
type held struct {
	hash  string
	files map[string]asset
}

type asset struct {
	body []byte // of what is made of others; nil for a file, which is read where it lies: those in the binary need not be in memory twice
	kind string // MIME type
}

// NewAssets are the files of fsys, to be served under prefix. A bundle is
// a further file that holds others, one after the other, in the order given, and
// made returns further files by their content; nil for none. Nothing is read before
// the first address or file is asked for.
func NewAssets(prefix string, fsys fs.FS, bundles map[string][]string, made func() (map[string][]byte, error)) *Assets {
	a := &Assets{prefix: prefix, fsys: fsys}
	a.read = sync.OnceValues(func() (held, error) {
		all, err := a.gather(bundles, made)
		if err != nil {
			return held{}, fmt.Errorf("read static files: %w", err)
		}
		return all, nil
	})
	return a
}

// gather finds the files, and makes those that are made.
func (a *Assets) gather(bundles map[string][]string, made func() (map[string][]byte, error)) (all held, err error) {
	all.files = map[string]asset{}
	if made != nil {
		bodies, err := made()
		if err != nil {
			return all, err
		}
		for name, body := range bodies {
			all.files[name] = asset{body, kindOf(name)}
		}
	}
	err = fs.WalkDir(a.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all.files[name] = asset{nil, kindOf(name)}
		return nil
	})
	if err != nil {
		return all, err
	}
	for name, parts := range bundles {
		var body []byte
		for _, part := range parts {
			text, err := fs.ReadFile(a.fsys, part)
			if err != nil {
				return all, fmt.Errorf("bundle %s: %w", name, err)
			}
			body = append(body, text...)
		}
		all.files[name] = asset{body, kindOf(name)}
	}
	all.hash, err = a.sum(all.files)
	return all, err
}

// sum is a hash over names and contents.
func (a *Assets) sum(files map[string]asset) (string, error) {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	h := sha256.New()
	room := make([]byte, 32<<10)
	for _, name := range names {
		body, size, err := a.open(name, files[name])
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n", name, size)
		_, err = io.CopyBuffer(h, body, room)
		if err := errors.Join(err, body.Close()); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}

// open opens a file that there is, for reading from any place; close it.
func (a *Assets) open(name string, of asset) (body io.ReadSeekCloser, size int64, err error) {
	if of.body != nil {
		return inMemory{bytes.NewReader(of.body)}, int64(len(of.body)), nil
	}
	file, err := a.fsys.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	body, ok := file.(io.ReadSeekCloser)
	if !ok {
		return nil, 0, errors.Join(fmt.Errorf("static file %s is not read from any place: %T", name, file), file.Close())
	}
	return body, info.Size(), nil
}

// inMemory is a file that needs no closing.
type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

// URL returns the address of a file, or an error when there is none: a page
// that names a missing file should fail in tests, not at people.
func (a *Assets) URL(name string) (string, error) {
	all, err := a.read()
	if err != nil {
		return "", err
	}
	if _, ok := all.files[name]; !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return a.prefix + all.hash + "/" + name, nil
}

// Serve answers with a file. A page of an earlier release may still ask under
// the earlier directory: it gets today's file, to be asked for again.
func (a *Assets) Serve(w http.ResponseWriter, r *http.Request) error {
	all, err := a.read()
	if err != nil {
		return err
	}
	dir, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, a.prefix), "/")
	file, ok := all.files[name]
	if !ok {
		return fmt.Errorf("static file: %w", desk.ErrNotFound)
	}
	body, _, err := a.open(name, file)
	if err != nil {
		return fmt.Errorf("static file: %w", err)
	}
	defer body.Close()
	w.Header().Set("Content-Type", file.kind)
	if dir == all.hash {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	http.ServeContent(w, r, "", time.Time{}, body)
	return nil
}

// kindOf does not depend on what the machine's MIME tables say for the kinds
// we ship.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}
