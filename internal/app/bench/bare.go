package bench

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A bare server is the inbound path with no product around it: read, check
// the signature, decode, commit together with whoever else waits, answer. It
// commits the rows that the product commits for the same message, to the same
// tables, and knows the cases by heart: it asks the database nothing.
type bare struct {
	secret  string
	rows    chan *bareRow
	db      bareDB
	cases   map[string]*bareCase // by channel; touched by run alone
	stored  atomic.Int64
	commits atomic.Int64
}

// A bareRow is one message on its way into the database.
type bareRow struct {
	event, channel, author, ts, text string
	body                             []byte
	done                             chan error
}

// A bareCase is what of a case changes with a message, and its keys.
type bareCase struct {
	id, chat      string
	seq, revision int64
}

// A bareDB commits the rows of a batch of messages.
type bareDB interface {
	cases(ctx context.Context) (map[string]*bareCase, error)
	commit(ctx context.Context, batch []*bareRow, cases map[string]*bareCase) error
	close()
}

// bareBatch bounds a commit, as the product does.
const bareBatch = 128

// ServeBare serves the bare path on addr, in a database that a bench has
// prepared, until ctx ends.
func ServeBare(ctx context.Context, addr, url string) error {
	db, err := openBare(ctx, url)
	if err != nil {
		return fmt.Errorf("prepare the bare path: %w", err)
	}
	defer db.close()
	b := &bare{secret: benchSecret, rows: make(chan *bareRow), db: db}
	if b.cases, err = db.cases(ctx); err != nil {
		return fmt.Errorf("prepare the bare path: %w", err)
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", b.readyz)
	mux.HandleFunc("POST "+eventsPath, b.receive)
	h := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	var running sync.WaitGroup
	defer running.Wait()
	running.Go(func() { b.run(ctx) })
	running.Go(func() { <-ctx.Done(); h.Close() })
	if err := h.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// readyz counts as the product does.
func (b *bare) readyz(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintf(w, `{"updates":%d,"commits":%d}`, b.stored.Load(), b.commits.Load())
}

func (b *bare) receive(w http.ResponseWriter, r *http.Request) {
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
			User    string `json:"user"`
			Ts      string `json:"ts"`
			Text    string `json:"text"`
		} `json:"event"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		http.Error(w, "json", http.StatusBadRequest)
		return
	}
	row := &bareRow{
		event: e.EventID, channel: e.Event.Channel, author: e.Event.User, ts: e.Event.Ts, text: e.Event.Text,
		body: body, done: make(chan error, 1),
	}
	select {
	case b.rows <- row:
		err = <-row.done
	case <-r.Context().Done():
		err = r.Context().Err()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// run commits what waits, together, until ctx ends.
func (b *bare) run(ctx context.Context) {
	for {
		var batch []*bareRow
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
		err := b.db.commit(ctx, batch, b.cases)
		b.commits.Add(1)
		b.stored.Add(int64(len(batch)))
		for _, r := range batch {
			r.done <- err
		}
	}
}

// The statements of one message, as the product's.
const (
	bareEvent = `INSERT INTO events (key, lane, received_at, state, attempts, not_before, reason, body)
	VALUES ($1, $2, $3, 'done', 1, 0, '', $4)`
	bareEntry = `INSERT INTO correspondence
	(case_id, seq, chat, kind, what, side, author, author_name, refers, file, at, recorded_at, origin, text, via)
	VALUES ($1, $2, $3, 'message', '', 'customer', $4, '', 0, '', $5, $6, $7, $8, '')`
	bareUpdate = `UPDATE cases SET changed_at = $2, last_seq = $3, last_at = $4, revision = $5, chat_last_word_at = $6
	WHERE id = $1`
	bareCases = `SELECT place, id, chat, last_seq, revision FROM cases WHERE place <> ''`
)

// arguments are those of the three statements for a message.
func (r *bareRow) arguments(cases map[string]*bareCase) (event, entry, update []any, err error) {
	c := cases[r.channel]
	if c == nil {
		return nil, nil, nil, fmt.Errorf("there is no case in %s", r.channel)
	}
	c.seq++
	c.revision++
	place := benchTeam + "/" + r.channel
	now := time.Now().UnixMicro()
	at, err := strconv.ParseInt(strings.Replace(r.ts, ".", "", 1), 10, 64)
	event = []any{"slack:" + benchTeam + ":" + r.event, "place:" + place, now, r.body}
	entry = []any{c.id, c.seq, c.chat, benchTeam + "/" + r.author, at, now, "slack:" + place + ":" + r.ts, r.text}
	return event, entry, []any{c.id, now, c.seq, now, c.revision, at}, err
}
