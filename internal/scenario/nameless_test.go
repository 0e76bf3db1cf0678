package scenario

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk/keeping"
)

// B6: an operator who had several names, who was handed a chat and invited
// somebody, leaves none of that: neither names nor address nor links.
func TestB6_ANamelessOperatorLeavesNothing(t *testing.T) {
	each(t, func(h *house) {
		olivia := h.signIn(oliviaEmail)
		omar, err := h.app.Store.AgentByEmail(h.ctx, omarEmail)
		h.must(err)
		jane, err := h.app.Store.AgentByEmail(h.ctx, janeEmail)
		h.must(err)
		rename := func(name string) {
			h.Helper()
			h.must(olivia.Submit(h.ctx, "/setup/agents/"+string(omar.ID), url.Values{"name": {name}, "role": {"operator"}}))
		}
		rename("Omar Swordfish")
		h.must(h.signIn(omarEmail).Submit(h.ctx, "/setup/invitations", url.Values{"email": {"noor@example.com"}, "role": {"agent"}}))
		c := h.asks(h.alice, "Build is stuck").joins()
		for i, to := range []string{string(omar.ID), string(jane.ID)} {
			h.must(olivia.Submit(h.ctx, "/cases/"+c.number+"/hand", url.Values{"to": {to}, "sure": {"1"}, "token": {"abcdefghijklmnop012" + string(rune('0'+i))}}))
		}
		h.quiet()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("saved")
		h.quiet()
		rename("Omar Tunafish")
		h.somewhere("Swordfish", "Tunafish", "noor@example.com")
		h.must(olivia.Submit(h.ctx, "/privacy/person", url.Values{"agent": {string(omar.ID)}, "typed": {"Omar Tunafish"}}))
		if all, err := h.app.Store.Invitations(h.ctx); err != nil || len(all) != 0 {
			h.Errorf("links that they made are good still: %+v, %v", all, err)
		}
		h.record(keeping.OfAgents)
		h.quiet()
		h.nowhere("Swordfish", "Tunafish", omarEmail)
	}, func(h *house) { h.poll = 50 * time.Millisecond })
}

// B2: what is erased by time is not in an export that was made before.
func TestB2_ExportsGoWithWhatIsErasedByTime(t *testing.T) {
	each(t, func(h *house) {
		olivia := h.signIn(oliviaEmail)
		c := h.asks(h.alice, "swordfish is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("saved")
		h.must(h.jane.Resolve(h.ctx, c.number))
		h.quiet()
		h.must(olivia.Submit(h.ctx, "/privacy/exports", url.Values{"account": {string(acmeID)}}))
		var made keeping.Export
		h.until("the export is ready", func() bool {
			all, err := h.app.Store.Exports(h.ctx, 1)
			h.must(err)
			made = all[0]
			return made.State == keeping.Ready
		})
		c.ago(49 * time.Hour)
		h.must(olivia.Submit(h.ctx, "/setup/accounts/"+string(acmeID)+"/policy", url.Values{"cases": {"1"}, "do": {"erase"}}))
		e := h.record(keeping.ByTime)
		now, err := h.app.Store.Export(h.ctx, made.ID)
		if err != nil || now.State != keeping.Gone || e.Counts["exports"] != 1 {
			h.Errorf("the export is %+v, the record says %v, %v", now, e.Counts, err)
		}
		if page, err := olivia.Page(h.ctx, "/privacy"); err != nil || !strings.Contains(page, "because its time was over") {
			h.Errorf("the page does not say why it is gone, %v", err)
		}
		h.ages()
		h.until("its file is gone", func() bool {
			found := false
			h.must(filepath.WalkDir(filepath.Join(h.cfg.DataDir, "files"), func(_ string, d os.DirEntry, err error) error {
				found = found || err == nil && strings.Contains(made.Hash, d.Name()) && !d.IsDir()
				return err
			}))
			return !found
		})
	}, func(h *house) { h.poll = 50 * time.Millisecond })
}
