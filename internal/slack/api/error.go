package api

import (
	"errors"
	"fmt"
	"time"
)

// A Kind says what is known about a call that did not succeed.
type Kind int

// The kinds of failure.
const (
	Unknown Kind = iota // it may have been applied; the zero Kind promises nothing
	Lost                // the request never left: it was not applied
	Refused             // Slack answered with an error
	Limited             // Slack asked to wait
)

// String returns the kind's word.
func (k Kind) String() string {
	switch k {
	case Lost:
		return "lost"
	case Refused:
		return "refused"
	case Limited:
		return "limited"
	case Unknown:
		return "unknown"
	}
	return "invalid"
}

// An Error is a call that did not succeed.
type Error struct {
	Method   string // conversations.create, or what else was called
	Kind     Kind
	Code     string        // Slack's name of the error; may be empty
	Needed   string        // missing_scope: the scope that is needed
	Provided string        // missing_scope: the scopes that the token has
	After    time.Duration // Limited: how long to wait
	Err      error         // what happened below; may be nil
}

// Error says which call failed and why.
func (e *Error) Error() string {
	switch {
	case e.Code != "" && e.Needed != "":
		return fmt.Sprintf("%s: %s (needs %s)", e.Method, e.Code, e.Needed)
	case e.Code != "":
		return fmt.Sprintf("%s: %s", e.Method, e.Code)
	case e.Err != nil:
		return fmt.Sprintf("%s: %s: %v", e.Method, e.Kind, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Method, e.Kind)
}

// Unwrap returns what happened below.
func (e *Error) Unwrap() error { return e.Err }

// Code returns Slack's name of the error in err, or "" when Slack did not
// answer with one.
func Code(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// refusal is the Error for an answer that is not ok.
func refusal(method string, a answer, after time.Duration) *Error {
	e := &Error{Method: method, Kind: Refused, Code: a.Error, Needed: a.Needed, Provided: a.Provided}
	switch a.Error {
	case "ratelimited", "rate_limited":
		e.Kind, e.After = Limited, after
	case "request_timeout":
		e.Kind = Lost // Slack's word for a request that did not arrive whole
	case "internal_error", "fatal_error", "service_unavailable", "":
		// Slack's pages say of the first two that some of it may have happened.
		e.Kind = Unknown
	}
	return e
}

// ShutOut reports whether err says that Slack does not let our token in: the
// app was uninstalled, or the token was revoked or never was one.
func ShutOut(err error) bool {
	switch Code(err) {
	case "account_inactive", "token_revoked", "invalid_auth", "not_authed", "token_expired", "two_factor_setup_required":
		return true
	}
	return false
}

// Expired reports whether err says that the token's time is over, which a new
// one mends where tokens are rotated.
func Expired(err error) bool { return Code(err) == "token_expired" }

// Ungranted reports whether err says that an organisation does not let our app
// into the workspace, or no longer. The token is as good as ever elsewhere, and
// auth.test does not tell.
func Ungranted(err error) bool { return Code(err) == "team_access_not_granted" }

// Passing reports whether an error that Slack names is about something that
// will be over. Any other is about what we asked for: asking again would not
// help.
func Passing(code string) bool {
	switch code {
	case "team_added_to_org", "org_login_required", "external_channel_migrating", "accesslimited":
		return true
	}
	return false
}
