package form

import (
	"encoding/json"
	"net/http"
	"slices"
)

// A Change is what somebody else changed of something while it was being edited.
type Change struct{ Label, Was, Is string }

// A Stand is how something was when its form was filled in: texts in a fixed order.
// It goes with the form, in the field "was", and comes back with it.
type Stand []string

// Text is a stand for the field.
func (s Stand) Text() string {
	text, _ := json.Marshal([]string(s)) // strings always marshal
	return string(text)
}

// StandIn is the stand that came back with a form; ok is false where none did, as
// from a program that decides without looking.
func StandIn(r *http.Request) (s Stand, ok bool) {
	err := json.Unmarshal([]byte(r.PostForm.Get("was")), &s)
	return s, err == nil && len(s) > 0
}

// Holds reports whether something is still as it was.
func (s Stand) Holds(now Stand) bool { return slices.Equal(s, now) }

// Changes are what differs now, by labels in the order of the texts.
func (s Stand) Changes(now Stand, labels ...string) (all []Change) {
	for i, label := range labels {
		if i < len(s) && i < len(now) && s[i] != now[i] {
			all = append(all, Change{label, s[i], now[i]})
		}
	}
	return all
}
