package tongue_test

import (
	"regexp"
	"strings"
	"testing"
)

// A literal is a text that a script has between quotes.
type literal struct {
	before, text, after string // the code up to it and from it on; the text, with a gap for what is put into a template
	line                int
}

const gap = "\x00"

// literals finds the texts of a script, those within templates too.
func literals(source string) (all []literal) {
	s := scanner{source: source}
	s.code(0, false)
	return s.all
}

type scanner struct {
	source string
	all    []literal
}

// beginsPattern reports whether a slash after some code begins a regular expression.
var beginsPattern = regexp.MustCompile(`(?:^|[(,=:\[!&|?{};\n]|\breturn)\s*$`)

// code reads code from i on to its end, or that of a template's gap.
func (s *scanner) code(i int, inGap bool) int {
	depth := 0
	for i < len(s.source) {
		rest := s.source[i:]
		switch c := rest[0]; {
		case strings.HasPrefix(rest, "//"):
			i += indexOr(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			i += indexOr(rest, "*/") + 2
		case c == '\'' || c == '"' || c == '`':
			i = s.quoted(i, c)
		case c == '/' && beginsPattern.MatchString(s.source[max(0, i-40):i]):
			i = s.pattern(i + 1)
		case c == '}' && inGap && depth == 0:
			return i + 1
		case c == '{':
			depth++
			i++
		case c == '}':
			depth--
			i++
		default:
			i++
		}
	}
	return i
}

func indexOr(rest, end string) int {
	if at := strings.Index(rest, end); at >= 0 {
		return at
	}
	return len(rest)
}

// quoted reads a text from its quote on.
func (s *scanner) quoted(i int, quote byte) int {
	var text strings.Builder
	j := i + 1
	for j < len(s.source) && s.source[j] != quote {
		switch {
		case s.source[j] == '\\':
			text.WriteString(s.source[j : j+2])
			j += 2
		case quote == '`' && strings.HasPrefix(s.source[j:], "${"):
			text.WriteString(gap)
			j = s.code(j+2, true)
		default:
			text.WriteByte(s.source[j])
			j++
		}
	}
	s.all = append(s.all, literal{
		before: strings.TrimSpace(s.source[max(0, i-80):i]), text: text.String(), after: strings.TrimSpace(s.source[j+1 : min(len(s.source), j+20)]),
		line: 1 + strings.Count(s.source[:i], "\n"),
	})
	return j + 1
}

// pattern reads over a regular expression.
func (s *scanner) pattern(j int) int {
	for class := false; s.source[j] != '/' || class; j++ {
		switch s.source[j] {
		case '\\':
			j++
		case '[':
			class = true
		case ']':
			class = false
		}
	}
	return j + 1
}

var (
	told = regexp.MustCompile(`(?:^|[^\w.])t\($`)
	// Where a text is no words: what is imported, looked for or compared, a class, a
	// header, a cookie, a key of what is told to other parts.
	apart = regexp.MustCompile(`(?:\bfrom|\bimport|\bimport\(|querySelector(?:All)?\(|\.closest(?:\?\.)?\(|\.matches\(|\bmatchMedia\(|` +
		`\bclassName =|\bcase|[!=]==|\.includes\(|\.setRequestHeader\(|document\.cookie =|\bid:)$`)
	style = regexp.MustCompile(`\.style\.\w+ =$|setProperty\('[\w-]+',$`)

	tag       = regexp.MustCompile(`<[^<>]*>`)
	attribute = regexp.MustCompile(`\b(?:title|alt|placeholder|aria-label)="([^"]*)"`)
	twoOrMore = regexp.MustCompile(`\pL\pL`)
	measured  = regexp.MustCompile(gap + `[\s\x{a0}]*(?:%|[\s\x{a0}]\pL)`) // a number with its unit
	several   = regexp.MustCompile(`[\s\x{a0}]\pL|\pL[\s\x{a0}]`)
	one       = regexp.MustCompile(`^\p{Lu}\p{Ll}`)
	part      = regexp.MustCompile(`^(?:[a-z]+(?:-[a-z]+)* |; [A-Z][a-z]+)$`) // "case " before an id, "; Secure" after a cookie
)

// prose reports whether a text of a script is words for people: several, or one that
// begins like a name of what is pressed, or a number with its unit.
func prose(text string) bool {
	if strings.Contains(text, "<") {
		for _, a := range attribute.FindAllStringSubmatch(text, -1) {
			if prose(a[1]) {
				return true
			}
		}
		text = tag.ReplaceAllString(text, "\x01")
		return twoOrMore.MatchString(text) || measured.MatchString(text)
	}
	if measured.MatchString(text) {
		return true
	}
	return twoOrMore.MatchString(text) && (several.MatchString(text) || one.MatchString(text))
}

// spoken finds the words of a script that are not said in the reader's language.
func spoken(source string) (found []literal) {
	for _, l := range literals(source) {
		switch {
		case !prose(l.text), told.MatchString(l.before), apart.MatchString(l.before):
		case style.MatchString(l.before), strings.HasPrefix(l.after, "in "), part.MatchString(l.text):
		default:
			found = append(found, l)
		}
	}
	return found
}

// Whatever scripts show to people goes through t.
func TestScriptsSayNothingOutsideTheCatalogue(t *testing.T) {
	each(t, "../static/js", ".js", func(file, source string) {
		for _, l := range spoken(source) {
			t.Errorf("%s:%d: %q is not said by t('…')", file, l.line, l.text)
		}
	})
}

// What words in scripts look like, and what does not.
func TestWordsInScriptsAreFound(t *testing.T) {
	for _, source := range []string{
		"say.textContent = on ? 'Accepted' : 'Refused';",
		"form.append(button('Forward', send));",
		"pane.innerHTML = `<b>${n} people…</b>`;",
		"line.append('sent a moment ago');",
		"time.textContent = `${left} s`;",
		"const share = ` ${done} %`;",
		`pane.innerHTML = '<i title="Close this">x</i>';`,
		"toast(`${t('Sent')} and ${`read by ${n}`}`);",
		"const re = /['\"`]/g; toast('It is gone.');",
	} {
		if len(spoken(source)) == 0 {
			t.Errorf("no words are found in %s", source)
		}
	}
	for _, source := range []string{
		"import { t } from './t.js'; // it says so",
		"toast(t('It is gone.'), { href: '/cases/' + id });",
		"document.querySelector('#dock :is(#text, button)').className = 'button button-small';",
		"if (event.key === 'Enter' || 'Notification' in window) bar.style.width = `${share}%`;",
		"line.innerHTML = `<p class=\"stub\">${t('Nothing is there.')}</p>`;",
	} {
		if found := spoken(source); len(found) > 0 {
			t.Errorf("%q is found in %s", found[0].text, source)
		}
	}
}
