package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/store/storetest"
)

// TestBrowser_L50_B4_ACaseIsReadAndAnsweredByHand is how Alice reads a case on
// Slack's pages: what was said before, a long text in full, and then replies
// with a file from the window.
func TestBrowser_L50_B4_ACaseIsReadAndAnsweredByHand(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	alice := browsertest.Open(t).Tab("slack")
	h.fills(h.alice, "Build is stuck", caseOnly)
	c := h.only()
	for i := range 8 {
		h.must(h.jane.Answer(h.ctx, c.number, fmt.Sprint("a", i), fmt.Sprintf("Step %d of what we have found.", i+1)))
	}
	h.must(h.jane.Answer(h.ctx, c.number, "long", strings.Repeat("We have looked at every build since Monday. ", 60)+"It is the cache."))
	h.until("the thread of the case", func() bool { return len(c.thread()) > 0 })
	h.quiet()

	alice.Visit(h.pages() + "/client/" + h.ws.ID + "/alice/" + h.ops.ID)
	alice.Sees(".messages", "Build is stuck")
	alice.Click(`.messages [data-action-id=case_details]`)
	alice.Sees("#modal-title", "Case "+c.number)
	alice.Sees("#modal", "Latest correspondence")
	alice.Shot("reading-details")
	alice.Click(`#modal [data-action-id=case_full]`)
	alice.Sees("#modal", "It is the cache.")
	alice.Shot("reading-full")
	alice.Click(`#modal [data-action-id=case_back]`)
	alice.Sees("#modal", "Latest correspondence")
	alice.Click(`#modal [data-action-id=case_older]`)
	alice.Sees("#modal", "Step 1 of what we have found.")
	alice.Shot("reading-previous")
	alice.Click(`#modal [data-action-id=case_back]`)
	alice.Sees("#modal", "Latest correspondence")

	alice.Click(`#modal [data-action-id=reply_case]`)
	alice.Sees("#modal-title", "Reply to the case")
	file := filepath.Join(t.TempDir(), "build.log")
	h.must(os.WriteFile(file, []byte("step 3 hangs"), 0o600))
	alice.Type(`#modal [data-action-id=text]`, "Here is the log.")
	alice.Attach(`#modal input[type=file]`, file)
	h.until("the file in the form", func() bool {
		value, err := h.open(h.alice).Value("Files")
		return err == nil && strings.Contains(fmt.Sprint(value), "build.log")
	})
	alice.Script(`document.querySelector('#modal [data-action-id=contact_method] input[value=chat], #modal input[value=chat]').click()`)
	alice.Sees("#modal", "Where to chat")
	alice.Type(`#modal [data-action-id=cc]`, "nonsense")
	alice.Click(`#modal button[type=submit]`)
	alice.Sees("#modal", "is not an e-mail address")
	alice.Shot("reading-reply")
	alice.Press(strings.Repeat("\b", len("nonsense")))
	alice.Click(`#modal button[type=submit]`)
	alice.Sees("#modal", "Only you see this")
	alice.Sees("#modal", "build.log")
	alice.Shot("reading-review")
	alice.Click(`#modal button[type=submit]`)
	alice.Sees(".messages", "Your reply is on case "+c.number)
	alice.Shot("reading-replied")
	c.hears("Here is the log.")
	h.until("the chat that was asked for", func() bool { return c.record().Chat.Live() })
	h.quiet()
	if n := strings.Count(c.page(), "Here is the log."); n != 1 {
		t.Errorf("the reply stands on the case page %d times", n)
	}
}
