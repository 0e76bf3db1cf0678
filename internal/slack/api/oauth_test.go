package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// heard keeps what was called with.
type heard struct {
	mu    sync.Mutex // guards calls
	calls []url.Values
}

// asks returns an OAuth of a Slack that answers with body, and what it hears.
func asks(t *testing.T, body string) (*OAuth, *heard) {
	t.Helper()
	h := &heard{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm() // what is not there is missed below
		args := url.Values{"method": {r.URL.Path}, "authorization": r.Header["Authorization"]}
		for k, v := range r.Form {
			args[k] = v
		}
		h.mu.Lock()
		h.calls = append(h.calls, args)
		h.mu.Unlock()
		io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	o, err := NewOAuth("12.34", "the-secret", Options{BaseURL: srv.URL + "/api/"})
	if err != nil {
		t.Fatal(err)
	}
	return o, h
}

// last is the newest call.
func (h *heard) last() url.Values {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.calls[len(h.calls)-1]
}

func TestWhatSlackGives(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want Given
	}{
		"to a workspace": {
			`{"ok":true,"access_token":"xoxb-1","token_type":"bot","scope":"chat:write, commands","bot_user_id":"U1","app_id":"A1","team":{"id":"T1","name":"Acme"},"enterprise":null,"is_enterprise_install":false,"authed_user":{"id":"U7"}}`,
			Given{Token: "xoxb-1", Kind: "bot", Scopes: []string{"chat:write", "commands"}, BotUID: "U1", AppID: "A1", Team: Team{ID: "T1", Name: "Acme"}, By: "U7"},
		},
		"to a workspace of an organisation, with rotation": {
			`{"ok":true,"access_token":"xoxe.xoxb-1","refresh_token":"xoxe-1-1","expires_in":43200,"token_type":"bot","scope":"","bot_user_id":"U1","app_id":"A1","team":{"id":"T1"},"enterprise":{"id":"E1","name":"Group"},"authed_user":{"id":"W7"}}`,
			Given{Token: "xoxe.xoxb-1", Refresh: "xoxe-1-1", Expires: 12 * time.Hour, Kind: "bot", BotUID: "U1", AppID: "A1", Team: Team{ID: "T1"}, Enterprise: Team{ID: "E1", Name: "Group"}, By: "W7"},
		},
		"to an organisation": {
			`{"ok":true,"access_token":"xoxb-2","token_type":"bot","bot_user_id":"W1","app_id":"A1","team":null,"enterprise":{"id":"E1","name":"Group"},"is_enterprise_install":true}`,
			Given{Token: "xoxb-2", Kind: "bot", BotUID: "W1", AppID: "A1", Enterprise: Team{ID: "E1", Name: "Group"}, Wide: true},
		},
	} {
		o, h := asks(t, tt.body)
		got, err := o.Exchange(t.Context(), "a-code", "https://support.example.com/back")
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
		want := url.Values{"method": {"/api/oauth.v2.access"}, "authorization": nil, "client_id": {"12.34"}, "client_secret": {"the-secret"}, "code": {"a-code"}, "redirect_uri": {"https://support.example.com/back"}}
		if diff := cmp.Diff(want, h.last()); diff != "" {
			t.Errorf("%s was asked with\n%s", name, diff)
		}
	}
}

func TestARefreshNamesTheTokenAndNothingElse(t *testing.T) {
	o, h := asks(t, `{"ok":true,"access_token":"xoxe.xoxb-2","refresh_token":"xoxe-1-2","expires_in":43200}`)
	got, err := o.Refresh(t.Context(), "xoxe-1-1")
	if err != nil || got.Token != "xoxe.xoxb-2" || got.Refresh != "xoxe-1-2" || got.Expires != 12*time.Hour {
		t.Errorf("got %v, %v", got.Refresh, err)
	}
	want := url.Values{"method": {"/api/oauth.v2.access"}, "authorization": nil, "client_id": {"12.34"}, "client_secret": {"the-secret"}, "grant_type": {"refresh_token"}, "refresh_token": {"xoxe-1-1"}}
	if diff := cmp.Diff(want, h.last()); diff != "" {
		t.Error(diff)
	}
}

func TestAnAnswerWithoutATokenSettlesNothing(t *testing.T) {
	o, _ := asks(t, `{"ok":true}`)
	_, err := o.Refresh(t.Context(), "xoxe-1-1")
	if e, ok := err.(*Error); !ok || e.Kind != Unknown || strings.Contains(err.Error(), "xoxe") {
		t.Errorf("got %v", err)
	}
}

func TestThePageToConsentStandsBesideTheAPI(t *testing.T) {
	for base, want := range map[string]string{
		"":                           "https://slack.com/oauth/v2/authorize?",
		"https://slack-gov.com/api/": "https://slack-gov.com/oauth/v2/authorize?",
		"http://127.0.0.1:9/api/":    "http://127.0.0.1:9/oauth/v2/authorize?",
	} {
		o, err := NewOAuth("12.34", "the-secret", Options{BaseURL: base})
		if err != nil {
			t.Fatal(err)
		}
		got := o.Authorize([]string{"chat:write", "commands"}, "a&b", "https://support.example.com/back")
		want += "client_id=12.34&redirect_uri=https%3A%2F%2Fsupport.example.com%2Fback&scope=chat%3Awrite%2Ccommands&state=a%26b"
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// A token takes the place of another while calls go on.
func TestCallsThatBeginNowUseTheNewToken(t *testing.T) {
	o, h := asks(t, `{"ok":true,"user":{"id":"U1"},"channel":{"id":"C1"}}`)
	c, err := o.Client("xoxb-old", "")
	if err != nil {
		t.Fatal(err)
	}
	used := func() []string {
		t.Helper()
		// One call of our own, and one of slack-go's.
		for _, call := range []func() error{
			func() error { _, err := c.AuthTest(t.Context()); return err },
			func() error { _, err := c.UserInfo(t.Context(), "U1"); return err },
		} {
			if err := call(); err != nil {
				t.Fatal(err)
			}
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		var all []string
		for _, call := range h.calls[len(h.calls)-2:] {
			all = append(all, strings.TrimPrefix(call.Get("authorization"), "Bearer ")+call.Get("token"))
		}
		return all
	}
	if got := used(); got[0] != "xoxb-old" || got[1] != "xoxb-old" {
		t.Errorf("got %v", got)
	}
	c.Renew("xoxb-new")
	if got := used(); got[0] != "xoxb-new" || got[1] != "xoxb-new" {
		t.Errorf("got %v", got)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { c.Renew("xoxb-newer"); used() })
	}
	all.Wait()
}

// With an organisation's token the methods are told which workspace is meant that
// need to know, and no others.
func TestAnOrganisationsTokenSaysWhichWorkspaceIsMeant(t *testing.T) {
	o, h := asks(t, `{"ok":true,"channel":{"id":"C1"},"usergroups":[{"id":"S1"}],"user":{"id":"U1"},"team":{"id":"T1"},"ts":"1.1"}`)
	for _, team := range []string{"T1", ""} {
		c, err := o.Client("xoxb-1", team)
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		c.CreateChannel(ctx, "case-1")                //nolint:errcheck // what is asked is looked at
		c.PublicChannels(ctx, "")                     //nolint:errcheck // likewise
		c.ChannelsOf(ctx, "U1", "")                   //nolint:errcheck // likewise
		c.UserGroups(ctx)                             //nolint:errcheck // likewise
		c.EmojiList(ctx)                              //nolint:errcheck // likewise
		c.AppOf(ctx, "B1")                            //nolint:errcheck // likewise
		c.TeamInfo(ctx)                               //nolint:errcheck // likewise
		c.PostMessage(ctx, Post{Channel: "C1"})       //nolint:errcheck // likewise
		c.UserInfo(ctx, "U1")                         //nolint:errcheck // likewise
		c.History(ctx, Span{Channel: "C1", Limit: 1}) //nolint:errcheck // likewise
		got := map[string]string{}
		h.mu.Lock()
		for _, call := range h.calls {
			got[strings.TrimPrefix(call.Get("method"), "/api/")] = call.Get("team_id") + call.Get("team")
		}
		h.calls = nil
		h.mu.Unlock()
		want := map[string]string{
			"conversations.create": team, "conversations.list": team, "users.conversations": team, "usergroups.list": team, "usergroups.users.list": team,
			"emoji.list": team, "bots.info": team, "team.info": team, "chat.postMessage": "", "users.info": "", "conversations.history": "",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}
