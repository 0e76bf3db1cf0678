package send_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// sending starts a chat in which an agent's file is on its way.
func sending(b *bench, data []byte) (desk.Case, desk.File) {
	b.t.Helper()
	c := b.open()
	b.join(c)
	b.drain()
	b.attach(c, "fix.txt", "console:1", data)
	files, err := b.store.Files(b.t.Context(), c.ID)
	b.must(err)
	return c, files[0]
}

// inRoom are the files that messages of a case's channel show.
func (b *bench) inRoom(c desk.Case) (names []string) {
	b.t.Helper()
	for _, m := range b.room(c.ID).Messages() {
		for _, f := range m.Files {
			names = append(names, m.Text+" "+f.Name)
		}
	}
	return names
}

func TestB10_AnAgentsFileIsInSlackByteForByte(t *testing.T) {
	b := newBench(t, benchOptions{})
	data := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	c, f := sending(b, data)
	if diff := cmp.Diff([]string{"upload sent", "share sent", "share sent"}, b.drain()); diff != "" {
		t.Errorf("settled (-want +got):\n%s", diff)
	}
	got := b.file(f.ID)
	if got.State != desk.FileReady || got.SlackID == "" {
		t.Fatalf("got %+v", got)
	}
	kept, err := b.sim.World.FileBytes(got.SlackID)
	if err != nil || !bytes.Equal(kept, data) {
		t.Errorf("Slack has %d bytes, %v", len(kept), err)
	}
	if diff := cmp.Diff([]string{"*Jane (Support)* fix.txt"}, b.inRoom(c)); diff != "" {
		t.Errorf("the channel (-want +got):\n%s", diff)
	}
	for _, call := range b.sim.Calls("upload") {
		if call.App != "" {
			t.Error("the token went to the address of the upload")
		}
	}
}

func TestB10_AFileThatSlackTookAndNeverShowedIsSentOnceMore(t *testing.T) {
	b := newBench(t, benchOptions{})
	c, f := sending(b, []byte("turn it off"))
	b.sim.Fail("share", slacksim.Lost)
	b.drain()
	if got := b.file(f.ID); got.State != desk.FileReady {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"*Jane (Support)* fix.txt"}, b.inRoom(c)); diff != "" {
		t.Errorf("the channel (-want +got):\n%s", diff)
	}
	if n := len(b.sim.Calls("files.completeUploadExternal")); n != 2 {
		t.Errorf("shown was asked for %d times, want 2", n)
	}

	b.attach(c, "more.txt", "console:2", []byte("and on"))
	b.sim.Fail("share", slacksim.Lost, slacksim.Always)
	b.drain()
	files, err := b.store.Files(t.Context(), c.ID)
	b.must(err)
	if got := files[1]; got.State != desk.FileFailed || !strings.Contains(got.Reason, "never showed it") {
		t.Errorf("got %+v", got)
	}
	if n := len(b.sim.Calls("files.completeUploadExternal")); n != 4 {
		t.Errorf("shown was asked for %d times, want 4", n)
	}
}

// What Slack shows after we gave up the first upload is not shown again.
func TestB10_AFileShownLateIsShownOnce(t *testing.T) {
	b := newBench(t, benchOptions{})
	c, f := sending(b, []byte("turn it off"))
	restore := b.sim.Fail("share", slacksim.Lost)
	b.step(desk.UploadLane(c.ID))
	for b.file(f.ID).SlackID != "" {
		b.step(desk.CaseLane(c.ID)) // until it is given up
	}
	restore()
	first := b.sim.Calls("files.completeUploadExternal")[0]
	b.step(desk.UploadLane(c.ID)) // the second upload
	_, err := b.sim.World.Post(world.Posting{
		Channel: first.Args["channel_id"].(string), User: b.app.Bot.ID, Text: "*Jane (Support)*", FileIDs: []string{b.firstUpload(c)},
	})
	b.must(err)
	b.drain()
	if got := b.file(f.ID); got.State != desk.FileReady {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"*Jane (Support)* fix.txt"}, b.inRoom(c)); diff != "" {
		t.Errorf("the channel (-want +got):\n%s", diff)
	}
}

// firstUpload is Slack's id of the upload that was given up.
func (b *bench) firstUpload(c desk.Case) string {
	b.t.Helper()
	deliveries, err := b.store.DeliveriesOf(b.t.Context(), c.ID, 0)
	b.must(err)
	for _, d := range deliveries {
		if d.Content.First != "" {
			return d.Content.First
		}
	}
	b.t.Fatal("no upload was given up")
	return ""
}

func TestB10_WhatSlackDoesNotAllowIsSaid(t *testing.T) {
	for _, tt := range []struct{ method, code, want string }{
		{"files.getUploadURLExternal", "file_uploads_disabled", "does not allow files to be uploaded"},
		{"files.getUploadURLExternal", "file_uploads_except_images_disabled", "no files but pictures"},
		{"files.getUploadURLExternal", "file_type_not_allowed", "files of this kind"},
		{"files.getUploadURLExternal", "file_upload_size_restricted", "larger than this workspace allows"},
		{"files.getUploadURLExternal", "storage_limit_reached", "no room left"},
		{"files.getUploadURLExternal", "missing_scope", "lacks the permission"},
		{"files.completeUploadExternal", "file_type_not_allowed", "files of this kind"},
		{"files.completeUploadExternal", "slack_connect_file_upload_sharing_blocked", "Another organisation"},
		{"files.completeUploadExternal", "posting_to_channel_denied", "may not write"},
		{"files.completeUploadExternal", "not_in_channel", "no longer open to us"},
		{"files.completeUploadExternal", "something_new", "Slack refused the file (something_new)."},
	} {
		t.Run(tt.method+"/"+tt.code, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, benchOptions{})
			c, f := sending(b, []byte("turn it off"))
			remove := b.sim.Refuse(tt.method, tt.code, slacksim.Always)
			b.drain()
			if got := b.file(f.ID); got.State != desk.FileFailed || !strings.Contains(got.Reason, tt.want) {
				t.Errorf("got %+v, want a reason with %q", got, tt.want)
			}
			remove()
			b.must(b.cases.RetryFile(t.Context(), f.ID, jane))
			b.drain()
			if got := b.file(f.ID); got.State != desk.FileReady {
				t.Errorf("after a retry: got %+v", got)
			}
			if diff := cmp.Diff([]string{"*Jane (Support)* fix.txt"}, b.inRoom(c)); diff != "" {
				t.Errorf("the channel (-want +got):\n%s", diff)
			}
		})
	}
}

func TestB10_AFileDeletedInSlackBeforeItWasShown(t *testing.T) {
	b := newBench(t, benchOptions{})
	c, f := sending(b, []byte("turn it off"))
	b.sim.Fail("share", slacksim.Lost)
	b.step(desk.UploadLane(c.ID))
	b.step(desk.CaseLane(c.ID))
	b.must(b.sim.World.DeleteFile(b.app.Bot.ID, b.file(f.ID).SlackID))
	b.drain()
	if got := b.file(f.ID); got.State != desk.FileFailed || !strings.Contains(got.Reason, "deleted in Slack") {
		t.Errorf("got %+v", got)
	}
}

func TestB10_AFileThatIsGoneHereIsSaidToBe(t *testing.T) {
	b := newBench(t, benchOptions{})
	_, f := sending(b, []byte("turn it off"))
	b.must(b.blobs.Remove(f.Hash))
	b.drain()
	if got := b.file(f.ID); got.State != desk.FileFailed || !strings.Contains(got.Reason, "own store") {
		t.Errorf("got %+v", got)
	}
}

func TestB10_AnUploadThatNeverWorksIsGivenUp(t *testing.T) {
	b := newBench(t, benchOptions{})
	c, f := sending(b, []byte("turn it off"))
	b.sim.Fail("upload", slacksim.Lost, slacksim.Always)
	b.reply(c, "words go on", "console:9")
	b.drain()
	if got := b.file(f.ID); got.State != desk.FileFailed || !strings.Contains(got.Reason, "however often") {
		t.Errorf("got %+v", got)
	}
	if b.room(c.ID).Find(func(m world.Message) bool { return m.Text == "words go on" }) == nil {
		t.Error("words waited for a file")
	}
}

// A process may stop after any step; the next one takes the delivery up as
// interrupted, and looks.
func TestB10_AnInterruptedFileIsShownOnce(t *testing.T) {
	for name, stop := range map[string]func(b *bench, c desk.Case){
		"before anything": func(*bench, desk.Case) {},
		"after the bytes": func(b *bench, c desk.Case) { b.interrupt(desk.UploadLane(c.ID), true) },
		"before showing":  func(b *bench, c desk.Case) { b.step(desk.UploadLane(c.ID)); b.interrupt(desk.CaseLane(c.ID), false) },
		"after showing":   func(b *bench, c desk.Case) { b.step(desk.UploadLane(c.ID)); b.interrupt(desk.CaseLane(c.ID), true) },
		"while looking": func(b *bench, c desk.Case) {
			b.step(desk.UploadLane(c.ID))
			b.step(desk.CaseLane(c.ID))
			b.interrupt(desk.CaseLane(c.ID), true)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, benchOptions{})
			c, f := sending(b, []byte("turn it off"))
			stop(b, c)
			b.drain()
			if got := b.file(f.ID); got.State != desk.FileReady {
				t.Errorf("got %+v", got)
			}
			if diff := cmp.Diff([]string{"*Jane (Support)* fix.txt"}, b.inRoom(c)); diff != "" {
				t.Errorf("the channel (-want +got):\n%s", diff)
			}
		})
	}
}

// interrupt tries the head of a lane, or is about to, and forgets what came of
// it.
func (b *bench) interrupt(lane desk.Lane, tried bool) {
	b.t.Helper()
	d, ok := b.head(lane)
	if !ok {
		b.t.Fatal("nothing to interrupt")
	}
	if tried {
		b.sender.Send(b.t.Context(), d)
		b.must(b.sim.Quiesce(b.t.Context()))
	}
	b.settle(d, desk.Verdict{Kind: desk.Unknown})
}
