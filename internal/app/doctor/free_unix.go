//go:build linux || darwin

package doctor

import "syscall"

// free is how much a user without special rights may still write on the disk of
// a folder.
func free(folder string) (bytes uint64, known bool) {
	var s syscall.Statfs_t
	if syscall.Statfs(folder, &s) != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
