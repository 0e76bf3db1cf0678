package scenario

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
)

// files are the case's files.
func (c *chat) files() []desk.File {
	c.h.Helper()
	files, err := c.h.app.Store.Files(c.h.ctx, c.record().ID)
	c.h.must(err)
	return files
}

// file waits until the case's only file has come to a state.
func (c *chat) file(want desk.FileState) desk.File {
	c.h.Helper()
	var f desk.File
	c.h.until("a file that is "+string(want), func() bool {
		files := c.files()
		if len(files) != 1 {
			return false
		}
		f = files[0]
		return f.State == want
	})
	return f
}

// downloads gets a file from the console as Jane does.
func (c *chat) downloads(f desk.File) string {
	c.h.Helper()
	content, err := c.h.jane.Page(c.h.ctx, "/files/"+string(f.ID))
	c.h.must(err)
	return content
}

// shown are the channel's messages that people and agents wrote, with files.
func (c *chat) shown() (lines []string) {
	for _, m := range c.messages() {
		if m.System() || len(m.Files) == 0 && m.Username == "" {
			continue
		}
		line := m.Text
		for _, f := range m.Files {
			line += " [" + f.Name + "]"
		}
		lines = append(lines, line)
	}
	return lines
}

func (c *chat) wantShown(want ...string) {
	c.h.Helper()
	if diff := cmp.Diff(want, c.shown()); diff != "" {
		c.h.Errorf("the channel (-want +got):\n%s", diff)
	}
}

func TestL28_L29_L61_L62_FilesUploadedReachTheAgentAndAreSaved(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		data := strings.Repeat("step 3 hangs\n", 50_000)
		c.upload(h.alice, "build.log", []byte(data), "here is the log")
		c.recorded("here is the log")
		f := c.file(desk.FileReady)
		if got := c.downloads(f); got != data {
			t.Errorf("L28: the agent got %d bytes, want %d", len(got), len(data))
		}
		if page := c.page(); !strings.Contains(page, "build.log") || !strings.Contains(page, "/files/"+string(f.ID)) {
			t.Error("L28: the page does not offer the file")
		}
		h.must(h.jane.End(h.ctx, c.number))
		c.says("1 file saved")
		if got := c.downloads(f); got != data || c.record().Chat.Files != 1 {
			t.Errorf("L29: after the end there are %d bytes and %d files", len(got), c.record().Chat.Files)
		}
	})
}

func TestL28_B10_TrapsOnAFilesWayHere(t *testing.T) {
	t.Parallel()
	claims := func(field string, value any) func(*house, string) {
		return func(h *house, id string) {
			h.must(h.slack.World.ChangeFile(id, func(f *world.File) { f.Claims = map[string]any{field: value} }))
		}
	}
	for _, trap := range []struct {
		name string
		set  func(h *house, id string)
		want string // of why it failed; empty: it comes all the same
	}{
		{"check_file_info", func(h *house, id string) {
			h.must(h.slack.World.ChangeFile(id, func(f *world.File) { f.Hold = true }))
		}, ""},
		{"a sign-in page at first", func(h *house, _ string) { h.slack.Fail("download", slacksim.Lost, slacksim.As(fault.HTML)) }, ""},
		{"cut off at first", func(h *house, _ string) { h.slack.Fail("download", slacksim.Lost, slacksim.As(fault.Short)) }, ""},
		{"tombstone", claims("mode", "tombstone"), ""}, // of which nothing is recorded
		{"access_denied", claims("file_access", "access_denied"), "Slack does not let us read the file."},
		{"external", claims("mode", "external"), "The file is kept outside Slack, so it was not fetched."},
		{"hidden_by_limit", claims("mode", "hidden_by_limit"), "Slack does not let us read the file."},
		{"too large", claims("size", 101<<20), "The file is larger than 100 MB, so it was not fetched."},
		{"another host", claims("url_private_download", "http://localhost:1/f"), "The file is kept outside Slack, so it was not fetched."},
	} {
		t.Run(trap.name, func(t *testing.T) {
			each(t, func(h *house) {
				c := h.asks(h.alice, "Build is stuck").joins()
				f, err := h.slack.World.AddFile(h.alice.ID, "build.log", []byte("step 3 hangs"))
				h.must(err)
				trap.set(h, f.ID)
				c.ch.Share(h.alice, "the log", f.ID)
				c.recorded("the log")
				switch {
				case trap.name == "tombstone":
					h.quiet()
					if n := len(c.files()); n != 0 {
						t.Errorf("got %d files", n)
					}
				case trap.want == "":
					if got := c.file(desk.FileReady); got.Name != "build.log" || c.downloads(got) != "step 3 hangs" {
						t.Errorf("got %+v", got)
					}
				default:
					c.fails(f.ID, trap.want)
				}
			})
		})
	}
}

// fails waits until the case's file has failed, and looks how that shows on
// both sides, and that it can be tried again.
func (c *chat) fails(slackID, why string) {
	c.h.Helper()
	f := c.file(desk.FileFailed)
	if f.Reason != why {
		c.h.Errorf("got reason %q, want %q", f.Reason, why)
	}
	c.says("Support did not get the file “build.log”. " + why)
	if page := c.page(); !strings.Contains(page, "Not fetched: "+strings.TrimSuffix(why, ".")) || !strings.Contains(page, "/files/"+string(f.ID)+"/retry") {
		c.h.Error("the page does not say why, or offers no retry")
	}
	c.h.must(c.h.slack.World.ChangeFile(slackID, func(f *world.File) { f.Claims = nil }))
	c.h.must(c.h.jane.Retry(c.h.ctx, string(f.ID)))
	c.h.must(c.h.jane.Retry(c.h.ctx, string(f.ID)))
	if got := c.file(desk.FileReady); c.downloads(got) != "step 3 hangs" {
		c.h.Errorf("after a retry: got %+v", got)
	}
}

func TestB10_AnAgentsFileReachesSlack(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		data := bytes.Repeat([]byte("0123456789abcdef"), 100_000)
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "here is a fix"))
		for range 2 { // pressed twice
			h.must(h.jane.Attach(h.ctx, c.number, "f1", "fix.bin", data))
		}
		h.must(h.jane.Reply(h.ctx, c.number, "r2", "tell me how it goes"))
		f := c.file(desk.FileReady)
		h.quiet()
		got, err := h.slack.World.FileBytes(f.SlackID)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("Slack has %d bytes, %v", len(got), err)
		}
		shown := c.shown()
		if len(shown) != 3 || shown[0] != "here is a fix" || strings.Count(fmt.Sprint(shown), "*Jane (Support)* [fix.bin]") != 1 {
			t.Errorf("the channel has %q, want the words before the file, and the file once", shown)
		}
		if page := c.page(); !strings.Contains(page, "In Slack") || !strings.Contains(page, "fix.bin") {
			t.Error("the page does not show that the file arrived")
		}
		h.must(h.jane.End(h.ctx, c.number))
		c.says("2 messages and 1 file saved")
	})
}

// Each of the three steps goes wrong, lost and landed; in Slack the file is
// there once.
func TestB10_EachStepOfAnUploadLostAndLanded(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"files.getUploadURLExternal", "upload", "files.completeUploadExternal"} {
		for _, when := range []fault.When{slacksim.Lost, slacksim.Landed} {
			t.Run(step+"/"+string(when), func(t *testing.T) {
				each(t, func(h *house) {
					c := h.asks(h.alice, "Build is stuck").joins()
					h.slack.Fail(step, when)
					h.must(h.jane.Attach(h.ctx, c.number, "f1", "fix.txt", []byte("turn it off and on")))
					c.file(desk.FileReady)
					h.quiet()
					c.wantShown("*Jane (Support)* [fix.txt]")
				})
			})
		}
	}
}

func TestB10_WhatTheWorkspaceForbidsIsSaidAndCanBeRetried(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		allow := h.slack.Refuse("files.getUploadURLExternal", "file_type_not_allowed", slacksim.Always)
		h.must(h.jane.Attach(h.ctx, c.number, "f1", "fix.exe", []byte("MZ")))
		f := c.file(desk.FileFailed)
		if page := c.page(); !strings.Contains(page, "Not sent: This workspace does not allow files of this kind") {
			t.Error("the page does not say why")
		}
		allow()
		h.must(h.jane.Retry(h.ctx, string(f.ID)))
		c.file(desk.FileReady)
		h.quiet()
		c.wantShown("*Jane (Support)* [fix.exe]")
	})
}

// A file as large as allowed reaches Slack; one byte more is refused.
func TestB10_AFileOf100MB(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("SKIPPED: a file of 100 MB")
	}
	h := newHouse(t, "")
	c := h.asks(h.alice, "Build is stuck").joins()
	data := bytes.Repeat([]byte("0123456789abcde\n"), 100<<20/16)
	h.must(h.jane.Attach(h.ctx, c.number, "f1", "dump.bin", data))
	f := c.file(desk.FileReady)
	got, err := h.slack.World.FileBytes(f.SlackID)
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("Slack has %d bytes, %v", len(got), err)
	}
	if err := h.jane.Attach(h.ctx, c.number, "f2", "more.bin", append(data, 0)); err == nil || !strings.Contains(err.Error(), "larger than 100 MB") {
		t.Errorf("one byte more: got %v", err)
	}
}
