package admin

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/dispatch"
	"caseline/internal/slacksim/fault"
)

// A span is a duration as JSON has it: "90s", "1h".
type span time.Duration

func (d *span) UnmarshalText(raw []byte) error {
	v, err := time.ParseDuration(string(raw))
	*d = span(v)
	return err
}

// A wrong is a fault that was asked for.
type wrong struct {
	Method      string  `json:"method"`
	Channel     string  `json:"channel"` // an id, or the name of one that there is
	Kind        string  `json:"kind"`
	Nth         int     `json:"nth"` // the first call that fails; 1 if zero
	Times       int     `json:"times"`
	Delay       span    `json:"delay"`
	RetryAfter  int     `json:"retry_after"`
	Error       string  `json:"error"`
	Probability float64 `json:"probability"`
	Seed        uint64  `json:"seed"`
}

// rule is the fault as a rule.
func (f wrong) rule() (fault.Rule, error) {
	r := fault.Rule{
		Method: f.Method, Channel: f.Channel, When: fault.Lost, Delay: time.Duration(f.Delay), RetryAfter: f.RetryAfter,
		Skip: max(f.Nth-1, 0), Times: f.Times, Probability: f.Probability, Seed: f.Seed,
	}
	if f.Method == "" {
		return r, unreadable("method is missing")
	}
	switch f.Kind {
	case "lost":
	case "landed":
		r.When = fault.Landed
	case "429":
		r.How = fault.RateLimited
	case "500":
		r.How = fault.Status500
	case "503":
		r.How = fault.Status503
	case "invalid_json":
		r.How = fault.Garbage
	case "html":
		r.How = fault.HTML
	case "hang":
		r.How = fault.Hang
	case "slow":
		r.When = fault.Never
	case "error":
		r.When, r.Error = fault.Never, f.Error
		if f.Error == "" {
			return r, unreadable("error is missing: the name of one of Slack's errors")
		}
	default:
		return r, unreadable("there is no kind %q of faults", f.Kind)
	}
	return r, nil
}

func (s *Server) postFault(r *http.Request) (any, error) {
	var f wrong
	if err := read(r, &f); err != nil {
		return nil, err
	}
	f.Channel = s.channelID(f.Channel)
	rule, err := f.rule()
	if err != nil {
		return nil, err
	}
	remove := s.sim.Faults.Add(rule)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.added++
	id := fmt.Sprintf("F%d", s.added)
	s.faults[id] = remove
	return map[string]any{"ok": true, "id": id}, nil
}

// channelID is the id of the channel of that name in any workspace, or else what
// it is given.
func (s *Server) channelID(name string) string {
	for _, ws := range s.sim.World.Workspaces() {
		if ch, ok := s.sim.World.ChannelNamed(ws.ID, strings.TrimPrefix(name, "#")); ok && name != "" {
			return ch.ID
		}
	}
	return name
}

func (s *Server) deleteFaults(r *http.Request) (any, error) {
	id := r.FormValue("id")
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != "" && s.faults[id] == nil {
		return nil, missing("fault", id)
	}
	for have, remove := range s.faults {
		if id == "" || id == have {
			remove()
			delete(s.faults, have)
		}
	}
	return nil, nil
}

func (s *Server) postChaos(r *http.Request) (any, error) {
	var c struct {
		Seed         uint64   `json:"seed"`
		Duplicate    float64  `json:"duplicate"`
		DuplicateNew float64  `json:"duplicate_new"`
		Reorder      float64  `json:"reorder"`
		Window       span     `json:"window"`
		Delay        float64  `json:"delay"`
		Pause        span     `json:"pause"`
		Lost         float64  `json:"lost"`
		Landed       float64  `json:"landed"`
		Forgotten    float64  `json:"forgotten"`
		Types        []string `json:"types"`
	}
	if err := read(r, &c); err != nil {
		return nil, err
	}
	s.sim.Dispatch.SetChaos(dispatch.Chaos{
		Seed: c.Seed, Duplicate: c.Duplicate, DuplicateNew: c.DuplicateNew, Reorder: c.Reorder, Window: time.Duration(c.Window),
		Delay: c.Delay, Pause: time.Duration(c.Pause), Lost: c.Lost, Landed: c.Landed, Forgotten: c.Forgotten, Types: c.Types,
	})
	return nil, nil
}

func (s *Server) postOutage(r *http.Request) (any, error) {
	var o struct {
		Name string `json:"name"`
		On   bool   `json:"on"`
	}
	if err := read(r, &o); err != nil {
		return nil, err
	}
	if s.sim.SwitchOutage(o.Name, o.On) != nil {
		return nil, missing("outage", o.Name)
	}
	return nil, nil
}

// app finds an app by id; the only one if it is empty.
func (s *Server) app(id string) (*slacksim.Installed, error) {
	row, err := s.anyApp(id)
	return &slacksim.Installed{ID: row.ID}, err
}

func (s *Server) getSockets(r *http.Request) (any, error) {
	return map[string]any{"ok": true, "connections": s.sim.Sockets.Connections(r.FormValue("app"))}, nil
}

func (s *Server) postSockets(r *http.Request) (any, error) {
	var q struct {
		Do         string `json:"do"`
		Connection string `json:"connection"`
		App        string `json:"app"`
		Delay      span   `json:"delay"`
		Times      int    `json:"times"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	one := map[string]func(string) error{"ghost": s.sim.Sockets.Ghost, "drop": s.sim.Sockets.Drop}
	if do := one[q.Do]; do != nil {
		if do(q.Connection) != nil {
			return nil, missing("connection", q.Connection)
		}
		return nil, nil
	}
	app, err := s.app(q.App)
	if err != nil {
		return nil, err
	}
	switch q.Do {
	case "warn":
		s.sim.Sockets.Warn(app.ID)
	case "refresh":
		s.sim.Sockets.Refresh(app.ID)
	case "enable", "disable":
		s.sim.SetSocketMode(app, q.Do == "enable")
	case "delay":
		s.sim.Sockets.Delay(app.ID, time.Duration(q.Delay))
	case "redeliver":
		s.sim.Sockets.Redeliver(app.ID, max(q.Times, 1))
	default:
		return nil, unreadable("there is no %q for sockets", q.Do)
	}
	return nil, nil
}

func (s *Server) postEvents(r *http.Request) (any, error) {
	var q struct {
		App     string `json:"app"`
		On      *bool  `json:"on"`
		Delayed *bool  `json:"delayed"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	app, err := s.app(q.App)
	if err != nil {
		return nil, err
	}
	if q.On != nil {
		s.sim.SetEvents(app, *q.On)
	}
	if q.Delayed != nil {
		s.sim.SetDelayedEvents(app, *q.Delayed)
	}
	return nil, nil
}

func (s *Server) postVerify(r *http.Request) (any, error) {
	var q struct {
		App string `json:"app"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	app, err := s.app(q.App)
	if err != nil {
		return nil, err
	}
	row, _ := s.sim.World.Apps.App(app.ID)
	return nil, s.sim.Dispatch.VerifyURL(r.Context(), row)
}
