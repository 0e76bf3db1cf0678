package scenario

import (
	"fmt"
	"time"

	"caseline/internal/slacksim/fault"
)

// A trouble is what befalls Slack, the way to it, or the server for a while.
type trouble struct {
	name        string
	least, most time.Duration // it lasts
	dark        bool          // Slack may give events up meanwhile
	away        bool          // the server is not there
	begin       func() (end func())

	slow  time.Duration // until all is on the cases after it; 8 minutes if zero
	lasts time.Duration // as it was drawn
}

// inTime is how long after it was over all must be on the cases.
func (tr *trouble) inTime() time.Duration {
	if tr.slow > 0 {
		return tr.slow
	}
	return 8 * time.Minute
}

const (
	minutes = time.Minute
	hours   = time.Hour
)

// troubles are what can happen to a server of HTTP or of Socket Mode.
func (w *week) troubles() []trouble {
	all := []trouble{
		{name: "Slack counts calls of its histories as too many", least: 5 * minutes, most: 40 * minutes, begin: w.refuse("conversations.history", "conversations.replies")},
		{name: "Slack forgets, and counts posts and calls of its histories as too many", least: 20 * minutes, most: 40 * minutes, dark: true, begin: w.forgetfulStorm},
		{name: "Slack counts posts as too many", least: 5 * minutes, most: 60 * minutes, begin: w.refuse("chat.postMessage")},
		{name: "Slack counts changes and files as too many", least: 5 * minutes, most: 60 * minutes, begin: w.refuse("chat.update", "files.*")},
		{name: "Slack counts all calls as too many", least: 5 * minutes, most: 90 * minutes, begin: w.refuse("*")},
		{name: "Slack answers with errors and forgets", least: 1 * hours, most: 5 * hours, dark: true, begin: func() func() { return silence(fault.Status503)(w.siege, w.line) }},
		{name: "Slack answers nothing and forgets", least: 1 * hours, most: 3 * hours, dark: true, begin: func() func() { return silence(fault.Hang)(w.siege, w.line) }},
		{name: "the line is cut", least: 20 * minutes, most: 4 * hours, dark: true, begin: func() func() { return cutLine(w.siege, w.line) }},
		{name: "the server is stopped", least: 5 * minutes, most: 6 * hours, dark: true, away: true, begin: w.stop},
		{name: "the server is stopped for long", least: 3 * hours, most: 6 * hours, dark: true, away: true, begin: w.stop},
		{name: "Slack forgets", least: 5 * minutes, most: 90 * minutes, dark: true, slow: comparesEvery(w.seed) + minutes, begin: w.forget},
		{name: "there is more talk than Slack tells of", least: 61 * minutes, most: 70 * minutes, dark: true, begin: w.flood},
	}
	if !w.sockets {
		return append(all,
			trouble{name: "the line is cut for a moment", least: 1 * minutes, most: 5 * minutes, dark: true, begin: func() func() { return cutLine(w.siege, w.line) }},
			trouble{name: "the server is restarted", least: 1 * time.Second, most: 10 * time.Second, dark: true, away: true, begin: w.stop},
		)
	}
	return append(all,
		trouble{name: "Socket Mode is switched off", least: 15 * minutes, most: 2 * hours, dark: true, slow: 12 * minutes, begin: func() func() { return switchOff(w.siege, w.line) }},
		trouble{name: "every connection becomes a ghost", least: 5 * minutes, most: 30 * minutes, dark: true, begin: func() func() { return haunt(w.siege, w.line) }},
		trouble{name: "connections are warned, replaced or cut each minute", least: 30 * minutes, most: 2 * hours, dark: true, begin: func() func() { return breakEachMinute(w.siege, w.line) }},
		trouble{name: "Slack counts openings of connections as too many, and cuts one", least: 10 * minutes, most: 60 * minutes, dark: true, begin: w.noOpenings},
	)
}

// refuse is a storm of refusals, in which Slack asks to wait for half a minute or
// longer.
func (w *week) refuse(methods ...string) func() (end func()) {
	return func() func() { return w.storm(30*(1+int(w.seed)%4), methods...) }
}

// forgetfulStorm is noticed by the agents' words, which have to wait.
func (w *week) forgetfulStorm() (end func()) {
	calm, remember := w.storm(30, "chat.postMessage", "conversations.history", "conversations.replies"), w.forget()
	return func() { remember(); calm() }
}

// stop stops the server and starts it again.
func (w *week) stop() (end func()) {
	w.stopApp()
	return func() {
		w.startApp()
		w.connected()
		w.now = nil
		w.signsIn()
	}
}

// flood has people in #ops write so much that Slack leaves out what comes after.
func (w *week) flood() (end func()) {
	for i := range perHour {
		w.ops.Post(w.bob, fmt.Sprint("so much to say ", i))
		if i%20 == 0 {
			w.must(pause(w.ctx, time.Second))
		}
	}
	return func() {}
}

// noOpenings cuts a connection and lets none be opened.
func (w *week) noOpenings() (end func()) {
	end = w.storm(60, "apps.connections.open")
	if staying := w.staying(); len(staying) > 0 {
		w.must(w.slack.Sockets.Drop(staying[0]))
	}
	return end
}
