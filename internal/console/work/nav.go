package work

import (
	"caseline/internal/console/tongue"
	"caseline/internal/desk/rights"
)

// A Place is where the navigation leads.
type Place struct {
	Section string // which pages are there
	Path    string
	Name    string
	Icon    string
	Key     string // pressed after "g"
	Count   string // what is counted beside it: waiting or chats; empty for nothing
	Apart   bool   // a group begins with it
}

// places are all there are, in order, with the right that each asks for.
func places() []struct {
	May rights.Right
	Place
} {
	return []struct {
		May rights.Right
		Place
	}{
		{rights.Read, Place{Section: "queue", Path: "/", Name: tongue.Mark("Queue"), Icon: "queue", Key: "q", Count: "waiting"}},
		{rights.Read, Place{Section: "chats", Path: "/chats", Name: tongue.Mark("My chats"), Icon: "chats", Key: "c", Count: "chats"}},
		{rights.Read, Place{Section: "cases", Path: "/cases", Name: tongue.Mark("All cases"), Icon: "cases", Key: "a"}},
		{rights.Answer, Place{Section: "replies", Path: "/replies", Name: tongue.Mark("Replies"), Icon: "replies", Key: "e"}},
		{rights.Lead, Place{Section: "wall", Path: "/wall", Name: tongue.Mark("Wallboard"), Icon: "wall", Key: "w", Apart: true}},
		{rights.Lead, Place{Section: "teams", Path: "/teams", Name: tongue.Mark("Teams"), Icon: "team", Key: "t"}},
		{rights.Report, Place{Section: "reports", Path: "/reports", Name: tongue.Mark("Reports"), Icon: "reports", Key: "r"}},
		{rights.Setup, Place{Section: "setup", Path: "/setup", Name: tongue.Mark("Setup"), Icon: "setup", Key: "s", Apart: true}},
		{rights.Audit, Place{Section: "audit", Path: "/audit", Name: tongue.Mark("Audit log"), Icon: "audit", Key: "l"}},
	}
}

// Places are where the reader may go.
func (f Frame) Places() []Place {
	var all []Place
	for _, p := range places() {
		if rights.May(f.Me, p.May) {
			all = append(all, p.Place)
		}
	}
	return all
}

// Answers reports whether the reader answers customers. Others look on.
func (f Frame) Answers() bool { return rights.May(f.Me, rights.Answer) }
