package send_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slack/send"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
)

// chatFile records a file in a running chat and returns its delivery's lane.
func (b *bench) chatFile(name string, data []byte) (desk.File, string) {
	b.t.Helper()
	c := b.open()
	b.join(c)
	b.drain()
	m := b.room(c.ID).Upload(b.alice, name, data, "")
	now, _ := m.Now()
	b.record(c, m, desk.NewFile{SlackID: now.FileIDs[0], Name: name, Size: int64(len(data))})
	files, err := b.store.Files(b.t.Context(), c.ID)
	b.must(err)
	return files[0], now.FileIDs[0]
}

func (b *bench) file(id desk.FileID) desk.File {
	b.t.Helper()
	f, err := b.store.File(b.t.Context(), id)
	b.must(err)
	return f
}

func TestL28_L29_FileArrivesByteForByte(t *testing.T) {
	for name, data := range map[string]string{
		"empty.txt": "", "log.txt": "it broke", "page.html": "<!DOCTYPE html><p>hello", "photo.png": "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 100_000),
		"not a page.txt": "<html> is how a page begins",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			f, _ := b.chatFile(name, []byte(data))
			b.drain()
			got := b.file(f.ID)
			if got.State != desk.FileReady || got.Size != int64(len(data)) || got.Reason != "" {
				t.Fatalf("got %+v", got)
			}
			kept, err := b.blobs.Open(got.Hash)
			b.must(err)
			defer kept.Close()
			content, err := io.ReadAll(kept)
			if err != nil || string(content) != data {
				t.Errorf("got %d bytes, %v", len(content), err)
			}
		})
	}
}

func TestL28_B10_FileThatIsOnlyNamedArrivesToo(t *testing.T) {
	b := newBench(t, benchOptions{})
	f, id := b.chatFile("log.txt", []byte("it broke"))
	b.must(b.sim.World.ChangeFile(id, func(f *world.File) { f.Hold = true }))
	b.drain()
	if got := b.file(f.ID); got.State != desk.FileReady {
		t.Errorf("got %+v", got)
	}
}

func TestB10_FileThatDoesNotComeSaysWhy(t *testing.T) {
	tests := []struct {
		name      string
		spoil     func(b *bench, id string)
		want      string
		wantTries int
	}{
		{"deleted meanwhile", func(b *bench, id string) { b.must(b.sim.World.DeleteFile(b.alice.ID, id)) }, "deleted in Slack", 1},
		{"cut off each time", func(b *bench, id string) {
			b.must(b.sim.World.ChangeFile(id, func(f *world.File) { f.Truncated = true }))
		}, "did not arrive whole", 8},
		{"sign-in page each time", func(b *bench, _ string) {
			b.sim.Fail("download", slacksim.Lost, slacksim.As(fault.HTML), slacksim.Always)
		}, "does not let us read", 8},
		{"the app is not in the channel any more", func(b *bench, _ string) {
			for _, ch := range b.sim.World.AllChannels(b.ws.ID) {
				if strings.HasPrefix(ch.Name, "case-") {
					b.ws.ChannelByID(ch.ID).Kick(b.alice, b.app.Bot)
				}
			}
		}, "in Slack", 6}, // the place may have got another id, so it is tried again; and those for telling the channel where the chat was asked for, and for the chat's end
		{"a page to sign in behind a redirect", func(b *bench, _ string) {
			b.sim.Fail("download", slacksim.Lost, slacksim.To(b.sim.World.BaseURL()+"/signin"), slacksim.Always)
		}, "does not let us read", 8},
		{"half of it, as if that were all", func(b *bench, _ string) {
			b.sim.Fail("download", slacksim.Lost, slacksim.As(fault.Short), slacksim.Always)
		}, "did not arrive whole", 8},
		{"a tombstone", claims("mode", "tombstone"), "deleted in Slack", 1},
		{"hidden by the plan", claims("mode", "hidden_by_limit"), "does not let us read", 1},
		{"access denied", claims("file_access", "access_denied"), "does not let us read", 1},
		{"not found for us", claims("file_access", "file_not_found"), "deleted in Slack", 1},
		{"kept elsewhere", claims("mode", "external"), "kept outside Slack", 1},
		{"said to be external", claims("is_external", true), "kept outside Slack", 1},
		{"a canvas", claims("mode", "canvas"), "lives in Slack only", 1},
		{"too large", claims("size", 100<<20+1), "larger than 100 MB", 1},
		{"larger than it was said to be", claims("size", 5), "did not arrive whole", 8},
		{"the scope was taken away", func(b *bench, _ string) {
			b.sim.Refuse("files.info", "missing_scope", slacksim.Always)
		}, "does not let us read", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			f, id := b.chatFile("log.txt", []byte(strings.Repeat("it broke in the middle ", 10_000)))
			tt.spoil(b, id)
			b.tries = 0
			b.drain()
			got := b.file(f.ID)
			if got.State != desk.FileFailed || !strings.Contains(got.Reason, tt.want) {
				t.Errorf("got %+v, want a reason with %q", got, tt.want)
			}
			if want := tt.wantTries + 1; b.tries != want { // and one for telling the place
				t.Errorf("got %d tries, want %d", b.tries, want)
			}
			if len(b.sim.World.SeenChannels(b.ws.ID, b.app.Bot.ID)) == 1 {
				return // the place is closed to us
			}
			told := b.room(f.Case).Find(func(m world.Message) bool {
				return strings.Contains(m.Text, "Support did not get the file “log.txt”.")
			})
			if told == nil || !strings.Contains(told.Text(), tt.want) {
				t.Errorf("the place was not told %q", tt.want)
			}
		})
	}
}

// claims makes Slack say something of a file that is not so.
func claims(field string, value any) func(b *bench, id string) {
	return func(b *bench, id string) {
		b.must(b.sim.World.ChangeFile(id, func(f *world.File) { f.Claims = map[string]any{field: value} }))
	}
}

func TestB10_TheTokenGoesToNoOtherHost(t *testing.T) {
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer elsewhere.Close()
	for name, spoil := range map[string]func(b *bench, id string){
		"the file's address": claims("url_private_download", elsewhere.URL+"/f"),
		"a redirect": func(b *bench, _ string) {
			b.sim.Fail("download", slacksim.Lost, slacksim.To(elsewhere.URL+"/f"), slacksim.Always)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			f, id := b.chatFile("log.txt", []byte("it broke"))
			spoil(b, id)
			b.drain()
			if got := b.file(f.ID); got.State != desk.FileFailed || asked > 0 {
				t.Errorf("got %+v; the other host was asked %d times", got, asked)
			}
		})
	}
}

func TestB10_RetryFetchesAFileThatFailed(t *testing.T) {
	b := newBench(t, benchOptions{})
	f, id := b.chatFile("log.txt", []byte("it broke"))
	claims("file_access", "access_denied")(b, id)
	b.drain()
	b.must(b.cases.RetryFile(t.Context(), f.ID, jane))
	b.drain()
	if got := b.file(f.ID); got.State != desk.FileFailed {
		t.Errorf("got %+v", got)
	}
	b.must(b.sim.World.ChangeFile(id, func(f *world.File) { f.Claims = nil }))
	b.must(b.cases.RetryFile(t.Context(), f.ID, jane))
	b.drain()
	if got := b.file(f.ID); got.State != desk.FileReady || got.Reason != "" {
		t.Errorf("got %+v", got)
	}
	told := 0
	for _, m := range b.room(f.Case).Messages() {
		if strings.Contains(m.Text, "Support did not get") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the place was told %d times, want once", told)
	}
}

func TestL28_B10_FileComesAfterTheSignInPage(t *testing.T) {
	b := newBench(t, benchOptions{})
	f, _ := b.chatFile("log.txt", []byte("it broke"))
	b.sim.Fail("download", slacksim.Lost, slacksim.As(fault.HTML), slacksim.Times(2))
	b.drain()
	if got := b.file(f.ID); got.State != desk.FileReady {
		t.Errorf("got %+v", got)
	}
}

// oddFile is a Slack with one file that is not as usual.
type oddFile struct {
	*api.Client
	info api.File
	err  error
	body string
}

func (o oddFile) FileInfo(context.Context, string) (api.File, error) { return o.info, o.err }

func (o oddFile) Fetch(ctx context.Context, address string) (api.Body, error) {
	if o.body == "" {
		return o.Client.Fetch(ctx, address)
	}
	return api.Body{Content: io.NopCloser(strings.NewReader(o.body)), Type: "application/octet-stream", Size: -1}, nil
}

func TestB10_OddFiles(t *testing.T) {
	tests := []struct {
		name string
		o    oddFile
		want desk.Verdict
	}{
		{"outside Slack", oddFile{info: api.File{External: true, URL: "https://example.com/f"}},
			desk.Verdict{Kind: desk.Refused, Reason: "The file is kept outside Slack, so it was not fetched."}},
		{"an address outside Slack", oddFile{info: api.File{Mode: "hosted", URL: "https://example.com/f"}},
			desk.Verdict{Kind: desk.Refused, Reason: "The file is kept outside Slack, so it was not fetched."}},
		{"no address", oddFile{info: api.File{Mode: "hosted"}},
			desk.Verdict{Kind: desk.Refused, Reason: "Slack does not let us read the file."}},
		{"hidden by the plan", oddFile{info: api.File{Mode: "hidden_by_limit", URL: "https://files.slack.com/f"}},
			desk.Verdict{Kind: desk.Refused, Reason: "Slack does not let us read the file."}},
		{"a tombstone", oddFile{info: api.File{Mode: "tombstone"}},
			desk.Verdict{Kind: desk.Refused, Reason: "The file was deleted in Slack before it could be fetched."}},
		{"too large", oddFile{info: api.File{Size: 100<<20 + 1, URL: "https://files.slack.com/f"}},
			desk.Verdict{Kind: desk.Refused, Reason: "The file is larger than 100 MB, so it was not fetched."}},
		{"longer than Slack said", oddFile{info: api.File{Size: 3, URL: "https://files.slack.com/f"}, body: "four"},
			desk.Verdict{Kind: desk.Retry, Reason: "the file did not come as long as slack said"}},
		{"shorter than Slack said", oddFile{info: api.File{Size: 5, URL: "https://files.slack.com/f"}, body: "four"},
			desk.Verdict{Kind: desk.Retry, Reason: "the file did not come as long as slack said"}},
		{"of unknown size", oddFile{info: api.File{URL: "https://files.slack.com/f"}, body: "four"}, desk.Verdict{Kind: desk.Sent}},
		{"a page in place of a picture", oddFile{info: api.File{Type: "image/png", URL: "https://files.slack.com/f"}, body: "\n<!DOCTYPE HTML><title>Sign in"},
			desk.Verdict{Kind: desk.Retry, Reason: "a sign-in page came in place of the file"}},
		{"Slack limits us", oddFile{err: &api.Error{Method: "files.info", Kind: api.Lost, Err: errors.New("no route")}},
			desk.Verdict{Kind: desk.Retry, Down: true, Reason: "files.info: lost: no route"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			f, _ := b.chatFile("f", []byte("four"))
			tt.o.Client = b.client
			s := send.New(b.self, tt.o, b.store, b.cases, b.blobs, send.Options{})
			got := s.Send(t.Context(), desk.Delivery{Case: f.Case, Kind: desk.DeliverFetch, Attempts: 1, Content: desk.Content{File: f.ID}})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFileThatIsHereIsNotFetchedAgain(t *testing.T) {
	b := newBench(t, benchOptions{})
	f, _ := b.chatFile("log.txt", []byte("it broke"))
	b.must(b.cases.FileFetched(t.Context(), casework.FetchedFile{File: f.ID, Hash: strings.Repeat("a", 64), Size: 8, Type: "text/plain"}))
	b.sim.Refuse("files.info", "file_not_found", slacksim.Always)
	b.drain()
	if got := b.file(f.ID); got.State != desk.FileReady {
		t.Errorf("got %+v", got)
	}
}
