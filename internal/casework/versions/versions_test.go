package versions_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework/versions"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// B6: versions follow one another, and a code that goes keeps its last name.
func TestB6_CataloguesAreSavedAsVersions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		ctx := t.Context()
		svc := versions.New(s, storetest.Start)
		by := desk.By{Actor: desk.Actor{Side: desk.SideAgent, ID: "olivia", Name: "Olivia"}, Via: desk.ViaConsole}
		save := func(base int64, text string, was, names map[string]string) (int64, error) {
			return svc.Save(ctx, versions.Save{By: by, Base: base, Text: text, Note: "x", Was: was, Names: names})
		}
		zero, one, two := map[string]string{"a": "Alpha", "b": "Beta"}, map[string]string{"a": "Alpha two", "c": "Gamma"}, map[string]string{"b": "Beta again"}
		for i, want := range []map[string]string{{"b": "Beta"}, {"a": "Alpha two", "c": "Gamma"}} {
			was, names := zero, one
			if i == 1 {
				was, names = one, two
			}
			n, err := save(int64(i), "text"+string(rune('0'+i)), was, names)
			if err != nil || n != int64(i+1) {
				t.Fatalf("version %d: %d, %v", i+1, n, err)
			}
			c, err := s.SavedCatalogue(ctx, 0)
			if err != nil {
				t.Fatal(err)
			}
			var former map[string]string
			if err := json.Unmarshal([]byte(c.Former), &former); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, former); diff != "" {
				t.Errorf("former names (-want +got):\n%s", diff)
			}
		}
		if _, err := save(1, "late", one, two); !errors.Is(err, desk.ErrConflict) {
			t.Errorf("over a newer one: %v", err)
		}
		if n, err := save(2, "text1", two, two); err != nil || n != 2 {
			t.Errorf("the same again: %d, %v", n, err)
		}
		audit, err := s.Audit(ctx, desk.AuditFilter{What: versions.DidSave}, 0, 9)
		if err != nil || len(audit) != 2 {
			t.Errorf("audit: %+v, %v", audit, err)
		}
	})
}
