package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/store/storetest/traces"
)

// wants has the account do something with what people delete from now on.
func (h *house) wants(d config.Deletions) {
	h.Helper()
	h.stopApp()
	h.cfg.Account.Deletions = d
	h.startApp()
}

// nowhere waits until the words are nowhere in the database, and in the folder
// of files neither.
func (h *house) nowhere(words ...string) {
	h.Helper()
	url, sought, places := h.cfg.Database.URL.Reveal(), "", []string(nil)
	defer func() {
		if len(places) > 0 { // which is where the test has ended
			h.Logf("they are in %q, rows: %q", places, traces.Rows(h, url, sought))
		}
	}()
	for _, sought = range words {
		h.until(sought+" is nowhere", func() bool {
			places = append(traces.Find(h, url, sought), h.filesWith(sought)...)
			return len(places) == 0
		})
	}
}

// somewhere makes sure that a search for the words would have found them.
func (h *house) somewhere(words ...string) {
	h.Helper()
	for _, w := range words {
		if len(traces.Find(h, h.cfg.Database.URL.Reveal(), w)) == 0 && len(h.filesWith(w)) == 0 {
			h.Fatalf("%s is nowhere, before it was erased", w)
		}
	}
}

func (h *house) filesWith(words string) (names []string) {
	h.Helper()
	h.must(filepath.WalkDir(filepath.Join(h.cfg.DataDir, "files"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil // it has just been removed
		}
		if strings.Contains(string(content), words) {
			names = append(names, path)
		}
		return err
	}))
	return names
}

// ages makes the kept files look as if they had come long ago.
func (h *house) ages() {
	h.Helper()
	long := time.Now().Add(-time.Hour)
	h.must(filepath.WalkDir(filepath.Join(h.cfg.DataDir, "files"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chtimes(path, long, long)
	}))
}

func TestB2_WhatIsErasedIsNowhere(t *testing.T) {
	inBoth(t, func(h *house) {
		h.wants(config.DeletionsErase)
		c := h.asks(h.alice, "Build is stuck").joins()
		first := c.post(h.alice, "my password is swordfish-one")
		c.recorded("my password is swordfish-one")
		first.Edit(h.alice, "my password is swordfish-two "+strings.Repeat("swordfish-two ", 400)) // longer than a page
		c.has(desk.KindEdit, 1)
		c.upload(h.alice, "swordfish-three.txt", []byte("swordfish-four"), "and the file swordfish-five")
		c.file(desk.FileReady)
		h.quiet()
		h.nowhere("swordfish-one") // an edit erases what was written before
		h.somewhere("swordfish-two", "swordfish-three", "swordfish-four", "swordfish-five")
		first.Delete(h.alice)
		for _, m := range c.messages() {
			if len(m.Files) > 0 {
				c.ch.Message(m.TS).Delete(h.alice)
			}
		}
		c.has(desk.KindDeletion, 3)
		h.quiet()
		h.ages()
		h.nowhere("swordfish")
		c.shows("deleted in Slack by their author, and erased here", "The file was deleted in Slack")
		if got := c.words(); len(got) != 2 || got[0]+got[1] != "" {
			t.Errorf("recorded: %q, want the stubs", got)
		}
	})
}

func TestB2_WhatIsHiddenIsKeptFromAgents(t *testing.T) {
	inBoth(t, func(h *house) {
		h.wants(config.DeletionsHide)
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "first of all")
		m := c.upload(h.alice, "keys.txt", []byte("swordfish"), "these are the keys")
		f := c.file(desk.FileReady)
		c.recorded("first of all", "these are the keys")
		if got := c.downloads(f); got != "swordfish" {
			t.Fatalf("the agent got %q", got)
		}
		m.Delete(h.alice)
		c.has(desk.KindDeletion, 2)
		c.shows("this account keeps that from agents")
		if page, err := h.jane.Page(h.ctx, "/chats"); err != nil || strings.Contains(page, "keys.txt") || strings.Contains(page, "these are the keys") {
			t.Errorf("the list of chats shows it, %v", err)
		}
		h.must(h.jane.End(h.ctx, c.number))
		c.says("1 file saved")
		chat := c.record().Chat.ID
		for _, address := range []string{
			"/", "/chats", "/cases", "/cases?q=keys", "/cases?q=these+are", "/worklist", "/cases/" + c.number, "/cases/" + c.number + "/log?after=0",
			"/cases/" + c.number + "/chats/" + string(chat) + "/transcript.json", "/cases/" + c.number + "/chats/" + string(chat) + "/transcript.txt",
			"/cases/" + c.number + "/chats/" + string(chat) + "/transcript.html", "/files/" + string(f.ID), "/files/" + string(f.ID) + "?inline",
		} {
			page, err := h.jane.Page(h.ctx, address)
			if strings.Contains(page, "these are the keys") || strings.Contains(page, "swordfish") || strings.Contains(page, "keys.txt") {
				t.Errorf("%s shows it", address)
			}
			if refused := strings.HasPrefix(address, "/files/"); (err != nil) != refused {
				t.Errorf("%s: %v", address, err)
			}
		}
		if !strings.Contains(strings.Join(c.words(), " "), "these are the keys") || len(h.filesWith("swordfish")) == 0 {
			t.Error("it is not kept")
		}
	})
}

func TestB2_WhatIsDeletedAfterTheEndIsErasedToo(t *testing.T) {
	each(t, func(h *house) {
		h.wants(config.DeletionsErase)
		c := h.asks(h.alice, "Build is stuck").joins()
		m := c.post(h.alice, "swordfish")
		c.recorded("swordfish")
		h.must(h.jane.End(h.ctx, c.number))
		c.says("saved")
		h.quiet()
		m.Delete(h.alice)
		c.has(desk.KindDeletion, 1)
		h.nowhere("swordfish")
	})
}

func TestB2_WhatWasNeverRecordedIsForgottenToo(t *testing.T) {
	each(t, func(h *house) {
		h.wants(config.DeletionsErase)
		c := h.asks(h.alice, "Build is stuck")
		m := c.post(h.alice, "swordfish") // nobody has joined yet
		h.quiet()
		h.somewhere("swordfish")
		m.Delete(h.alice)
		h.quiet()
		h.nowhere("swordfish")
	})
}
