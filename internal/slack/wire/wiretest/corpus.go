package wiretest

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The folders of the corpus.
const (
	Events       = "events"       // bodies of events requests
	Interactions = "interactions" // payloads of interactivity requests
	Slash        = "slash"        // slash commands: forms (.txt), and objects as Socket Mode has them (.json)
	Frames       = "frames"       // messages of Socket Mode
)

// Read returns a file of the corpus.
func Read(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(root(), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// All returns the files of a folder of the corpus by their names; those that end
// otherwise than in ending, if one is given, are left out.
func All(t testing.TB, folder, ending string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root(), folder, "*"+ending))
	if err != nil || len(files) == 0 {
		t.Fatalf("no payloads in %s: %v", folder, err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		all[name] = Read(t, folder+"/"+filepath.Base(file))
	}
	return all
}

// root is the folder of the corpus, wherever the test runs that asks.
func root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "testdata")
}
