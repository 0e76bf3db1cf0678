package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/blob"
	"caseline/internal/desk"
)

func open(t *testing.T, dir string) *blob.Folder {
	t.Helper()
	f, err := blob.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func hashOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// files lists the files under dir.
func files(t *testing.T, dir string) []string {
	t.Helper()
	names := []string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestPutAndOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	f := open(t, dir)
	for _, content := range []string{"", "hello", strings.Repeat("x", 300_000)} {
		hash, size, err := f.Put(t.Context(), iotest.HalfReader(strings.NewReader(content)), 300_000)
		if err != nil {
			t.Fatal(err)
		}
		if hash != hashOf(content) || size != int64(len(content)) {
			t.Errorf("Put of %d bytes = %s, %d", len(content), hash, size)
		}
		file, err := f.Open(hash)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(file)
		if closeErr := file.Close(); err != nil || closeErr != nil {
			t.Fatal(err, closeErr)
		}
		if string(got) != content {
			t.Errorf("got %d bytes back, want the %d that were put", len(got), len(content))
		}
	}
	if got := len(files(t, dir)); got != 3 {
		t.Errorf("%d files in the folder, want 3", got)
	}
}

func TestAFileThatIsTooLargeIsNotKept(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	_, _, err := f.Put(t.Context(), strings.NewReader("123456"), 5)
	tooLarge, ok := errors.AsType[*blob.TooLargeError](err)
	if !ok || tooLarge.Limit != 5 {
		t.Errorf("got %v, want a TooLargeError with limit 5", err)
	}
	refusal, ok := errors.AsType[*desk.Refusal](err)
	if !ok || !strings.Contains(refusal.Message, "larger than 5 bytes") || !errors.Is(err, desk.ErrInvalid) {
		t.Errorf("got %v, want a refusal that names the limit", err)
	}
	if diff := cmp.Diff([]string{}, files(t, dir)); diff != "" {
		t.Errorf("files left (-want +got):\n%s", diff)
	}
	if _, _, err := f.Put(t.Context(), strings.NewReader("12345"), 5); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
}

func TestAReaderThatFailsLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	cut := io.MultiReader(strings.NewReader("half of it"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, _, err := f.Put(t.Context(), cut, 100); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want the reader's error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := f.Put(ctx, strings.NewReader("never read"), 100); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	if diff := cmp.Diff([]string{}, files(t, dir)); diff != "" {
		t.Errorf("files left (-want +got):\n%s", diff)
	}
}

func TestRemoveIdleLeavesWhatIsNew(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	hash, _, err := f.Put(t.Context(), strings.NewReader("hello"), 100)
	if err != nil {
		t.Fatal(err)
	}
	if removed, err := f.RemoveIdle(hash, time.Hour); removed || err != nil {
		t.Errorf("a new file: got %v, %v, want it left", removed, err)
	}
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(filepath.Join(dir, hash[:2], hash), old, old); err != nil {
		t.Fatal(err)
	}
	for range 2 { // what is gone is gone
		if removed, err := f.RemoveIdle(hash, time.Hour); !removed || err != nil {
			t.Errorf("an old file: got %v, %v, want it removed", removed, err)
		}
	}
	if diff := cmp.Diff([]string{}, files(t, dir)); diff != "" {
		t.Errorf("files left (-want +got):\n%s", diff)
	}
}

func TestNamesThatAreNoHash(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(dir, "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, filepath.Join(dir, "folder"))
	upper := strings.ToUpper(hashOf("x"))
	for _, name := range []string{"", ".", "..", "../secret", "tmp", "a", hashOf("absent"), upper, strings.Repeat("../", 21) + "x", strings.Repeat("é", 32)} {
		if file, err := f.Open(name); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("Open(%q) = %v, %v, want ErrNotFound", name, file, err)
		}
		if err := f.Remove(name); err != nil && !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("Remove(%q) = %v", name, err)
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Errorf("the file outside: %v", err)
	}
}

func TestALinkOutOfTheFolderIsNotFollowed(t *testing.T) {
	dir := t.TempDir()
	f := open(t, filepath.Join(dir, "folder"))
	hash := hashOf("x")
	if err := os.WriteFile(filepath.Join(dir, hash), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "folder", hash[:2])); err != nil {
		t.Skip("no links here:", err)
	}
	if file, err := f.Open(hash); err == nil {
		t.Errorf("opened %s", file.Name())
	}
}

func TestRemove(t *testing.T) {
	f := open(t, t.TempDir())
	hash, _, err := f.Put(t.Context(), strings.NewReader("hello"), 10)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second finds nothing, which is what was wanted
		if err := f.Remove(hash); err != nil {
			t.Error(err)
		}
	}
	if _, err := f.Open(hash); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestWhatACrashLeftIsSwept(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	if _, _, err := f.Put(t.Context(), strings.NewReader("whole"), 10); err != nil {
		t.Fatal(err)
	}
	left, fresh := filepath.Join(dir, "tmp", "left"), filepath.Join(dir, "tmp", "fresh")
	for _, name := range []string{left, fresh} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(left, old, old); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	hash := hashOf("whole")
	want := []string{hash[:2] + "/" + hash, "tmp/fresh"} // fresh may be another process's
	if hash[:2] > "tmp" {
		want[0], want[1] = want[1], want[0]
	}
	if diff := cmp.Diff(want, files(t, dir)); diff != "" {
		t.Errorf("files left (-want +got):\n%s", diff)
	}
}

func TestManyPutTheSameContentAtOnce(t *testing.T) {
	dir := t.TempDir()
	f, g := open(t, dir), open(t, dir) // two processes
	contents := []string{strings.Repeat("a", 10_000), strings.Repeat("b", 10_000), ""}
	var all sync.WaitGroup
	for i := range 48 {
		all.Go(func() {
			folder, content := f, contents[i%3]
			if i%2 == 0 {
				folder = g
			}
			hash, _, err := folder.Put(t.Context(), iotest.OneByteReader(strings.NewReader(content)), 10_000)
			if err != nil {
				t.Error(err)
				return
			}
			file, err := folder.Open(hash)
			if err != nil {
				t.Error(err)
				return
			}
			defer file.Close()
			var got bytes.Buffer
			if _, err := got.ReadFrom(file); err != nil || got.String() != content {
				t.Errorf("read %d bytes, %v, want %d", got.Len(), err, len(content))
			}
		})
	}
	all.Wait()
	if got := len(files(t, dir)); got != 3 {
		t.Errorf("%d files in the folder, want 3: %v", got, files(t, dir))
	}
}

func TestOpenWhereNoFolderCanBe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.Open(name); err == nil {
		t.Error("opened a file as a folder")
	}
}
