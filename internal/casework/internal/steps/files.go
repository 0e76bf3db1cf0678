package steps

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Fetch files a file as still in Slack and queues bringing it here; or says in the
// case's place why its account does not take it.
func Fetch(ctx context.Context, tx store.Tx, c *desk.Case, id desk.FileID, seq int64, f desk.NewFile) error {
	file := desk.File{
		ID: id, Case: c.ID, Seq: seq, SlackID: f.SlackID, Name: desk.FileName(f.Name), Type: f.Type, Size: f.Size, State: desk.FileFetching,
	}
	policy, err := tx.Policy(ctx, c.Account)
	if err != nil {
		return err
	}
	why := policy.Refuses(file.Name, "", file.Size)
	if why != "" {
		file.State, file.Reason = desk.FileFailed, why
	}
	if err := tx.InsertFile(ctx, &file); err != nil {
		return err
	}
	if why != "" {
		return NotTaken(ctx, tx, c, seq, why)
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

// NotTaken says in a case's place why the file of an entry did not come.
func NotTaken(ctx context.Context, tx store.Tx, c *desk.Case, seq int64, why string) error {
	told := Notice(c, desk.Correspondence{Seq: seq, What: string(desk.FileFailed)})
	told.Content.Text = why
	return Enqueue(ctx, tx, c, told)
}
