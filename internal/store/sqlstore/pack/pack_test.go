package pack

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

type row struct {
	name, word, text string
	at, count        int64
	hidden           bool
}

func (r *row) fields() []any {
	return []any{&r.name, &r.at, &r.hidden, Common(&r.word), &r.text, &r.count}
}

func TestAPackedRowReadsAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var words Words
		words.Pack([]any{Common(new("known"))})
		want := row{
			name: rapid.String().Draw(t, "name"), text: rapid.String().Draw(t, "text"),
			word: rapid.OneOf(rapid.Just("known"), rapid.String()).Draw(t, "word"),
			at:   rapid.Int64().Draw(t, "at"), count: rapid.Int64().Draw(t, "count"), hidden: rapid.Bool().Draw(t, "hidden"),
		}
		var got row
		p := words.Pack(want.fields())
		if err := words.Scan(p, got.fields()...); err != nil || got != want {
			t.Fatalf("got %+v, %v, want %+v", got, err, want)
		}
		if err := words.Scan(p[:len(p)-1], got.fields()...); err == nil {
			t.Fatal("a row that lacks its end was read")
		}
	})
}

// What rows have in common is kept once, and no more of it than there is room for.
func TestWordsAreKeptOnce(t *testing.T) {
	var words Words
	packed := func(word string) Row { return words.Pack([]any{Common(&word)}) }
	for i := range maxWords {
		packed(fmt.Sprint("word ", i))
	}
	late := strings.Repeat("late ", 10)
	for _, word := range []string{"word 0", "word 4095", late, ""} {
		var got string
		row := packed(word)
		if err := words.Scan(row, &got); err != nil || got != word {
			t.Errorf("%q reads as %q: %v", word, got, err)
		}
		if word != late && len(row) > 2 {
			t.Errorf("%q takes %d bytes", word, len(row))
		}
	}
	if len(words.words) != maxWords || len(words.numbers) != maxWords {
		t.Errorf("%d and %d words are kept, want %d", len(words.words), len(words.numbers), maxWords)
	}
	row := packed("word 7")
	words.Forget()
	if err := words.Scan(row, new(string)); err == nil {
		t.Error("a forgotten word is read")
	}
	if row = packed(late); len(row) > 2 {
		t.Errorf("there is no room for a word: it takes %d bytes", len(row))
	}
}
