package ident

import (
	"cmp"

	"caseline/internal/desk"
	"caseline/internal/slack/wire"
)

// Files are the files that came with what has the origin, which names their
// workspace, without those that were deleted before we heard of them.
func Files(files []wire.File, with desk.Origin) (found []desk.NewFile) {
	for _, f := range files {
		if f.Mode == "tombstone" || !Valid(f.ID) {
			continue
		}
		found = append(found, desk.NewFile{
			SlackID: f.ID, Name: cmp.Or(f.Name, f.Title, "file"), Type: f.Mimetype, Size: max(f.Size, 0),
			In: workspaceOf(with), Origin: FileOrigin(with, f.ID),
		})
	}
	return found
}
