package keeping

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"caseline/internal/desk"
)

// A Policy says what an account wants kept. The zero Policy keeps everything for
// ever and takes every file.
type Policy struct {
	Account desk.AccountID
	Cases   int      // days after a case was resolved until its content is erased; 0 is never
	Files   int      // days after that until the bytes of its files are; 0 is as long as the case
	MaxFile int64    // bytes of one file; 0 is as the server has it
	Only    []string // kinds of files that alone are taken; empty is all
	Never   []string // kinds that are never taken
	Hold    string   // why nothing of the account is erased by time; empty is no hold
}

const (
	// MaxDays is for how many days something may be kept at the most: a century.
	MaxDays = 36_500
	// MaxKinds is how many kinds of files a list may have.
	MaxKinds = 100
	// maxHold is how long the reason of a hold may be, in bytes.
	maxHold = 500
)

// Validate refuses a policy that contradicts itself or says what cannot be.
func (p Policy) Validate() error {
	switch {
	case p.Cases < 0 || p.Cases > MaxDays:
		return refuse("cases", "Write for how many days cases are kept after they were resolved, from 1 to %d, or 0 for ever.", MaxDays)
	case p.Files < 0 || p.Files > MaxDays:
		return refuse("files", "Write for how many days files are kept after their case was resolved, from 1 to %d, or 0 for as long as the case.", MaxDays)
	case p.Cases == 1 && p.Files > p.Cases:
		return refuse("files", "Files go with their case after a day. Write 1, or 0 for as long as the case.")
	case p.Cases > 0 && p.Files > p.Cases:
		return refuse("files", "Files go with their case after %d days. Write fewer days, or 0 for as long as the case.", p.Cases)
	case p.MaxFile < 0:
		return refuse("max_file", "Write how large a file may be in megabytes, or 0 for as large as the server takes.")
	case len(p.Hold) > maxHold:
		return refuse("hold", "The reason is too long. Write it in %d letters.", maxHold)
	}
	for field, kinds := range map[string][]string{"only": p.Only, "never": p.Never} {
		if len(kinds) > MaxKinds {
			return refuse(field, "Name at most %d kinds of files.", MaxKinds)
		}
		for _, k := range kinds {
			if !isKind(k) {
				return refuse(field, "“%s” is no kind of file. Write an ending such as .pdf, or a type such as image/png or image/*.", k)
			}
		}
	}
	return nil
}

func refuse(field, format string, args ...any) error {
	return &desk.Refusal{Kind: desk.ErrInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Kinds reads kinds of files as somebody typed them, with spaces, commas or lines
// between them: endings, whose dot may be left out, and types.
func Kinds(typed string) (kinds []string) {
	for k := range strings.FieldsFuncSeq(strings.ToLower(typed), func(r rune) bool { return r == ',' || r == ';' || r <= ' ' }) {
		k = strings.TrimPrefix(k, "*")
		if !strings.Contains(k, "/") && !strings.HasPrefix(k, ".") {
			k = "." + k
		}
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func isKind(k string) bool {
	if rest, ending := strings.CutPrefix(k, "."); ending {
		return rest != "" && len(rest) <= 20 && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz0123456789_-+.") == ""
	}
	major, minor, ok := strings.Cut(k, "/")
	return ok && major != "" && minor != "" && len(k) <= 100 && !strings.ContainsAny(k, " ;\"\\") && !strings.Contains(major, "*")
}

// sniffed are the types by which content is known whose ending may lie.
var sniffed = map[string][]string{
	".zip": {"application/zip"}, ".gz": {"application/x-gzip"}, ".rar": {"application/x-rar-compressed"}, ".pdf": {"application/pdf"},
	".html": {"text/html"}, ".htm": {"text/html"}, ".png": {"image/png"}, ".jpg": {"image/jpeg"}, ".jpeg": {"image/jpeg"}, ".gif": {"image/gif"},
	".webp": {"image/webp"}, ".bmp": {"image/bmp"}, ".mp4": {"video/mp4"}, ".webm": {"video/webm"}, ".avi": {"video/avi"}, ".wasm": {"application/wasm"},
	".mp3": {"audio/mpeg"}, ".wav": {"audio/wave"}, ".ps": {"application/postscript"}, ".xml": {"text/xml"},
}

// has reports whether a file is of a kind: by its name or by its content.
func has(kind, name, sniff string) bool {
	if strings.HasPrefix(kind, ".") {
		return strings.HasSuffix(strings.ToLower(name), kind)
	}
	if family, all := strings.CutSuffix(kind, "*"); all {
		return strings.HasPrefix(sniff, family)
	}
	return sniff == kind
}

// hides reports whether content is of a kind that its name does not tell.
func hides(kind, sniff string) bool { return slices.Contains(sniffed[kind], sniff) }

// Refuses says in a sentence why a file of the account is not taken, or nothing
// if it is. sniff is the type found in its content, empty while that is not here.
func (p Policy) Refuses(name, sniff string, size int64) string {
	sniff, _, _ = strings.Cut(sniff, ";")
	if p.MaxFile > 0 && size > p.MaxFile {
		return fmt.Sprintf("Files may be %s large here, and %s is larger. Send a smaller one.", Megabytes(p.MaxFile), name)
	}
	for _, k := range p.Never {
		if has(k, name, sniff) || hides(k, sniff) {
			return fmt.Sprintf("Files of the kind %s are not taken here, and %s is one. Send it in another form.", k, name)
		}
	}
	if len(p.Only) == 0 || slices.ContainsFunc(p.Only, func(k string) bool { return p.fits(k, name, sniff) }) {
		return ""
	}
	return fmt.Sprintf("Only files of these kinds are taken here: %s. %s is none of them.", strings.Join(p.Only, ", "), name)
}

// fits reports whether a file may pass as of a kind that is taken. Before its
// content is here a type cannot be judged. An ending does not help content that is
// known to be something else.
func (p Policy) fits(kind, name, sniff string) bool {
	if !strings.HasPrefix(kind, ".") {
		return sniff == "" || has(kind, name, sniff)
	}
	if !has(kind, name, sniff) {
		return false
	}
	want, known := sniffed[kind]
	return sniff == "" || !known || slices.Contains(want, sniff) || sniff == "application/octet-stream" || strings.HasPrefix(sniff, "text/plain")
}

// Megabytes is a number of bytes for people.
func Megabytes(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KB", (bytes+1023)>>10)
	}
	return fmt.Sprintf("%d MB", bytes>>20)
}

// A Kind says what is erased of a case by time.
type Kind string

// What is erased by time.
const (
	OfCases Kind = "cases" // all content of cases
	OfFiles Kind = "files" // the bytes and names of their files
)

// Days is for how long a kind is kept; 0 is for ever.
func (p Policy) Days(k Kind) int {
	if k == OfFiles {
		return p.Files
	}
	return p.Cases
}

// Before returns the time before which a case must have been resolved for a kind
// to be erased now. due is false when nothing is.
func (p Policy) Before(k Kind, now time.Time) (before time.Time, due bool) {
	days := p.Days(k)
	if days <= 0 || p.Hold != "" {
		return time.Time{}, false
	}
	return now.Add(-time.Duration(days) * 24 * time.Hour), true
}

// A Hold keeps a case from being erased by time.
type Hold struct {
	Case   desk.CaseID
	Reason string
	By     desk.Actor
	At     time.Time
}
