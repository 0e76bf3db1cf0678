package webapi

import (
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strconv"
	"strings"
)

// emojiList answers with the emoji that people of the workspace made.
func (c *call) emojiList() (answer, error) {
	ws, _ := c.api.world.Workspace(c.in.Workspace)
	all := answer{}
	for name, address := range ws.Emoji {
		all[name] = address
	}
	return answer{"emoji": all, "cache_ts": strconv.FormatInt(c.api.clock.Now().Unix(), 10) + ".000000"}, nil
}

// serveEmoji draws the picture of an emoji, in a colour of its own. Everybody
// may see it, as with Slack's.
func (a *API) serveEmoji(w http.ResponseWriter, r *http.Request) {
	ws, _ := a.world.Workspace(r.PathValue("workspace"))
	name, known := r.PathValue("name"), false
	for _, address := range ws.Emoji { // it keeps its address when it is renamed
		known = known || strings.HasSuffix(address, r.URL.Path)
	}
	if !known {
		http.NotFound(w, r)
		return
	}
	sum := crc32.ChecksumIEEE([]byte(name))
	const size = 32
	img := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{
		color.RGBA{}, color.RGBA{uint8(sum >> 16), uint8(sum >> 8), uint8(sum), 0xff},
	})
	for y := range size {
		for x := range size {
			if dx, dy := 2*x-size, 2*y-size; dx*dx+dy*dy < size*size {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	// A reader that went away needs no answer.
	_ = png.Encode(w, img)
}
