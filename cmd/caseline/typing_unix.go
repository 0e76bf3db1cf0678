//go:build linux || darwin

package main

import (
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// hideTyping keeps what is typed in a terminal from being seen until show is
// called. What is no terminal stays as it is.
func hideTyping(f *os.File) (show func()) {
	fd := int(f.Fd())
	was, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return func() {}
	}
	hidden := *was
	hidden.Lflag &^= unix.ECHO
	if unix.IoctlSetTermios(fd, setTermios, &hidden) != nil {
		return func() {}
	}
	return sync.OnceFunc(func() {
		_ = unix.IoctlSetTermios(fd, setTermios, was) // the terminal has gone; then nobody types
	})
}
