package stream

import (
	"encoding/json"
	"strconv"

	"caseline/internal/feed"
)

// appendChanges appends what one event of the stream says, as JSON: how far cases
// have come and what else is to be looked at, never any content. It is written by
// hand, because each commit has it written once for each agent:
//
//	{"cases":[{"case":"…","seq":5,"revision":9}],"agents":true,"people":true,"reload":true,"looks":["…"]}
//
// without what there is nothing of.
func appendChanges(to []byte, changes []feed.Change) []byte {
	to = append(to, '{')
	begin := len(to)
	var agents, people, reload bool
	for _, c := range changes {
		if c.Case == "" {
			agents, people, reload = agents || c.Agents, people || c.People, reload || c.Reload
			continue
		}
		next := `,{"case":`
		if len(to) == begin {
			next = `"cases":[{"case":`
		}
		to = appendText(append(to, next...), string(c.Case))
		to = strconv.AppendInt(append(to, `,"seq":`...), c.Seq, 10)
		to = strconv.AppendInt(append(to, `,"revision":`...), c.Revision, 10)
		to = append(to, '}')
	}
	if len(to) > begin {
		to = append(to, ']')
	}
	for _, flag := range []struct {
		name string
		on   bool
	}{{`"agents":true`, agents}, {`"people":true`, people}, {`"reload":true`, reload}} {
		if !flag.on {
			continue
		}
		if len(to) > begin {
			to = append(to, ',')
		}
		to = append(to, flag.name...)
	}
	return append(appendLooks(to, changes, len(to) > begin), '}')
}

// appendLooks appends the cases of which it changed who looks at them.
func appendLooks(to []byte, changes []feed.Change, more bool) []byte {
	first := true
	for _, c := range changes {
		if c.Looks == "" {
			continue
		}
		switch {
		case !first:
			to = append(to, ',')
		case more:
			to = append(to, `,"looks":[`...)
		default:
			to = append(to, `"looks":[`...)
		}
		first = false
		to = appendText(to, string(c.Looks))
	}
	if !first {
		to = append(to, ']')
	}
	return to
}

// appendText appends a string as JSON. Identifiers are letters, digits and signs
// that need no escaping.
func appendText(to []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			escaped, _ := json.Marshal(s) // strings always marshal
			return append(to, escaped...)
		}
	}
	return append(append(append(to, '"'), s...), '"')
}
