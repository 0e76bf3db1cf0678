package browsertest

import (
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
)

// complaints are what a browser finds wrong with a page: scripts that fail,
// what the policy forbids, and errors that the page itself writes to the
// console. Answers that are errors are none: many tests ask for them.
type complaints struct {
	mu   sync.Mutex // guards said
	said []string
}

func (c *complaints) hear(event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text
		if thrown := e.ExceptionDetails.Exception; thrown != nil {
			text += " " + thrown.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type != runtime.ConsoleAPICalledTypeError && e.Type != runtime.ConsoleAPICalledTypeAssert {
			return
		}
		var words []string
		for _, arg := range e.Args {
			words = append(words, strings.Trim(string(arg.Value), `"`)+arg.Description)
		}
		text = strings.Join(words, " ")
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceSecurity && e.Entry.Source != log.EntrySourceJavascript {
			return
		}
		text = e.Entry.Text
	default:
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, text)
}

func (c *complaints) report(t testing.TB, name string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range c.said {
		t.Errorf("%s: the browser complains: %s", name, text)
	}
}
