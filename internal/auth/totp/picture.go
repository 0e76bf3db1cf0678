package totp

import (
	"fmt"
	"strconv"
	"strings"

	"rsc.io/qr"
)

// A Picture is what a telephone's camera reads: black squares on white, as the
// path of an SVG that is Size squares wide, with the margin that cameras need.
type Picture struct {
	Size int
	Path string
}

// margin is that of the standard, in squares.
const margin = 4

// Draw draws an address.
func Draw(address string) (Picture, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return Picture{}, fmt.Errorf("draw a code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if n := strconv.Itoa(x - from); x > from {
				path.WriteString("M" + strconv.Itoa(from+margin) + " " + strconv.Itoa(y+margin) + "h" + n + "v1h-" + n + "z")
			}
		}
	}
	return Picture{Size: code.Size + 2*margin, Path: path.String()}, nil
}
