package ident_test

import (
	"testing"

	"caseline/internal/desk"
	"caseline/internal/slack/ident"
)

func TestChannelsThatGetOtherIDs(t *testing.T) {
	type ids = desk.ChannelID
	for name, tt := range map[string]struct {
		changes [][2]ids
		now     ids
		first   map[ids]ids
	}{
		"none":         {nil, "G0", map[ids]ids{"G0": "G0", "C1": "C1"}},
		"one":          {[][2]ids{{"G0", "C1"}}, "C1", map[ids]ids{"G0": "G0", "C1": "G0", "C2": "C2"}},
		"told twice":   {[][2]ids{{"G0", "C1"}, {"G0", "C1"}}, "C1", map[ids]ids{"C1": "G0"}},
		"two":          {[][2]ids{{"G0", "C1"}, {"C1", "C2"}}, "C2", map[ids]ids{"G0": "G0", "C1": "G0", "C2": "G0"}},
		"out of order": {[][2]ids{{"C1", "C2"}, {"G0", "C1"}}, "C2", map[ids]ids{"G0": "G0", "C1": "G0", "C2": "G0"}},
		"late again":   {[][2]ids{{"G0", "C1"}, {"C1", "C2"}, {"G0", "C1"}}, "C2", map[ids]ids{"C1": "G0", "C2": "G0"}},
		"and back":     {[][2]ids{{"G0", "C1"}, {"C1", "G0"}}, "G0", map[ids]ids{"G0": "G0", "C1": "G0"}},
		"another":      {[][2]ids{{"G7", "C7"}}, "G0", map[ids]ids{"G0": "G0"}},
		"to itself":    {[][2]ids{{"G0", "G0"}}, "G0", map[ids]ids{"G0": "G0"}},
	} {
		c := ident.NewChannels()
		for _, change := range tt.changes {
			c.Change(change[0], change[1])
		}
		if got := c.Now("G0"); got != tt.now {
			t.Errorf("%s: Slack calls it %s, want %s", name, got, tt.now)
		}
		for id, want := range tt.first {
			if got := c.First(id); got != want {
				t.Errorf("%s: we call %s %s, want %s", name, id, got, want)
			}
		}
	}
	var none *ident.Channels
	if none.First("C1") != "C1" || none.Now("C1") != "C1" {
		t.Error("a nil Channels knows of a change")
	}
}
