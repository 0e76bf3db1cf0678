package slack

import (
	"slices"

	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// files are the files of a message posted at ts.
func (r reader) files(m *wire.Message, ts wire.Ts) []desk.NewFile {
	return ident.Files(m.Files, r.origin(ts))
}

// goneFiles are the files that a change took from a message.
func (r reader) goneFiles(m *wire.Message, ts wire.Ts) []desk.Origin {
	if m.Previous == nil || r.notPerson(m.Previous) != "" {
		return nil
	}
	var gone []desk.Origin
	left := r.files(m.Message, ts)
	for _, f := range r.files(m.Previous, ts) {
		if !slices.ContainsFunc(left, func(l desk.NewFile) bool { return l.Origin == f.Origin }) {
			gone = append(gone, f.Origin)
		}
	}
	return gone
}

// merged are the files of both lists.
func merged(files, more []desk.NewFile) []desk.NewFile {
	for _, f := range more {
		if !slices.ContainsFunc(files, func(have desk.NewFile) bool { return have.Origin == f.Origin }) {
			files = append(files, f)
		}
	}
	return files
}
