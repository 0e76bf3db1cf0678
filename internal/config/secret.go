package config

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
)

// redacted is what a Secret prints.
const redacted = "redacted"

// A Secret is a value that must not be seen. Every way of printing or
// marshalling it gives "redacted", or nothing when there is no value. The zero
// Secret has none.
//
// In the configuration a secret is written as itself, as file:PATH for the
// content of a file, or as env:NAME for a variable of the environment.
type Secret struct {
	// A pointer, because fmt walks into unexported fields without asking their
	// methods: it finds an address there.
	value *string
}

// NewSecret returns a Secret with the value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal returns the value. The name is meant to stand out where it is used.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsSet reports whether there is a value.
func (s Secret) IsSet() bool { return s.value != nil }

// Equal reports whether both have the same value, in a time that does not
// depend on it.
func (s Secret) Equal(t Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(t.Reveal())) == 1
}

// String returns "redacted", or nothing when there is no value.
func (s Secret) String() string {
	if !s.IsSet() {
		return ""
	}
	return redacted
}

// Format prints as String does, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, s.String()) }

// GoString returns what String does.
func (s Secret) GoString() string { return s.String() }

// LogValue logs what String returns.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText gives what String does; JSON uses it too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalYAML gives what String does.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }
