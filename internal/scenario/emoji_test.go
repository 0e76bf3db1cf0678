package scenario

import (
	"slices"
	"strings"
	"testing"

	"caseline/internal/desk"
)

func TestCustomEmojiArePictures(t *testing.T) {
	each(t, func(h *house) {
		h.stopApp()
		h.ws.AddEmoji("blobby", "")
		h.ws.AddEmoji("blobster", "blobby")
		h.ws.AddEmoji("yes", "thumbsup")
		h.startApp()
		c := h.asks(h.alice, "Build is stuck").joins()
		m := c.post(h.alice, "it flies :blobby: :blobster: :yes: :nothing:")
		m.React(h.alice, "blobby")
		c.has(desk.KindReaction, 1)
		at := "/emoji/" + h.ws.ID + "/"
		for _, name := range []string{"blobby", "blobster"} {
			c.shows(`<img class="emoji" src="` + at + name + `" alt=":` + name + `:"`)
			picture, err := h.jane.Page(h.ctx, at+name)
			h.must(err)
			if !strings.HasPrefix(picture, "\x89PNG") {
				t.Errorf("%s is no picture: %.20q", name, picture)
			}
		}
		if n := strings.Count(c.page(), at+"blobby"); n < 2 {
			t.Errorf("shown %d times, want it in the text and as a reaction", n)
		}
		c.shows("👍", ":nothing:")
		if page := c.page(); strings.Contains(page, at+"nothing") || strings.Contains(page, "http://127.0.0.1") && strings.Contains(page, "/1.png") {
			t.Error("the page asks for a picture that is none, or elsewhere")
		}
		for _, name := range []string{"nothing", "yes", "..%2f..%2ffiles"} {
			if _, err := h.jane.Page(h.ctx, at+name); err == nil {
				t.Errorf("%s has a picture", name)
			}
		}
		h.ws.AddEmoji("rocket-two", "") // of which Slack tells, as of what follows
		c.post(h.alice, "and :rocket-two:")
		c.shows(at + "rocket-two")
		h.ws.RenameEmoji("rocket-two", "rocket-three")
		h.until("the old name is only a name", func() bool { return !strings.Contains(c.page(), at+"rocket-two") })
		c.post(h.alice, "now :rocket-three:")
		c.shows(at + "rocket-three")
		picture, err := h.jane.Page(h.ctx, at+"rocket-three")
		h.must(err)
		if !strings.HasPrefix(picture, "\x89PNG") {
			t.Errorf("with another name it is no picture: %.20q", picture)
		}
		h.ws.RemoveEmoji("rocket-three")
		h.until("what was taken away is only a name", func() bool { return !strings.Contains(c.page(), at+"rocket-three") })
	})
}

func TestWithoutTheScopeEmojiAreNames(t *testing.T) {
	each(t, func(h *house) {
		h.stopApp()
		h.ws.AddEmoji("blobby", "")
		app := h.manifested()
		app.Scopes = slices.DeleteFunc(app.Scopes, func(s string) bool { return s == "emoji:read" })
		h.ws.Install(app)
		h.startApp()
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "it flies :blobby:")
		c.shows("it flies :blobby:")
	})
}
