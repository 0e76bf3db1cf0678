package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// SlackURL is where Slack's Web API is.
const SlackURL = "https://slack.com/api/"

// DefaultTimeout is how long a call may take.
const DefaultTimeout = 7 * time.Second

var (
	errCallTimeout  = errors.New("slack did not answer in time")
	errFetchTimeout = errors.New("the file did not arrive in time")
)

// Options are what a Client can be given; the zero value works.
type Options struct {
	BaseURL string        // default: SlackURL; ends in a slash
	Timeout time.Duration // of one call; default: DefaultTimeout
	// Transport does the calls; default: one of our own with limits on every
	// step of a connection.
	Transport http.RoundTripper
	// Channels knows which channels have other ids in Slack than those by which
	// this package's callers call them; default: none.
	Channels *ident.Channels
	// Team is the workspace that is meant, where the token is an organisation's:
	// the methods that need to know are told. Empty: none is.
	Team string
	// Now is the clock that is compared with Slack's; default: the system's.
	Now func() time.Time
}

// A Client calls the Web API with one token at a time. It may be used by many
// goroutines.
type Client struct {
	token   atomic.Pointer[credential]
	team    string
	base    *url.URL
	timeout time.Duration
	doer    *doer
	scopes  atomic.Pointer[[]string] // of the token, as the newest answer said
	ids     *ident.Channels
	clock   clockwatch
}

// A credential is a token, and slack-go's client that uses it.
type credential struct {
	secret string
	slack  *slack.Client
}

// New returns a client that uses token.
func New(token string, o Options) (*Client, error) {
	if o.BaseURL == "" {
		o.BaseURL = SlackURL
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Transport == nil {
		o.Transport = Transport()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" || !strings.HasSuffix(base.Path, "/") {
		return nil, fmt.Errorf("slack API address %q: want http(s)://host/path/", o.BaseURL)
	}
	c := &Client{team: o.Team, base: base, timeout: o.Timeout, ids: o.Channels}
	c.doer = &doer{http: &http.Client{Transport: o.Transport, CheckRedirect: noRedirect}, scopes: &c.scopes, now: o.Now, clock: &c.clock}
	c.Renew(token)
	return c, nil
}

// Renew has the calls that begin from now on use another token.
func (c *Client) Renew(token string) {
	c.token.Store(&credential{token, slack.New(token, slack.OptionAPIURL(c.base.String()), slack.OptionHTTPClient(c.doer))})
}

// slack calls what slack-go reads well.
func (c *Client) slack() *slack.Client { return c.token.Load().slack }

// authorize has a request bear the token, if there is one.
func (c *Client) authorize(req *http.Request) {
	if secret := c.token.Load().secret; secret != "" {
		req.Header.Set("Authorization", "Bearer "+secret)
	}
}

// inTeam adds to the arguments of a method which workspace is meant, where the
// token does not say.
func (c *Client) inTeam(args url.Values) url.Values {
	if c.team != "" {
		args.Set("team_id", c.team)
	}
	return args
}

// Timeout is how long a call may take. After it, and a little more for what
// is still under way inside Slack, a call that got no answer either shows in
// Slack or never will.
func (c *Client) Timeout() time.Duration { return c.timeout }

// Lacks reports whether the token is known not to have a scope. Until Slack
// has answered a first call nothing is known.
func (c *Client) Lacks(scope string) bool {
	have := c.scopes.Load()
	return have != nil && !slices.Contains(*have, scope)
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// inSlack is what Slack calls a channel, and ours what we call it.
func (c *Client) inSlack(channel string) string { return string(c.ids.Now(desk.ChannelID(channel))) }

func (c *Client) ours(channel string) string { return string(c.ids.First(desk.ChannelID(channel))) }

// call posts args to a method and reads its answer into out, which may be nil.
func (c *Client) call(ctx context.Context, method string, args url.Values, out any) error {
	return c.do(ctx, method, func(ctx context.Context) error {
		for _, name := range []string{"channel", "channel_id"} {
			if channel := args.Get(name); channel != "" {
				args.Set(name, c.inSlack(channel))
			}
		}
		body := args.Encode()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base.JoinPath(method).String(), strings.NewReader(body))
		if err != nil {
			return &Error{Method: method, Kind: Lost, Err: err}
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		c.authorize(req)
		resp, err := c.doer.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if out == nil {
			return nil
		}
		return json.NewDecoder(resp.Body).Decode(out)
	})
}

// do runs one call in bounded time and makes every failure an Error. A
// failure that the transport did not name is an answer that was ok and could
// not be read, which settles nothing.
func (c *Client) do(ctx context.Context, method string, fn func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout, errCallTimeout)
	defer cancel()
	err := fn(ctx)
	if err == nil {
		return nil
	}
	// http.Client wraps nothing here, but slack-go may.
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Method: method, Kind: Unknown, Err: fmt.Errorf("answer not understood: %w", err)}
}

// jsonText returns v as JSON text for a form field.
func jsonText(v any) (string, error) {
	b, err := wire.Encode(v)
	return string(b), err
}
