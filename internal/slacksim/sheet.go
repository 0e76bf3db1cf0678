package slacksim

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/world"
)

// A sheet is what forms and home tabs have in common: blocks before a person,
// who presses, picks and fills in.
type sheet struct {
	ws   *Workspace
	user *User
	now  func() (world.View, bool)
}

// An Upload is a file to be put into a form.
type Upload struct {
	Name string
	Data []byte
}

// Now is the view as it is, if it is still there.
func (s *sheet) Now() (world.View, bool) { return s.now() }

// Words is all that people read in the view, a line for each text.
func (s *sheet) Words() string {
	v, _ := s.Now()
	return strings.Join(blockkit.Words(v.Blocks), "\n")
}

// Labels returns the labels of the view's inputs, in order.
func (s *sheet) Labels() []string {
	v, _ := s.Now()
	var out []string
	for _, e := range blockkit.Elements(v.Blocks) {
		if e.InForm {
			out = append(out, blockkit.TextOf(e.Block, "label"))
		}
	}
	return out
}

func (s *sheet) target(what string) (person.Target, blockkit.Element, error) {
	v, ok := s.Now()
	if !ok {
		return person.Target{}, blockkit.Element{}, fmt.Errorf("%q: the form is no longer open", what)
	}
	e, ok := findElement(v.Blocks, what)
	if !ok {
		return person.Target{}, e, fmt.Errorf("%q: %w", what, errNotThere)
	}
	return person.Target{View: v.ID, BlockID: e.BlockID(), ActionID: e.ActionID()}, e, nil
}

// Set fills in an element, found by block_id, action_id or label. For selects
// the values may be given by what is shown, people by name, channels by #name.
func (s *sheet) Set(ctx context.Context, what string, values ...string) error {
	t, e, err := s.target(what)
	if err != nil {
		return err
	}
	return s.ws.sim.People.Fill(ctx, s.user.ID, t, s.picks(e, values)...)
}

// picks turns what people read into the values behind it.
func (s *sheet) picks(e blockkit.Element, values []string) []string {
	picks := slices.Clone(values)
	options := append(blockkit.Options(e.Body), s.ws.sim.People.Offered(s.user.ID, e)...)
	for i, v := range picks {
		for _, o := range options {
			if blockkit.TextOf(o, "text") == v {
				picks[i] = blockkit.Str(o, "value")
			}
		}
		switch {
		case strings.HasSuffix(e.Type(), "users_select"):
			if u := s.ws.User(v); u != nil {
				picks[i] = u.ID
			}
		case strings.HasPrefix(v, "#") && !strings.HasSuffix(e.Type(), "_input"):
			if ch := s.ws.Channel(v[1:]); ch != nil {
				picks[i] = ch.ID
			}
		}
	}
	return picks
}

// Attach puts files into a file_input, in place of those that are there.
func (s *sheet) Attach(ctx context.Context, what string, files ...Upload) error {
	t, _, err := s.target(what)
	if err != nil {
		return err
	}
	var ids []string
	for _, f := range files {
		added, err := s.ws.sim.World.AddFile(s.user.ID, f.Name, f.Data)
		if err != nil {
			return fmt.Errorf("attach %s: %w", f.Name, err)
		}
		ids = append(ids, added.ID)
	}
	return s.ws.sim.People.Fill(ctx, s.user.ID, t, ids...)
}

// Value is the entry of state.values for an element.
func (s *sheet) Value(what string) (map[string]any, error) {
	t, _, err := s.target(what)
	if err != nil {
		return nil, err
	}
	v, _ := s.Now()
	return v.State[t.BlockID][t.ActionID], nil
}

// Options returns what a select shows to pick from.
func (s *sheet) Options(what string) ([]string, error) {
	_, e, err := s.target(what)
	if err != nil {
		return nil, err
	}
	return shown(blockkit.Options(e.Body)), nil
}

func shown(options []map[string]any) []string {
	var out []string
	for _, o := range options {
		out = append(out, blockkit.TextOf(o, "text"))
	}
	return out
}

// Suggest types into an external select and returns what the app offers.
func (s *sheet) Suggest(ctx context.Context, what, typed string) ([]person.Offer, error) {
	t, _, err := s.target(what)
	if err != nil {
		return nil, err
	}
	return s.ws.sim.People.Suggest(ctx, s.user.ID, t, typed)
}

// Search is Suggest for those who want to know what is shown: the texts of the
// options, in order, whatever group they are in. They can then be Set.
func (s *sheet) Search(ctx context.Context, what, typed string) ([]string, error) {
	offers, err := s.Suggest(ctx, what, typed)
	var out []string
	for _, o := range offers {
		out = append(out, shown(o.Options)...)
	}
	return out, err
}

// Press acts on an element that is in no input block: a button, a menu, a
// select. Picks are what is picked, by value or by what is shown.
func (s *sheet) Press(ctx context.Context, what string, picks ...string) error {
	t, e, err := s.target(what)
	if err != nil {
		return err
	}
	return s.ws.sim.People.Act(ctx, s.user.ID, t, s.picks(e, picks)...)
}

// A Home is a handle to an app's home tab as it stands before a person. Now says
// whether the app has published one.
type Home struct{ sheet }

// OpenHome has a person visit an app's home tab, of which the app is told. The
// handle shows what the app has published, also later.
func (ws *Workspace) OpenHome(u *User, app *Installed) *Home {
	ws.sim.must(ws.sim.World.OpenHome(app.ID, u.ID, "home"))
	return ws.HomeOf(u, app)
}

// HomeOf is OpenHome without a visit: the tab as it stands before a person.
func (ws *Workspace) HomeOf(u *User, app *Installed) *Home {
	return &Home{sheet{ws: ws, user: u, now: func() (world.View, bool) { return ws.sim.World.Home(app.ID, u.ID) }}}
}

// OpenMessages has a person visit the messages with an app, of which the app is
// told as well.
func (ws *Workspace) OpenMessages(u *User, app *Installed) *Channel {
	ws.sim.must(ws.sim.World.OpenHome(app.ID, u.ID, "messages"))
	return ws.Direct(u, app.Bot)
}
