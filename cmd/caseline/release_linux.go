package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
)

// release gives back what only starting took: of the heap, and of the program's own
// pages. The system maps 64 KB of the program around each page that is touched, and
// starting touches most of it, once. What is needed again is still in the system's cache.
func release() {
	debug.FreeOSMemory()
	self, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return // then they stay
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(maps)) {
		var from, to uintptr
		var may string
		// Only what nobody can write to is in the file as it is in memory.
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &may); err != nil || strings.Contains(may, "w") || !strings.HasSuffix(line, " "+self+"\n") {
			continue
		}
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED)
	}
}
