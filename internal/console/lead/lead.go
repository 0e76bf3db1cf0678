package lead

import (
	"context"
	"sync"
	"time"

	"caseline/internal/casework"
	"caseline/internal/console/room"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// A Reader is what the pages read.
type Reader interface {
	store.ReportReader
	Agents(ctx context.Context) ([]desk.Agent, error)
	Accounts(ctx context.Context) ([]served.Account, error)
	Cases(ctx context.Context, ids []desk.CaseID) ([]desk.Case, error)
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
	Running(ctx context.Context, l desk.Lookout, after desk.CaseID, limit int) ([]desk.Case, error)
	store.RosterReader
}

// useCases are what can be done here.
type useCases interface {
	Note(ctx context.Context, n casework.Note) error
}

// Needs are what the pages cannot do without.
type Needs struct {
	Read  Reader
	Cases useCases
	// Catalogue is the catalogue in force.
	Catalogue func() *matters.Catalogue
	// Took notes that a table was downloaded, and what was asked for.
	Took func(ctx context.Context, who desk.Agent, table, asked string) error
	// Token names one wish.
	Token func() string
}

// A Room has the pages. Make one with New.
type Room struct {
	Needs
	house room.House

	mu    sync.Mutex // guards today; held for one look or one write
	today map[string]figures
}

// New returns a Room.
func New(n Needs) *Room { return &Room{Needs: n, today: map[string]figures{}} }

// Doors are the addresses of the pages.
func (l *Room) Doors(h room.House) map[string]room.Door {
	l.house = h
	return map[string]room.Door{
		"GET /wall":                 {May: rights.Lead, Answer: l.getWall},
		"GET /reports":              {May: rights.Report, Answer: l.getReports},
		"GET /reports/{table}":      {May: rights.Report, Answer: l.getTable},
		"GET /cases/{id}/whisper":   {May: rights.Lead, Answer: l.getWhisper},
		"POST /cases/{id}/whispers": {May: rights.Lead, Answer: l.postWhisper},
	}
}

// target is how soon a case of a severity is to be answered.
func (l *Room) target(s desk.Severity) time.Duration { return l.Catalogue().Called(s).FirstResponse }
