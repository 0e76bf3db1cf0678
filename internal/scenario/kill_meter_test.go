package scenario

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/dispatch"
	"caseline/internal/slacksim/webapi"
)

// A meter counts what has come to pass in a story, lets others wait for it,
// and knows when a kill would make Slack itself give up an event.
type meter struct {
	retries int // that Slack makes of an event

	mu      sync.Mutex // guards all below and the counts; held for a few instructions, or a kill
	total   int
	chats   map[string]*counts // by placeKey
	last    map[string]int     // events that have one try left
	lost    []string           // events that Slack has given up
	kills   int
	stops   int
	changed chan struct{} // closed and made anew with every change
}

// counts are of one chat.
type counts struct{ said, taken, landed int }

func newMeter(retries int) *meter {
	return &meter{retries: retries, chats: map[string]*counts{}, last: map[string]int{}, changed: make(chan struct{})}
}

// of returns the counts of a chat, to be used within note and wait.
func (m *meter) of(key string) *counts {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at(key)
}

func (m *meter) at(key string) *counts {
	if m.chats[key] == nil {
		m.chats[key] = &counts{}
	}
	return m.chats[key]
}

// note writes down that something more has come to pass.
func (m *meter) note(write func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	write()
	m.total++
	m.tell()
}

func (m *meter) tell() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// wait waits until cond holds.
func (m *meter) wait(ctx context.Context, cond func() bool) error {
	for {
		m.mu.Lock()
		holds, changed := cond(), m.changed
		m.mu.Unlock()
		if holds {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// safe reports whether no event has its last try before it. The mutex is held.
func (m *meter) safe() bool { return len(m.last) == 0 }

// kill kills unless that might cost an event its last try.
func (m *meter) kill(kill func()) bool {
	return m.harm(func() { kill(); m.kills++ })
}

// harm does something that costs events a try, unless it might be the last one.
func (m *meter) harm(do func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.safe() {
		return false
	}
	do()
	return true
}

// stopped counts a stop.
func (m *meter) stopped() { m.note(func() { m.stops++ }) }

// called hears of every call of the server.
func (m *meter) called(c webapi.Call) {
	if c.Method != "chat.postMessage" || !c.Applied {
		return
	}
	channel, _ := c.Args["channel"].(string)
	thread, _ := c.Args["thread_ts"].(string)
	m.note(func() { m.at(placeKey(channel, thread)).landed++ })
}

// attempted hears of every request to the server.
func (m *meter) attempted(a dispatch.Attempt) {
	if a.Kind != "events_api" || a.RetryNum < m.retries-1 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case a.RetryNum == m.retries:
		if m.last[a.EventID]--; m.last[a.EventID] == 0 {
			delete(m.last, a.EventID)
		}
		if a.Failure != "" {
			m.lost = append(m.lost, a.EventID+": "+a.Failure)
		}
	case a.Failure != "":
		m.last[a.EventID]++
	}
	m.tell()
}

func (m *meter) givenUp() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.lost)
}

// figures says how much went wrong.
func (m *meter) figures(slack *slacksim.Server, late int) string {
	var lost, landed int
	for _, c := range slack.Calls("chat.postMessage") {
		switch {
		case strings.HasPrefix(c.Fault, string(slacksim.Lost)):
			lost++
		case strings.HasPrefix(c.Fault, string(slacksim.Landed)):
			landed++
		}
	}
	var events, broken, unheard, doubled int
	seen := map[string]bool{}
	for _, a := range slack.Attempts() {
		if a.Kind != "events_api" {
			continue
		}
		events++
		switch {
		case a.Failure == "http_timeout" && a.Status == 200, a.Failure == "timeout":
			unheard++
		case a.Failure != "":
			broken++
		}
		if a.RetryNum == 0 {
			if seen[a.EventID] {
				doubled++
			}
			seen[a.EventID] = true
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return fmt.Sprintf("%d kills, %d stops; posts %d lost, %d landed unheard, %d landed late; %d requests with events, %d doubled, %d broken off or refused, %d taken unheard",
		m.kills, m.stops, lost, landed, late, events, doubled, broken, unheard)
}
