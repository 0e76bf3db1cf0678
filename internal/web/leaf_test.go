package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http/httptest"
	"strings"
	"testing"

	"caseline/internal/web"
)

// A leaf's own style is the only thing that its policy lets in.
func TestALeafAllowsItsStyleAndNothingElse(t *testing.T) {
	for _, forms := range []bool{false, true} {
		w := httptest.NewRecorder()
		if err := web.NewLeaf("<p>{{.Text}}</p>", forms).Show(w, 404, struct{ Title, Text string }{"Gone", "<script>"}); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(w.Body.String(), "<style>")
		style, main, _ := strings.Cut(rest, "</style>")
		sum := sha256.Sum256([]byte(style))
		policy := w.Header().Get("Content-Security-Policy")
		if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(policy, want) {
			t.Errorf("the style is not let in: got %q, want %q", policy, want)
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "form-action 'self'") != forms {
			t.Errorf("forms %v: got %q", forms, policy)
		}
		if w.Code != 404 || !strings.Contains(main, "<h1>Gone</h1>") || !strings.Contains(main, "<p>&lt;script&gt;</p>") {
			t.Errorf("got %d, %s", w.Code, main)
		}
	}
}
