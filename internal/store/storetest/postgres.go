package storetest

import (
	"context"
	"crypto/rand"
	"os"
	"strings"
	"testing"

	"caseline/internal/store/storetest/clone"
)

// PostgresURL names an empty, migrated database on the server of
// CASELINE_TEST_POSTGRES, which is dropped when the test ends. All of them
// are clones of one template.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("CASELINE_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("CASELINE_FORBID_SKIP") == "1" {
			t.Fatal("CASELINE_TEST_POSTGRES names no server, and skipping is forbidden")
		}
		t.Skip("CASELINE_TEST_POSTGRES names no server: NOT tested on PostgreSQL")
	}
	name := "caseline_test_" + strings.ToLower(rand.Text())
	if err := clone.Make(t.Context(), server, name); err != nil {
		t.Fatalf("make a database to test on: %v", err)
	}
	t.Cleanup(func() {
		if err := clone.Drop(context.WithoutCancel(t.Context()), server, name); err != nil {
			t.Errorf("drop the database tested on: %v", err)
		}
	})
	return clone.URL(server, name)
}
