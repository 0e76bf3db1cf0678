package doctor

import (
	"errors"
	"os"
	"path/filepath"

	"caseline/internal/config"
)

// littleRoom is how much of the disk should be free.
const littleRoom = 1 << 30

// Disk says whether the data folder can be written to, and how much room there
// is.
func (d *Doctor) Disk() {
	folder, there := d.cfg.DataDir, true
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	for {
		info, err := os.Stat(folder)
		if err == nil && !info.IsDir() {
			d.say("data folder", Wrong, "%s is no folder: move it away, or set data_dir to another.", folder)
			return
		}
		if err == nil {
			break
		}
		parent := filepath.Dir(folder)
		if !errors.Is(err, os.ErrNotExist) || parent == folder {
			d.say("data folder", Wrong, "The data folder %s cannot be reached (%v): check the path and who may go there.", d.cfg.DataDir, err)
			return
		}
		folder, there = parent, false
	}
	if err := writable(folder); err != nil {
		d.say("data folder", Wrong, "%s cannot be written to (%v): give it to the user who runs Caseline, and see that the disk is not full or read-only.", folder, err)
		return
	}
	if there {
		d.say("data folder", OK, "The data folder %s can be written to.", folder)
	} else {
		d.say("data folder", OK, "The data folder %s is made at the first start.", d.cfg.DataDir)
	}
	switch room, known := d.opt.Free(folder); {
	case !known:
		d.say("disk", Skipped, "How much room the disk of %s has cannot be told on this system.", folder)
	case room < littleRoom:
		d.say("disk", Warning, "Only %s are free on the disk of %s: make room, or move data_dir, before it is full.", config.Bytes(room/(1<<20)<<20), folder)
	default:
		d.say("disk", OK, "%d GiB are free on the disk of %s.", room>>30, folder)
	}
}

// writable makes a file in a folder and takes it away again.
func writable(folder string) error {
	f, err := os.CreateTemp(folder, ".caseline-doctor-*")
	if err != nil {
		if e, ok := errors.AsType[*os.PathError](err); ok {
			err = e.Err // without the name, which nobody knows
		}
		return err
	}
	_, err = f.WriteString("caseline")
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}
