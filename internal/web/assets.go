package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"caseline/internal/desk"
)

// Assets serves static files from memory, all under one directory named after
// the content of them all: browsers keep them for ever, and modules may import
// each other by relative address.
type Assets struct {
	prefix string // "/static/"
	hash   string
	files  map[string]asset
}

type asset struct {
	body []byte
	kind string // MIME type
}

// NewAssets reads every file of fsys, to be served under prefix. A bundle is
// a further file that holds others, one after the other, in the order given.
func NewAssets(prefix string, fsys fs.FS, bundles map[string][]string) (*Assets, error) {
	a := &Assets{prefix: prefix, files: map[string]asset{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		a.files[name] = asset{body, kindOf(name)}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	for name, parts := range bundles {
		var body []byte
		for _, part := range parts {
			file, ok := a.files[part]
			if !ok {
				return nil, fmt.Errorf("bundle %s: no file %s", name, part)
			}
			body = append(body, file.body...)
		}
		a.files[name] = asset{body, kindOf(name)}
	}
	a.hash = a.sum()
	return a, nil
}

// sum is a hash over names and contents.
func (a *Assets) sum() string {
	names := make([]string, 0, len(a.files))
	for name := range a.files {
		names = append(names, name)
	}
	slices.Sort(names)
	h := sha256.New()
	for _, name := range names {
		fmt.Fprintf(h, "%s %d\n", name, len(a.files[name].body))
		h.Write(a.files[name].body)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// URL returns the address of a file, or an error when there is none: a page
// that names a missing file should fail in tests, not at people.
func (a *Assets) URL(name string) (string, error) {
	if _, ok := a.files[name]; !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return a.prefix + a.hash + "/" + name, nil
}

// Names lists the files that end in suffix, sorted.
func (a *Assets) Names(suffix string) []string {
	var names []string
	for name := range a.files {
		if strings.HasSuffix(name, suffix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Serve answers with a file. A page of an earlier release may still ask under
// the earlier directory: it gets today's file, to be asked for again.
func (a *Assets) Serve(w http.ResponseWriter, r *http.Request) error {
	dir, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, a.prefix), "/")
	file, ok := a.files[name]
	if !ok {
		return fmt.Errorf("static file: %w", desk.ErrNotFound)
	}
	w.Header().Set("Content-Type", file.kind)
	if dir == a.hash {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.body))
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
