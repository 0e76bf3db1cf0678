package mentions

import (
	"slices"
	"strings"
)

// read lists what texts, Markdown of ours, mention by its id: <#C1>, <#C1|name>,
// <!subteam^S1>. Of hostile texts it reads no more than a reader would.
func read(texts []string) []mention {
	var all []mention
	for _, text := range texts {
		for len(all) < maxRead {
			_, rest, found := strings.Cut(text, "<")
			if !found {
				break
			}
			text = rest
			m, ok := mentionAt(rest)
			if ok && !slices.Contains(all, m) {
				all = append(all, m)
			}
		}
	}
	return all
}

// mentionAt reads the mention that s begins with, behind its bracket.
func mentionAt(s string) (m mention, ok bool) {
	id, ok := strings.CutPrefix(s, "#")
	if !ok {
		if id, ok = strings.CutPrefix(s, "!subteam^"); !ok {
			return mention{}, false
		}
		m.group = true
	}
	end := strings.IndexAny(id, ">|")
	if end < 1 || end > 32 {
		return mention{}, false
	}
	m.id = id[:end]
	foreign := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') }
	return m, strings.IndexFunc(m.id, foreign) < 0
}
