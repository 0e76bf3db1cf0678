package tongue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// asPattern is a form as a regular expression, which says what is meant.
func asPattern(f form) *regexp.Regexp {
	var quoted []string
	for _, piece := range f.pieces {
		quoted = append(quoted, regexp.QuoteMeta(piece))
	}
	return regexp.MustCompile(`(?s)^` + strings.Join(quoted, `(.+?)`) + `$`)
}

func TestAFormIsFoundAsItsPatternFindsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.StringOfN(rapid.SampledFrom([]rune("ab. é\n")), 0, 3, -1)
		f := form{pieces: rapid.SliceOfN(few, 2, 5).Draw(t, "pieces")}
		var said strings.Builder
		for i, piece := range f.pieces {
			if i > 0 {
				said.WriteString(few.Draw(t, "gap"))
			}
			said.WriteString(piece)
		}
		sentence := said.String() + rapid.SampledFrom([]string{"", "a"}).Draw(t, "more")
		var want []string
		if found := asPattern(f).FindStringSubmatch(sentence); found != nil {
			want = found[1:]
		}
		if diff := cmp.Diff(want, f.in(sentence)); diff != "" {
			t.Errorf("the gaps of %q in %q (-want +got):\n%s", f.pieces, sentence, diff)
		}
	})
}

func TestEveryFormOfACatalogueIsFound(t *testing.T) {
	books, err := library()
	if err != nil {
		t.Fatal(err)
	}
	for code, b := range books {
		forms := b.forms()
		if len(forms) < 50 {
			t.Errorf("%s has %d forms", code, len(forms))
		}
		for _, f := range forms {
			want := make([]string, len(f.pieces)-1)
			for i := range want {
				want[i] = fmt.Sprintf("‹%d›", i)
			}
			sentence := f.pieces[0]
			for i, piece := range f.pieces[1:] {
				sentence += want[i] + piece
			}
			if got := f.in(sentence); !slices.Equal(got, want) {
				t.Errorf("%s: %q in %q has %q, want %q", code, f.english, sentence, got, want)
			}
		}
	}
}
