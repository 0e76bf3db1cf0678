package chart

import (
	"strconv"
	"strings"
	"testing"
)

func spell(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func TestBarsStandInTheirPartsAndTheAxisHoldsThem(t *testing.T) {
	c := Lay(Plan{Labels: []string{"Mon", "Tue"}, Series: []Series{{"a", "Opened", []float64{3, 0}}, {"b", "Resolved", []float64{7, None()}}}, Spell: spell, Whole: true, When: "Day"})
	if c.Top != "8" || c.Middle != "4" || c.Bottom != "0" || c.Empty {
		t.Errorf("axis from %s over %s to %s, empty %v", c.Bottom, c.Middle, c.Top, c.Empty)
	}
	if len(c.Bars) != 2 {
		t.Fatalf("got %d bars, want one for each number above nothing", len(c.Bars))
	}
	for _, b := range c.Bars {
		if b.X < 0 || b.X+b.W > Wide/2 || b.Y < 0 || b.Y+b.H != Tall {
			t.Errorf("a bar of Monday is at %+v", b)
		}
	}
	if got := strings.Join(c.Rows[1], " "); got != "Tue 0 –" {
		t.Errorf("Tuesday reads %q", got)
	}
	if got := c.Hovers[0].Title; got != "Mon\nOpened: 3\nResolved: 7" {
		t.Errorf("over Monday it says %q", got)
	}
}

func TestLinesLeaveGaps(t *testing.T) {
	c := Lay(Plan{Line: true, Labels: []string{"1", "2", "3", "4"}, Series: []Series{{"a", "Median", []float64{1, 2, None(), 4}}}, Spell: spell})
	if got := c.Lines[0].Path; strings.Count(got, "M") != 1 || strings.Count(got, "L") != 1 {
		t.Errorf("got %s, want one stroke from the first to the second", got)
	}
	if got := strings.Count(c.Lines[0].Dots, "M"); got != 1 {
		t.Errorf("%d dots in %s, want one for what stands behind the gap", got, c.Lines[0].Dots)
	}
	one := Lay(Plan{Line: true, Labels: []string{"1"}, Series: []Series{{"a", "Median", []float64{3}}}, Spell: spell}).Lines[0]
	if one.Path != "" || !strings.HasPrefix(one.Dots, "M500 ") {
		t.Errorf("the only day is drawn as %+v, want a dot in the middle", one)
	}
	if !Lay(Plan{Labels: []string{"1"}, Series: []Series{{Values: []float64{0}}}, Spell: spell}).Empty {
		t.Error("nothing is not empty")
	}
}
