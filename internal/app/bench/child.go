package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A child is a server in a process of its own: the real one, or the bare path.
type child struct {
	cmd   *exec.Cmd
	url   string
	ready time.Duration // from start to the first good answer of /readyz
}

const configText = `listen: %s
data_dir: %s
database: {url: %q}
slack: {api_url: "http://%s/api/", bot_token: %s, signing_secrets: [%s], pace: off}
account: {id: "111122223333", name: Bench}
channels: [{id: C0ASKED, name: ops}]
agents: [{email: %s, name: Jane, password: %s}]
log: {level: warn}
`

const (
	benchEmail    = "jane@bench.example"
	benchPassword = "bench-password"
)

var errStartSlow = errors.New("the server did not become ready")

// start starts the real server and waits until it is ready.
func (b *bench) start(ctx context.Context, flags ...string) (*child, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(b.dir, "caseline.yaml")
	text := fmt.Sprintf(configText, addr, filepath.Join(b.dir, b.data), b.database, b.slackAddr, benchToken, benchSecret, benchEmail, benchPassword)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("write the configuration: %w", err)
	}
	return b.launch(ctx, addr, append([]string{"serve", "--config", path}, flags...)...)
}

// startBare does the same for the bare path.
func (b *bench) startBare(ctx context.Context) (*child, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	return b.launch(ctx, addr, "bench", "--bare", addr, "--store", b.bareURL)
}

// launch runs this program with args, in a process of its own that listens on
// addr, and waits until it is ready.
func (b *bench) launch(ctx context.Context, addr string, args ...string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program: %w", err)
	}
	c := &child{url: "http://" + addr, cmd: exec.Command(self, args...)}
	c.cmd.Stderr = b.err
	c.cmd.SysProcAttr = endsWithUs()
	began := time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, 30*time.Second, errStartSlow)
	defer cancel()
	for {
		if _, err := c.readyz(ctx); err == nil {
			c.ready = time.Since(began)
			return c, nil
		}
		if ctx.Err() != nil {
			c.stop()
			return nil, context.Cause(ctx)
		}
		pause(ctx, 2*time.Millisecond)
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// counts are what /readyz tells of the store.
type counts struct {
	Updates int64 `json:"updates"`
	Commits int64 `json:"commits"`
}

func (c *child) readyz(ctx context.Context) (counts, error) {
	var got counts
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/readyz", nil)
	if err != nil {
		return got, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return got, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return got, errors.New(res.Status)
	}
	return got, json.NewDecoder(res.Body).Decode(&got)
}

// resident is the child's resident memory in bytes.
func (c *child) resident() (int64, error) {
	f, err := os.Open(filepath.Join("/proc", strconv.Itoa(c.cmd.Process.Pid), "status"))
	if err != nil {
		return 0, fmt.Errorf("read the server's memory: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb * 1024, err
		}
	}
	return 0, errors.Join(errors.New("the server's memory is not shown"), lines.Err())
}

// cpu is the processor time that the child has used.
func (c *child) cpu() (time.Duration, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(c.cmd.Process.Pid), "stat"))
	if err != nil {
		return 0, fmt.Errorf("read the server's processor time: %w", err)
	}
	// After the name, in brackets: the 12th and 13th are user's and system's,
	// in hundredths of a second on every Linux.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, errors.New("the server's processor time is not shown")
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond, errors.Join(err1, err2)
}

// stop asks the server to stop and waits for it.
func (c *child) stop() {
	// An error means that it is gone already.
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	_ = c.cmd.Wait()
}
