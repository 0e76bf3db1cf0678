package slacksim

import (
	"cmp"
	"slices"
	"time"

	"caseline/internal/slacksim/dispatch"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/webapi"
)

// An Outage is something that can go wrong with the whole of this Slack until
// it is switched off again.
type Outage struct {
	Name  string // for SwitchOutage
	Label string
	About string // what apps meet while it is on
	On    bool
	start func(s *Server) (stop func())
}

// slowness is how long calls wait while Slack is slow.
const slowness = 4 * time.Second

func outages() []Outage {
	return []Outage{
		{Name: "down", Label: "API down", About: "Every call of the Web API is answered with 503.", start: func(s *Server) func() {
			return s.Fail("*", Lost, Always, As(fault.Status503))
		}},
		{Name: "posts", Label: "Posts fail", About: "Nothing can be posted or changed: chat methods are answered with 500.", start: func(s *Server) func() {
			return s.Fail("chat.*", Lost, Always, As(fault.Status500))
		}},
		{Name: "unheard", Label: "Answers lost", About: "Posts appear, but the app never hears that they did.", start: func(s *Server) func() {
			return s.Fail("chat.postMessage", Landed, Always)
		}},
		{Name: "slow", Label: "API slow", About: "Every call waits four seconds.", start: func(s *Server) func() {
			return s.Slow("*", slowness, Always)
		}},
		{Name: "limits", Label: "Limits on", About: "One post a second and channel, and Slack's calls a minute for each method.", start: func(s *Server) func() {
			s.API.SetTiers(true)
			s.API.SetPostsPerChannel(1)
			return func() {
				s.API.SetTiers(s.opts.Tiers)
				s.API.SetPostsPerChannel(s.opts.PostsPerChannel)
			}
		}},
		{Name: "held", Label: "Events late", About: "Events are kept back until this is switched off.", start: func(s *Server) func() {
			s.Dispatch.Hold()
			return s.Dispatch.Release
		}},
		{Name: "lost", Label: "Events lost", About: "Events are given up without being sent.", start: func(s *Server) func() {
			s.Dispatch.SetChaos(dispatch.Chaos{Forgotten: 1})
			return func() { s.Dispatch.SetChaos(s.opts.Chaos) }
		}},
		{Name: "ghosts", Label: "Sockets dead", About: "The sockets that apps have stay open and swallow everything. New ones work; when this ends, the dead are cut off.", start: (*Server).ghosts},
	}
}

// ghosts turns all sockets that there are into ghosts.
func (s *Server) ghosts() (stop func()) {
	dead := s.Sockets.Connections("")
	for _, c := range dead {
		// One that has ended since is as dead.
		_ = s.Sockets.Ghost(c.ID)
	}
	return func() {
		for _, c := range dead {
			_ = s.Sockets.Drop(c.ID)
		}
	}
}

// Outages lists what can go wrong, and what is going wrong now.
func (s *Server) Outages() []Outage {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := outages()
	for i := range out {
		_, out[i].On = s.stops[out[i].Name]
	}
	return out
}

// SwitchOutage begins or ends an outage. Doing it twice changes nothing.
func (s *Server) SwitchOutage(name string, on bool) error {
	all := outages()
	i := slices.IndexFunc(all, func(o Outage) bool { return o.Name == name })
	if i < 0 {
		return entity.ErrNotFound
	}
	s.mu.Lock()
	stop, running := s.stops[name]
	delete(s.stops, name)
	s.mu.Unlock()
	if running {
		stop()
	}
	if on {
		stop = all[i].start(s)
		s.mu.Lock()
		s.stops[name] = stop
		s.mu.Unlock()
	}
	s.World.Hint(feed.Hint{Kind: feed.Journal})
	return nil
}

// A Happening is a call of the Web API or a request to an app, for people who
// watch.
type Happening struct {
	At   time.Time
	Out  bool   // from Slack to the app
	What string // the method, or the type of the event or interaction
	Came string // what it came to: "ok", or why not
	Bad  bool
}

// Recent returns the newest calls and requests, the newest first.
func (s *Server) Recent(most int) []Happening {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Happening
	for _, c := range s.calls[max(0, len(s.calls)-most):] {
		out = append(out, called(c))
	}
	for _, a := range s.attempts[max(0, len(s.attempts)-most):] {
		out = append(out, attempted(a))
	}
	slices.SortStableFunc(out, func(a, b Happening) int { return b.At.Compare(a.At) })
	return out[:min(most, len(out))]
}

func called(c webapi.Call) Happening {
	h := Happening{At: c.At, What: c.Method, Came: "ok", Bad: !c.OK}
	if h.Bad {
		h.Came = cmp.Or(c.Error, c.Fault, "no answer")
	}
	return h
}

func attempted(a dispatch.Attempt) Happening {
	h := Happening{At: a.At, Out: true, What: cmp.Or(a.Type, a.Kind), Came: "ok", Bad: a.Failure != ""}
	if h.Bad {
		h.Came = a.Failure
	}
	return h
}
