package webapi

import (
	"fmt"
	"net/http"
	"strconv"

	"caseline/internal/slacksim/fault"
)

// wait lets a slow call be slow.
func (a *API) wait(r *http.Request, rule fault.Rule) {
	if rule.Delay <= 0 {
		return
	}
	ch, stop := a.clock.After(rule.Delay)
	defer stop()
	select {
	case <-ch:
	case <-r.Context().Done():
	}
}

// fail answers a call the way a rule has it.
func (a *API) fail(w http.ResponseWriter, r *http.Request, rule fault.Rule) {
	switch rule.How {
	case fault.Hang:
		<-r.Context().Done()
	case fault.Status500:
		http.Error(w, "Server Error", http.StatusInternalServerError)
		return
	case fault.Status503:
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		return
	case fault.Garbage:
		fmt.Fprint(w, `{"ok":tr`)
		return
	case fault.HTML:
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!DOCTYPE html><title>Slack</title><p>Something went wrong.")
		return
	case fault.Redirect:
		http.Redirect(w, r, rule.To, http.StatusFound)
		return
	case fault.RateLimited:
		w.Header().Set("Retry-After", strconv.Itoa(max(rule.RetryAfter, 1)))
		writeJSON(w, http.StatusTooManyRequests, answer{"ok": false, "error": "ratelimited"})
		return
	}
	// The documented way to close a connection without answering.
	panic(http.ErrAbortHandler)
}
