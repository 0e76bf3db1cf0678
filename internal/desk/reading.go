package desk

import (
	"slices"
	"time"
)

// A DeletionPolicy says what becomes of recorded words whose author deletes
// them in Slack, and of the earlier words of an edited message.
type DeletionPolicy string

const (
	KeepDeleted  DeletionPolicy = "keep"  // shown, marked as deleted
	HideDeleted  DeletionPolicy = "hide"  // kept, but agents do not see them
	EraseDeleted DeletionPolicy = "erase" // erased from the record; a stub stays
)

// Valid reports whether p is one of the policies.
func (p DeletionPolicy) Valid() bool {
	return p == KeepDeleted || p == HideDeleted || p == EraseDeleted
}

// Withholds reports whether agents do not see what its author deleted.
func (p DeletionPolicy) Withholds() bool { return p == HideDeleted || p == EraseDeleted }

// A Version is what an entry said from At on.
type Version struct {
	At   time.Time
	Text string
}

// Versions returns what an entry of the log said over time, oldest first, made
// of its edits in whatever order they were recorded. The first is what was
// written at first, except when that never arrived: then known is false. It is
// empty when nothing is left of the words.
func Versions(e Correspondence, changes []Correspondence) (versions []Version, known bool) {
	if e.Text != "" {
		versions, known = append(versions, Version{At: e.At, Text: e.Text}), true
	}
	edits := slices.Clone(changes)
	slices.SortStableFunc(edits, func(a, b Correspondence) int { return a.At.Compare(b.At) })
	for _, edit := range edits {
		if edit.Kind != KindEdit || edit.Text == "" {
			continue
		}
		if len(versions) == 0 && edit.At.Equal(e.At) {
			known = true // the first words arrived after an edit of them
		}
		versions = append(versions, Version{At: edit.At, Text: edit.Text})
	}
	return versions, known
}

// A Reading is what agents may see of an entry.
type Reading struct {
	Versions []Version // oldest first, but for those that are withheld
	First    bool      // Versions begins with what was written at first
	Deleted  time.Time // when its author deleted it; zero if that never happened
	Noticed  bool      // Deleted is when that was noticed; when it happened is not known
	Gone     bool      // deleted, and withheld from agents or erased
	Shorn    bool      // edited, and its earlier words are withheld or erased
}

// Read returns what agents may see of an entry, given its edits and deletions.
// Agents' own words are theirs: no policy withholds them.
func (p DeletionPolicy) Read(e Correspondence, changes []Correspondence) Reading {
	r := Reading{}
	r.Versions, r.First = Versions(e, changes)
	for _, c := range changes {
		if c.Kind == KindDeletion && (r.Deleted.IsZero() || c.At.Before(r.Deleted)) {
			r.Deleted, r.Noticed = c.At, c.Marked(MarkNoticed)
		}
	}
	erased := e.Marked(MarkErased)
	withheld := erased || e.Author.Side == SideCustomer && p.Withholds()
	switch n := len(r.Versions); {
	case withheld && !r.Deleted.IsZero() || e.Marked(MarkExpired) || e.Marked(MarkWished):
		r.Versions, r.First, r.Gone = nil, false, true
	case erased && n > 0 || withheld && n > 1:
		r.Versions, r.First, r.Shorn = r.Versions[n-1:], false, true
	}
	return r
}

// Stands returns which of an entry's changes has the words that are to stay
// when all others are erased: the edit that was made last, or 0 when that is
// none. erase is false when nothing is to be erased yet.
func Stands(changes []Correspondence) (seq int64, erase bool) {
	if deleted(changes) {
		return 0, true
	}
	var last Correspondence
	for _, c := range changes {
		if c.Kind == KindEdit && !c.At.Before(last.At) {
			last = c
		}
	}
	return last.Seq, last.Seq > 0
}

// Stub says in a sentence why nothing is seen of an entry.
func Stub(e Correspondence) string {
	file, erased := e.Kind == KindFile, e.Marked(MarkErased)
	switch {
	case file && e.Marked(MarkExpired):
		return "The file was erased, because this account keeps what is in cases for a time only."
	case e.Marked(MarkExpired):
		return "The words were erased, because this account keeps what is in cases for a time only."
	case file && e.Marked(MarkWished):
		return "The file was erased at the wish of its author."
	case e.Marked(MarkWished):
		return "The words were erased at the wish of their author."
	case file && erased:
		return "The file was deleted in Slack by its author, and erased here."
	case file:
		return "The file was deleted in Slack by its author, and this account keeps that from agents."
	case erased:
		return "The words were deleted in Slack by their author, and erased here."
	}
	return "The words were deleted in Slack by their author, and this account keeps that from agents."
}
