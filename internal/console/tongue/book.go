package tongue

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed catalogue
var catalogues embed.FS

const (
	english = "en"
	counts  = " | "    // between a text for one and a text for many
	same    = "="      // as a translation: the language says the same
	indent  = "\t"     // before a translation
	ours    = "name: " // before what the language calls itself, in the first line
	script  = "js"     // the section of what scripts say
)

// A book is what one language says for English. Nobody writes to it once it is
// read.
type book struct {
	code, name string
	texts      map[string]string
	counts     map[string][2]string
	scripts    map[string]string // of texts and counts, those that scripts say
	forms      func() []form     // what says most itself first; made when a sentence is first looked for
	days       func() *strings.Replacer
}

// library has all languages but English by their codes.
var library = sync.OnceValues(func() (map[string]*book, error) {
	files, err := catalogues.ReadDir("catalogue")
	if err != nil {
		return nil, fmt.Errorf("list catalogues: %w", err)
	}
	all := map[string]*book{}
	for _, f := range files {
		text, err := catalogues.ReadFile(path.Join("catalogue", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
		code := strings.TrimSuffix(f.Name(), path.Ext(f.Name()))
		if all[code], err = read(code, string(text)); err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", f.Name(), err)
		}
	}
	return all, nil
})

// All are the languages that the console speaks, English first.
func All() []Tongue {
	all := []Tongue{{}}
	books, err := library()
	if err != nil {
		return all // a test reads them
	}
	var codes []string
	for code := range books {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for _, code := range codes {
		all = append(all, Tongue{books[code]})
	}
	return all
}

// By is the language of a code; ok is false for one that is not spoken.
func By(code string) (t Tongue, ok bool) {
	if code == english {
		return Tongue{}, true
	}
	books, _ := library()
	b, ok := books[code]
	return Tongue{b}, ok
}

// read reads a catalogue: an English text in a line, what the language says in
// the next one, indented. Lines that begin with # are for translators; a line
// [js] begins what scripts say.
func read(code, text string) (*book, error) {
	b := &book{code: code, texts: map[string]string{}, counts: map[string][2]string{}, scripts: map[string]string{}}
	key, section := "", ""
	for number, line := range strings.Split(text, "\n") {
		own, translated := strings.CutPrefix(line, indent)
		switch {
		case strings.HasPrefix(line, ours):
			b.name = strings.TrimPrefix(line, ours)
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") && !strings.Contains(line, " "):
			section = strings.Trim(line, "[]")
		case !translated && key != "":
			return nil, fmt.Errorf("line %d: %q has no translation", number, key)
		case !translated:
			key = line
		case key == "":
			return nil, fmt.Errorf("line %d: a translation of nothing", number+1)
		default:
			if err := b.add(section, key, own); err != nil {
				return nil, fmt.Errorf("line %d: %w", number+1, err)
			}
			key = ""
		}
	}
	if key != "" {
		return nil, fmt.Errorf("%q has no translation", key)
	}
	// Of a server of which all readers speak English nobody asks for these.
	b.forms = sync.OnceValue(b.find)
	b.days = sync.OnceValue(b.names)
	return b, nil
}

func (b *book) add(section, key, own string) error {
	if own == same {
		own = key
	}
	if _, twice := b.texts[key]; twice && section != script {
		return fmt.Errorf("%q stands there twice", key)
	}
	if section == script {
		b.scripts[key] = own
		return nil
	}
	b.texts[key] = own
	if strings.Contains(key, counts) {
		one, many, ok := strings.Cut(own, counts)
		if !ok {
			return fmt.Errorf("%q is said of one and of many, and the translation is not", key)
		}
		b.counts[key] = [2]string{one, many}
	}
	return nil
}

// single reports whether the language says of n what it says of one.
func (b *book) single(n int) bool { return n == 1 || n == 0 && b.code == "fr" }

var gap = regexp.MustCompile(`%(?:\[\d+\])?[-+ 0#]*[\d.]*[a-zA-Z]`)

// names has the English names of months and days told in the language.
func (b *book) names() *strings.Replacer {
	var names []string
	for month := time.January; month <= time.December; month++ {
		names = append(names, month.String(), b.text(month.String()))
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		names = append(names, day.String(), b.text(day.String()))
	}
	for month := time.January; month <= time.December; month++ {
		short := month.String()[:3]
		names = append(names, short, b.text("in short: "+short))
	}
	return strings.NewReplacer(names...)
}

func (b *book) text(key string) string {
	if own, ok := b.texts[key]; ok {
		return own
	}
	return strings.TrimPrefix(key, "in short: ")
}

// Told is a whole sentence of a package that knows no reader, in the language: a
// refusal, or what was written down when something failed. It is found as it
// stands, or by its form. What is not found is shown as it is.
func (t Tongue) Told(sentence string) string {
	if t.book == nil || sentence == "" {
		return sentence
	}
	if own, ok := t.book.told(sentence); ok {
		return own
	}
	var all []string
	for rest := sentence; rest != ""; {
		end := sentenceEnd.FindStringIndex(rest)
		if end == nil {
			end = []int{len(rest), len(rest)}
		}
		one := strings.TrimSpace(rest[:end[1]])
		if own, ok := t.book.told(one); ok {
			one = own
		}
		all, rest = append(all, one), rest[end[1]:]
	}
	return strings.Join(all, " ")
}

// sentenceEnd is where a sentence ends and another one follows.
var sentenceEnd = regexp.MustCompile(`\.\s+`)

func (b *book) told(sentence string) (string, bool) {
	if own, ok := b.texts[sentence]; ok {
		return own, true
	}
	for _, f := range b.forms() {
		found := f.in(sentence)
		if found == nil {
			continue
		}
		args := make([]any, len(found))
		for i, arg := range found {
			args[i] = arg
			if own, ok := b.told(arg); ok && strings.HasSuffix(arg, ".") { // a sentence in another one
				args[i] = own
			}
		}
		return fmt.Sprintf(gap.ReplaceAllStringFunc(b.texts[f.english], textual), args...), true
	}
	return "", false
}

// textual is a gap for what is a text already.
func textual(gap string) string {
	if i := strings.IndexByte(gap, ']'); i > 0 {
		return gap[:i+1] + "s"
	}
	return "%s"
}

// Script is a module by which the language's texts reach the pages' scripts; nil
// for English, which they have.
func (t Tongue) Script() ([]byte, error) {
	if t.book == nil {
		return nil, nil
	}
	texts, err := json.Marshal(t.book.scripts)
	if err != nil {
		return nil, fmt.Errorf("texts of scripts: %w", err)
	}
	return slices.Concat([]byte("globalThis.caselineTexts = "), texts, []byte(";\n")), nil
}
