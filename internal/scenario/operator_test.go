package scenario

import (
	"net/url"
	"strings"
	"testing"

	"caseline/internal/desk"
)

// An operator serves an account in a public channel that Slack lists, by the
// console's forms; it holds there at once, and only for the people named.
func TestB6_AnOperatorSetsUpAChannelInTheConsole(t *testing.T) {
	each(t, func(h *house) {
		h.ws.AddGroup("leads", "Team leads", h.bob)
		olivia := h.signIn(oliviaEmail)
		account := "/setup/accounts/" + string(acmeID)
		page, err := olivia.Page(h.ctx, account+"/channels/new")
		h.must(err)
		if !strings.Contains(page, "#general") || strings.Contains(page, "#ops") {
			t.Error("the list does not have the public channels alone")
		}
		sent := url.Values{
			"workspace": {h.ws.ID}, "channel": {h.elsewhere.ID}, "name": {"Elsewhere"}, "preset": {"full"},
			"severities": {"all"}, "tell": {"opened"}, "only-resolve": {"@leads " + h.alice.ID},
		}
		h.must(olivia.Submit(h.ctx, account+"/channels", sent))
		h.says(h.elsewhere, h.chloe, "help", "`/support create`")
		h.says(h.elsewhere, h.chloe, "resolve 1234567890", "In this channel only some people may resolve cases")
		c, err := h.app.Store.Channel(h.ctx, acmeID, desk.WorkspaceID(h.ws.ID), desk.ChannelID(h.elsewhere.ID))
		h.must(err)
		if len(c.Narrow) != 1 || len(c.Narrow[0].People) != 1 || c.Narrow[0].People[0] != h.person(h.alice) || len(c.Narrow[0].Groups) != 1 {
			t.Errorf("narrowed: got %+v", c.Narrow)
		}
		if err := h.jane.Submit(h.ctx, account+"/channels", sent); err == nil || !strings.Contains(err.Error(), "for operators") {
			t.Errorf("an agent: got %v, want a refusal", err)
		}
		if audit, err := olivia.Page(h.ctx, "/audit.csv?what=channel-configured&who=Olivia"); err != nil || strings.Count(audit, "\n") != 2 || !strings.Contains(audit, ",agent,") {
			t.Errorf("audit: got %q, %v", audit, err)
		}
	})
}
