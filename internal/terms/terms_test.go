package terms

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		text string
		want string // with spaces between
	}{
		{"", ""},
		{"The build is STUCK.", "the build is stuck"},
		{"error_code=0x1F; see foo/bar-baz@qux.io", "error code 0x1f see foo bar baz qux io"},
		{"Crème brûlée, Ångström, Straße, İstanbul, Łódź, Ærø", "creme brulee angstrom strasse istanbul lodz aero"},
		{"Cre\u0300me", "creme"},
		{"Ελλάς ΕΛΛΆΣ", "ελλασ ελλασ"},
		{"Привет Ёлка", "привет елка"},
		{"ﬁle №5 x²", "file 5 x2"},
		{"ｆｕｌｌ　ｗｉｄｔｈ", "full width"},
		{"東京都", "東 京 都"},
		{"ログv2を", "ロ グ v2 を"},
		{"ข้อ", "ข้ อ"},
		{"한국어 text", "한국어 text"},
		{"don’t `rm -rf`", "don t rm rf"},
		{"a\x00b\xffc", "a b c"},
		{"🦉 owl", "owl"},
		{"שָׁלוֹם", "שלום"},
	} {
		got := strings.Join(Words(tt.text), " ")
		if want := written(tt.want); got != want {
			t.Errorf("%q: got %q, want %q", tt.text, got, want)
		}
		if joined := Joined(tt.text); joined != got {
			t.Errorf("%q joined: got %q, want %q", tt.text, joined, got)
		}
	}
}

// written has what a person can read in a table as Words says it.
func written(s string) string {
	var words []string
	for _, w := range strings.Fields(s) {
		words = append(words, strings.Join(Words(w), ""))
	}
	return strings.Join(words, " ")
}

func TestLongTextsAreBounded(t *testing.T) {
	long := strings.Repeat("é", 500)
	if got := Words(long); len(got) != 1 || len(got[0]) != maxWord {
		t.Errorf("one long word: got %d words, the first of %d bytes", len(got), len(got[0]))
	}
	if got := len(Words(strings.Repeat("a ", MaxWords+10))); got != MaxWords {
		t.Errorf("many words: got %d, want %d", got, MaxWords)
	}
}

func TestParse(t *testing.T) {
	w := func(words ...string) Item { return Item{Words: words} }
	begin := func(words ...string) Item { return Item{Words: words, Prefix: true} }
	all := func(items ...Item) Query { return Query{All: items} }
	open := func(items ...Item) Query { return Query{All: items, Open: true} }
	for _, tt := range []struct {
		typed string
		want  Query
	}{
		{"", Query{}},
		{" !!! \"\" - -", Query{}},
		{"build", open(w("build"))},
		{"build ", open(w("build"))},
		{"ok", all(w("ok"))},
		{"the build", open(w("the"), w("build"))},
		{`"the build"`, all(w("the", "build"))},
		{`“the build” again`, open(w("the", "build"), w("again"))},
		{`stuck "the bui`, open(w("stuck"), w("the", "bui"))},
		{`build -stuck`, Query{All: []Item{w("build")}, None: []Item{w("stuck")}}},
		{`build -"is stuck" -time*`, Query{All: []Item{w("build")}, None: []Item{w("is", "stuck"), begin("time")}}},
		{"conn* failed", open(begin("conn"), w("failed"))},
		{"failed conn*", all(w("failed"), begin("conn"))},
		{"a* b", all(w("a"), w("b"))},
		{"error_code", open(w("error", "code"))},
		{"10.0.0.1", all(w("10", "0", "0", "1"))},
		{"-only", Query{None: []Item{w("only")}}},
		{`x" OR 1=1 --`, all(w("x"), w("or", "1", "1"))},
		{`build)`, open(w("build"))},
		{`NEAR(a b)`, all(w("near", "a"), w("b"))},
		{"東京", all(w("東", "京"))},
	} {
		if diff := cmp.Diff(tt.want, Parse(tt.typed)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.typed, diff)
		}
	}
}

func marked(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Found {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("nothing of note here ", 20) + "but the Crème was\n\nstuck in the builder " + strings.Repeat("and more of it ", 20)
	for _, tt := range []struct {
		typed, text string
		n           int
		want        string
	}{
		{"build*", "The build, the builder and the Building.", 80, "The [build], the [builder] and the [Building]."},
		{"build", "The build, the builder and the Building.", 80, "The [build], the builder and the Building."},
		{"the buil", "The build, the builder.", 80, "[The] [build], [the] [builder]."},
		{`"the build"`, "The build, the builder.", 80, "[The build], the builder."},
		{"stuck creme", long, 60, "… here but the [Crème] was [stuck] in the builder and more of it …"},
		{"none", "Some text that has it not.", 12, "Some text …"},
		{"京", "東京都", 10, "東[京]都"},
	} {
		if got := marked(Parse(tt.typed).Excerpt(tt.text, tt.n)); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.typed, got, tt.want)
		}
	}
}

func TestScore(t *testing.T) {
	q := Parse("gateway timeout").Opened()
	better := []string{
		"gateway timeout gateway timeout",
		"gateway timeout",
		"gateway timeouts",
		"the gateway said " + strings.Repeat("this and that ", 60) + "timeout",
		"gateway",
	}
	for i := 1; i < len(better); i++ {
		if a, b := q.Score(better[i-1]), q.Score(better[i]); a <= b {
			t.Errorf("%.30q scores %.2f, not above %.30q with %.2f", better[i-1], a, better[i], b)
		}
	}
	if got := q.Score("something else"); got != 0 {
		t.Errorf("something else scores %v", got)
	}
}

func clean(word string) bool {
	return word != "" && len(word) <= maxWord && utf8.ValidString(word) &&
		!strings.ContainsFunc(word, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"build", `"a b" -c d*`, `") OR words:*`, "'; DROP TABLE", "東京 \"ログ", "\xff\x00-\"", "İ ﷺ ﬃ"} {
		f.Add(s, "The build is stuck: "+s)
	}
	f.Fuzz(func(t *testing.T, typed, text string) {
		q := Parse(typed).Opened()
		if len(q.All)+len(q.None) > maxItems {
			t.Errorf("%d items", len(q.All)+len(q.None))
		}
		for _, item := range slices.Concat(q.All, q.None) {
			if len(item.Words) == 0 || !slices.ContainsFunc(item.Words, clean) || slices.ContainsFunc(item.Words, func(w string) bool { return !clean(w) }) {
				t.Errorf("item %q", item.Words)
			}
		}
		if got := strings.Fields(Joined(text)); !slices.Equal(got, Words(text)) {
			t.Errorf("joined words are cut apart otherwise: %q", got)
		}
		for _, p := range q.Excerpt(text, 80) {
			if !utf8.ValidString(p.Text) || strings.ContainsAny(p.Text, "\n\r") {
				t.Errorf("piece %q", p.Text)
			}
		}
		if score := q.Score(text); score > 0 && q.Empty() {
			t.Errorf("nothing looked for scores %v", score)
		}
	})
}
