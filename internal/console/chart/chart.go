package chart

import (
	"fmt"
	"math"
	"strings"
)

// A Chart is drawn into a square of Wide by Tall, which is stretched.
type Chart struct {
	ID     string // in the page
	Title  string
	Note   string // what the numbers mean
	Says   string // what there is to see, in a sentence
	File   string // address of the numbers as CSV; empty for none
	Top    string // what stands at the top of the axis, in its middle and at its end
	Middle string
	Bottom string
	Ticks  []string // along the time, at equal distances
	Keys   []Key
	Bars   []Bar
	Lines  []Line
	Hovers []Bar // over each part, to say what is there
	Head   []string
	Rows   [][]string // the table: each with what its first column says
	Empty  bool       // there is nothing to see
}

// Wide and Tall are the room that shapes are laid out in.
const (
	Wide = 1000
	Tall = 100
)

// A Key says which colour is what.
type Key struct{ Class, Name string }

// A Bar is a rectangle.
type Bar struct {
	X, Y, W, H float64
	Class      string
	Title      string
}

// A Line goes through points. Dots are those that stand alone, without one before or
// after them to be joined to; a line would hardly show them.
type Line struct{ Class, Path, Dots string }

// A Series is numbers over time.
type Series struct {
	Class  string
	Name   string
	Values []float64 // NaN for none
}

// None is where there is no number.
func None() float64 { return math.NaN() }

// A Plan is what a chart is made of.
type Plan struct {
	ID, Title, Note, Says, File string
	When                        string   // what the first column of the table is called
	Labels                      []string // of the parts
	Series                      []Series
	Spell                       func(float64) string // a number as people read it
	Whole                       bool                 // numbers have no fractions
	Most                        float64              // the end of the axis; 0 for what fits
	Ends                        []float64            // where it can end; empty for numbers that are round
	Line                        bool                 // lines, and not bars
}

// Lay lays out a chart.
func Lay(p Plan) Chart {
	c := Chart{ID: p.ID, Title: p.Title, Note: p.Note, Says: p.Says, File: p.File, Empty: true}
	top := p.Most
	for _, s := range p.Series {
		c.Keys = append(c.Keys, Key{s.Class, s.Name})
		for _, v := range s.Values {
			if math.IsNaN(v) {
				continue
			}
			c.Empty = c.Empty && v == 0
			if p.Most == 0 {
				top = max(top, v)
			}
		}
	}
	if p.Most == 0 {
		top = end(top, p)
	}
	c.Top, c.Middle, c.Bottom = p.Spell(top), p.Spell(top/2), p.Spell(0)
	if p.Line {
		c.lines(p, top)
	} else {
		c.bars(p, top)
	}
	c.table(p)
	c.Ticks = ticks(p.Labels)
	return c
}

// end is where the axis ends that a number is to fit on.
func end(top float64, p Plan) float64 {
	for _, e := range p.Ends {
		if e >= top {
			return e
		}
	}
	return round(top, p.Whole)
}

// round is the next larger number that an axis ends at well.
func round(top float64, whole bool) float64 {
	if top <= 0 {
		top = 1
	}
	if whole {
		top = math.Max(top, 2)
	}
	unit := math.Pow(10, math.Floor(math.Log10(top)))
	for _, m := range []float64{1, 2, 4, 5, 6, 8, 10} {
		if end := m * unit; end >= top && (!whole || math.Mod(end, 2) == 0) {
			return end
		}
	}
	return 10 * unit
}

// bars stand beside each other in each part.
func (c *Chart) bars(p Plan, top float64) {
	part := Wide / float64(max(len(p.Labels), 1))
	gap := part * 0.2
	each := (part - gap) / float64(max(len(p.Series), 1))
	for i := range p.Labels {
		for j, s := range p.Series {
			v := s.Values[i]
			if math.IsNaN(v) || v == 0 {
				continue
			}
			h := Tall * v / top
			c.Bars = append(c.Bars, Bar{X: cut(part*float64(i) + gap/2 + each*float64(j)), Y: cut(Tall - h), W: cut(each * 0.94), H: cut(h), Class: s.Class})
		}
	}
}

// lines go from the middle of each part to that of the next.
func (c *Chart) lines(p Plan, top float64) {
	part := Wide / float64(max(len(p.Labels), 1))
	for _, s := range p.Series {
		var path, dots strings.Builder
		none := func(i int) bool { return i < 0 || i >= len(s.Values) || math.IsNaN(s.Values[i]) }
		for i, v := range s.Values {
			x, y := cut(part*(float64(i)+0.5)), cut(Tall-Tall*min(v, top)/top)
			switch {
			case none(i):
			case none(i-1) && none(i+1):
				fmt.Fprintf(&dots, "M%v %vh.01", x, y) // what is drawn by round ends is round however it is stretched
			case none(i - 1):
				fmt.Fprintf(&path, "M%v %v", x, y)
			default:
				fmt.Fprintf(&path, "L%v %v", x, y)
			}
		}
		c.Lines = append(c.Lines, Line{s.Class, path.String(), dots.String()})
	}
}

func (c *Chart) table(p Plan) {
	part := Wide / float64(max(len(p.Labels), 1))
	c.Head = []string{p.When}
	for _, s := range p.Series {
		c.Head = append(c.Head, s.Name)
	}
	for i, label := range p.Labels {
		row, says := []string{label}, []string{}
		for _, s := range p.Series {
			v := s.Values[i]
			if math.IsNaN(v) {
				row = append(row, "–")
				continue
			}
			row = append(row, p.Spell(v))
			says = append(says, s.Name+": "+p.Spell(v))
		}
		c.Rows = append(c.Rows, row)
		c.Hovers = append(c.Hovers, Bar{X: cut(part * float64(i)), W: cut(part), H: Tall, Title: strings.Join(append([]string{label}, says...), "\n")})
	}
}

// maxTicks is how many labels stand along the time.
const maxTicks = 5

// ticks are some of the labels, at equal distances.
func ticks(labels []string) []string {
	if len(labels) <= maxTicks {
		return labels
	}
	var some []string
	for i := range maxTicks {
		some = append(some, labels[i*(len(labels)-1)/(maxTicks-1)])
	}
	return some
}

func cut(v float64) float64 { return math.Round(v*100) / 100 }
