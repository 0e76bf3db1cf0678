package webapi

import (
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strconv"
	"strings"
)

// serveAvatar draws the picture of a person in their colour.
func serveAvatar(w http.ResponseWriter, r *http.Request) {
	rgb, err := strconv.ParseUint(r.PathValue("color"), 16, 24)
	size, err2 := strconv.Atoi(strings.TrimSuffix(r.PathValue("file"), ".png"))
	if err != nil || err2 != nil || size < 1 || size > 512 {
		http.NotFound(w, r)
		return
	}
	back := color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 0xff}
	img := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{back, color.White})
	for y := range size {
		for x := range size {
			// Head and shoulders, in hundredths of the picture.
			cx, cy := x*100/size-50, 100*y/size
			head := cx*cx+(cy-40)*(cy-40) < 18*18
			body := 9*cx*cx+16*(cy-100)*(cy-100) < 16*33*33
			if head || body {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	// A reader that went away needs no answer.
	_ = png.Encode(w, img)
}
