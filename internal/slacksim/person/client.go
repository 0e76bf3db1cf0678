package person

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"sync"

	"caseline/internal/slacksim/compose"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// A Request is what Slack sends to an app when a person does something. Unlike
// events it is sent once, and the person waits for the answer.
type Request struct {
	App  world.App
	Kind Kind
	URL  string
	Form url.Values // for interactions the one field "payload"
}

// A Kind is the kind of a Request, by the names Socket Mode has for them.
type Kind string

// The kinds of requests.
const (
	SlashCommand Kind = "slash_commands"
	Interactive  Kind = "interactive"
	Options      Kind = "options" // block_suggestion; interactive as well, but to its own address
)

// An Answer is what the app said to a request, within three seconds.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte
}

// A Courier carries requests to apps. Carry returns an Answer whatever its
// status; ErrTimeout when there was none in time; ErrUnreachable when the
// request could not be handed over.
type Courier interface {
	Carry(ctx context.Context, r Request) (Answer, error)
}

// Why an app gave no answer.
var (
	ErrTimeout     = errors.New("operation_timeout")
	ErrUnreachable = errors.New("dispatch_failed")
)

// A Refusal is why the client will not do what a person asked. Its text is
// what the client shows.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// A Client is Slack's client, for everybody.
type Client struct {
	World   *world.World
	Screens *screen.Screens
	courier Courier
	log     *slog.Logger

	mu      sync.Mutex                              // guards the two maps, for a few instructions
	offered map[string][]map[string]any             // by user, block, action: the options an app offered last
	picked  map[string]map[string]map[string]values // by user and message: what stands in its elements
}

type values = map[string]any

// New returns a client for the people of a world.
func New(w *world.World, s *screen.Screens, c Courier, log *slog.Logger) *Client {
	return &Client{
		World: w, Screens: s, courier: c, log: log,
		offered: map[string][]map[string]any{},
		picked:  map[string]map[string]map[string]values{},
	}
}

// names looks names up for what somebody types.
func (c *Client) names(workspace string) compose.Names {
	return compose.Names{
		User: func(name string) (string, bool) {
			for _, u := range c.World.Users(workspace) {
				if u.Name == name || u.DisplayName == name {
					return u.ID, true
				}
			}
			return "", false
		},
		Group: func(name string) (string, bool) {
			for _, g := range c.World.Groups(workspace) {
				if g.Handle == name && g.Disabled == 0 {
					return g.ID, true
				}
			}
			return "", false
		},
		Channel: func(name string) (string, bool) {
			ch, ok := c.World.ChannelNamed(workspace, name)
			return ch.ID, ok
		},
		Emoji: func(name string) bool {
			ws, _ := c.World.Workspace(workspace)
			_, ok := ws.Emoji[name]
			return ok
		},
	}
}
