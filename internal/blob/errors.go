package blob

import (
	"fmt"

	"caseline/internal/desk"
)

// A TooLargeError says that a file is larger than allowed. It is a
// *desk.Refusal, too.
type TooLargeError struct {
	Limit int64 // bytes
}

// Error returns a sentence for the person who sent the file.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("The file is larger than %s. Send a smaller one, or several parts.", inWords(e.Limit))
}

// Unwrap returns the refusal with the same sentence.
func (e *TooLargeError) Unwrap() error {
	return &desk.Refusal{Kind: desk.ErrInvalid, Message: e.Error()}
}

// inWords says a size as people do.
func inWords(bytes int64) string {
	const unit = 1 << 10
	switch {
	case bytes >= unit*unit:
		return fmt.Sprintf("%d MB", bytes/(unit*unit))
	case bytes >= unit:
		return fmt.Sprintf("%d KB", bytes/unit)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
