package send

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// lookBack is how many pages of a channel's history from before the time
	// that is wanted are searched for messages that were answered in it.
	lookBack = 2
	// maxWalk is how many pages one reading may take.
	maxWalk = 5000
	lastTry = 10 * time.Minute // after it was written, at least, Slack no longer tries to tell of a message
)

// A walk is how far the reading of a history has come. Each try of a delivery
// reads one page, so that every call is paced, and leaves a leaf in its
// receipt; from the leaves the next try, here or after a restart, knows where
// to go on.
//
// A channel is read newest first, then each thread in it that was answered
// since the beginning of the time that is wanted. A place that is a thread is
// read alone.
type walk struct {
	thread  string   // that is being read; empty for the channel itself
	cursor  string   // of its next page; empty for the first
	edge    string   // where its page before ended; empty for the first
	threads []string // still to be read
	past    int      // pages of the channel that went back further than is wanted
	pages   int
	done    bool
	found   findings
}

// A leaf is what one page was found to be.
type leaf struct {
	next    string   // cursor of the next page
	edge    string   // the message at which it ends; empty for none
	threads []string // that were answered
	past    bool     // it goes back further than is wanted
	found   findings
}

// Findings count messages.
type findings struct {
	slack, onCase, fetched, gone int // see recording.Comparison
	own, others                  int // by the person whom the reading is for, and by others
}

func (f findings) add(g findings) findings {
	return findings{
		f.slack + g.slack, f.onCase + g.onCase, f.fetched + g.fetched, f.gone + g.gone, f.own + g.own, f.others + g.others,
	}
}

// resume returns the walk through a place, which is a thread or a whole
// channel, after the pages whose leaves are in the receipt.
func resume(thread, receipt string) walk {
	w := walk{thread: thread}
	for leaf := range strings.FieldsSeq(receipt) {
		w = w.after(readLeaf(leaf))
	}
	return w
}

// after returns the walk after one more page.
func (w walk) after(l leaf) walk {
	w.pages++
	w.found = w.found.add(l.found)
	w.threads = append(slices.Clip(w.threads), l.threads...)
	if l.past {
		w.past++
	}
	w.cursor, w.edge = l.next, l.edge
	if w.thread == "" && w.past >= lookBack {
		w.cursor = ""
	}
	switch {
	case w.cursor != "":
	case len(w.threads) == 0:
		w.done = true
	default:
		w.thread, w.threads, w.edge = w.threads[0], w.threads[1:], ""
	}
	return w
}

// counters are the names of the findings in a leaf.
func (f *findings) counters() map[string]*int {
	return map[string]*int{
		"slack": &f.slack, "case": &f.onCase, "fetched": &f.fetched, "gone": &f.gone, "own": &f.own, "others": &f.others,
	}
}

// String spells the leaf as one word. It is stored and must stay readable.
func (l leaf) String() string {
	v := url.Values{"past": {strconv.FormatBool(l.past)}}
	if l.next != "" {
		v.Set("next", l.next)
	}
	if l.edge != "" {
		v.Set("edge", l.edge)
	}
	if len(l.threads) > 0 {
		v.Set("threads", strings.Join(l.threads, ","))
	}
	for name, n := range l.found.counters() {
		if *n > 0 {
			v.Set(name, strconv.Itoa(*n))
		}
	}
	return v.Encode()
}

func readLeaf(word string) (l leaf) {
	v, _ := url.ParseQuery(word) // what cannot be read counts as nothing
	l.next, l.edge, l.past = v.Get("next"), v.Get("edge"), v.Get("past") == "true"
	if threads := v.Get("threads"); threads != "" {
		l.threads = strings.Split(threads, ",")
	}
	for name, n := range l.found.counters() {
		*n, _ = strconv.Atoi(v.Get(name))
	}
	return l
}
