package pack

import (
	"testing"

	"pgregory.net/rapid"
)

type row struct {
	name, text string
	at, count  int64
	hidden     bool
}

func (r *row) fields() []any { return []any{&r.name, &r.at, &r.hidden, &r.text, &r.count} }

func TestAPackedRowReadsAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := row{
			name: rapid.String().Draw(t, "name"), text: rapid.String().Draw(t, "text"),
			at: rapid.Int64().Draw(t, "at"), count: rapid.Int64().Draw(t, "count"), hidden: rapid.Bool().Draw(t, "hidden"),
		}
		var got row
		p := Pack(want.fields())
		if err := p.Scan(got.fields()...); err != nil || got != want {
			t.Fatalf("got %+v, %v, want %+v", got, err, want)
		}
		if err := p[:len(p)-1].Scan(got.fields()...); err == nil {
			t.Fatal("a row that lacks its end was read")
		}
	})
}
