package console_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"caseline/internal/desk"
)

func TestAnAgentChoosesTheirPicture(t *testing.T) {
	h, c, jane := chat(t)
	h.agent("omar@example.com", "Omar", desk.RoleAgent)
	who, err := h.store.AgentByEmail(t.Context(), "jane@example.com")
	if err != nil {
		t.Fatal(err)
	}
	h.reply(c, who, "looking now")
	at := "/agents/" + string(who.ID) + "/picture"
	if page := jane.get("/cases/" + string(c.Number)).body; !strings.Contains(page, `<img src="`+at+`"`) {
		t.Error("the page shows no picture beside the agent's words")
	}
	none := jane.get(at)
	if img, err := png.Decode(strings.NewReader(none.body)); err != nil || img.Bounds().Dx() != 1 {
		t.Fatalf("without a picture: got %d, %v; want a clear one", none.status, err)
	} else if _, _, _, a := img.At(0, 0).RGBA(); a != 0 {
		t.Error("the picture of who has none hides their initials")
	}
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
		t.Fatal(err)
	}
	if got := jane.form("/me/picture", []formPart{{"picture", "me.svg", "<svg/>"}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "This is no picture that can be read.") {
		t.Errorf("a drawing with code: got %d", got.status)
	}
	if got := jane.form("/me/picture", []formPart{{"other", "", "x"}}); !strings.Contains(got.body, "Choose a picture.") {
		t.Errorf("without a file: got %d", got.status)
	}
	if got := jane.form("/me/picture", []formPart{{"picture", "me.png", file.String()}}); got.status != http.StatusOK || got.path != "/me" || !strings.Contains(got.body, "Take it away") {
		t.Fatalf("got %d at %s", got.status, got.path)
	}
	chosen := h.signedIn("omar@example.com").get(at)
	if img, err := png.Decode(strings.NewReader(chosen.body)); err != nil || img.Bounds().Dx() != 256 {
		t.Errorf("a colleague sees %d %v", chosen.status, err)
	}
	if again := jane.get(at, "If-None-Match", chosen.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("asked again: got %d", again.status)
	}
	token, err := h.store.PortraitToken(t.Context(), who.ID)
	if err != nil {
		t.Fatal(err)
	}
	public := h.browser().get("/portraits/" + token + ".png")
	if public.body != chosen.body || public.header.Get("Content-Type") != "image/png" || !strings.Contains(public.header.Get("Cache-Control"), "public") || len(token) < 26 {
		t.Errorf("Slack is answered %d %s, %s", public.status, public.header.Get("Content-Type"), public.header.Get("Cache-Control"))
	}
	for _, path := range []string{at, "/me"} {
		if got := h.browser().get(path); got.path != "/login" {
			t.Errorf("%s is open to anybody", path)
		}
	}
	for _, file := range []string{string(who.ID) + ".png", token, ".png", token[1:] + ".png"} {
		if got := h.browser().get("/portraits/" + file); got.status != http.StatusNotFound {
			t.Errorf("/portraits/%s: got %d", file, got.status)
		}
	}
	jane.post("/me/picture/delete", nil)
	if got := h.browser().get("/portraits/" + token + ".png"); got.status != http.StatusNotFound {
		t.Errorf("a picture that was taken away: got %d", got.status)
	}
}

func TestB6_WhosePictureChangedIsAudited(t *testing.T) {
	o := newOffice(t)
	o.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	jane := o.signedIn("jane@example.com")
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
		t.Fatal(err)
	}
	jane.form("/me/picture/delete", nil) // there is none to take away
	jane.form("/me/picture", []formPart{{"picture", "me.png", file.String()}})
	jane.form("/me/picture/delete", nil)
	var got []string
	for _, line := range auditLines(t, parsePage(t, o.signedIn("olivia@example.com").get("/audit").body)) {
		if strings.Contains(line, "picture") {
			got = append(got, line)
		}
	}
	want := []string{"Jane Doe: Took an agent’s picture away", "Jane Doe: Gave an agent a picture"} // the latest first
	if len(got) != len(want) {
		t.Fatalf("audited %q", got)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) || !strings.Contains(got[i], "jane@example.com") {
			t.Errorf("got %q, want %q and the address", got[i], want[i])
		}
	}
}
