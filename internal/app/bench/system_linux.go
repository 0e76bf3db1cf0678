package bench

import (
	"os"
	"syscall"
)

// endsWithUs has a child end when this process does, however that ends.
func endsWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// flush has the system write a file's data to the disk.
func flush(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
