package app

import (
	"testing"
	"time"

	"caseline/internal/console/work"
	"caseline/internal/slack/socket"
	"caseline/internal/slack/wire"
)

func TestSocketModeSwitchedOffIsNotMissedWhereSlackSendsRequests(t *testing.T) {
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	off := socket.Status{Since: since, Reason: wire.ReasonDisabled}
	lost := socket.Status{Since: since, Next: since.Add(time.Minute)}
	for _, tt := range []struct {
		about  string
		status socket.Status
		byHTTP bool
		want   work.Socket
	}{
		{"all is well", socket.Status{Connected: 2}, false, work.Socket{}},
		{"switched off", off, false, work.Socket{Since: since, Off: true, Reason: wire.ReasonDisabled}},
		{"switched off, and requests come", off, true, work.Socket{}},
		{"no connection", lost, false, work.Socket{Since: since, Next: lost.Next}},
		{"no connection, though requests could come", lost, true, work.Socket{Since: since, Next: lost.Next}},
	} {
		if got := hearing(tt.status, tt.byHTTP); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.about, got, tt.want)
		}
	}
}
