package lanes

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// A PanicError is a panic that [Guard] caught.
type PanicError struct {
	What  string // what is safe to tell of the panic's value
	Stack string
}

// Error returns one line.
func (e *PanicError) Error() string { return "panic: " + e.What }

// Guard calls f and returns its error, or a [PanicError] when it panicked. Of
// the value only what the runtime itself says is kept, else its type: a value
// of somebody's own may hold what a person wrote.
func Guard(f func() error) (err error) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		what := fmt.Sprintf("a value of type %T", v)
		if re, ok := v.(runtime.Error); ok {
			what = re.Error()
		}
		err = &PanicError{What: what, Stack: string(debug.Stack())}
	}()
	return f()
}
