package send

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read walks through leaves and returns what was read before each, as
// "thread cursor".
func read(w walk, leaves ...leaf) (walk, []string) {
	var order []string
	place, receipt := w.thread, ""
	for _, l := range leaves {
		order = append(order, w.thread+" "+w.cursor)
		receipt = strings.TrimSpace(receipt + " " + l.String())
		w = resume(place, receipt)
	}
	return w, order
}

func TestAChannelIsReadAndThenItsThreads(t *testing.T) {
	w, order := read(resume("", ""),
		leaf{next: "bmV4dDE=", found: findings{slack: 2, onCase: 2, fetched: 1}},
		leaf{threads: []string{"1.000001", "2.000002"}},
		leaf{next: "a b&c", found: findings{slack: 1, onCase: 1}},
		leaf{found: findings{gone: 1}},
		leaf{})
	if diff := cmp.Diff([]string{" ", " bmV4dDE=", "1.000001 ", "1.000001 a b&c", "2.000002 "}, order); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	if want := (findings{slack: 3, onCase: 3, fetched: 1, gone: 1}); !w.done || w.found != want || w.pages != 5 {
		t.Errorf("got %+v, want %+v in five pages and nothing left", w, want)
	}
}

func TestOnlySoFarBackAsAnswersMayBe(t *testing.T) {
	w, _ := read(resume("", ""), leaf{next: "a"}, leaf{next: "b", past: true})
	if w.done || w.cursor != "b" {
		t.Errorf("got %+v, want one more page", w)
	}
	w = w.after(leaf{next: "c", past: true})
	if !w.done {
		t.Errorf("got %+v, want no more", w)
	}
}

func TestAThreadIsReadAlone(t *testing.T) {
	w, order := read(resume("5.000005", ""), leaf{next: "x"}, leaf{})
	if diff := cmp.Diff([]string{"5.000005 ", "5.000005 x"}, order); diff != "" || !w.done {
		t.Errorf("pages (-want +got):\n%s%+v", diff, w)
	}
}

func TestALeafIsOneWordAndReadsBack(t *testing.T) {
	for _, l := range []leaf{
		{},
		{next: "bmV4dF90czoxNTEy==", past: true},
		{next: "with space & =", threads: []string{"1.000001", "2.000002"}, found: findings{1, 2, 3, 4, 5, 6}},
	} {
		word := l.String()
		if strings.ContainsAny(word, " \n\t") || word == "" {
			t.Errorf("%+v is spelt %q, want one word", l, word)
		}
		if diff := cmp.Diff(l, readLeaf(word), cmp.AllowUnexported(leaf{}, findings{})); diff != "" {
			t.Errorf("read back (-want +got):\n%s", diff)
		}
	}
}
