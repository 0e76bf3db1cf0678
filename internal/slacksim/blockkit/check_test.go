package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parse(t *testing.T, s string) []Block {
	t.Helper()
	var out []Block
	if err := json.Unmarshal([]byte(s), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func long(n int) string { return strings.Repeat("x", n) }

func text(kind, s string) string { return fmt.Sprintf(`{"type":%q,"text":%q}`, kind, s) }

// in is a message with one block; actions and input are blocks with one element.
func actions(e string) string { return `[{"type":"actions","elements":[` + e + `]}]` }

func input(e string) string {
	return `[{"type":"input","label":` + text("plain_text", "L") + `,"element":` + e + `}]`
}

func options(n int) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf(`{"text":%s,"value":"%d"}`, text("plain_text", fmt.Sprint("o", i)), i))
	}
	return `[` + strings.Join(out, ",") + `]`
}

func TestCheckMessage(t *testing.T) {
	plain, mrkdwn := "plain_text", "mrkdwn"
	for _, c := range []struct{ name, blocks, pointer string }{
		{"divider", `[{"type":"divider"}]`, ""},
		{"unknown block", `[{"type":"x"}]`, "/blocks/0/type"},
		{"50 blocks", "[" + strings.Repeat(`{"type":"divider"},`, 49) + `{"type":"divider"}]`, ""},
		{"51 blocks", "[" + strings.Repeat(`{"type":"divider"},`, 50) + `{"type":"divider"}]`, "/blocks"},
		{"section", `[{"type":"section","text":` + text(mrkdwn, long(3000)) + `}]`, ""},
		{"section too long", `[{"type":"section","text":` + text(mrkdwn, long(3001)) + `}]`, "/blocks/0/text/text"},
		{"section empty", `[{"type":"section","text":` + text(mrkdwn, "") + `}]`, "/blocks/0/text/text"},
		{"section without text", `[{"type":"section"}]`, "/blocks/0/text"},
		{"section with fields", `[{"type":"section","fields":[` + text(mrkdwn, "a") + `]}]`, ""},
		{"field too long", `[{"type":"section","fields":[` + text(mrkdwn, long(2001)) + `]}]`, "/blocks/0/fields/0/text"},
		{"11 fields", `[{"type":"section","fields":[` + strings.TrimSuffix(strings.Repeat(text(mrkdwn, "a")+",", 11), ",") + `]}]`, "/blocks/0/fields"},
		{"header", `[{"type":"header","text":` + text(plain, long(150)) + `}]`, ""},
		{"header too long", `[{"type":"header","text":` + text(plain, long(151)) + `}]`, "/blocks/0/text/text"},
		{"header in mrkdwn", `[{"type":"header","text":` + text(mrkdwn, "x") + `}]`, "/blocks/0/text/type"},
		{"context", `[{"type":"context","elements":[` + text(mrkdwn, "x") + `]}]`, ""},
		{"context of 11", `[{"type":"context","elements":[` + strings.TrimSuffix(strings.Repeat(text(mrkdwn, "a")+",", 11), ",") + `]}]`, "/blocks/0/elements"},
		{"image", `[{"type":"image","image_url":"https://x.example/a.png","alt_text":"a"}]`, ""},
		{"image without alt", `[{"type":"image","image_url":"https://x.example/a.png"}]`, "/blocks/0"},
		{"same block_id twice", `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, "/blocks/1/block_id"},
		{"block_id too long", `[{"type":"divider","block_id":"` + long(256) + `"}]`, "/blocks/0/block_id"},
		{"button", actions(`{"type":"button","text":` + text(plain, long(75)) + `}`), ""},
		{"button text too long", actions(`{"type":"button","text":` + text(plain, long(76)) + `}`), "/blocks/0/elements/0/text/text"},
		{"button value too long", actions(`{"type":"button","text":` + text(plain, "x") + `,"value":"` + long(2001) + `"}`), "/blocks/0/elements/0/value"},
		{"button style", actions(`{"type":"button","text":` + text(plain, "x") + `,"style":"pink"}`), "/blocks/0/elements/0/style"},
		{"confirm too long", actions(`{"type":"button","text":` + text(plain, "x") + `,"confirm":{"title":` + text(plain, long(101)) + `}}`), "/blocks/0/elements/0/confirm/title/text"},
		{"select of 100", actions(`{"type":"static_select","options":` + options(100) + `}`), ""},
		{"select of 101", actions(`{"type":"static_select","options":` + options(101) + `}`), "/blocks/0/elements/0/options"},
		{"select of none", actions(`{"type":"static_select","options":[]}`), "/blocks/0/elements/0/options"},
		{"placeholder too long", actions(`{"type":"users_select","placeholder":` + text(plain, long(151)) + `}`), "/blocks/0/elements/0/placeholder/text"},
		{"overflow of 6", actions(`{"type":"overflow","options":` + options(6) + `}`), "/blocks/0/elements/0/options"},
		{"radio of 11", actions(`{"type":"radio_buttons","options":` + options(11) + `}`), "/blocks/0/elements/0/options"},
		{"initial option unknown", actions(`{"type":"static_select","options":` + options(1) + `,"initial_option":{"text":` + text(plain, "x") + `,"value":"x"}}`), "/blocks/0/elements/0/initial_option"},
		{"text input in actions", actions(`{"type":"plain_text_input"}`), "/blocks/0/elements/0/type"},
		{"text input", input(`{"type":"plain_text_input","max_length":3000}`), ""},
		{"max_length", input(`{"type":"plain_text_input","max_length":3001}`), "/blocks/0/element/max_length"},
		{"file_input in a message", input(`{"type":"file_input"}`), "/blocks/0/element/type"},
		{"26 elements", actions(strings.TrimSuffix(strings.Repeat(`{"type":"users_select"},`, 26), ",")), "/blocks/0/elements"},
		{"rich text", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}]`, ""},
		{"rich text, unknown part", `[{"type":"rich_text","elements":[{"type":"x"}]}]`, "/blocks/0/elements/0/type"},
		{"rich text, empty text", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":""}]}]}]`, "/blocks/0/elements/0/elements/0/text"},
		{"rich text list of text", `[{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"text","text":"x"}]}]}]`, "/blocks/0/elements/0/elements/0/type"},
		{"markdown too long", `[{"type":"markdown","text":"` + long(12001) + `"}]`, "/blocks/0/text"},
	} {
		got := ""
		if ps := CheckMessage(parse(t, c.blocks)); len(ps) > 0 {
			got = ps[0].Pointer
			if !strings.HasPrefix(ps[0].String(), "[ERROR] ") {
				t.Errorf("%s: %s", c.name, ps[0])
			}
		}
		if got != c.pointer {
			t.Errorf("%s: problem at %q, want %q", c.name, got, c.pointer)
		}
	}
}

func TestParseView(t *testing.T) {
	title := `"title":` + text("plain_text", "T")
	for _, c := range []struct{ name, view, pointer string }{
		{"modal", `{"type":"modal",` + title + `,"blocks":[]}`, ""},
		{"home as modal", `{"type":"home",` + title + `,"blocks":[]}`, "/view/type"},
		{"no title", `{"type":"modal","blocks":[]}`, "/view/title"},
		{"title too long", `{"type":"modal","title":` + text("plain_text", long(25)) + `,"blocks":[]}`, "/view/title/text"},
		{"no blocks", `{"type":"modal",` + title + `}`, "/view"},
		{"input without submit", `{"type":"modal",` + title + `,"blocks":` + input(`{"type":"plain_text_input"}`) + `}`, "/view"},
		{"unknown field", `{"type":"modal",` + title + `,"blocks":[],"x":1}`, "/view"},
		{"private_metadata", `{"type":"modal",` + title + `,"blocks":[],"private_metadata":"` + long(3001) + `"}`, "/view/private_metadata"},
		{"file block", `{"type":"modal",` + title + `,"blocks":[{"type":"file"}]}`, "/view/blocks/0/type"},
		{"no JSON", `x`, "/view"},
	} {
		got := ""
		if _, ps := ParseView([]byte(c.view), "modal"); len(ps) > 0 {
			got = ps[0].Pointer
		}
		if got != c.pointer {
			t.Errorf("%s: problem at %q, want %q", c.name, got, c.pointer)
		}
	}
}

func TestValuesKeepWhatWasPutIn(t *testing.T) {
	blocks := parse(t, `[{"type":"input","block_id":"a","label":{"type":"plain_text","text":"A"},"element":{"type":"plain_text_input","action_id":"v","initial_value":"begin"}},
		{"type":"actions","block_id":"b","elements":[{"type":"checkboxes","action_id":"c","options":[]},{"type":"button","action_id":"d"}]}]`)
	before := map[string]map[string]Block{"a": {"v": {"type": "plain_text_input", "value": "typed"}}, "gone": {"v": {"type": "datepicker"}}}
	want := map[string]map[string]Block{
		"a": {"v": {"type": "plain_text_input", "value": "typed"}},
		"b": {"c": {"type": "checkboxes", "selected_options": []any{}}},
	}
	if diff := cmp.Diff(want, Values(blocks, before)); diff != "" {
		t.Error(diff)
	}
	want["a"]["v"] = Block{"type": "plain_text_input", "value": "begin"}
	if diff := cmp.Diff(want, Values(blocks, nil)); diff != "" {
		t.Error(diff)
	}
}

func TestMissing(t *testing.T) {
	block := func(id, rest, element string) string {
		return fmt.Sprintf(`{"type":"input","block_id":%q,"label":{"type":"plain_text","text":"A"}%s,"element":%s}`, id, rest, element)
	}
	blocks := parse(t, "["+strings.Join([]string{
		block("empty", "", `{"type":"plain_text_input","action_id":"v"}`),
		block("optional", `,"optional":true`, `{"type":"plain_text_input","action_id":"v"}`),
		block("short", "", `{"type":"plain_text_input","action_id":"v","min_length":5,"initial_value":"abc"}`),
		block("long", "", `{"type":"plain_text_input","action_id":"v","max_length":2,"initial_value":"abc"}`),
		block("mail", "", `{"type":"email_text_input","action_id":"v","initial_value":"no"}`),
		block("url", "", `{"type":"url_text_input","action_id":"v","initial_value":"no"}`),
		block("number", "", `{"type":"number_input","is_decimal_allowed":false,"action_id":"v","initial_value":"1.5"}`),
		block("low", "", `{"type":"number_input","is_decimal_allowed":false,"min_value":"3","action_id":"v","initial_value":"2"}`),
		block("fine", "", `{"type":"number_input","is_decimal_allowed":true,"max_value":"3","action_id":"v","initial_value":"2.5"}`),
	}, ",")+"]")
	got := map[string]bool{}
	for id := range Missing(blocks, Values(blocks, nil)) {
		got[id] = true
	}
	want := map[string]bool{"empty": true, "short": true, "long": true, "mail": true, "url": true, "number": true, "low": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(`{"type":"modal","title":{"type":"plain_text","text":"T"},"blocks":[{"type":"input","element":{"type":"static_select"}}]}`)
	f.Add(`{"blocks":[{"type":"rich_text","elements":[{"type":"rich_text_list","elements":[1]}]},{"type":"table","rows":[[]]}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		v, _ := ParseView([]byte(s), "modal")
		blocks := Identified(v.Blocks, func() string { return "id" })
		Values(blocks, nil)
		Missing(blocks, Values(blocks, nil))
		CheckMessage(blocks)
	})
}
