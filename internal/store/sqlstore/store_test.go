package sqlstore_test

import (
	"testing"

	"caseline/internal/store"
	"caseline/internal/store/storetest"
	"caseline/internal/store/storetest/contention"
	"caseline/internal/store/storetest/installs"
	"caseline/internal/store/storetest/keeping"
	"caseline/internal/store/storetest/mail"
	"caseline/internal/store/storetest/portraits"
	"caseline/internal/store/storetest/reports"
	"caseline/internal/store/storetest/rosters"
	"caseline/internal/store/storetest/searchtest"
	"caseline/internal/store/storetest/signins"
	"caseline/internal/store/storetest/window"
	"caseline/internal/store/storetest/working"
)

// keepsTheContract tests that the stores that open returns do.
func keepsTheContract(t *testing.T, open func(t *testing.T) store.Store) {
	t.Helper()
	storetest.Run(t, open)
	t.Run("contention", func(t *testing.T) { contention.Run(t, open) })
}

func TestSQLiteInMemoryKeepsTheContract(t *testing.T) {
	keepsTheContract(t, func(t *testing.T) store.Store { return storetest.SQLite(t) })
}

func TestSQLiteFileKeepsTheContract(t *testing.T) {
	keepsTheContract(t, func(t *testing.T) store.Store { return storetest.Open(t, storetest.SQLiteURL(t)) })
}

func BenchmarkOpenInMemory(b *testing.B) {
	for b.Loop() {
		storetest.SQLite(b)
	}
}

func TestPostgresKeepsTheContract(t *testing.T) {
	keepsTheContract(t, func(t *testing.T) store.Store { return storetest.Postgres(t) })
}

func TestWindowsOfALog(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { window.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) }) })
	t.Run("PostgreSQL", func(t *testing.T) { window.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) }) })
}

func TestMailKeepsTheContract(t *testing.T) {
	mail.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) })
}

func TestMailKeepsTheContractOnPostgres(t *testing.T) {
	mail.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) })
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

func TestInstallationsAreKept(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { installs.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) }) })
	t.Run("postgres", func(t *testing.T) { installs.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) }) })
}

func TestReportsKeepTheContract(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { reports.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) }) })
	t.Run("postgres", func(t *testing.T) { reports.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) }) })
}

func TestRosterKeepsTheContract(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { rosters.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) }) })
	t.Run("postgres", func(t *testing.T) { rosters.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) }) })
}

func TestWhatAgentsKeep(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { working.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) }) })
	t.Run("postgres", func(t *testing.T) { working.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) }) })
}

func TestKeepingKeepsTheContract(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { keeping.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) }) })
	t.Run("postgres", func(t *testing.T) { keeping.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) }) })
}

func TestHowAgentsComeInIsKept(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { signins.Run(t, func(t *testing.T) store.Store { return storetest.SQLite(t) }) })
	t.Run("postgres", func(t *testing.T) { signins.Run(t, func(t *testing.T) store.Store { return storetest.Postgres(t) }) })
}
