package desk

import (
	"errors"
	"fmt"
)

// The kinds of failure a caller can act on. Test with errors.Is.
var (
	ErrInvalid   = errors.New("invalid")
	ErrNotFound  = errors.New("not found")
	ErrConflict  = errors.New("conflict")
	ErrForbidden = errors.New("forbidden")
	ErrLimit     = errors.New("limit")    // there are as many as there may be
	ErrTooLate   = errors.New("too late") // it could be done once, and cannot any more
)

// A Refusal is an error whose Message may be shown to the person who asked.
type Refusal struct {
	Kind    error  // one of the kinds above
	Field   string // the form field it is about, or empty
	Message string // a whole sentence that says what to do
}

// Error returns the sentence.
func (r *Refusal) Error() string { return r.Message }

// Unwrap returns the kind, for errors.Is.
func (r *Refusal) Unwrap() error { return r.Kind }

func refuse(kind error, format string, args ...any) *Refusal {
	return &Refusal{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

func refuseField(field, format string, args ...any) *Refusal {
	return &Refusal{Kind: ErrInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}
