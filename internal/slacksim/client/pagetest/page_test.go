package pagetest

import "testing"

func TestSelectors(t *testing.T) {
	page, err := Parse(`<!doctype html><main id=m><p class="a b" data-x="1">one <b>two</b></p><br><input name="q/v" disabled></main><p>three</p>`)
	if err != nil {
		t.Fatal(err)
	}
	for selector, want := range map[string]int{
		"p": 2, "main p": 1, "p.b[data-x=1]": 1, ".a b": 1, "#m input[disabled]": 1, "[data-x=2]": 0, "input[name=q/v]": 1, "p p": 0,
	} {
		if got := len(page.All(selector)); got != want {
			t.Errorf("%s finds %d, want %d", selector, got, want)
		}
	}
	if got := page.One("p").Text(); got != "one two" {
		t.Errorf("text is %q", got)
	}
}
