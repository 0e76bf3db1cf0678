package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// maxAnswer is how much of an answer is read. The largest we ask for, a page
// of history, is far below it.
const maxAnswer = 16 << 20

// Retry-After is seconds. Without it, or with one nobody would mean, we wait
// this long.
const (
	defaultRetryAfter = 30 * time.Second
	maxRetryAfter     = time.Hour
)

// Transport returns what carries calls over the network, with limits on every step
// of a connection. Clients that share one share its connections.
func Transport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConns:          64,
		MaxIdleConnsPerHost:   32,
		ForceAttemptHTTP2:     true,
		ExpectContinueTimeout: time.Second,
	}
}

// An answer is what every method's answer holds.
type answer struct {
	OK       *bool  `json:"ok"`
	Error    string `json:"error"`
	Needed   string `json:"needed"`
	Provided string `json:"provided"`
}

// A doer does calls and tells their outcomes apart. Its Do returns a response
// only when Slack said ok; everything else is an *Error. slack-go does its
// calls through it.
type doer struct {
	http   *http.Client
	scopes *atomic.Pointer[[]string]
	now    func() time.Time
	clock  *clockwatch
}

// Do does one call.
func (d *doer) Do(req *http.Request) (*http.Response, error) {
	method := path.Base(req.URL.Path)
	var began atomic.Bool // the request's first bytes may have left
	ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		WroteHeaders: func() { began.Store(true) },
	})
	asked := d.now()
	resp, err := d.http.Do(req.WithContext(ctx))
	if err != nil {
		return nil, broken(ctx, method, began.Load(), err)
	}
	defer resp.Body.Close()
	d.clock.note(resp.Header, asked, d.now())
	after := retryAfter(resp.Header)
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return nil, &Error{Method: method, Kind: Limited, Code: "ratelimited", After: after}
	case resp.StatusCode != http.StatusOK:
		return nil, &Error{Method: method, Kind: Unknown, Err: fmt.Errorf("HTTP status %d", resp.StatusCode)}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, broken(ctx, method, true, err)
	}
	if len(body) > maxAnswer {
		return nil, &Error{Method: method, Kind: Unknown, Err: errors.New("answer too long")}
	}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil || a.OK == nil {
		return nil, &Error{Method: method, Kind: Unknown, Err: errors.New("answer is not Slack's")}
	}
	d.note(resp.Header)
	if !*a.OK {
		return nil, withAnswer(refusal(method, a, after), body)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// note remembers the scopes that the token has.
func (d *doer) note(h http.Header) {
	list := h.Get("X-OAuth-Scopes")
	if list == "" {
		return
	}
	scopes := strings.Split(list, ",")
	for i := range scopes {
		scopes[i] = strings.TrimSpace(scopes[i])
	}
	d.scopes.Store(&scopes)
}

// broken is the Error for a call that the network failed.
func broken(ctx context.Context, method string, began bool, err error) *Error {
	e := &Error{Method: method, Kind: Unknown, Err: nameless(err)}
	if !began {
		e.Kind = Lost
	}
	if cause := context.Cause(ctx); cause != nil {
		e.Err = cause
	}
	return e
}

// nameless is err without the address that was called: those of answers, files
// and uploads are as good as a token, and errors are logged.
func nameless(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(strings.TrimSpace(h.Get("Retry-After")))
	if err != nil || seconds < 0 {
		return defaultRetryAfter
	}
	return min(time.Duration(seconds)*time.Second, maxRetryAfter)
}

// A refusedAnswer keeps the body of an answer that is not ok, for the methods
// that say more in it than a name.
type refusedAnswer struct{ body []byte }

func (r *refusedAnswer) Error() string { return "refused" }

func withAnswer(e *Error, body []byte) *Error {
	e.Err = &refusedAnswer{body: body}
	return e
}
