package client

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"caseline/internal/slacksim/look"
)

//go:embed pages static
var files embed.FS

// assets serves the style sheets and scripts, under an address that changes
// when any of them does.
type assets struct {
	hash  string
	files map[string][]byte
}

func newAssets() (*assets, error) {
	a := &assets{files: map[string][]byte{}}
	sum := sha256.New()
	own, err := fs.Sub(files, "static")
	if err != nil {
		return nil, fmt.Errorf("find the client's assets: %w", err)
	}
	for _, from := range []fs.FS{look.Files, own} {
		names, err := fs.Glob(from, "*")
		if err != nil {
			return nil, fmt.Errorf("list the client's assets: %w", err)
		}
		for _, name := range names {
			body, err := fs.ReadFile(from, name)
			if err != nil {
				return nil, fmt.Errorf("read the client's assets: %w", err)
			}
			a.files[name] = body
			sum.Write(body)
		}
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:12]
	return a, nil
}

// base is the address that all assets lie under.
func (a *assets) base() string { return "/client/assets/" + a.hash }

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	body, ok := a.files[name]
	if !ok || r.PathValue("hash") != a.hash {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}
