package blockkit

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"
)

// A View is a modal or home tab as apps send it.
type View struct {
	Type            string  `json:"type"`
	Title           Block   `json:"title"`
	Submit          Block   `json:"submit"`
	Close           Block   `json:"close"`
	Blocks          []Block `json:"blocks"`
	PrivateMetadata string  `json:"private_metadata"`
	CallbackID      string  `json:"callback_id"`
	ExternalID      string  `json:"external_id"`
	NotifyOnClose   bool    `json:"notify_on_close"`
	ClearOnClose    bool    `json:"clear_on_close"`
	SubmitDisabled  bool    `json:"submit_disabled"`
}

// MaxView is how long the JSON of a view may be.
const MaxView = 250_000

// viewKeys are the fields a view may have. Slack refuses all others.
var viewKeys = []string{"type", "title", "submit", "close", "blocks", "private_metadata", "callback_id", "external_id", "notify_on_close", "clear_on_close", "submit_disabled"}

// ParseView reads a view of the given type, modal or home, and returns what
// Slack refuses in it.
func ParseView(raw []byte, kind string) (View, []Problem) {
	var v View
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		return v, []Problem{{"must provide an object", "/view"}}
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, []Problem{{"failed to match all allowed schemas", "/view"}}
	}
	on, most := onModal, maxViewBlocks
	if kind == "home" {
		on = onHome
	}
	c := &checker{on: on}
	for k := range all {
		if !slices.Contains(viewKeys, k) {
			c.fail("/view", "invalid additional property: %s", k)
		}
	}
	if v.Type != kind {
		c.fail("/view/type", "must be %s", kind)
	}
	if all["blocks"] == nil {
		c.fail("/view", "missing required field: blocks")
	}
	c.length("/view/private_metadata", v.PrivateMetadata, 3000)
	c.length("/view/callback_id", v.CallbackID, 255)
	c.length("/view/external_id", v.ExternalID, 255)
	if kind == "modal" {
		c.modal(all, v)
	}
	return v, append(c.problems, check(on, "/view/blocks", v.Blocks, most)...)
}

func (c *checker) modal(all map[string]any, v View) {
	c.text("/view", all, "title", "plain_text", 24, true)
	c.text("/view", all, "submit", "plain_text", 24, false)
	c.text("/view", all, "close", "plain_text", 24, false)
	asks := slices.ContainsFunc(v.Blocks, func(b Block) bool { return Str(b, "type") == "input" })
	if asks && v.Submit == nil {
		c.fail("/view", "missing required field: submit (there are input blocks)")
	}
}

// wrongText says why a client does not submit a text, or nothing.
func wrongText(e Element, s string) string {
	n := utf8.RuneCountInString(s)
	if least, ok := e.Body["min_length"].(float64); ok && n < int(least) {
		return fmt.Sprintf("Please enter at least %d characters.", int(least))
	}
	most := 3000
	if m, ok := e.Body["max_length"].(float64); ok {
		most = int(m)
	}
	if e.Type() == "plain_text_input" && n > most {
		return fmt.Sprintf("Please enter at most %d characters.", most)
	}
	switch e.Type() {
	case "email_text_input":
		if _, err := mail.ParseAddress(s); err != nil {
			return "Please enter a valid email address."
		}
	case "url_text_input":
		if u, err := url.Parse(s); err != nil || u.Host == "" {
			return "Please enter a valid URL."
		}
	case "number_input":
		return wrongNumber(e, s)
	}
	return ""
}

func wrongNumber(e Element, s string) string {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || (e.Body["is_decimal_allowed"] != true && x != float64(int64(x))) {
		return "Please enter a valid number."
	}
	if least, err := strconv.ParseFloat(Str(e.Body, "min_value"), 64); err == nil && x < least {
		return fmt.Sprintf("Please enter a number of at least %v.", least)
	}
	if most, err := strconv.ParseFloat(Str(e.Body, "max_value"), 64); err == nil && x > most {
		return fmt.Sprintf("Please enter a number of at most %v.", most)
	}
	return ""
}
