package bench

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // the driver the product uses
)

// A bare server is the inbound path with no product around it: read, check
// the signature, decode, commit an event, an entry and the case's counters
// together with whoever else waits, answer.
type bare struct {
	secret string
	rows   chan bareRow
	commit func(context.Context, []bareRow) error
}

type bareRow struct {
	key, caseID, body, text string
	done                    chan error
}

const bareBatch = 128

func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, "body", http.StatusBadRequest)
		return
	}
	mac := hmac.New(sha256.New, []byte(b.secret))
	fmt.Fprintf(mac, "v0:%s:", r.Header.Get("X-Slack-Request-Timestamp"))
	mac.Write(body)
	want := "v0=" + hex.EncodeToString(mac.Sum(nil))
	if !hmac.Equal([]byte(want), []byte(r.Header.Get("X-Slack-Signature"))) {
		http.Error(w, "signature", http.StatusUnauthorized)
		return
	}
	var e struct {
		EventID string `json:"event_id"`
		Event   struct {
			Channel string `json:"channel"`
			Text    string `json:"text"`
		} `json:"event"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		http.Error(w, "json", http.StatusBadRequest)
		return
	}
	row := bareRow{key: e.EventID, caseID: e.Event.Channel, body: string(body), text: e.Event.Text, done: make(chan error, 1)}
	b.rows <- row
	if err := <-row.done; err != nil {
		http.Error(w, "commit", http.StatusInternalServerError)
	}
}

// run commits what waits, together, until ctx ends.
func (b *bare) run(ctx context.Context) {
	for {
		var batch []bareRow
		select {
		case <-ctx.Done():
			return
		case r := <-b.rows:
			batch = append(batch, r)
		}
	more:
		for len(batch) < bareBatch {
			select {
			case r := <-b.rows:
				batch = append(batch, r)
			default:
				break more
			}
		}
		err := b.commit(ctx, batch)
		for _, r := range batch {
			r.done <- err
		}
	}
}

const (
	bareEvent = `INSERT INTO bare_event (event_key, body) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	bareCase  = `INSERT INTO bare_case (case_id, last_seq) VALUES ($1, 1) ON CONFLICT (case_id) DO UPDATE SET last_seq = bare_case.last_seq + 1`
	bareEntry = `INSERT INTO bare_entry (origin, case_id, entry_text) VALUES ($1, $2, $3)`
)

var bareTables = []string{
	`CREATE TABLE bare_event (event_key TEXT PRIMARY KEY, body TEXT NOT NULL)`,
	`CREATE TABLE bare_case (case_id TEXT PRIMARY KEY, last_seq BIGINT NOT NULL)`,
	`CREATE TABLE bare_entry (origin TEXT PRIMARY KEY, case_id TEXT NOT NULL, entry_text TEXT NOT NULL)`,
}

// bareSQLite is the commit of a bare server on an SQLite file in dir.
func bareSQLite(ctx context.Context, dir string) (commit func(context.Context, []bareRow) error, closing func(), err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db")+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	for _, t := range bareTables {
		if _, err := db.ExecContext(ctx, t); err != nil {
			return nil, nil, fmt.Errorf("prepare the bare path: %w", err)
		}
	}
	var prepared [3]*sql.Stmt
	for i, text := range []string{bareEvent, bareCase, bareEntry} {
		if prepared[i], err = db.PrepareContext(ctx, text); err != nil {
			return nil, nil, fmt.Errorf("prepare the bare path: %w", err)
		}
	}
	commit = func(ctx context.Context, batch []bareRow) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		event, cases, entry := tx.StmtContext(ctx, prepared[0]), tx.StmtContext(ctx, prepared[1]), tx.StmtContext(ctx, prepared[2])
		for _, r := range batch {
			if _, err := event.ExecContext(ctx, r.key, r.body); err != nil {
				return err
			}
			if _, err := cases.ExecContext(ctx, r.caseID); err != nil {
				return err
			}
			if _, err := entry.ExecContext(ctx, r.key, r.caseID, r.text); err != nil {
				return err
			}
		}
		return tx.Commit()
	}
	return commit, func() { db.Close() }, nil
}

// barePostgres is the commit of a bare server in the database at url, which
// the caller made for this.
func barePostgres(ctx context.Context, url string) (commit func(context.Context, []bareRow) error, closing func(), err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, nil, fmt.Errorf("prepare the bare path: %w", err)
	}
	for _, t := range bareTables {
		if _, err := conn.Exec(ctx, t); err != nil {
			return nil, nil, fmt.Errorf("prepare the bare path: %w", err)
		}
	}
	commit = func(ctx context.Context, batch []bareRow) error {
		return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			var b pgx.Batch
			for _, r := range batch {
				b.Queue(bareEvent, r.key, r.body)
				b.Queue(bareCase, r.caseID)
				b.Queue(bareEntry, r.key, r.caseID, r.text)
			}
			return tx.SendBatch(ctx, &b).Close()
		})
	}
	return commit, func() { conn.Close(context.WithoutCancel(ctx)) }, nil
}
