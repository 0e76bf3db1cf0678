package served

import (
	"fmt"

	"caseline/internal/desk"
)

func refuse(kind error, format string, args ...any) *desk.Refusal {
	return &desk.Refusal{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

func refuseField(field, format string, args ...any) *desk.Refusal {
	return &desk.Refusal{Kind: desk.ErrInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}
