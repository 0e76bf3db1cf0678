package takeout_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
	"caseline/internal/takeout"
)

type content struct{ *strings.Reader }

func (content) Close() error { return nil }

// B6: everything of an account is in its export, whatever the pages' length, and
// nothing of another's.
func TestB6_AnExportHasEverythingOfItsAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		ctx := t.Context()
		update := func(fn func(store.Tx) error) {
			t.Helper()
			if err := s.Update(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		update(func(tx store.Tx) error {
			return errors.Join(tx.SaveAccount(ctx, &served.Account{ID: "123456789012", Name: "Acme"}), tx.SavePerson(ctx, &desk.Person{ID: "T1:U1", Name: "Alice"}))
		})
		var numbers []desk.CaseNumber
		for n := range 5 {
			c := storetest.AddCase(t, s, n)
			numbers = append(numbers, c.Number)
			for i := range n {
				update(func(tx store.Tx) error { return storetest.AddEntry(t, tx, c.ID, i) })
			}
			update(func(tx store.Tx) error {
				return errors.Join(tx.InsertFile(ctx, &desk.File{ID: desk.FileID(fmt.Sprint("f", n)), Case: c.ID, Seq: 1, Name: "../a.txt", Hash: fmt.Sprint("here", n), State: desk.FileReady}),
					tx.InsertFile(ctx, &desk.File{ID: desk.FileID(fmt.Sprint("g", n)), Case: c.ID, Seq: 1, Name: "b.txt", Hash: "lost", State: desk.FileReady}))
			})
		}
		other, entry := storetest.NewCase(t, 9)
		other.Account = "999999999999"
		update(func(tx store.Tx) error { return errors.Join(tx.InsertCase(ctx, &other), tx.AppendLog(ctx, &entry)) })
		var out bytes.Buffer
		w := takeout.New(s, takeout.Options{Page: 2, File: func(hash string) (io.ReadSeekCloser, error) {
			if hash == "lost" {
				return nil, desk.ErrNotFound
			}
			return content{strings.NewReader("bytes of " + hash)}, nil
		}})
		if n, err := w.Write(ctx, &out, "123456789012"); err != nil || n != 5 {
			t.Fatalf("%d cases, %v", n, err)
		}
		z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		parts := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			parts[f.Name] = string(body)
		}
		for n, number := range numbers {
			in := "cases/" + string(number) + "/"
			if got := strings.Count(parts[in+"log.jsonl"], "\n"); got != n+1 {
				t.Errorf("case %d has %d entries, want %d", n, got, n+1)
			}
			if got := strings.Count(parts[in+"case.html"], "<article>"); got != n+1 {
				t.Errorf("the page of case %d has %d entries, want %d", n, got, n+1)
			}
			if got := parts[in+"files/001-a.txt"]; got != fmt.Sprint("bytes of here", n) {
				t.Errorf("file of case %d: %q", n, got)
			}
		}
		var m takeout.Manifest
		if err := json.Unmarshal([]byte(parts[takeout.ManifestPath]), &m); err != nil || len(m.Missing) != 5 || len(m.Parts) != len(parts)-1 {
			t.Errorf("the manifest: %d missing, %d parts of %d, %v", len(m.Missing), len(m.Parts), len(parts)-1, err)
		}
		if strings.Contains(out.String(), string(other.Number)) || !strings.Contains(parts["people.json"], "Alice") {
			t.Error("it has another account's case, or not the people")
		}
		if _, err := w.Write(ctx, io.Discard, "1"); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("of no account: %v", err)
		}
	})
}
