package portraits

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // is read
	_ "image/jpeg"
	"image/png"

	"caseline/internal/desk"
)

const (
	// MaxFile is how large the file of a picture may be, in bytes.
	MaxFile = 4 << 20

	maxPixels = 16 << 20 // what it may unfold to
	minSide   = 32       // of what can be seen
	side      = 256      // of what is kept; Slack and the console show 48 and fewer
)

// Square draws a picture anew, PNG, JPEG or GIF: the square in its middle, as a
// small PNG. What is none, or too large for one, is refused.
func Square(data []byte) ([]byte, error) {
	if len(data) > MaxFile {
		return nil, refuse("The picture is larger than %d MB. Choose a smaller one.", MaxFile>>20)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return nil, refuse("This is no picture that can be read. Choose a PNG, JPEG or GIF.")
	case c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height:
		return nil, refuse("The picture has too many pixels. Choose one of at most 4096 × 4096.")
	case min(c.Width, c.Height) < minSide:
		return nil, refuse("The picture is too small to be seen. Choose one of at least %d × %d pixels.", minSide, minSide)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, refuse("The picture is damaged. Choose another.")
	}
	var out bytes.Buffer
	if err := png.Encode(&out, shrunk(middle(img))); err != nil {
		return nil, fmt.Errorf("draw a picture: %w", err)
	}
	return out.Bytes(), nil
}

func refuse(format string, args ...any) error {
	return &desk.Refusal{Kind: desk.ErrInvalid, Field: "picture", Message: fmt.Sprintf(format, args...)}
}

// middle is the largest square in the middle of a picture.
func middle(img image.Image) *image.RGBA {
	b := img.Bounds()
	n := min(b.Dx(), b.Dy())
	out := image.NewRGBA(image.Rect(0, 0, n, n))
	draw.Draw(out, out.Bounds(), img, b.Min.Add(image.Pt((b.Dx()-n)/2, (b.Dy()-n)/2)), draw.Src)
	return out
}

// shrunk is a square of at most side pixels, each the mean of those that it
// stands for.
func shrunk(img *image.RGBA) image.Image {
	n := img.Bounds().Dx()
	if n <= side {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			out.SetRGBA(x, y, mean(img, image.Rect(x*n/side, y*n/side, (x+1)*n/side, (y+1)*n/side)))
		}
	}
	return out
}

func mean(img *image.RGBA, of image.Rectangle) color.RGBA {
	var sum [4]int
	for y := of.Min.Y; y < of.Max.Y; y++ {
		row := img.Pix[img.PixOffset(of.Min.X, y):img.PixOffset(of.Max.X, y)]
		for i, v := range row {
			sum[i%4] += int(v)
		}
	}
	n := of.Dx() * of.Dy()
	return color.RGBA{R: uint8(sum[0] / n), G: uint8(sum[1] / n), B: uint8(sum[2] / n), A: uint8(sum[3] / n)}
}
