package storetest

import (
	"os"
	"testing"

	"caseline/internal/store/storetest/clone"
)

// PostgresURL names an empty, migrated database on the server of
// CASELINE_TEST_POSTGRES, which is the test's alone until it ends.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("CASELINE_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("CASELINE_FORBID_SKIP") == "1" {
			t.Fatal("CASELINE_TEST_POSTGRES names no server, and skipping is forbidden")
		}
		t.Skip("CASELINE_TEST_POSTGRES names no server: NOT tested on PostgreSQL")
	}
	url, release, err := clone.Lend(t.Context(), server)
	if err != nil {
		t.Fatalf("borrow a database to test on: %v", err)
	}
	t.Cleanup(release)
	return url
}
