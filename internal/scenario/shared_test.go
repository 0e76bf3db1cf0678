package scenario

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"caseline/internal/slacksim/dispatch"
)

// TestWhatTwoOfOurWorkspacesShareIsRecordedOnce: of a channel that Slack Connect
// shares between two workspaces that both have our app Slack sends each event once,
// and names either installation.
func TestWhatTwoOfOurWorkspacesShareIsRecordedOnce(t *testing.T) {
	h := newHouse(t, "sqlite::memory:", byOAuth)
	acme, bolt := two(h)
	a := acme.asks(acme.alice, "Build is stuck").joins()
	a.post(acme.alice, "first")
	a.recorded("first")
	now := time.Now()
	ts := fmt.Sprintf("%d.%06d", now.Unix(), now.Nanosecond()/1000)
	for n, named := range []string{bolt.ws.ID, acme.ws.ID, bolt.ws.ID} { // the same words, told three times
		body := fmt.Sprintf(`{"team_id":%[1]q,"context_team_id":%[1]q,"api_app_id":"A0CASELINE","type":"event_callback","event_id":"Ev0SHARED%[5]d","event_time":1,"is_ext_shared_channel":true,
"authorizations":[{"enterprise_id":null,"team_id":%[1]q,"user_id":"U0","is_bot":true,"is_enterprise_install":false}],
"event":{"type":"message","channel":%[2]q,"user":%[3]q,"text":"by either installation","ts":%[4]q,"event_ts":%[4]q,"channel_type":"group","team":%[1]q,"user_team":%[1]q,"source_team":%[1]q}}`,
			named, a.ch.ID, bolt.bob.ID, ts, n)
		at := fmt.Sprint(time.Now().Unix())
		r, err := http.NewRequestWithContext(h.ctx, http.MethodPost, h.url+"/slack/events", strings.NewReader(body))
		h.must(err)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Slack-Request-Timestamp", at)
		r.Header.Set("X-Slack-Signature", dispatch.Sign("shh", at, []byte(body)))
		resp, err := (&http.Client{Transport: h.way}).Do(r)
		h.must(err)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("named %s: status %d", named, resp.StatusCode)
		}
		a.recorded("first", "by either installation")
	}
	a.post(acme.alice, "last")
	a.recorded("first", "by either installation", "last")
}
