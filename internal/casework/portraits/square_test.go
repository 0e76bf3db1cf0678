package portraits

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"caseline/internal/desk"
)

// halves is a picture, red on the left and blue on the right of its middle.
func halves(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: 0xff, A: 0xff}
			if x >= w/2 {
				c = color.RGBA{B: 0xff, A: 0xff}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func TestAPictureIsDrawnAnewAsASmallSquare(t *testing.T) {
	tests := []struct {
		name   string
		encode func(*bytes.Buffer, image.Image) error
		w, h   int
		want   int
	}{
		{"png", func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) }, 600, 300, 256},
		{"jpeg", func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) }, 301, 900, 256},
		{"gif", func(b *bytes.Buffer, m image.Image) error { return gif.Encode(b, m, nil) }, 256, 256, 256},
		{"small", func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) }, 40, 60, 40},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var file bytes.Buffer
			if err := tt.encode(&file, halves(tt.w, tt.h)); err != nil {
				t.Fatal(err)
			}
			file.WriteString("<script>where it was taken</script>") // what stands behind a picture
			data, err := Square(file.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			img, kind, err := image.Decode(bytes.NewReader(data))
			if err != nil || kind != "png" || img.Bounds() != image.Rect(0, 0, tt.want, tt.want) {
				t.Fatalf("got %s %v, %v", kind, img.Bounds(), err)
			}
			left, _, _, _ := img.At(tt.want/4, tt.want/2).RGBA()
			_, _, right, _ := img.At(tt.want*3/4, tt.want/2).RGBA()
			if left < 0xf000 || right < 0xf000 {
				t.Errorf("the middle is not what was in the middle: red %x, blue %x", left, right)
			}
			if bytes.Contains(data, []byte("script")) {
				t.Error("more than the picture was kept")
			}
		})
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	encoded := func(w, h int) []byte {
		var file bytes.Buffer
		if err := png.Encode(&file, image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black})); err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	whole := encoded(400, 400)
	for name, data := range map[string][]byte{
		"nothing":             {},
		"a page":              []byte("<html><script>alert(1)</script>"),
		"a drawing with code": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"half a picture":      whole[:len(whole)/2],
		"a dot":               encoded(8, 300),
		"a bomb":              encoded(20_000, 5_000),
		"a large file":        append(encoded(64, 64), make([]byte, MaxFile)...),
	} {
		_, err := Square(data)
		if refusal, ok := errors.AsType[*desk.Refusal](err); !ok || !errors.Is(err, desk.ErrInvalid) || !strings.HasSuffix(refusal.Message, ".") {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
}
