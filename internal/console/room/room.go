package room

import (
	"net/http"
	"time"

	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
)

// A Handler answers a request of an agent.
type Handler func(w http.ResponseWriter, r *http.Request, who desk.Agent) error

// A Door is an address of a room: who may come in, and what answers.
type Door struct {
	May    rights.Right
	Answer Handler
}

// A House is what the pages of a room stand in.
type House struct {
	Now func() time.Time
	// Frame is the frame of the page that answers a request.
	Frame func(r *http.Request, who desk.Agent, section, title string) (work.Frame, error)
	// Show answers with a page, whole or not at all.
	Show func(w http.ResponseWriter, status int, page string, data any) error
	// List answers with a page that is made anew when something changes: its
	// template "list" stands in an element with data-list. The page has f.
	List func(w http.ResponseWriter, r *http.Request, page string, f work.Frame, data any) error
	// Part renders a piece of a page, for a script.
	Part func(page, name string, data any) (string, error)
	// Case finds the case that {id} in the address names, by number or id.
	Case func(r *http.Request) (desk.Case, error)
}

// A Room answers addresses of its own.
type Room interface {
	// Doors are its addresses, by pattern.
	Doors(h House) map[string]Door
}

// A Porch is a room with addresses for those who are not signed in, too.
type Porch interface {
	Room
	Outside(h House) map[string]func(w http.ResponseWriter, r *http.Request) error
}
