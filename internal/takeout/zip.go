package takeout

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"
)

// A Part is a line of the manifest.
type Part struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// A Manifest is the last part of an export.
type Manifest struct {
	Account string    `json:"account"`
	Name    string    `json:"name"`
	Made    time.Time `json:"made"`
	Cases   int       `json:"cases"`
	Missing []string  `json:"missing,omitempty"` // files whose bytes are not here
	Parts   []Part    `json:"parts"`
}

// ManifestPath is where the manifest is.
const ManifestPath = "manifest.json"

// A pack writes the parts of a ZIP and takes their sums. It remembers the lines of
// the manifest, some two hundred bytes for each part, until the end.
type pack struct {
	zip   *zip.Writer
	now   time.Time
	parts []Part
}

// part writes one part.
func (p *pack) part(path string, write func(io.Writer) error) error {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate, Modified: p.now})
	if err != nil {
		return err
	}
	sum := sha256.New()
	n := &counter{w: io.MultiWriter(w, sum)}
	if err := write(n); err != nil {
		return err
	}
	p.parts = append(p.parts, Part{Path: path, Size: n.n, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// json writes one part of JSON.
func (p *pack) json(path string, v any) error {
	return p.part(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", " ")
		return enc.Encode(v)
	})
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
