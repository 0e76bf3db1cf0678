//go:build !linux

package commit

import (
	"errors"
	"os"
)

// writeRange is for Linux alone.
func writeRange(*os.File, int64, int64) error { return errors.ErrUnsupported }
