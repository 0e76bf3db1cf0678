package steps

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Fetch files a file as still in Slack and queues bringing it here.
func Fetch(ctx context.Context, tx store.Tx, c *desk.Case, id desk.FileID, seq int64, f desk.NewFile) error {
	file := desk.File{
		ID: id, Case: c.ID, Seq: seq, SlackID: f.SlackID, Name: desk.FileName(f.Name), Type: f.Type, Size: f.Size, State: desk.FileFetching,
	}
	if err := tx.InsertFile(ctx, &file); err != nil {
		return err
	}
	d := Carry(file)
	d.Content.In = f.In
	return Enqueue(ctx, tx, c, d)
}

// Carry is the delivery that brings a file to the side where it is missing.
func Carry(f desk.File) desk.Delivery {
	d := desk.Delivery{Lane: desk.FileLane(f.ID), Kind: desk.DeliverFetch, Seq: f.Seq, Content: desk.Content{File: f.ID}}
	if f.ToSlack() {
		d.Lane, d.Kind = desk.UploadLane(f.Case), desk.DeliverUpload
	}
	return d
}
