package blockkit

import (
	"fmt"
	"slices"
)

// kinds lists the blocks, and where Slack takes them.
var kinds = map[string][]surface{
	"actions":         {onMessage, onModal, onHome},
	"context":         {onMessage, onModal, onHome},
	"context_actions": {onMessage},
	"divider":         {onMessage, onModal, onHome},
	"file":            {onMessage},
	"header":          {onMessage, onModal, onHome},
	"image":           {onMessage, onModal, onHome},
	"input":           {onMessage, onModal, onHome},
	"markdown":        {onMessage},
	"rich_text":       {onMessage, onModal, onHome},
	"section":         {onMessage, onModal, onHome},
	"table":           {onMessage},
	"video":           {onMessage, onModal, onHome},
}

func (c *checker) block(at string, b Block) {
	kind := Str(b, "type")
	if where, ok := kinds[kind]; !ok || !slices.Contains(where, c.on) {
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	c.id(at, b, "block_id", c.blockIDs)
	switch kind {
	case "section":
		c.section(at, b)
	case "header":
		c.text(at, b, "text", "plain_text", 150, true)
	case "image":
		c.image(at, b)
	case "context":
		c.context(at, b)
	case "actions":
		c.elements(at, b, 25)
	case "context_actions":
		c.elements(at, b, 5)
	case "input":
		c.input(at, b)
	case "rich_text":
		c.richText(at, b)
	case "markdown":
		c.markdown += len([]rune(Str(b, "text")))
		if c.markdown > 12000 || Str(b, "text") == "" {
			c.fail(at+"/text", "must be between 1 and 12000 characters")
		}
	case "table":
		c.table(at, b)
	}
}

func (c *checker) section(at string, b Block) {
	fields := List(b, "fields")
	c.text(at, b, "text", "", 3000, len(fields) == 0)
	if len(fields) > 10 {
		c.fail(at+"/fields", "no more than 10 items allowed")
	}
	for i, f := range fields {
		c.text(fmt.Sprintf("%s/fields", at), Block{fmt.Sprint(i): f}, fmt.Sprint(i), "", 2000, true)
	}
	if raw := b["accessory"]; raw != nil {
		c.element(at+"/accessory", raw, inSection)
	}
}

func (c *checker) image(at string, b Block) {
	c.length(at+"/image_url", Str(b, "image_url"), 3000)
	c.length(at+"/alt_text", Str(b, "alt_text"), 2000)
	if Str(b, "image_url") == "" && b["slack_file"] == nil {
		c.fail(at, "missing required field: image_url")
	}
	if Str(b, "alt_text") == "" {
		c.fail(at, "missing required field: alt_text")
	}
	c.text(at, b, "title", "plain_text", 2000, false)
}

func (c *checker) context(at string, b Block) {
	es := List(b, "elements")
	if len(es) == 0 || len(es) > 10 {
		c.fail(at+"/elements", "must have between 1 and 10 items")
	}
	for i, raw := range es {
		e, _ := raw.(Block)
		here := fmt.Sprintf("%s/elements/%d", at, i)
		if Str(e, "type") == "image" {
			c.image(here, e)
			continue
		}
		c.text(at+"/elements", Block{fmt.Sprint(i): raw}, fmt.Sprint(i), "", 3000, true)
	}
}

func (c *checker) elements(at string, b Block, most int) {
	es := List(b, "elements")
	if len(es) == 0 || len(es) > most {
		c.fail(at+"/elements", "must have between 1 and %d items", most)
	}
	seen := map[string]bool{}
	for i, raw := range es {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		if e, ok := raw.(Block); ok {
			c.id(here, e, "action_id", seen)
		}
		c.element(here, raw, inActions)
	}
}

func (c *checker) input(at string, b Block) {
	c.text(at, b, "label", "plain_text", 2000, true)
	c.text(at, b, "hint", "plain_text", 2000, false)
	c.element(at+"/element", b["element"], inInput)
}

func (c *checker) table(at string, b Block) {
	rows := List(b, "rows")
	if len(rows) == 0 || len(rows) > 100 {
		c.fail(at+"/rows", "must have between 1 and 100 items")
	}
	for i, r := range rows {
		if cells, ok := r.([]any); !ok || len(cells) > 20 {
			c.fail(fmt.Sprintf("%s/rows/%d", at, i), "no more than 20 items allowed")
		}
	}
}

var richKinds = []string{"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}

var richElements = []string{"text", "link", "user", "usergroup", "channel", "emoji", "broadcast", "date", "color", "team"}

func (c *checker) richText(at string, b Block) {
	if List(b, "elements") == nil {
		c.fail(at, "missing required field: elements")
	}
	for i, raw := range List(b, "elements") {
		part, _ := raw.(Block)
		here := fmt.Sprintf("%s/elements/%d", at, i)
		if !slices.Contains(richKinds, Str(part, "type")) {
			c.fail(here+"/type", "unsupported type: %s", Str(part, "type"))
			continue
		}
		c.richPart(here, part)
	}
}

func (c *checker) richPart(at string, part Block) {
	list := Str(part, "type") == "rich_text_list"
	if style := Str(part, "style"); list && style != "bullet" && style != "ordered" {
		c.fail(at+"/style", "must be one of: bullet, ordered")
	}
	for i, raw := range List(part, "elements") {
		e, _ := raw.(Block)
		here := fmt.Sprintf("%s/elements/%d", at, i)
		switch {
		case list && Str(e, "type") != "rich_text_section":
			c.fail(here+"/type", "unsupported type: %s", Str(e, "type"))
		case list:
			c.richPart(here, e)
		case !slices.Contains(richElements, Str(e, "type")):
			c.fail(here+"/type", "unsupported type: %s", Str(e, "type"))
		case Str(e, "type") == "text" && Str(e, "text") == "":
			c.fail(here+"/text", "must be more than 0 characters")
		case Str(e, "type") == "link" && Str(e, "url") == "":
			c.fail(here+"/url", "missing required field: url")
		}
	}
}
