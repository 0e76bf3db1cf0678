package record

import (
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

// tones is how many colours initials are drawn in.
const tones = 8

// AuthorOf says how to show who did something.
func AuthorOf(t tongue.Tongue, by desk.Actor, people map[desk.PersonID]desk.Person, me desk.AgentID) Author {
	a := Author{Key: string(by.Side) + ":" + by.ID, Name: by.Name}
	switch by.Side {
	case desk.SideAgent:
		a.Agent, a.Me, a.Picture = true, string(me) == by.ID, "/agents/"+by.ID+"/picture"
	case desk.SideCustomer:
		person := people[desk.PersonID(by.ID)]
		a.External, a.Picture = person.External, pictureOf(person)
		if person.Name != "" {
			a.Name = person.Name
		}
	case desk.SideSystem:
		a.System, a.Name = true, "Caseline"
	}
	if a.Name == "" {
		a.Name, a.Unnamed = t.Say("Somebody in Slack"), true
	}
	a.Initials, a.Tone = Initials(a.Name), tone(a.Key)
	return a
}

// pictureOf is where we show a person's picture, or empty. It says which one, so
// that a new one is fetched.
func pictureOf(p desk.Person) string {
	if p.Avatar == "" {
		return ""
	}
	version := fnv.New32a()
	version.Write([]byte(p.Avatar)) // never fails
	at := url.URL{Path: "/faces/" + string(p.ID), RawQuery: fmt.Sprintf("v=%x", version.Sum32())}
	return at.String()
}

// Initials are one or two letters that stand for a name.
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "?"
	}
	out := first(words[0])
	if len(words) > 1 {
		out += first(words[len(words)-1])
	}
	return out
}

func first(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r))
}

func tone(key string) int {
	h := fnv.New32a()
	h.Write([]byte(key)) // never fails
	return int(h.Sum32()%tones) + 1
}
