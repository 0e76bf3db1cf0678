package rich

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// value reads any JSON value into what encoding/json would make of it.
func (s *scanner) value() any {
	switch s.peek() {
	case '{':
		m := map[string]any{}
		s.object(func(key string) { m[key] = s.value() })
		return m
	case '[':
		a := []any{}
		s.array(func() { a = append(a, s.value()) })
		return a
	case '"':
		return s.text()
	}
	start := s.pos
	s.skip()
	var v any
	if err := json.Unmarshal([]byte(s.src[start:s.pos]), &v); err != nil {
		s.fail()
	}
	return v
}

func FuzzScanner(f *testing.F) {
	for _, src := range []string{
		`{"a":[1,-2.5e3,true,false,null,"x"],"b":{"c":""}}`, `[]`, `{}`, ` [ { } , [ ] ] `, `"\u00e9\ud83c\udf89\ud83c\n\"\\\/\b\f\r\t"`,
		`"\ud83c\u0041"`, `"\udf89"`, `[1,]`, `{"a"}`, `{"a":}`, `{,}`, `[`, `"abc`, `"\x"`, `"\u12"`, `nul`, `[[[[`, `{"a":1,"a":2}`, `"` + "\x01" + `"`,
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		s := scanner{src: src}
		got := s.value()
		var want any
		if err := json.Unmarshal([]byte(src), &want); err != nil {
			return // only that it ends, without a panic
		}
		if s.bad {
			t.Fatalf("%q was refused", src)
		}
		if strings.ToValidUTF8(src, "") != src {
			return // encoding/json replaces what is not UTF-8, we do so later
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%q (-encoding/json +scanner):\n%s", src, d)
		}
		if s.peek() != 0 {
			t.Fatalf("%q was not read to its end", src)
		}
	})
}

func TestSkipIsNotRecursive(t *testing.T) {
	deep := strings.Repeat("[", 1_000_000)
	s := scanner{src: deep}
	if s.skip(); !s.bad {
		t.Error("an unclosed array was taken for whole")
	}
	s = scanner{src: deep + strings.Repeat("]", 1_000_000) + "1"}
	if s.skip(); s.bad || s.integer() != 1 {
		t.Error("the value after a deep array was not found")
	}
}

func TestIntegers(t *testing.T) {
	for src, want := range map[string]int{
		"3": 3, `"4"`: 4, "5.0": 5, "-1": -1, "1e2": 100, `"x"`: 0, "null": 0, "1e300": 0, "[]": 0, "1720710212": 1720710212,
	} {
		s := scanner{src: src}
		if got := s.integer(); got != want {
			t.Errorf("integer of %s = %d, want %d", src, got, want)
		}
	}
}
