package casework_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
)

func (b *bench) attach(c desk.Case, name, origin string) error {
	return b.Attach(b.t.Context(), casework.Attach{
		Case: c.ID, Agent: jane, Name: name, Hash: fmt.Sprintf("%064d", 1), Size: 8, Type: "text/plain", Origin: desk.Origin(origin),
	})
}

// files are a case's files in short.
func (b *bench) files(id desk.CaseID) []string {
	b.t.Helper()
	files, err := b.store.Files(b.t.Context(), id)
	b.must(err)
	var lines []string
	for _, f := range files {
		lines = append(lines, fmt.Sprintf("%s %s %s%s", f.Name, f.State, f.SlackID, f.Reason))
	}
	return lines
}

func (b *bench) wantFiles(id desk.CaseID, want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.files(id)); diff != "" {
		b.t.Errorf("files (-want +got):\n%s", diff)
	}
}

// emptied settles everything in the case's lane as sent.
func (b *bench) emptied(c desk.Case) {
	b.t.Helper()
	for range 5 { // invite, card, pin, link, topic
		b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "1.1"})
	}
	b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent}) // joined
}

func TestB10_AnAgentsFileFollowsTheWordsSentBeforeIt(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		b.emptied(c)
		b.must(b.Reply(b.t.Context(), casework.Reply{Case: c.ID, Agent: jane, Text: "here it is", Origin: "console:1"}))
		b.must(b.attach(c, "../build.log", "console:1:1"))
		b.must(b.attach(c, "../build.log", "console:1:1")) // sent twice
		b.wantStory(c.ID, "message Since ten.", "chat requested", "chat joined", "message here it is", "file build.log")
		b.wantFiles(c.ID, "build.log sending ")

		up := b.settle(desk.UploadLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "F1"})
		b.wantFiles(c.ID, "build.log sending F1")
		first := b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "2.2"})
		share := b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "3.3", More: true})
		b.wantFiles(c.ID, "build.log sending F1")
		b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "4.4"})
		b.wantFiles(c.ID, "build.log ready F1")
		if up.Kind != desk.DeliverUpload || first.Kind != desk.DeliverReply || share.Kind != desk.DeliverShare {
			b.t.Errorf("got %s, %s, %s", up.Kind, first.Kind, share.Kind)
		}
		got, _, err := b.End(b.t.Context(), casework.End{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Reason: desk.EndedByAgent, Origin: "end"})
		b.must(err)
		if got.Chat.Messages != 1 || got.Chat.Files != 1 {
			b.t.Errorf("the transcript counts %d messages and %d files", got.Chat.Messages, got.Chat.Files)
		}
	})
}

func TestB10_AFileThatIsNeverShownIsSentTwiceAtMost(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		b.emptied(c)
		b.must(b.attach(c, "build.log", "console:1"))
		b.settle(desk.UploadLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "F1"})
		b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: desk.NotShown})
		again := b.settle(desk.UploadLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "F2"})
		share := b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: desk.NotShown})
		if again.Content.First != "F1" || share.Content.First != "F1" {
			b.t.Errorf("got %+v and %+v, want the first upload named", again.Content, share.Content)
		}
		b.wantFiles(c.ID, "build.log failed F2Slack took the file twice and never showed it.")
	})
}

func TestB10_RetryTriesOnce(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		b.emptied(c)
		b.must(b.attach(c, "out.txt", "console:1"))
		b.settle(desk.UploadLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: "This workspace takes no files."})
		in := b.said(1, b.now.Add(time.Second))
		in.Files = []desk.NewFile{{SlackID: "F9", Name: "in.txt", Size: 8, Origin: "slack:T1:CHAT:1:F9"}}
		b.record(in)
		files, err := b.store.Files(b.t.Context(), c.ID)
		b.must(err)
		out, came := files[0].ID, files[1].ID
		b.settle(desk.FileLane(came), desk.Verdict{Kind: desk.Refused, Reason: "The file was deleted."})
		told := b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "5.5"})
		if told.Kind != desk.DeliverNotice || told.Content.Text != "The file was deleted." {
			b.t.Errorf("the place was told %+v", told)
		}
		b.wantFiles(c.ID, "out.txt failed This workspace takes no files.", "in.txt failed F9The file was deleted.")
		for range 2 {
			b.must(errors.Join(b.RetryFile(b.t.Context(), out, jane), b.RetryFile(b.t.Context(), came, jane)))
		}
		b.wantFiles(c.ID, "out.txt sending ", "in.txt fetching F9")
		b.settle(desk.UploadLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "F1"})
		b.settle(desk.FileLane(came), desk.Verdict{Kind: desk.Refused, Reason: "The file was deleted."})
		b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "6.6"})
		b.wantFiles(c.ID, "out.txt ready F1", "in.txt failed F9The file was deleted.")
		lanes, err := b.store.OpenLanes(b.t.Context(), 100)
		b.must(err)
		for _, l := range lanes {
			if l.Lane != desk.CardLane(c.ID) {
				b.t.Errorf("something still waits in %s", l.Lane)
			}
		}
	})
}

func TestB10_WithoutAChatNoFileIsSent(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		b.must(b.attach(c, "out.txt", "console:1"))
		b.settle(desk.UploadLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: "No."})
		_, _, err := b.End(b.t.Context(), casework.End{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Reason: desk.EndedByAgent, Origin: "end"})
		b.must(err)
		if err := b.attach(c, "late.txt", "console:2"); !errors.Is(err, desk.ErrConflict) {
			b.t.Errorf("attach after the end: got %v", err)
		}
		files, err := b.store.Files(b.t.Context(), c.ID)
		b.must(err)
		if err := b.RetryFile(b.t.Context(), files[0].ID, jane); !errors.Is(err, desk.ErrConflict) {
			b.t.Errorf("retry after the end: got %v", err)
		}
		if err := b.RetryFile(b.t.Context(), "file-none", jane); !errors.Is(err, desk.ErrNotFound) {
			b.t.Errorf("retry of no file: got %v", err)
		}
	})
}
