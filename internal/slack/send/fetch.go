package send

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"

	"caseline/internal/blob"
	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/slack/api"
)

// fetchTries is how often a file is tried whose failure may pass: right after
// the upload Slack may show a sign-in page or half of it. With the outbox's
// pauses that is about two minutes.
const fetchTries = 8

// What a person reads of a file that did not come.
const (
	goneFile     = "The file was deleted in Slack before it could be fetched."
	closedFile   = "Slack does not let us read the file."
	externalFile = "The file is kept outside Slack, so it was not fetched."
	brokenFile   = "The file did not arrive whole."
	specialFile  = "It is no file but something that lives in Slack only, so it was not fetched."
)

// largeFile is what a person reads of a file over the limit.
func (s *Sender) largeFile() string {
	return fmt.Sprintf("The file is larger than %d MB, so it was not fetched.", s.opt.MaxFile>>20)
}

func refused(sentence string) desk.Verdict {
	return desk.Verdict{Kind: desk.Refused, Reason: sentence}
}

// fetch brings a file here. Doing so again does no harm.
func (s *Sender) fetch(ctx context.Context, j job) desk.Verdict {
	f, err := s.store.File(ctx, j.Content.File)
	if err != nil {
		return retry(err)
	}
	if f.State == desk.FileReady || f.State == desk.FileErased {
		return sent("")
	}
	info, err := s.slack.FileInfo(ctx, f.SlackID)
	if err != nil {
		return s.fileRefused(j, err)
	}
	if sentence := s.unfetchable(info); sentence != "" {
		return refused(sentence)
	}
	got, err := s.bring(ctx, f.ID, info)
	if err != nil {
		return s.fileRefused(j, err)
	}
	if err := s.cases.FileFetched(ctx, got); err != nil {
		return retry(err)
	}
	return sent("")
}

// unfetchable says why a file cannot be fetched, or "".
func (s *Sender) unfetchable(f api.File) string {
	switch {
	case f.Mode == "tombstone" || f.Access == "file_not_found":
		return goneFile
	case f.Mode == "hidden_by_limit" || f.Access == "access_denied":
		return closedFile
	case f.External || f.Mode == "external":
		return externalFile
	case f.Mode == "canvas" || f.Mode == "list" || f.Mode == "docs" || f.Mode == "space" || f.Mode == "post":
		return specialFile
	case f.Size > s.opt.MaxFile:
		return s.largeFile()
	case f.URL == "":
		return closedFile
	}
	return ""
}

// The ways in which a file's content is not what Slack said.
var (
	errSignInPage = errors.New("a sign-in page came in place of the file")
	errCutOff     = errors.New("the file did not come as long as slack said")
)

// bring fetches a file's content and keeps it.
func (s *Sender) bring(ctx context.Context, id desk.FileID, info api.File) (casework.FetchedFile, error) {
	body, err := s.slack.Fetch(ctx, info.URL)
	if err != nil {
		return casework.FetchedFile{}, err
	}
	defer body.Content.Close()
	content := bufio.NewReaderSize(&exactly{r: body.Content, left: info.Size, known: info.Size > 0}, 4096)
	head, err := content.Peek(512)
	switch {
	case signInPage(info, body.Type, head): // whatever its length
		return casework.FetchedFile{}, errSignInPage
	case err != nil && !errors.Is(err, io.EOF):
		return casework.FetchedFile{}, err
	}
	sniffed := http.DetectContentType(head)
	hash, size, err := s.blobs.Put(ctx, content, s.opt.MaxFile)
	if err != nil {
		return casework.FetchedFile{}, err
	}
	return casework.FetchedFile{File: id, Name: info.Name, Hash: hash, Size: size, Type: sniffed}, nil
}

// signInPage reports whether what comes is a page for people to sign in, and
// not the file: a page where no page was uploaded.
func signInPage(info api.File, contentType string, head []byte) bool {
	claimed, _, _ := mime.ParseMediaType(info.Type)
	if claimed == "text/html" {
		return false
	}
	if served, _, _ := mime.ParseMediaType(contentType); served == "text/html" {
		return true
	}
	start := bytes.ToLower(bytes.TrimLeft(head, " \t\r\n\ufeff"))
	page := bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
	return page && !strings.HasPrefix(claimed, "text/")
}

// An exactly reads as many bytes as Slack said that there are, and fails with
// errCutOff when there are fewer or more, or when they stop coming.
type exactly struct {
	r     io.Reader
	left  int64
	known bool
}

func (e *exactly) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.left -= int64(n)
	ended := errors.Is(err, io.EOF)
	switch {
	case err != nil && !ended:
		return n, fmt.Errorf("%w: %w", errCutOff, err)
	case e.known && (e.left < 0 || ended && e.left != 0):
		return n, errCutOff
	}
	return n, err
}

// fileRefused is the verdict on a file that did not come.
func (s *Sender) fileRefused(j job, err error) desk.Verdict {
	if _, large := errors.AsType[*blob.TooLargeError](err); large {
		return refused(s.largeFile())
	}
	var sentence string
	switch e, _ := errors.AsType[*api.Error](err); {
	case errors.Is(err, errSignInPage), errors.Is(err, api.ErrSignIn):
		sentence = closedFile
	case errors.Is(err, errCutOff):
		sentence = brokenFile
	case errors.Is(err, api.ErrForeign):
		return refused(externalFile)
	case e == nil || e.Kind != api.Refused:
		return s.again(err)
	case e.Code == "file_deleted" || e.Code == "file_not_found":
		return refused(goneFile)
	case e.Code == "":
		sentence = closedFile // an HTTP status
	default:
		v := s.once(err)
		if v.Kind == desk.Refused {
			s.opt.Log.Warn("file refused", slog.String("case", string(j.Case)), slog.Any("err", err))
			v.Reason = closedFile
		}
		return v
	}
	if j.Attempts < fetchTries {
		return retry(err)
	}
	s.opt.Log.Warn("file given up", slog.String("case", string(j.Case)), slog.Int("attempt", j.Attempts), slog.Any("err", err))
	return refused(sentence)
}
