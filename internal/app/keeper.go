package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"caseline/internal/blob"
	"caseline/internal/casework/exporting"
	"caseline/internal/casework/forgetting"
	"caseline/internal/casework/remains"
	"caseline/internal/casework/retention"
	"caseline/internal/casework/versions"
	"caseline/internal/catalogue"
	"caseline/internal/config"
	"caseline/internal/console/privacy"
	"caseline/internal/console/room"
	"caseline/internal/console/topics"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/slack/ident"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/takeout"
)

const (
	// keepEvery is how often a keeper looks for something to do that no press told it
	// of.
	keepEvery = 30 * time.Second
	// stepsAtOnce is how many pieces of an erasure of a person are done in a round.
	stepsAtOnce = 200
	// maxExport bounds the file of an export, in bytes.
	maxExport = 1 << 40
)

// A keeper erases what has had its time and whom it was told to, makes exports, and
// puts the catalogue in force that was saved last.
type keeper struct {
	log     *slog.Logger
	store   *sqlstore.Store
	files   *blob.Folder
	book    *catalogue.Book
	every   time.Duration
	keep    *retention.Service
	forget  *forgetting.Service
	export  *exporting.Service
	writer  *takeout.Writer
	renew   atomic.Pointer[func(cases int) error] // of the export that is being made
	wake    chan struct{}
	version atomic.Int64 // of the catalogue in force
	// following is held while a newer catalogue is put in force, so that an older
	// one does not come after it.
	following sync.Mutex
	text      *versions.Service
}

func newKeeper(s *sqlstore.Store, files *blob.Folder, book *catalogue.Book, o Options) *keeper {
	k := &keeper{
		log: o.Log, store: s, files: files, book: book, every: o.Poll,
		keep: retention.New(s, retention.Options{Now: o.Now, Parts: []retention.Part{remains.OfCases{}}}),
		forget: forgetting.New(s, forgetting.Options{
			Now: o.Now, Split: ident.SplitPerson, Person: ident.Person, Holders: []forgetting.Holder{remains.Ratings{}, remains.OfAgents{}},
		}),
		export: exporting.New(s, o.Now), text: versions.New(s, o.Now), wake: make(chan struct{}, 1),
	}
	if k.every <= 0 {
		k.every = keepEvery
	}
	k.writer = takeout.New(s, takeout.Options{
		Now: o.Now, File: openFile(files), Person: ident.Person, Named: func(c desk.Case) desk.Case { return book.Catalogue().Named(c) },
		Alive: func(cases int) error {
			if alive := k.renew.Load(); alive != nil {
				return (*alive)(cases)
			}
			return nil
		},
	})
	return k
}

// rooms are the pages about what a keeper does.
func (k *keeper) rooms(cfg config.Config) []room.Room {
	return []room.Room{
		privacy.Room{
			Read: k.store, Keep: k.keep, Forget: k.forget, Export: k.export, File: openFile(k.files), Person: ident.Person, Split: ident.SplitPerson, Wake: k.look,
		},
		topics.Room{Read: k.store, Do: k.text, Book: k.book, File: cfg.Catalogue.File, Follow: k.follow},
	}
}

// look has the keeper look at once.
func (k *keeper) look() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends. What fails is logged and tried again.
func (k *keeper) Run(ctx context.Context) error {
	stop := k.store.Watch(func(h store.Hint) {
		if h.Agents || h.All { // a catalogue was saved, it may be
			k.look()
		}
	})
	defer stop()
	tick := time.NewTicker(k.every)
	defer tick.Stop()
	for {
		more, err := k.round(ctx)
		if err != nil && ctx.Err() == nil {
			k.log.Error("keeping failed", slog.Any("err", err))
		}
		if more && err == nil && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		case <-k.wake:
		}
	}
}

// round does some of everything that there is to do.
func (k *keeper) round(ctx context.Context) (more bool, err error) {
	followed := k.follow(ctx)
	moreTime, byTime := k.keep.Sweep(ctx)
	morePeople, people := k.forget.Sweep(ctx, stepsAtOnce)
	moreExports, exports := k.exports(ctx)
	return moreTime || morePeople || moreExports, errors.Join(followed, byTime, people, exports, k.export.Expire(ctx))
}

// exports makes the export that has waited longest.
func (k *keeper) exports(ctx context.Context) (more bool, err error) {
	token := rand.Text()
	e, ok, err := k.export.Claim(ctx, token)
	if err != nil || !ok {
		return false, err
	}
	renewed := time.Now()
	alive := func(int) error {
		if time.Since(renewed) < 20*time.Second {
			return nil
		}
		renewed = time.Now()
		return k.export.Renew(ctx, e.ID, token)
	}
	k.renew.Store(&alive)
	defer k.renew.Store(nil)
	e.Hash, e.Size, e.Cases, err = k.write(ctx, e.Account)
	switch {
	case ctx.Err() != nil, errors.Is(err, desk.ErrConflict):
		return false, ctx.Err() // it is begun anew
	case err != nil:
		e.State, e.Hash, e.Reason = keeping.Failed, "", exporting.Reason("")
		return false, errors.Join(err, k.export.Finish(ctx, e, token))
	}
	e.State = keeping.Ready
	return true, k.export.Finish(ctx, e, token)
}

// write writes an export of an account to where files are kept.
func (k *keeper) write(ctx context.Context, account desk.AccountID) (hash string, size int64, cases int, err error) {
	from, to := io.Pipe()
	var writing sync.WaitGroup
	var wrote error
	writing.Go(func() {
		cases, wrote = k.writer.Write(ctx, to, account)
		to.CloseWithError(wrote)
	})
	hash, size, err = k.files.Put(ctx, from, maxExport)
	from.CloseWithError(err) // the writer must not wait for a reader that is gone
	writing.Wait()
	if wrote != nil {
		return "", 0, 0, wrote
	}
	return hash, size, cases, err
}

// follow puts the catalogue in force that was saved last, unless there is a file.
func (k *keeper) follow(ctx context.Context) error {
	if k.book.Configured() {
		return nil
	}
	k.following.Lock()
	defer k.following.Unlock()
	newest, err := k.store.SavedCatalogues(ctx, 0, 1)
	if err != nil || len(newest) == 0 || newest[0].Version <= k.version.Load() {
		return err
	}
	saved, err := k.store.SavedCatalogue(ctx, newest[0].Version)
	if err != nil {
		return err
	}
	c, err := catalogue.Parse(saved.Text)
	if err != nil {
		return fmt.Errorf("version %d of the catalogue: %w", saved.Version, err)
	}
	if saved.Former != "" {
		if err := json.Unmarshal([]byte(saved.Former), &c.Former); err != nil {
			return fmt.Errorf("version %d of the catalogue: %w", saved.Version, err)
		}
	}
	k.book.Put(c)
	k.version.Store(saved.Version)
	return nil
}
