package kit

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/slacksim/client/markup"
	"caseline/internal/slacksim/client/pagetest"
)

type names struct{}

func (names) Person(id string) (shown, handle string, ok bool) { return "Alice", "alice", id == "U1" }
func (names) Channel(string) (name, page string, ok bool)      { return "", "", false }
func (names) Emoji(string) (picture, address string, ok bool)  { return "", "", false }
func (names) Group(string) (handle string, mine, ok bool)      { return "", false, false }

func (names) Page(string) string { return "" }

func surface() Surface {
	return Surface{
		ID: "x", Text: markup.Writer{Names: names{}, Zone: time.UTC},
		People:   []Option{{"U1", "Alice", "@alice"}, {"U2", "Bob <b>", "@bob"}},
		Channels: []Option{{"C1", "#ops", ""}},
	}
}

func draw(t testing.TB, s Surface, raw string) *pagetest.Node {
	t.Helper()
	k, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var blocks []Object
	if err := json.Unmarshal([]byte(raw), &blocks); err != nil {
		t.Fatal(err)
	}
	html, err := k.Blocks(s, blocks)
	if err != nil {
		t.Fatal(err)
	}
	page, err := pagetest.Parse(string(html))
	if err != nil {
		t.Fatalf("%v\n%s", err, html)
	}
	return page
}

const yes = `{"text":{"type":"plain_text","text":"Yes"},"value":"y"}`
const no = `{"text":{"type":"plain_text","text":"No"},"value":"n"}`

// input wraps an element in an input block with the ids b and a.
func input(element string) string {
	return `[{"type":"input","block_id":"b","label":{"type":"plain_text","text":"Label"},"element":` + strings.Replace(element, "{", `{"action_id":"a",`, 1) + `}]`
}

func TestElements(t *testing.T) {
	for _, tt := range []struct{ name, blocks, selector string }{
		{"section", `[{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"*hi* <@U1>"}}]`, ".bk-section[data-block-id=s] strong"},
		{"fields", `[{"type":"section","fields":[{"type":"plain_text","text":"a"}]}]`, ".bk-fields .words"},
		{"header", `[{"type":"header","text":{"type":"plain_text","text":"H"}}]`, "h3.bk-header"},
		{"divider", `[{"type":"divider"}]`, "hr.bk-divider"},
		{"image", `[{"type":"image","image_url":"http://x.example/a.png","alt_text":"A","title":{"type":"plain_text","text":"T"}}]`, "figure img[alt=A]"},
		{"context", `[{"type":"context","elements":[{"type":"mrkdwn","text":"x"},{"type":"image","image_url":"/a.png","alt_text":"i"}]}]`, ".bk-context img[alt=i]"},
		{"rich text", `[{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":"q"}]}]}]`, ".rich blockquote"},
		{"unknown block", `[{"type":"hologram"}]`, ".bk-unknown"},
		{"unknown element", `[{"type":"actions","elements":[{"type":"lever","action_id":"a"}]}]`, ".bk-actions .bk-unknown"},
		{"button", `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"a","style":"danger","text":{"type":"plain_text","text":"Go"},"confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"mrkdwn","text":"*x*"}}}]}]`,
			"button.danger[data-press][data-block-id=b][data-action-id=a]"},
		{"confirm", `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go"},"confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"mrkdwn","text":"*x*"}}}]}]`,
			"template[data-confirm] button[value=yes]"},
		{"link button", `[{"type":"actions","elements":[{"type":"button","action_id":"a","url":"https://x.example","text":{"type":"plain_text","text":"Go"}}]}]`, "a.btn[href=https://x.example]"},
		{"overflow", `[{"type":"section","text":{"type":"plain_text","text":"t"},"accessory":{"type":"overflow","action_id":"a","options":[` + yes + `]}}]`, "template[data-items] button[data-value=y][data-action-id=a]"},
		{"select", input(`{"type":"static_select","initial_option":` + yes + `,"options":[` + yes + "," + no + `]}`), "select[name=b/a] option[value=y][selected]"},
		{"groups", input(`{"type":"static_select","option_groups":[{"label":{"type":"plain_text","text":"G"},"options":[` + no + `]}]}`), "optgroup[label=G] option[value=n]"},
		{"multi select", input(`{"type":"multi_static_select","initial_options":[` + no + `],"options":[` + yes + "," + no + `]}`), "[data-picker][data-multi] .chip[data-value=n] input[type=hidden][value=n]"},
		{"people", input(`{"type":"multi_users_select","initial_users":["U2"]}`), "[data-element=multi_users_select] .chip[data-value=U2]"},
		{"person", input(`{"type":"users_select"}`), "[role=listbox] [role=option][data-value=U1]"},
		{"channel", input(`{"type":"conversations_select"}`), "[role=option][data-value=C1]"},
		{"external", input(`{"type":"external_select","min_query_length":2}`), "[data-picker][data-external][data-min-query=2]"},
		{"radios", input(`{"type":"radio_buttons","initial_option":` + no + `,"options":[` + yes + "," + no + `]}`), "[role=radiogroup] input[type=radio][value=n][checked]"},
		{"checkboxes", input(`{"type":"checkboxes","initial_options":[` + yes + `],"options":[` + yes + "," + no + `]}`), "[role=group] input[type=checkbox][value=y][checked]"},
		{"text", input(`{"type":"plain_text_input","max_length":9,"initial_value":"v"}`), "input[type=text][name=b/a][value=v][data-max=9]"},
		{"long text", input(`{"type":"plain_text_input","multiline":true}`), "textarea[name=b/a]"},
		{"date", input(`{"type":"datepicker","initial_date":"2026-01-02"}`), "input[type=date][value=2026-01-02]"},
		{"time", input(`{"type":"timepicker","initial_time":"10:30"}`), "input[type=time][value=10:30]"},
		{"date and time", input(`{"type":"datetimepicker","initial_date_time":1392734382}`), "input[type=datetime-local][value=2014-02-18T14:39]"},
		{"mail", input(`{"type":"email_text_input"}`), "input[type=email]"},
		{"number", input(`{"type":"number_input","is_decimal_allowed":false,"initial_value":"3"}`), "input[value=3]"},
		{"files", input(`{"type":"file_input","filetypes":["png"]}`), "input[type=file][accept=.png]"},
		{"dispatch", `[{"type":"input","block_id":"b","dispatch_action":true,"label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input","action_id":"a","dispatch_action_config":{"trigger_actions_on":["on_character_entered"]}}}]`,
			"input[data-dispatch=type]"},
		{"label", input(`{"type":"plain_text_input"}`), "label.label"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := draw(t, surface(), tt.blocks)
			if len(page.All(tt.selector)) == 0 {
				t.Errorf("%s finds nothing in %q", tt.selector, page.Text())
			}
			checkHarmless(t, page)
		})
	}
}

func TestStateAndErrors(t *testing.T) {
	s := surface()
	s.State = State{"b": {"a": Object{"type": "plain_text_input", "value": "typed"}}}
	s.Errors = map[string]string{"b": "Too short."}
	page := draw(t, s, input(`{"type":"plain_text_input","initial_value":"before"}`))
	if diff := cmp.Diff("typed", page.One("input").Attrs["value"]); diff != "" {
		t.Error(diff)
	}
	field := page.One("input")
	if got := page.One(".field-error"); got.Text() != "Too short." || !strings.Contains(field.Attrs["aria-describedby"], got.Attrs["id"]) {
		t.Errorf("error %q is not the field's: %v", got.Text(), field.Attrs)
	}
	if page.One("label").Attrs["for"] != field.Attrs["id"] || page.One(".has-error").Name == "" {
		t.Errorf("label %v, field %v", page.One("label").Attrs, field.Attrs)
	}
}

// TestIDsStay checks that an element keeps its DOM id when blocks come and go
// around it, so that the page can be laid over.
func TestIDsStay(t *testing.T) {
	one := input(`{"type":"plain_text_input"}`)
	two := strings.Replace(one, "[", `[{"type":"section","text":{"type":"plain_text","text":"new"},"accessory":{"type":"button","action_id":"q","text":{"type":"plain_text","text":"q"}}},`, 1)
	a, b := draw(t, surface(), one).One("input").Attrs["id"], draw(t, surface(), two).One("input").Attrs["id"]
	if a != b || a == "" {
		t.Errorf("the field is %q, then %q", a, b)
	}
}

func FuzzBlocks(f *testing.F) {
	f.Add(`[{"type":"section","text":{"type":"mrkdwn","text":"<javascript:x|y> <script>"},"accessory":{"type":"button","action_id":"\"><script>","url":"javascript:alert(1)","text":{"type":"plain_text","text":"<b>"}}}]`)
	f.Add(input(`{"type":"multi_users_select","initial_users":["\"><img src=x onerror=y>"]}`))
	f.Add(`[{"type":"image","image_url":"javascript:x","alt_text":"\" onload=\"x"},{"type":"actions","elements":[{"type":"overflow","options":[{"text":{"type":"mrkdwn","text":"<"},"value":"'","url":"data:text/html,x"}]}]},5,null]`)
	k, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var blocks []Object
		if json.Unmarshal([]byte(raw), &blocks) != nil {
			t.Skip("no blocks")
		}
		html, err := k.Blocks(surface(), blocks)
		if err != nil {
			t.Fatal(err)
		}
		page, err := pagetest.Parse(strings.NewReplacer("\x00", "", "\ufffd", "").Replace(string(html)))
		if err != nil {
			t.Skip("more than the reader of pages can read")
		}
		checkHarmless(t, page)
	})
}

// checkHarmless fails if something in the page can run or lead astray.
func checkHarmless(t *testing.T, page *pagetest.Node) {
	t.Helper()
	for _, bad := range []string{"script", "iframe", "object", "embed", "style", "link", "meta", "base", "svg"} {
		if len(page.All(bad)) > 0 {
			t.Fatalf("a %s came through", bad)
		}
	}
	var look func(n *pagetest.Node)
	look = func(n *pagetest.Node) {
		for name, value := range n.Attrs {
			low := strings.ToLower(strings.TrimSpace(value))
			if strings.HasPrefix(name, "on") || name == "style" || (name == "href" || name == "src") && strings.Contains(low, "script:") {
				t.Fatalf("%s has %s=%q", n.Name, name, value)
			}
		}
		for _, c := range n.Children {
			look(c)
		}
	}
	look(page)
}
