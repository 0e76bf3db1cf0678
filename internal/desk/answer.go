package desk

import (
	"strings"
	"time"
	"unicode/utf8"
)

// An Answer is what somebody adds to a case outside its chat.
type Answer struct {
	By     Actor
	Text   string // Markdown
	Via    string // the channel of Slack it was written in, by name; empty for none
	Files  []NewFile
	CC     []string // addresses that hear of the case from now on, besides those it has
	Origin Origin
}

// Answer returns the entries for what is added to the case outside its chat:
// one for the words, and one for each file, which are to have the ids. Whose
// turn it is follows from them, unless a chat is running, in which it is
// everybody's.
func (c *Case) Answer(a Answer, ids []FileID, now time.Time) ([]Correspondence, error) {
	switch {
	case strings.TrimSpace(a.Text) == "":
		return nil, refuseField("text", "Write something before you send it.")
	case utf8.RuneCountInString(a.Text) > MaxReply:
		return nil, refuseField("text", "A reply may be %d characters long. Send it in parts or attach a file.", MaxReply)
	}
	if err := c.MayAnswer(); err != nil {
		return nil, err
	}
	if err := c.tellToo(a.CC); err != nil {
		return nil, err
	}
	switch {
	case c.Chat.State == ChatInProgress:
	case a.By.Side == SideAgent:
		c.setStatus(StatusPendingCustomer)
	case c.Status == StatusPendingCustomer:
		c.setStatus(StatusCustomerAnswered)
	}
	entries := []Correspondence{c.entry(Correspondence{
		Kind: KindMessage, What: MarkOutside, Author: a.By, Text: a.Text, Via: a.Via, Origin: a.Origin,
	}, now)}
	for i, f := range a.Files {
		entries = append(entries, c.entry(Correspondence{
			Kind: KindFile, What: MarkOutside, Author: a.By, Text: f.Name, File: ids[i], Via: a.Via, Origin: f.Origin,
		}, now))
	}
	return entries, nil
}

// MayAnswer says why nothing can be added to the case now.
func (c *Case) MayAnswer() error {
	if c.Open() {
		return nil
	}
	return refuse(ErrConflict, "Case %s is resolved, so nothing can be added to it. Reopen it first, or open a new case.", c.Number)
}

// Newsworthy reports whether the channel in which the case was opened is told
// of an entry: that the case was reopened, that something was added to it
// outside its chat, or that it is resolved. That it was opened is told by the
// link to it.
func (e Correspondence) Newsworthy() bool {
	switch e.Kind {
	case KindMessage:
		return e.Marked(MarkOutside)
	case KindStatus:
		return e.What == string(StatusResolved) || e.What == string(StatusReopened)
	}
	return false
}
