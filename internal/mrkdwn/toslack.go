package mrkdwn

import (
	"encoding/json"
	"fmt"
	"slices"

	"caseline/internal/mrkdwn/rich"
)

// DefaultLimit is how many characters a part may have: as many as Slack takes
// in one block of text. Characters are counted as Slack does, in UTF-16 units.
const DefaultLimit = 3000

// A Part is one message's worth of text for Slack.
type Part struct {
	Blocks json.RawMessage // an array of one rich_text block
	Text   string          // the same for notifications, escaped
}

// Options change how ToSlackWith makes parts. The zero value is ToSlack's.
type Options struct {
	Limit  int    // characters a part; 0 is DefaultLimit, the least is 200
	Number bool   // begin each of several parts with "(1/3)"
	Late   int    // parts from this one on are posted after an edit, and say so: "(edited, continued, 2/3)"; 0 for none
	Lead   string // literal text, set in bold before the first part, as in "Jane (Support):"
}

// ToSlack returns what an agent typed as the parts to post, in order; none if
// there is nothing to see. Mentions, broadcasts and Slack's link tokens that
// were typed come out as text.
func ToSlack(markdown string) []Part {
	return ToSlackWith(markdown, Options{})
}

// ToSlackWith is ToSlack with options.
func ToSlackWith(markdown string, o Options) []Part {
	doc := fromMarkdown(markdown)
	if len(doc) == 0 {
		return nil
	}
	limit := o.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	limit = max(limit, 200)
	lead := []rune(rich.OneLine(rich.Clean(o.Lead)))
	if len(lead) > 80 { // a name; anything longer would leave no room for words
		lead = lead[:80]
	}
	if len(lead) > 0 {
		doc = withLead(doc, rich.Span{Text: string(lead), Style: rich.Bold})
	}
	parts := rich.Split(doc, limit)
	if o.Number && len(parts) > 1 {
		room := limit - len(label(9998, 9999, o.Late)+" ")
		parts = rich.Split(doc, room)
		for i := range parts {
			parts[i] = withLead(parts[i], rich.Span{Text: label(i, len(parts), o.Late)})
		}
	}
	out := make([]Part, len(parts))
	for i, p := range parts {
		out[i] = Part{Blocks: rich.Encode(p), Text: rich.Fallback(p)}
	}
	return out
}

// label says which of n parts part i is.
func label(i, n, late int) string {
	if late > 0 && i >= late {
		return fmt.Sprintf("(edited, continued, %d/%d)", i+1, n)
	}
	return fmt.Sprintf("(%d/%d)", i+1, n)
}

// withLead returns doc with lead before its first words.
func withLead(doc []rich.Block, lead rich.Span) []rich.Block {
	if doc[0].Kind != rich.Section {
		return append([]rich.Block{{Spans: []rich.Span{lead}}}, doc...)
	}
	out := slices.Clone(doc)
	out[0].Spans = rich.Merge(append([]rich.Span{lead, {Text: " "}}, doc[0].Spans...))
	return out
}
