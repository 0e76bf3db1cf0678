package mrkdwn

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// allowedAttributes are the elements that HTML may write and, for each of
// their attributes, what its value must look like.
var allowedAttributes = map[string]map[string]*regexp.Regexp{
	"p": {}, "br": {}, "strong": {}, "em": {}, "del": {}, "code": {}, "pre": {},
	"blockquote": {}, "ul": {}, "li": {}, "hr": {},
	"ol": {"start": regexp.MustCompile(`^[1-9][0-9]{0,8}$`)},
	"a": {
		"href":   regexp.MustCompile(`^(?i:https?://|mailto:|tel:)[^\s<>"'` + "`" + `|\\^{}]+$`),
		"rel":    regexp.MustCompile(`^noopener noreferrer nofollow$`),
		"target": regexp.MustCompile(`^_blank$`),
	},
	"span": {
		"class": regexp.MustCompile(`^(mention|emoji)$`),
		"title": regexp.MustCompile(`^:[^\s:"<>]+(::skin-tone-[2-6])?:$`),
	},
	"img": {
		"class": regexp.MustCompile(`^emoji$`),
		"src":   regexp.MustCompile(`^(https://|/[^/])[^"<>]*$`),
		"alt":   regexp.MustCompile(`^:[^"<>]+:$`),
		"title": regexp.MustCompile(`^:[^"<>]+:$`),
	},
	"time": {"datetime": regexp.MustCompile(`^-?\d{4,5}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)},
}

var (
	reference = regexp.MustCompile(`^&(amp|lt|gt|nbsp|#34|#39);`)
	attribute = regexp.MustCompile(`^ ([a-z]+)="([^"<>]*)"`)
)

// checkHTML reads a fragment as strictly as HTML can be read. It is a tiny
// parser of its own, so that it shares no misunderstanding with the writer.
func checkHTML(t testing.TB, fragment string) {
	t.Helper()
	if err := readHTML(fragment); err != nil {
		t.Fatalf("%v in %q", err, fragment)
	}
}

func readHTML(s string) error {
	var open []string
	for s != "" {
		switch s[0] {
		case '>', '"', '\'':
			return fmt.Errorf("unescaped %q", s[0])
		case '&':
			if !reference.MatchString(s) {
				return fmt.Errorf("stray & before %q", s[:min(len(s), 10)])
			}
			s = s[1:]
		case '<':
			end := strings.IndexByte(s, '>')
			if end < 0 {
				return fmt.Errorf("unclosed tag %q", s)
			}
			var err error
			if open, err = readTag(open, s[1:end]); err != nil {
				return err
			}
			s = s[end+1:]
		default:
			s = s[1:]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("open elements %v", open)
	}
	return nil
}

func readTag(open []string, tag string) ([]string, error) {
	if name, ok := strings.CutPrefix(tag, "/"); ok {
		if len(open) == 0 || open[len(open)-1] != name {
			return nil, fmt.Errorf("</%s> within %v", name, open)
		}
		return open[:len(open)-1], nil
	}
	name, _, _ := strings.Cut(tag, " ")
	allowed, ok := allowedAttributes[name]
	if !ok {
		return nil, fmt.Errorf("element %q", tag)
	}
	for rest := tag[len(name):]; rest != ""; {
		m := attribute.FindStringSubmatch(rest)
		if m == nil || allowed[m[1]] == nil || !allowed[m[1]].MatchString(m[2]) {
			return nil, fmt.Errorf("attribute %q of %s", rest, name)
		}
		rest = rest[len(m[0]):]
	}
	if name == "a" && slices.Contains(open, "a") {
		return nil, fmt.Errorf("link within a link")
	}
	if name == "br" || name == "hr" || name == "img" {
		return open, nil
	}
	return append(open, name), nil
}
