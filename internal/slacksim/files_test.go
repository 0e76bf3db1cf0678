package slacksim_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

func get(t *testing.T, url string) map[string]any {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, req)
}

func TestUploadAndDownload(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	content := bytes.Repeat([]byte("log line\n"), 1000)
	f, err := s.api.UploadFileContext(t.Context(), slack.UploadFileParameters{
		Reader: bytes.NewReader(content), Filename: "build.log", FileSize: len(content), Title: "The log", Channel: s.ops.ID, InitialComment: "see *this*",
	})
	if err != nil {
		t.Fatal(err)
	}
	s.quiet(t)
	var e map[string]any
	for _, m := range s.app.Events("message") {
		if m["subtype"] == "file_share" {
			e = m
		}
	}
	if e == nil || e["text"] != "see *this*" || e["bot_id"] != s.in.BotID {
		t.Fatalf("file_share = %v", e)
	}
	if got := e["files"].([]any)[0].(map[string]any); got["id"] != f.ID || got["title"] != "The log" || got["mimetype"] != "text/plain" {
		t.Errorf("file in the event = %v", got)
	}
	info, _, _, err := s.api.GetFileInfoContext(t.Context(), f.ID, 0, 0)
	if err != nil || len(info.Shares.Public[s.ops.ID]) != 1 || info.Shares.Public[s.ops.ID][0].Ts != e["ts"] {
		t.Fatalf("files.info = %+v, %v", info, err)
	}
	var back bytes.Buffer
	if err := s.api.GetFileContext(t.Context(), info.URLPrivateDownload, &back); err != nil || !bytes.Equal(back.Bytes(), content) {
		t.Errorf("download: %d bytes, %v", back.Len(), err)
	}
}

func TestDownloadWithoutAccess(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	secret := s.ws.AddChannel("secret", world.Private, s.alice)
	m := secret.Upload(s.alice, "plan.txt", []byte("top secret"), "")
	row, _ := m.Now()
	req, err := http.NewRequestWithContext(t.Context(), "GET", row.Files[0].DownloadURL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer xoxb-1")
	resp, err := http.DefaultClient.Do(req) // follows, as careless clients do
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 || !strings.HasPrefix(string(body), "<!DOCTYPE html>") || strings.Contains(string(body), "top secret") {
		t.Errorf("status %d, body %q, %v", resp.StatusCode, body, err)
	}
	var back bytes.Buffer
	if err := s.api.GetFileContext(t.Context(), row.Files[0].DownloadURL, &back); err == nil {
		t.Error("slack-go did not see the sign-in page")
	}
	if out := s.call(t, "files.info", "file", row.Files[0].ID); out["error"] != "file_not_found" {
		t.Errorf("files.info of a hidden file: %v", out)
	}
}

func TestFileTraps(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	m := s.ops.Upload(s.alice, "a.png", []byte("\x89PNG\r\n\x1a\n0123456789"), "look")
	row, _ := m.Now()
	id := row.Files[0].ID
	if err := s.sim.World.ChangeFile(id, func(f *world.File) { f.Hold = true }); err != nil {
		t.Fatal(err)
	}
	h := s.ok(t, "conversations.history", "channel", s.ops.ID, "limit", "1")
	file := h["messages"].([]any)[0].(map[string]any)["files"].([]any)[0].(map[string]any)
	if file["file_access"] != "check_file_info" || file["name"] != nil {
		t.Errorf("held file = %v", file)
	}
	if out := s.ok(t, "files.info", "file", id); out["file"].(map[string]any)["name"] != "a.png" {
		t.Errorf("files.info = %v", out)
	}
	if err := s.sim.World.ChangeFile(id, func(f *world.File) { f.Truncated = true }); err != nil {
		t.Fatal(err)
	}
	var back bytes.Buffer
	if err := s.api.GetFileContext(t.Context(), row.Files[0].URL, &back); err == nil && back.Len() == row.Files[0].Size {
		t.Error("the download is whole")
	}
	if err := s.sim.World.DeleteFile(s.alice.ID, id); err != nil {
		t.Fatal(err)
	}
	h = s.ok(t, "conversations.history", "channel", s.ops.ID, "limit", "1")
	file = h["messages"].([]any)[0].(map[string]any)["files"].([]any)[0].(map[string]any)
	if file["mode"] != "tombstone" {
		t.Errorf("deleted file = %v", file)
	}
	if out := s.call(t, "files.info", "file", id); out["error"] != "file_deleted" {
		t.Errorf("files.info of a deleted file: %v", out)
	}
}
