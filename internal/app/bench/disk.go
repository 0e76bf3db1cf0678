package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// disk is what the disk did between the runs, in blocks per second.
type disk struct{ alone, grouped []float64 }

func (d *disk) measure(dir string, each time.Duration) error {
	alone, err := diskRate(dir, 1, each)
	if err != nil {
		return err
	}
	grouped, err := diskRate(dir, 64, each)
	d.alone, d.grouped = append(d.alone, alone), append(d.grouped, grouped)
	return err
}

// diskRate appends blocks of 512 bytes to a file in dir, flushing after every
// group of them, for about the given time, and returns blocks per second.
func diskRate(dir string, group int, d time.Duration) (float64, error) {
	f, err := os.Create(filepath.Join(dir, "append"))
	if err != nil {
		return 0, fmt.Errorf("measure the disk: %w", err)
	}
	defer f.Close()
	block := make([]byte, 512*group)
	n, start := 0, time.Now()
	for time.Since(start) < d {
		if _, err := f.Write(block); err != nil {
			return 0, fmt.Errorf("measure the disk: %w", err)
		}
		if err := flush(f); err != nil {
			return 0, fmt.Errorf("measure the disk: %w", err)
		}
		n += group
	}
	return float64(n) / time.Since(start).Seconds(), nil
}
