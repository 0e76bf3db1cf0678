package sqlstore_test

import (
	"testing"

	"caseline/internal/store"
	"caseline/internal/store/storetest"
	"caseline/internal/store/storetest/portraits"
	"caseline/internal/store/storetest/searchtest"
	"caseline/internal/store/storetest/window"
)

func TestSQLiteInMemoryKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) })
}

func TestSQLiteFileKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return storetest.Open(t, storetest.SQLiteURL(t)) })
}

func BenchmarkOpenInMemory(b *testing.B) {
	for b.Loop() {
		storetest.SQLite(b)
	}
}

func TestPostgresKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) })
}

func TestWindowsOfALog(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { window.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) }) })
	t.Run("PostgreSQL", func(t *testing.T) { window.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) }) })
}

func TestPortraitsAreKept(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { portraits.Run(t, storetest.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { portraits.Run(t, storetest.Postgres(t)) })
}

func TestSearchKeepsTheContract(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		searchtest.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) })
	})
	t.Run("postgres", func(t *testing.T) {
		searchtest.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) })
	})
}
