package rich

import "strings"

// Split divides blocks into parts whose fallback text is within limit. The
// text of rich_text is always shorter than that, so it is too.
func Split(doc []Block, limit int) [][]Block {
	plainLongLinks(doc, limit/2)
	var parts [][]Block
	var part []Block
	used := 0
	queue := append([]Block(nil), doc...)
	for len(queue) > 0 {
		b := queue[0]
		join := min(used, 1) // the line end between blocks
		if size := b.size(); used+join+size <= limit {
			part = append(part, b)
			used += join + size
			queue = queue[1:]
			continue
		}
		head, tail := b.cut(limit-used-join, limit, len(part) == 0)
		if part = append(part, head...); len(part) > 0 {
			parts = append(parts, part)
		}
		part, used = nil, 0
		queue = append(tail, queue[1:]...)
	}
	if len(part) > 0 {
		parts = append(parts, part)
	}
	return parts
}

// plainLongLinks turns addresses that would fill a part into text, which can
// be cut.
func plainLongLinks(doc []Block, limit int) {
	for i := range doc {
		doc[i].Spans = longLinksAsText(doc[i].Spans, limit)
		for k, item := range doc[i].Items {
			doc[i].Items[k] = longLinksAsText(item, limit)
		}
	}
}

func longLinksAsText(spans []Span, limit int) []Span {
	for i, s := range spans {
		if s.Kind == LinkSpan && utf16Len(Escape(s.URL)) > limit {
			text := s.Text
			if same, _ := LinkAddress(text); same != s.URL {
				text = DeadLink(s.URL, text)
			}
			spans[i] = Span{Text: text, Style: s.Style}
		}
	}
	return spans
}

// size is the length of the block's fallback text, in UTF-16 units.
func (b *Block) size() int {
	return utf16Len(string(appendFallback(nil, b)))
}

// cut divides a block: head fits into room, tail is what remains. With must,
// head is not empty. Code that fits into a part of its own is left whole.
func (b *Block) cut(room, limit int, must bool) (head, tail []Block) {
	if b.Kind == List {
		return b.cutList(room, must)
	}
	if b.Kind == CodeBlock && !must && b.size() <= limit {
		return nil, []Block{*b}
	}
	if !must && room < limit/4 { // too little to be worth a piece
		return nil, []Block{*b}
	}
	before, after := cutSpans(b.Spans, b.lineCost(), room-b.frameCost(), must)
	if b.Kind == CodeBlock {
		before, after = trimLines(before), trimLines(after)
	}
	return b.with(before), b.with(after)
}

// with returns the block with other content, or nothing if that is empty.
func (b *Block) with(spans []Span) []Block {
	if len(spans) == 0 || b.Kind != CodeBlock && Blank(spans) {
		return nil
	}
	part := *b
	part.Spans = spans
	return []Block{part}
}

// trimLines takes the line ends off code where it was cut.
func trimLines(spans []Span) []Span {
	return AddText(nil, strings.Trim(ShownText(spans), "\n"), 0)
}

// frameCost is what a block's fallback text has around its lines, lineCost
// what it has before each.
func (b *Block) frameCost() int {
	if b.Kind == CodeBlock {
		return len("```\n\n```")
	}
	return 0
}

func (b *Block) lineCost() int {
	if b.Kind == Quote {
		return len("&gt; ")
	}
	return 0
}

// cutList divides a list between items, and within its first item only if it
// must.
func (b *Block) cutList(room int, must bool) (head, tail []Block) {
	used, n := 0, 0
	for n < len(b.Items) {
		size := b.itemSize(n) + min(n, 1)
		if used+size > room {
			break
		}
		used += size
		n++
	}
	if n == 0 && !must {
		return nil, []Block{*b}
	}
	rest := *b
	if n > 0 {
		first := *b
		first.Items = b.Items[:n]
		rest.Items, rest.Number = b.Items[n:], b.numberAt(n)
		return []Block{first}, []Block{rest}
	}
	before, after := cutSpans(b.Items[0], 0, room-len(b.bullet(0)), true)
	first := *b
	first.Items = [][]Span{before}
	if !Blank(after) {
		follow := Block{Kind: Section, Spans: after}
		if b.Bordered {
			follow.Kind = Quote
		}
		tail = append(tail, follow)
	}
	if rest.Items, rest.Number = b.Items[1:], b.numberAt(1); len(rest.Items) > 0 {
		tail = append(tail, rest)
	}
	return []Block{first}, tail
}

func (b *Block) numberAt(n int) int {
	if b.Ordered {
		return max(b.Number, 1) + n
	}
	return 0
}

func (b *Block) itemSize(i int) int {
	return utf16Len(b.bullet(i)) + utf16Len(string(appendMarkup(nil, b.Items[i])))
}
