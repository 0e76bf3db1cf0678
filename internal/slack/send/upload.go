package send

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// uploadTries is how often the bytes of a file are sent whose sending may yet
// succeed. With the outbox's pauses that is about ten minutes.
const uploadTries = 16

// What a person reads of a file that did not reach Slack.
const (
	lostFile  = "The file is not in our own store any more."
	stuckFile = "Slack did not take the file, however often it was sent."
	tornFile  = "The file was deleted in Slack before it was shown."
)

// upload gives Slack the bytes of an agent's file. Doing so again does no
// harm: a file whose upload is never completed is nowhere to be seen.
func (s *Sender) upload(ctx context.Context, j job) desk.Verdict {
	f, err := s.store.File(ctx, j.Content.File)
	if err != nil {
		return retry(err)
	}
	content, err := s.blobs.Open(f.Hash)
	if errors.Is(err, desk.ErrNotFound) {
		return refused(lostFile)
	}
	if err != nil {
		return retry(err)
	}
	defer content.Close() // read only: nothing to lose
	address, id, err := s.slack.UploadURL(ctx, f.Name, f.Size)
	if err != nil {
		return s.uploadFailed(j, err)
	}
	if err := s.slack.Upload(ctx, address, content, f.Size); err != nil {
		return s.uploadFailed(j, err)
	}
	return sent(id)
}

func (s *Sender) uploadFailed(j job, err error) desk.Verdict {
	v := s.again(err)
	switch {
	case v.Kind == desk.Refused:
		return s.fileDeclined(j, err, v)
	case v.Hold == "" && j.Attempts >= uploadTries:
		s.opt.Log.Warn("file given up", slog.String("case", string(j.Case)), slog.Int("attempt", j.Attempts), slog.Any("err", err))
		return refused(stuckFile)
	}
	return v
}

// fileDeclined is the verdict on a file that Slack will not have.
func (s *Sender) fileDeclined(j job, err error, v desk.Verdict) desk.Verdict {
	s.opt.Log.Warn("file refused", slog.String("case", string(j.Case)), slog.Any("err", err))
	v.Reason = declined(v.Reason)
	return v
}

// declined says why Slack will not have a file.
func declined(code string) string {
	switch code {
	case "file_uploads_disabled":
		return "This workspace does not allow files to be uploaded."
	case "file_uploads_except_images_disabled":
		return "This workspace allows no files but pictures."
	case "file_type_not_allowed":
		return "This workspace does not allow files of this kind."
	case "file_upload_size_restricted", "file_too_large":
		return "The file is larger than this workspace allows."
	case "storage_limit_reached", "over_file_storage_limit":
		return "This workspace has no room left for files."
	case "missing_scope":
		return "The app lacks the permission to upload files in this workspace."
	case "channel_not_found", "not_in_channel", "invalid_channel", "no_place":
		return "The chat’s channel is no longer open to us."
	case "is_archived":
		return "The chat’s channel was archived."
	case "posting_to_channel_denied", "restricted_action", "restricted_action_read_only_channel":
		return "We may not write in the chat’s channel any more."
	case "file_deleted":
		return tornFile
	}
	if strings.HasPrefix(code, "slack_connect_") {
		return "Another organisation in this channel does not allow files."
	}
	return "Slack refused the file (" + code + ")."
}

// A file is shown in two parts, because Slack answers before it does so:
// asking for it, and seeing it there. The receipt of the first is our time.
const (
	partAsk = iota
	partSee
)

// How long Slack may take to show a file, and how often to look.
const (
	showPatience = 45 * time.Second
	showPause    = time.Second
)

// share shows an uploaded file in the place, below a line with the agent's
// name, since a file goes under the app's.
func (s *Sender) share(ctx context.Context, j job) desk.Verdict {
	if j.Part >= partSee {
		return s.see(ctx, j)
	}
	e, err := s.store.Entry(ctx, j.Case, j.Seq)
	if err != nil {
		return retry(err)
	}
	f, err := s.store.File(ctx, j.Content.File)
	if err != nil {
		return retry(err)
	}
	if ts, err := s.shownBefore(ctx, j); err != nil {
		return s.again(err) // looking does no harm
	} else if ts != "" {
		return sent(ts)
	}
	err = s.slack.CompleteUpload(ctx, api.Sharing{
		File: f.SlackID, Title: f.Name, Channel: string(j.at.Channel), Thread: j.at.Thread, Comment: view.FileLine(signature(e)),
	})
	if err != nil {
		return s.shareFailed(j, err)
	}
	return s.asked()
}

// asked is the verdict when Slack said that it will show the file.
func (s *Sender) asked() desk.Verdict {
	now := s.opt.Now()
	return desk.Verdict{Kind: desk.Sent, More: true, At: now.Add(showPause), Receipt: string(wire.TsOf(now.UnixMicro()))}
}

func (s *Sender) shareFailed(j job, err error) desk.Verdict {
	v := s.once(err)
	switch {
	case v.Kind != desk.Refused:
		return v
	case v.Reason == "file_not_found" && j.Attempts > 1:
		return s.asked() // an earlier try was heard: look for what came of it
	case v.Reason == "file_not_found":
		return desk.Verdict{Kind: desk.Refused, Reason: desk.NotShown} // its bytes are gone: send them again
	}
	return s.fileDeclined(j, err, v)
}

// see waits for a file to be shown.
func (s *Sender) see(ctx context.Context, j job) desk.Verdict {
	f, err := s.store.File(ctx, j.Content.File)
	if err != nil {
		return retry(err)
	}
	ts, err := s.shownAt(ctx, j, f.SlackID)
	v := s.again(err)
	switch {
	case ts != "":
		return sent(ts)
	case api.Code(err) == "file_deleted":
		return refused(tornFile)
	case api.Code(err) == "file_not_found":
		return desk.Verdict{Kind: desk.Refused, Reason: desk.NotShown}
	case err != nil && v.Kind != desk.Refused:
		return v
	}
	since, _ := wire.Ts(lastWord(j.Receipt)).Micros()
	now := s.opt.Now()
	if now.Before(time.UnixMicro(since).Add(showPatience)) {
		return desk.Verdict{Kind: desk.Retry, At: now.Add(showPause), Reason: "Slack has not shown it yet"}
	}
	if ts, v := s.fileInHistory(ctx, j, f.SlackID, time.UnixMicro(since)); ts != "" || v.Kind != desk.Sent {
		return v
	}
	s.opt.Log.Warn("slack took a file and did not show it", slog.String("case", string(j.Case)))
	return desk.Verdict{Kind: desk.Refused, Reason: desk.NotShown}
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

// shownAt returns the ts of the message that shows the file in j's channel, or
// "" if none does yet.
func (s *Sender) shownAt(ctx context.Context, j job, id string) (ts string, err error) {
	info, err := s.slack.FileInfo(ctx, id)
	if err != nil {
		return "", err
	}
	for _, ts := range info.Shares[string(j.at.Channel)] {
		return ts, nil
	}
	return "", nil
}

// shownBefore is shownAt for the file as it was first uploaded, if it was
// given up then: Slack may have shown it after all.
func (s *Sender) shownBefore(ctx context.Context, j job) (ts string, err error) {
	if j.Content.First == "" {
		return "", nil
	}
	ts, err = s.shownAt(ctx, j, j.Content.First)
	if e, ok := errors.AsType[*api.Error](err); ok && e.Kind == api.Refused {
		return "", nil // it is not there to be seen
	}
	return ts, err
}

// fileInHistory looks for the message that shows the file. When there is none
// the verdict is Sent without a receipt.
func (s *Sender) fileInHistory(ctx context.Context, j job, id string, since time.Time) (ts string, v desk.Verdict) {
	m, v := s.search(ctx, j, since, func(m api.Message) bool {
		for _, file := range m.Files {
			if file == id {
				return true
			}
		}
		return false
	})
	if m == nil {
		return "", v
	}
	return m.Ts, sent(m.Ts)
}

// lookForShare settles whether Slack heard that it should show a file.
func (s *Sender) lookForShare(ctx context.Context, j job) desk.Verdict {
	f, err := s.store.File(ctx, j.Content.File)
	if err != nil {
		return unknown(err, time.Time{})
	}
	looked := s.opt.Now()
	ts, err := s.shownAt(ctx, j, f.SlackID)
	if err != nil {
		if code := api.Code(err); code == "file_deleted" {
			return refused(tornFile)
		}
		v := s.again(err)
		if v.Kind == desk.Refused {
			return desk.Verdict{Kind: desk.Retry, Reason: v.Reason} // asking again tells
		}
		v.Kind, v.Hold = desk.Unknown, ""
		return v
	}
	if ts != "" {
		return sent(ts)
	}
	v := s.absent(j.Delivery, looked)
	if v.Kind != desk.Retry {
		return v
	}
	if ts, found := s.fileInHistory(ctx, j, f.SlackID, j.TriedAt); ts != "" || found.Kind != desk.Sent {
		return found
	}
	return v
}
