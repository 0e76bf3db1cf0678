package view

import (
	"fmt"
	"strings"

	"caseline/internal/desk"
)

// A Novelty says what a line of news shows besides what is new.
type Novelty struct {
	Threaded bool // it goes below other news of the case
	Reply    bool // people there may answer the case
}

// News is the line that tells a channel of entries of case c: what happened,
// to which case, who did it, and how the chat stands. Several are one line,
// which says how many they are.
func News(c desk.Case, entries []desk.Correspondence, n Novelty, names Names) Message {
	matter := ": " + escaped(c.Subject, desk.MaxSubject) + " · " + names.severity(c.Severity)
	deeds := deedsOf(entries)
	var parts []string
	if len(entries) == 1 {
		parts = []string{"*" + fmt.Sprintf(deeds[0].one, c.Number) + "*" + matter, "by " + author(entries[0].Author, names)}
	} else {
		parts = []string{"*" + entriesWord(len(entries), n.Threaded) + " on case " + string(c.Number) + "*" + matter}
		for _, d := range deeds {
			parts = append(parts, d.told(names))
		}
	}
	m := WithDetails(line(strings.Join(append(parts, chatWord(c.Chat)), " · ")), c)
	if last := &m.Blocks[len(m.Blocks)-1]; n.Reply && c.Open() {
		last.Elements = append(last.Elements, replyButton(c))
	}
	return m
}

func entriesWord(n int, more bool) string {
	word := "new"
	if more {
		word = "more"
	}
	return fmt.Sprintf("%d %s entries", n, word)
}

// A deed is one kind of thing that happened to a case, with how often and who
// did it last.
type deed struct {
	one, several string // with the number of the case, and among others
	count        int
	last         desk.Actor
}

// deedsOf are what entries tell, each kind once, in order.
func deedsOf(entries []desk.Correspondence) (deeds []deed) {
	for _, e := range entries {
		d := deedOf(e)
		d.count, d.last = 1, e.Author
		if i := indexOf(deeds, d); i >= 0 {
			deeds[i].count++
			deeds[i].last = d.last
			continue
		}
		deeds = append(deeds, d)
	}
	return deeds
}

func indexOf(deeds []deed, d deed) int {
	for i := range deeds {
		if deeds[i].several == d.several {
			return i
		}
	}
	return -1
}

func deedOf(e desk.Correspondence) deed {
	switch {
	case e.Kind == desk.KindTranscript:
		return deed{one: "The transcript of a chat was added to case %s", several: "transcript added"}
	case e.Kind == desk.KindStatus && e.What == string(desk.StatusReopened):
		return deed{one: "Case %s was reopened", several: "reopened"}
	case e.Kind == desk.KindStatus && e.What == string(desk.StatusResolved):
		return deed{one: "Case %s was resolved", several: "resolved"}
	case e.Seq == 1:
		return deed{one: "New case %s", several: "opened"}
	}
	return deed{one: "Correspondence was added to case %s", several: "correspondence added"}
}

// told is the deed among others.
func (d deed) told(names Names) string {
	by := " by " + author(d.last, names)
	if d.count > 1 {
		return fmt.Sprintf("%s %d times, last%s", d.several, d.count, by)
	}
	return d.several + by
}

// author names whoever did something, and says on which side they are.
func author(a desk.Actor, names Names) string {
	switch a.Side {
	case desk.SideAgent:
		return who(a, names) + ", a support agent"
	case desk.SideCustomer:
		return who(a, names) + ", a collaborator"
	case desk.SideSystem:
	}
	return who(a, names)
}
