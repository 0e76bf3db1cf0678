package world

import (
	"strconv"
	"strings"

	"caseline/internal/slacksim/entity"
)

// nextTS returns a timestamp that no message has had before, as close to now
// as that allows.
func (w *World) nextTS() string {
	w.stamp.Micros = max(w.clock.Now().UnixMicro(), w.stamp.Micros+1)
	return entity.FormatTS(w.stamp.Micros)
}

// The first id and the distance between two: ids look like Slack's, sort in
// the order in which they were given, and are the same in every run.
const (
	firstID = 36 * 36 * 36 * 36 * 36 * 36 * 36 * 36 * 8
	idStep  = 50_021
)

// newID returns an id that nothing has had before.
func (w *World) newID(prefix string) string {
	w.stamp.Serial++
	return prefix + strings.ToUpper(strconv.FormatInt(firstID+w.stamp.Serial*idStep, 36))
}

// NewID returns an id that nothing has had before.
func (w *World) NewID(prefix string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.newID(prefix)
}

// NextTS returns a timestamp that no message has or will have.
func (w *World) NextTS() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.nextTS()
}
