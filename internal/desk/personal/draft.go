package personal

import (
	"time"

	"caseline/internal/desk"
)

// DraftLife is how long something that was begun can be gone on with.
const DraftLife = 24 * time.Hour

// A Draft is something that somebody has begun in a form and not sent.
type Draft struct {
	ID        string
	Owner     desk.PersonID
	Kind      string // what it is to become
	Body      string // JSON of package slack
	ExpiresAt time.Time
}
