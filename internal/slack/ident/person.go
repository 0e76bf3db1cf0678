package ident

import (
	"strings"

	"caseline/internal/desk"
)

// Person returns the id of a person in Slack: T1/U1. The workspace is the one
// that the app is installed in, also for guests of other organisations, since
// that is where they can be asked about.
func Person(w desk.WorkspaceID, user string) desk.PersonID {
	return desk.PersonID(string(w) + "/" + user)
}

// People is how the ids of all people in a workspace begin.
func People(w desk.WorkspaceID) string { return string(w) + "/" }

// SplitPerson takes a person's id apart. ok is false for anything that Person
// did not make.
func SplitPerson(id desk.PersonID) (w desk.WorkspaceID, user string, ok bool) {
	team, user, ok := strings.Cut(string(id), "/")
	if !ok || team == "" || user == "" || strings.Contains(user, "/") {
		return "", "", false
	}
	return desk.WorkspaceID(team), user, true
}
