package wire

import (
	"bytes"
	"encoding/json"
)

// Encode is a value as JSON for Slack: one line in which <, > and & stand as they
// are, so that it is no longer than it need be.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
