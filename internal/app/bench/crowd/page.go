package crowd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// QueuePages is which part of the pages have the queue open: one in so many.
const QueuePages = 10

// How often a page says that somebody looks at its case, and that somebody is there.
const (
	looksEvery     = 25 * time.Second
	attentionEvery = 2 * time.Minute
)

// How often in halfMinute a page looks at once at who else is here, and within how long
// it does after that.
const (
	oftenAgents = 6
	halfMinute  = 30 * time.Second
	lateAgents  = 14500 * time.Millisecond
)

// A page is one agent's, open in their browser.
type page struct {
	*Crowd
	member Member
	id     string // of the case that it shows; empty for the queue
	number string // of that case
	urge   chan struct{}
	stream io.ReadCloser

	mu     sync.Mutex  // guards what follows, for one look or one write
	shown  answer      // the list as it was fetched last
	after  int64       // how far the log was fetched
	others time.Time   // when all is to be fetched because an agent came or went; zero for never
	came   []time.Time // when it was of late
	logs   bool        // the log is to be fetched too
	later  time.Time   // when the list is to be fetched though nothing of it concerns the page; zero for never
	told   int         // the turn of the change that its stream told of last
	wants  bool        // the change that is measured was heard, and no fetch has begun since
}

// An answer is what the console answers a page's script about its list.
type answer struct {
	HTML  string   `json:"html"`
	Chats []string `json:"chats"`
}

// A change is what a stream says.
type change struct {
	Cases []struct {
		Case string `json:"case"`
		Seq  int64  `json:"seq"`
	} `json:"cases"`
	Agents bool `json:"agents"`
	Reload bool `json:"reload"`
	People bool `json:"people"`
}

// listen reads the page's stream until it ends.
func (p *page) listen(ctx context.Context) {
	lines := bufio.NewScanner(p.stream)
	lines.Buffer(make([]byte, 0, 512), 8<<20)
	for lines.Scan() {
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !ok {
			continue
		}
		now := time.Now()
		var c change
		if json.Unmarshal(data, &c) != nil {
			continue // a beat or a greeting
		}
		p.heard(c, now)
	}
	if ctx.Err() == nil {
		p.note(errEnded)
	}
}

// errEnded says that a server that goes on ended a stream, which it does to those that
// do not read.
var errEnded = errors.New("the server ended a stream")

// heard does what console/static/js/app.js does about a change.
func (p *page) heard(c change, now time.Time) {
	if len(c.Cases) == 0 && !c.Agents && !c.Reload && !c.People {
		return // only somebody's looks
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	concerns, other := c.Reload, len(c.Cases) > 0 || c.People
	for _, one := range c.Cases {
		concerns = concerns || one.Seq <= 2 || p.shows(one.Case)
		if one.Case == p.id && one.Seq > p.after {
			p.logs = true
		}
		if p.Crowd.heard(one.Case, now, &p.told) {
			p.wants = true
		}
	}
	switch {
	case concerns:
		p.dueBy(now)
	case other:
		p.dueBy(now.Add(300*time.Millisecond + rand.N(700*time.Millisecond)))
	}
	if c.Agents && p.others.IsZero() {
		p.came = slices.DeleteFunc(p.came, func(at time.Time) bool { return now.Sub(at) > halfMinute })
		if p.others = now; len(p.came) >= oftenAgents {
			p.others = now.Add(500*time.Millisecond + rand.N(lateAgents))
		}
	}
	select {
	case p.urge <- struct{}{}:
	default:
	}
}

// dueBy has the list be fetched at a time, if it is not before.
func (p *page) dueBy(at time.Time) {
	if p.later.IsZero() || at.Before(p.later) {
		p.later = at
	}
}

// shows reports whether the page shows a case, or it is its agent's.
func (p *page) shows(id string) bool {
	if id == p.id || strings.Contains(p.shown.HTML, `data-key="`+id+`"`) {
		return true
	}
	for _, chat := range p.shown.Chats {
		if strings.HasPrefix(chat, id+"@") {
			return true
		}
	}
	return false
}

// live fetches what is to be fetched and says that somebody is here, until ctx ends.
func (p *page) live(ctx context.Context) {
	first := true
	looks, attention := time.Now(), time.Now().Add(rand.N(attentionEvery))
	if p.id == "" {
		looks = attention.AddDate(1, 0, 0) // at no case
	}
	token := fmt.Sprintf("%032x", rand.Uint64())
	for ctx.Err() == nil {
		now := time.Now()
		p.mu.Lock()
		if !p.others.IsZero() && !now.Before(p.others) {
			p.later, p.others, p.logs = now, time.Time{}, p.id != ""
			p.came = append(p.came, now)
		}
		due := !p.later.IsZero() && !now.Before(p.later)
		next := p.later
		if next.IsZero() || !p.others.IsZero() && p.others.Before(next) {
			next = p.others
		}
		p.mu.Unlock()
		switch {
		case due:
			p.note(p.fetch(ctx))
			continue
		case !now.Before(looks):
			if looks = now.Add(looksEvery); first {
				looks, first = now.Add(rand.N(looksEvery)), false // as if they had come over a while
			}
			p.note(p.post(ctx, "/cases/"+p.number+"/looks", url.Values{"page": {token}}))
		case !now.Before(attention):
			attention = now.Add(attentionEvery)
			p.note(p.post(ctx, "/attention", nil))
		}
		for _, at := range []time.Time{looks, attention} {
			if next.IsZero() || at.Before(next) {
				next = at
			}
		}
		wait := time.NewTimer(time.Until(next))
		select {
		case <-ctx.Done():
		case <-p.urge:
		case <-wait.C:
		}
		wait.Stop()
	}
}

// fetch makes the page true.
func (p *page) fetch(ctx context.Context) error {
	p.mu.Lock()
	wanted, logs, after := p.wants, p.logs, p.after
	p.wants, p.logs, p.later = false, false, time.Time{}
	p.mu.Unlock()
	path := "/"
	if p.id != "" {
		path = "/worklist?case=" + p.id
	}
	if logs {
		var log struct {
			Seq int64 `json:"seq"`
		}
		if err := p.get(ctx, fmt.Sprintf("/cases/%s/log?after=%d&open=", p.number, after), &log); err != nil {
			return err
		}
		p.mu.Lock()
		p.after = log.Seq
		p.mu.Unlock()
		if wanted {
			p.Crowd.shows(true)
		}
	}
	var shown answer
	if err := p.get(ctx, path, &shown); err != nil {
		return err
	}
	p.mu.Lock()
	p.shown = shown
	p.mu.Unlock()
	if wanted {
		p.Crowd.shows(false)
	}
	return nil
}

func (p *page) get(ctx context.Context, path string, into any) error {
	body, err := p.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

func (p *page) post(ctx context.Context, path string, form url.Values) error {
	_, err := p.do(ctx, http.MethodPost, path, form)
	return err
}

func (p *page) do(ctx context.Context, method, path string, form url.Values) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Cookie", p.member.cookies)
	res, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = errors.New(res.Status)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	return body, nil
}
