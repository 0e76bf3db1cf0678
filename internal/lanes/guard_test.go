package lanes_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"caseline/internal/lanes"
)

func TestGuard(t *testing.T) {
	if err := lanes.Guard(func() error { return nil }); err != nil {
		t.Errorf("got %v, want nil", err)
	}
	if err := lanes.Guard(func() error { return io.EOF }); err != io.EOF {
		t.Errorf("got %v, want io.EOF itself", err)
	}
	var none []int
	err := lanes.Guard(func() error { return errors.New(string(rune(none[3]))) })
	p, ok := errors.AsType[*lanes.PanicError](err)
	if !ok || !strings.Contains(p.What, "index out of range") || !strings.Contains(p.Stack, "guard_test.go") {
		t.Errorf("got %v, want a PanicError that says index out of range and where", err)
	}
	err = lanes.Guard(func() error { panic("what a person wrote") })
	if got, want := err.Error(), "panic: a value of type string"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
