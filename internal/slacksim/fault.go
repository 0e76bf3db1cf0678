package slacksim

import (
	"time"

	"caseline/internal/slacksim/fault"
)

// The two ways in which a call can fail.
const (
	Lost   = fault.Lost   // Slack never did it
	Landed = fault.Landed // Slack did it; the caller is not told
)

// Fail makes calls of a Web API method fail: the next one, unless options say
// which. "upload", "share", which is showing a file after its upload was
// completed, "download" and "response_url" are methods too, and "chat.*"
// is all of a family. By default the caller sees its connection closed. The
// rule is in force until remove is called.
func (s *Server) Fail(method string, when fault.When, options ...func(*fault.Rule)) (remove func()) {
	r := fault.Rule{Method: method, When: when}
	for _, o := range options {
		o(&r)
	}
	return s.Faults.Add(r)
}

// Slow makes calls of a method wait before they are answered.
func (s *Server) Slow(method string, d time.Duration, options ...func(*fault.Rule)) (remove func()) {
	return s.Fail(method, fault.Never, append(options, func(r *fault.Rule) { r.Delay = d })...)
}

// Refuse makes calls of a method fail with one of Slack's errors.
func (s *Server) Refuse(method, name string, options ...func(*fault.Rule)) (remove func()) {
	return s.Fail(method, fault.Never, append(options, func(r *fault.Rule) { r.Error = name })...)
}

// RateLimit answers calls of a method with 429 and Retry-After.
func (s *Server) RateLimit(method string, seconds int, options ...func(*fault.Rule)) (remove func()) {
	return s.Fail(method, fault.Lost, append(options, func(r *fault.Rule) { r.How, r.RetryAfter = fault.RateLimited, seconds })...)
}

// In limits a fault to one channel.
func In(ch *Channel) func(*fault.Rule) { return func(r *fault.Rule) { r.Channel = ch.ID } }

// After lets so many calls work first.
func After(n int) func(*fault.Rule) { return func(r *fault.Rule) { r.Skip = n } }

// Times makes so many calls fail.
func Times(n int) func(*fault.Rule) { return func(r *fault.Rule) { r.Times = n } }

// Always makes all calls fail.
func Always(r *fault.Rule) { r.Times = -1 }

// Chance makes each call fail by chance, the same ones for the same seed.
func Chance(p float64, seed uint64) func(*fault.Rule) {
	return func(r *fault.Rule) { r.Probability, r.Seed = p, seed }
}

// To makes calls answer with a redirect to an address.
func To(address string) func(*fault.Rule) {
	return func(r *fault.Rule) { r.How, r.To = fault.Redirect, address }
}

// As says what the caller sees instead of a closed connection.
func As(how fault.How) func(*fault.Rule) { return func(r *fault.Rule) { r.How = how } }
