package web_test

import (
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"caseline/internal/web"
)

func TestAssets(t *testing.T) {
	files := fstest.MapFS{
		"css/a.css": {Data: []byte("a{}")}, "css/b.css": {Data: []byte("b{}")},
		"js/app.js": {Data: []byte("import './x.js'")},
	}
	assets := web.NewAssets("/static/", files, map[string][]string{"app.css": {"css/b.css", "css/a.css"}}, nil)
	url, err := assets.URL("app.css")
	if err != nil {
		t.Fatal(err)
	}
	kit := web.NewKit(slog.New(slog.DiscardHandler), nil)
	get := func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		kit.Handle(assets.Serve).ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		return rec
	}
	rec := get(url)
	if got := rec.Body.String(); got != "b{}a{}" {
		t.Errorf("got bundle %q, want the parts in order", got)
	}
	if got := rec.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("got %q, want immutable", got)
	}
	if got := rec.Header().Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("got type %q", got)
	}
	old := get("/static/0123456789abcdef/js/app.js")
	if old.Code != 200 || old.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("an earlier release's address: got %d %q, want 200 no-cache", old.Code, old.Header().Get("Cache-Control"))
	}
	for _, missing := range []string{"/static/x/none.js", "/static/", "/static/app.css", "/static/x/../kit.go"} {
		if rec := get(missing); rec.Code != 404 {
			t.Errorf("%s: got %d, want 404", missing, rec.Code)
		}
	}
	if _, err := assets.URL("none.css"); err == nil {
		t.Error("an address for a file that is not there")
	}

	files["js/app.js"] = &fstest.MapFile{Data: []byte("import './y.js'")}
	changed := web.NewAssets("/static/", files, map[string][]string{"app.css": {"css/b.css", "css/a.css"}}, nil)
	if again, _ := changed.URL("app.css"); again == url {
		t.Error("the address stayed although a file changed")
	}
}

func TestAssetsAreReadWhenTheyAreAskedFor(t *testing.T) {
	made := 0
	assets := web.NewAssets("/static/", fstest.MapFS{}, nil, func() (map[string][]byte, error) {
		made++
		return map[string][]byte{"app.js": []byte("run()")}, nil
	})
	if made != 0 {
		t.Errorf("made %d times before anybody asked, want none", made)
	}
	for range 2 {
		if _, err := assets.URL("app.js"); err != nil {
			t.Fatal(err)
		}
	}
	if made != 1 {
		t.Errorf("made %d times, want once", made)
	}
}

func TestAssetsThatCannotBeReadHaveNoAddress(t *testing.T) {
	broken := errors.New("broken")
	assets := web.NewAssets("/static/", fstest.MapFS{"a.css": {}}, nil, func() (map[string][]byte, error) { return nil, broken })
	if url, err := assets.URL("a.css"); !errors.Is(err, broken) {
		t.Errorf("got %q, %v, want what is wrong", url, err)
	}
	rec := httptest.NewRecorder()
	web.NewKit(slog.New(slog.DiscardHandler), nil).Handle(assets.Serve).ServeHTTP(rec, httptest.NewRequest("GET", "/static/x/a.css", nil))
	if rec.Code != 500 {
		t.Errorf("got %d, want 500", rec.Code)
	}
}
