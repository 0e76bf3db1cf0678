package lenient

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// A sample has a field of each kind.
type sample struct {
	Text  string
	Count int64
	Flag  bool
	ID    string
	Name  string
	List  []string
	Raw   json.RawMessage
	Parts []part
	Part  *part
}

type part struct{ Text string }

func readPart(r *Reader, p *part) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		if key == "text" {
			r.Str(&p.Text)
		} else {
			r.Skip()
		}
	}
}

func readSample(r *Reader, s *sample) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "text":
			r.Str(&s.Text)
		case "count":
			r.Num(&s.Count)
		case "flag":
			r.Flag(&s.Flag)
		case "id":
			r.IDOf(&s.ID, func(key string) {
				if key == "name" {
					r.Str(&s.Name)
				} else {
					r.Skip()
				}
			})
		case "list":
			r.Strs(&s.List)
		case "raw":
			r.Raw(&s.Raw)
		case "parts":
			Each(r, &s.Parts, readPart)
		case "part":
			One(r, &s.Part, readPart)
		default:
			r.Skip()
		}
	}
}

// read reads a sample and the paths of its odd parts.
func read(body string) (s sample, odd []string, err error) {
	r := New([]byte(body))
	readSample(r, &s)
	err = r.End()
	for _, o := range r.Odd() {
		odd = append(odd, o.Path+" "+string(o.Raw))
	}
	return s, odd, err
}

func TestRead(t *testing.T) {
	tests := []struct {
		name, body string
		want       sample
		odd        []string
	}{
		{"nothing", `{}`, sample{}, nil},
		{"all", ` { "text" : "a" , "count":5,"flag":true,"id":"U1","list":["a","b"],"raw":[1, 2],"parts":[{"text":"p"}],"part":{"text":"q"}, "new":{"x":[]} } `,
			sample{Text: "a", Count: 5, Flag: true, ID: "U1", List: []string{"a", "b"}, Raw: json.RawMessage(`[1, 2]`), Parts: []part{{"p"}}, Part: &part{"q"}}, nil},
		{"null everywhere", `{"text":null,"count":null,"flag":null,"id":null,"list":null,"raw":null,"parts":null,"part":null}`, sample{}, nil},
		{"numbers as text", `{"count":"5","flag":"true","text":7.50}`, sample{Count: 5, Flag: true, Text: "7.50"}, nil},
		{"empty text for all", `{"count":"","flag":"","id":"","list":""}`, sample{}, nil},
		{"negative, with fraction", `{"count":-5.9}`, sample{Count: -5}, nil},
		{"flags as numbers", `{"flag":1}`, sample{Flag: true}, nil},
		{"an object for an id", `{"id":{"name":"ops","id":"C1","more":[{}]}}`, sample{ID: "C1", Name: "ops"}, nil},
		{"one for a list", `{"list":"a"}`, sample{List: []string{"a"}}, nil},
		{"an escaped key", `{"te\u0078t":"a"}`, sample{Text: "a"}, nil},
		{"the last of two", `{"text":"a","text":"b"}`, sample{Text: "b"}, nil},
		{"wrong kinds", `{"text":{},"count":[],"flag":"no","id":false,"list":{"a":1},"parts":{"text":"p"},"part":"q"}`, sample{},
			[]string{`text {}`, `count []`, `flag "no"`, `id false`, `list {"a":1}`, `parts {"text":"p"}`, `part "q"`}},
		{"wrong numbers", `{"count":1e3,"flag":2}`, sample{}, []string{`count 1e3`, `flag 2`}},
		{"a number too large", `{"count":99999999999999999999}`, sample{}, []string{`count 99999999999999999999`}},
		{"wrong elements", `{"parts":[{"text":"p"},null,3,{"text":[]}],"list":["a",{}]}`,
			sample{Parts: []part{{"p"}, {}}, List: []string{"a", ""}}, []string{`parts[2] 3`, `parts[3].text []`, `list[1] {}`}},
		{"no object at all", `"text"`, sample{}, []string{` "text"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, odd, err := read(tt.body)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.odd, odd); diff != "" {
				t.Errorf("odd parts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestText(t *testing.T) {
	tests := []struct{ name, json, want string }{
		{"plain", `"a b"`, "a b"},
		{"empty", `""`, ""},
		{"escapes", `"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t"},
		{"code point", `"caf\u00e9 \u00E9"`, "café é"},
		{"pair", `"\ud83d\ude00!"`, "😀!"},
		{"lone high half", `"\ud83d!"`, "\uFFFD!"},
		{"lone low half", `"\ude00!"`, "\uFFFD!"},
		{"high half twice", `"\ud83d\ud83d\ude00"`, "\uFFFD😀"},
		{"high half, then another", `"\ud83d\u0041"`, "\uFFFDA"},
		{"NUL", `"a\u0000b"`, "a\uFFFDb"},
		{"bytes that are no UTF-8", "\"a\xff\xfeb\"", "a\uFFFD\uFFFDb"},
		{"the same among escapes", "\"\\ta\xffb\"", "\ta\uFFFDb"},
		{"not ASCII", `"日本語"`, "日本語"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := read(`{"text":` + tt.json + `}`)
			if err != nil {
				t.Fatal(err)
			}
			if got.Text != tt.want {
				t.Errorf("got %q, want %q", got.Text, tt.want)
			}
		})
	}
}

func TestAhead(t *testing.T) {
	r := New([]byte(`{"a":[{}],"type":7,"type":"x","type":"y","text":"still there"}`))
	if got := r.Ahead("type"); got != "x" {
		t.Errorf("got %q, want x", got)
	}
	if got := r.Ahead("nothing"); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
	var s sample
	if readSample(r, &s); r.End() != nil || s.Text != "still there" {
		t.Errorf("got %+v, %v: looking ahead moved", s, r.End())
	}
}

func TestSince(t *testing.T) {
	r := New([]byte(`  {"text":"a"}  `))
	mark := r.Mark()
	r.Skip()
	if got := string(r.Since(mark)); got != `{"text":"a"}` {
		t.Errorf("got %s", got)
	}
}

func TestSyntaxErrorSaysWhere(t *testing.T) {
	_, _, err := read(`{"text":"a" "count":1}`)
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset != 12 || !strings.Contains(err.Error(), "comma") {
		t.Errorf("got %v, want a missing comma at byte 12", err)
	}
}

func TestOddPartsAreBounded(t *testing.T) {
	_, odd, err := read(`{"parts":[` + strings.Repeat("1,", 1000) + `1],"text":"x"}`)
	if err != nil || len(odd) != maxOdd {
		t.Errorf("got %d odd parts, %v; want %d", len(odd), err, maxOdd)
	}
}

func TestDepthIsBounded(t *testing.T) {
	nested := func(n int) string { return `{"x":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}` }
	if _, _, err := read(nested(maxDepth - 1)); err != nil {
		t.Errorf("got %v at the limit", err)
	}
	if _, _, err := read(nested(maxDepth)); err == nil {
		t.Error("got no error over the limit")
	}
}

// What the reader takes is exactly what the standard library calls JSON, and
// every text says what it says there.
func FuzzReader(f *testing.F) {
	f.Add([]byte(`{"text":"\ud83d\ude00\u0000","count":-1.5e+3,"flag":"1","id":{"id":""},"list":[],"parts":[{}]}`))
	f.Add([]byte("{\"text\":\"a\xff\"}"))
	f.Add([]byte(`[1,"\ud800",null]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		r := New(body)
		var s sample
		readSample(r, &s)
		err := r.End()
		var syntax *SyntaxError
		if deep := errors.As(err, &syntax) && syntax.Reason == "nested too deeply"; !deep && (err == nil) != json.Valid(body) {
			t.Fatalf("%q: got %v, want JSON %v", body, err, json.Valid(body))
		}
		if !utf8.ValidString(s.Text) || strings.ContainsRune(s.Text, 0) {
			t.Errorf("got text %q", s.Text)
		}
		if len(s.Raw) > 0 && !json.Valid(s.Raw) {
			t.Errorf("got raw %s", s.Raw)
		}
		if bytes.Count(body, []byte("\"")) == 2 && json.Valid(body) {
			oneText(t, body)
		}
	})
}

// oneText compares a body that is one text, and perhaps space, with what the
// standard library makes of it.
func oneText(t *testing.T, body []byte) {
	t.Helper()
	var want string
	if json.Unmarshal(body, &want) != nil {
		return
	}
	r := New(body)
	r.Peek()
	if got := r.Text(); got != strings.ReplaceAll(want, "\x00", "\uFFFD") {
		t.Errorf("%q: got %q, want %q", body, got, want)
	}
}
