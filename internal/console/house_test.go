package console_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/auth"
	"caseline/internal/blob"
	"caseline/internal/casework"
	"caseline/internal/casework/keeping"
	"caseline/internal/casework/mailing"
	"caseline/internal/casework/portraits"
	"caseline/internal/casework/preferences"
	"caseline/internal/casework/recording"
	"caseline/internal/casework/rosters"
	"caseline/internal/casework/setup"
	"caseline/internal/console"
	"caseline/internal/console/room"
	"caseline/internal/console/teams"
	"caseline/internal/console/turns"
	"caseline/internal/console/ways"
	"caseline/internal/desk"
	"caseline/internal/desk/routing"
	"caseline/internal/desk/served"
	"caseline/internal/feed"
	"caseline/internal/slack/ident"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// A house is a console on a real store, without Slack: what Slack would have
// said is settled by hand.
type house struct {
	t      testing.TB
	store  store.Store
	read   *counted
	cases  *casework.Service
	setup  *setup.Service
	auth   *auth.Service
	server *console.Server
	http   *httptest.Server
	clock  *clock
	blobs  map[string][]byte
	count  int
	down   atomic.Bool // requests get no answer
	deaf   atomic.Bool // logs cannot be fetched
}

// A clock shows the time it is set to, or runs with the system's.
type clock struct {
	mu  sync.Mutex
	at  time.Time
	run bool
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.run {
		return time.Now()
	}
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// stop has it stand still, for what is said of a time that comes soon.
func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.run, c.at = false, time.Now()
}

func (c *clock) start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.run = true
}

const password = "correct horse battery"

func newHouse(t testing.TB, options ...func(*console.Options)) *house {
	t.Helper()
	return houseOn(t, storetest.SQLite(t), options...)
}

func houseOn(t testing.TB, on store.Store, options ...func(*console.Options)) *house {
	t.Helper()
	return guardedHouse(t, on, func(*auth.Options) {}, options...)
}

// guardedHouse is a house in which people come in in other ways.
func guardedHouse(t testing.TB, on store.Store, guard func(*auth.Options), options ...func(*console.Options)) *house {
	t.Helper()
	h := &house{t: t, store: on, clock: &clock{run: true}, blobs: map[string][]byte{}}
	h.read = &counted{Store: h.store}
	h.cases = casework.New(h.store, casework.Options{Now: h.clock.now, ReopenWithin: 24 * time.Hour, Routing: routing.Rules{OfferFor: 30 * time.Second}})
	h.setup = setup.New(h.store, ident.Channel, setup.Options{Now: h.clock.now})
	guarded := auth.Options{Now: h.clock.now, Cost: auth.Cost{Memory: 64, Passes: 1, Threads: 1}}
	guard(&guarded)
	h.auth = auth.New(h.store, guarded)
	news := feed.New(h.store, feed.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := news.Run(ctx); err != nil {
			t.Errorf("feed: %v", err)
		}
	})
	opt := console.Options{Undo: -1, Now: h.clock.now, Portraits: portraits.New(h.store, h.clock.now), Board: h.cases.Board, Rooms: []room.Room{
		ways.Room{Keep: preferences.New(h.store)}, turns.Pages{Do: h.cases}, teams.Pages{Do: rosters.New(h.store, h.clock.now), Read: h.store, Catalogue: catalogueOf},
	}}
	for _, change := range options {
		change(&opt)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
	server, err := console.New(console.Needs{
		Log: log, Auth: h.auth, Cases: h.cases, Contacts: mailing.New(h.store, h.clock.now), Setup: h.setup, Keeping: keeping.New(h.store, h.clock.now), Read: h.read, Feed: news, File: h.open, Keep: h.keep,
	}, opt)
	if err != nil {
		t.Fatal(err)
	}
	h.server = server
	h.http = httptest.NewServer(h.gate(server.Handler()))
	t.Cleanup(func() {
		server.EndStreams()
		h.http.Close()
		cancel()
		running.Wait()
	})
	h.setUp()
	return h
}

// gate cuts connections while the house is down.
func (h *house) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.down.Load() || h.deaf.Load() && strings.HasSuffix(r.URL.Path, "/log") {
			panic(http.ErrAbortHandler) // net/http drops the connection
		}
		next.ServeHTTP(w, r)
	})
}

// setUp adds the account, the workspace and the people everything is about.
func (h *house) setUp() {
	h.t.Helper()
	ctx := h.t.Context()
	h.update(func(tx store.Tx) error {
		if err := tx.SaveAccount(ctx, &served.Account{ID: "481516234200", Name: "Northwind Robotics"}); err != nil {
			return err
		}
		return tx.SaveAccount(ctx, &served.Account{ID: "481516234201", Name: "Halcyon Foods"})
	})
	for _, p := range []desk.Person{
		{ID: "T1:UALICE", Name: "Alice Chen"}, {ID: "T1:UBOB", Name: "Bob Martínez"},
		{ID: "T1:UCARLA", Name: "Carla Rossi", External: true}, {ID: "T1:UDEV", Name: "Devendra Rao"},
		{ID: "T1:UEMI", Name: "Emi Sato"},
	} {
		if err := h.cases.NamePerson(ctx, p); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) update(fn func(store.Tx) error) {
	h.t.Helper()
	if err := h.store.Update(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// agent adds an agent.
func (h *house) agent(email, name string, role desk.Role) desk.Agent {
	h.t.Helper()
	a, err := h.auth.AddAgent(h.t.Context(), desk.ByItself(), email, name, password, role)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// origin returns one that was never used.
func (h *house) origin() desk.Origin {
	h.count++
	return desk.Origin(fmt.Sprintf("slack:T1:C1:%d", h.count))
}

// opened is a case with a chat asked for, whose place is made.
func (h *house) opened(subject, description string, who desk.PersonID, severity desk.Severity) desk.Case {
	h.t.Helper()
	c, err := h.cases.Open(h.t.Context(), casework.Open{
		Account: "481516234200", Workspace: "T1", Asked: "T1/C1", Requester: who, Subject: subject,
		Description: description, Severity: severity, Chat: true, Members: []desk.PersonID{"T1:UBOB"}, Origin: h.origin(),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.settle(c.ID, desk.Verdict{Kind: desk.Sent, Receipt: "T1/C" + string(c.Number)})
	return h.get(c.ID)
}

func (h *house) get(id desk.CaseID) desk.Case {
	h.t.Helper()
	c, err := h.store.Case(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// settle gives the head of a case's lane a verdict, as the outbox does.
func (h *house) settle(id desk.CaseID, v desk.Verdict) {
	h.t.Helper()
	if !h.settleLane(desk.CaseLane(id), v) {
		h.t.Fatal("nothing to settle")
	}
}

// settleAll says that everything waiting in a case's lane has landed.
func (h *house) settleAll(id desk.CaseID) {
	h.t.Helper()
	for h.settleLane(desk.CaseLane(id), desk.Verdict{Kind: desk.Sent, Receipt: "1700000000.000100"}) {
	}
}

func (h *house) settleLane(lane desk.Lane, v desk.Verdict) (any bool) {
	h.t.Helper()
	ctx := h.t.Context()
	h.update(func(tx store.Tx) error {
		d, _, err := tx.Head(ctx, lane)
		if any = !errors.Is(err, desk.ErrNotFound); !any {
			return nil
		}
		if err != nil {
			return err
		}
		now := h.clock.now().UTC().Truncate(time.Microsecond)
		if err := tx.Claim(ctx, d.ID, "t", time.Minute, now); err != nil {
			return err
		}
		d = d.Settle(v, now)
		if err := tx.Settle(ctx, &d, "t"); err != nil {
			return err
		}
		return h.cases.Settled(ctx, tx, d, v)
	})
	return any
}

// say records what a customer wrote now, and returns its origin.
func (h *house) say(c desk.Case, who desk.PersonID, text string, files ...desk.NewFile) desk.Origin {
	h.t.Helper()
	origin := h.origin()
	for i := range files {
		files[i].Origin = h.origin()
	}
	place := h.get(c.ID).Place
	h.update(func(tx store.Tx) error {
		return h.cases.Record(h.t.Context(), tx, desk.Message{
			Place: place, Author: who, Text: text, At: h.now(), Files: files, Origin: origin,
		})
	})
	return origin
}

func (h *house) now() time.Time { return h.clock.now().UTC().Truncate(time.Microsecond) }

func (h *house) edit(c desk.Case, of desk.Origin, who desk.PersonID, text string) {
	h.t.Helper()
	place := h.get(c.ID).Place
	h.update(func(tx store.Tx) error {
		return h.cases.Edit(h.t.Context(), tx, recording.Revision{
			Place: place, Of: of, By: who, Text: text, At: h.now(), Origin: h.origin(),
		})
	})
}

func (h *house) delete(c desk.Case, of desk.Origin, who desk.PersonID) {
	h.t.Helper()
	place := h.get(c.ID).Place
	h.update(func(tx store.Tx) error {
		return h.cases.Delete(h.t.Context(), tx, recording.Revision{
			Place: place, Of: of, By: who, At: h.now(), Origin: h.origin(),
		})
	})
}

func (h *house) join(c desk.Case, who desk.Agent) {
	h.t.Helper()
	if _, err := h.cases.Join(h.t.Context(), casework.Join{Case: c.ID, Agent: who, Origin: h.origin()}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) handsOver(c desk.Case, by, to desk.Agent) {
	h.t.Helper()
	if _, err := h.cases.HandOver(h.t.Context(), casework.HandOver{Case: c.ID, By: by, To: to.ID, Origin: h.origin()}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) severity(c desk.Case, by desk.Agent, to desk.Severity) {
	h.t.Helper()
	if _, err := h.cases.SetSeverity(h.t.Context(), casework.SetSeverity{Case: c.ID, By: by, Severity: to, Origin: h.origin()}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) reply(c desk.Case, who desk.Agent, text string) {
	h.t.Helper()
	if err := h.cases.Reply(h.t.Context(), casework.Reply{Case: c.ID, Agent: who, Text: text, Origin: h.origin()}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) end(c desk.Case, by desk.Actor, why desk.EndReason) {
	h.t.Helper()
	_, _, err := h.cases.End(h.t.Context(), casework.End{Target: casework.Target{Case: c.ID}, By: by, Reason: why, Origin: h.origin()})
	if err != nil {
		h.t.Fatal(err)
	}
}

// fetched stores a file's bytes, as if they had come from Slack.
func (h *house) fetched(c desk.Case, name, kind string, content []byte) desk.File {
	h.t.Helper()
	f := h.file(c, name)
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	h.blobs[hash] = content
	err := h.cases.FileFetched(h.t.Context(), casework.FetchedFile{File: f.ID, Hash: hash, Size: int64(len(content)), Type: kind})
	if err != nil {
		h.t.Fatal(err)
	}
	return h.file(c, name)
}

func (h *house) file(c desk.Case, name string) desk.File {
	h.t.Helper()
	files, err := h.store.Files(h.t.Context(), c.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range files {
		if f.Name == desk.FileName(name) {
			return f
		}
	}
	h.t.Fatalf("no file %s", name)
	return desk.File{}
}

func (h *house) keep(_ context.Context, r io.Reader, limit int64) (string, int64, error) {
	content, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = &blob.TooLargeError{Limit: limit}
	}
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	h.blobs[hash] = content
	return hash, int64(len(content)), err
}

func (h *house) open(hash string) (io.ReadSeekCloser, error) {
	content, ok := h.blobs[hash]
	if !ok {
		return nil, desk.ErrNotFound
	}
	return struct {
		io.ReadSeeker
		io.Closer
	}{bytes.NewReader(content), io.NopCloser(nil)}, nil
}

// A browser keeps cookies and follows redirects, like a person's.
type browser struct {
	h      *house
	client *http.Client
}

func (h *house) browser() *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{h: h, client: &http.Client{Jar: jar}}
}

// signedIn is a browser in which an agent has signed in.
func (h *house) signedIn(email string) *browser {
	h.t.Helper()
	b := h.browser()
	res := b.post("/login", url.Values{"email": {email}, "password": {password}})
	if res.status != http.StatusOK || res.path != "/" {
		h.t.Fatalf("sign in: got %d at %s, want the queue", res.status, res.path)
	}
	return b
}

// An answer is a whole response.
type answer struct {
	status int
	path   string // where redirects led
	header http.Header
	body   string
}

func (b *browser) get(path string, headers ...string) answer {
	b.h.t.Helper()
	return b.send(http.MethodGet, path, "", headers...)
}

func (b *browser) post(path string, form url.Values, headers ...string) answer {
	b.h.t.Helper()
	return b.send(http.MethodPost, path, form.Encode(), headers...)
}

func (b *browser) send(method, path, body string, headers ...string) answer {
	b.h.t.Helper()
	req, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.http.URL+path, strings.NewReader(body))
	if err != nil {
		b.h.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.client.Do(req)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Request.URL.Path, res.Header, string(text)}
}
