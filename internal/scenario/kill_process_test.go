package scenario

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// killSecret is a signing secret as long as the configuration wants it.
const killSecret = "8f742231b10e8888abcd99yyyzzz85a5"

// killTimeout is how long the server waits for an answer of Slack. A post
// without one holds up its lane half as long again.
const killTimeout = 1200 * time.Millisecond

// buildCaseline builds the program as people do, once for all tests.
func buildCaseline(t *testing.T) (binary string) {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

var built = sync.OnceValues(func() (binary string, err error) {
	dir, err := os.MkdirTemp("", "caseline-scenario-") // TestMain removes it
	if err != nil {
		return "", err
	}
	buildDir.Store(&dir)
	binary = filepath.Join(dir, "caseline")
	if out, err := exec.Command("go", "build", "-o", binary, "caseline/cmd/caseline").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return binary, nil
})

// buildDir is where the program was built, if it was.
var buildDir atomic.Pointer[string]

// steadyAddress is an address on loopback whose port nobody is given by
// chance, so that it is still free when the server has been killed. Its other
// half, for UDP, is held until the test ends and tells other tests that the
// port is taken.
func steadyAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprintf("127.0.0.1:%d", 12_000+rand.N(18_000))
		held, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", addr)
		if err != nil {
			continue
		}
		t.Cleanup(func() { held.Close() })
		ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", addr)
		if err != nil {
			continue
		}
		if err := ln.Close(); err != nil {
			t.Fatal(err)
		}
		return addr
	}
	t.Fatal("no free port below those that are given away")
	return ""
}

func killConfig(addr, dataDir, databaseURL, slackAddr, channel string, sockets bool) string {
	way := fmt.Sprintf("signing_secrets: [%s]", killSecret)
	if sockets {
		way = "app_token: " + appToken
	}
	return fmt.Sprintf(`
listen: %s
data_dir: %s
database: {url: %q}
slack: {api_url: "http://%s/api/", bot_token: xoxb-test, %s, timeout: %s, pace: "off"}
account: {id: "111122223333", name: Acme}
chat: {compare_after: 5s}
channels: [{id: %s, name: ops}]
agents: [{email: %s, name: Jane, password: %q}, {email: %s, name: Omar, password: %q}]
log: {level: warn}
`, addr, dataDir, databaseURL, slackAddr, way, killTimeout, channel, janeEmail, password, omarEmail, password)
}

// A process is the server as a program of its own.
type process struct {
	binary, config, log, url string

	cmd   *exec.Cmd
	ended chan struct{} // closed when cmd has ended
}

func newProcess(t *testing.T, binary, dir, url, config string) *process {
	t.Helper()
	p := &process{binary: binary, config: filepath.Join(dir, "caseline.yaml"), log: filepath.Join(dir, "log"), url: url}
	if err := os.WriteFile(p.config, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if log, err := os.ReadFile(p.log); t.Failed() && err == nil {
			t.Logf("the end of the server's log:\n%s", log[max(0, len(log)-8000):])
		}
	})
	return p
}

var errEnded = errors.New("the server ended by itself")

// start starts the server and waits until it is ready.
func (p *process) start(ctx context.Context) error {
	if err := p.launch(); err != nil {
		return err
	}
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !p.ready(ctx) {
		select {
		case <-look.C:
		case <-p.ended:
			return fmt.Errorf("%w: %v", errEnded, p.cmd.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("start the server: %w", context.Cause(ctx))
		}
	}
	return nil
}

// launch starts the server without waiting for it.
func (p *process) launch() error {
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	p.cmd = exec.Command(p.binary, "serve", "--config", p.config)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "CASELINE_") { // they would change the configuration
			p.cmd.Env = append(p.cmd.Env, v)
		}
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	cmd, ended := p.cmd, make(chan struct{})
	p.ended = ended
	go func() { // ends when the process does; kill and stop wait for it
		defer close(ended)
		_ = cmd.Wait() // how it ended is in its state
	}()
	return nil
}

func (p *process) ready(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// kill ends the server without warning, if it runs.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill() // an error means that it has ended
	<-p.ended
}

// stop stops the server in order.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	select {
	case <-p.ended:
	case <-time.After(patience):
		return errors.New("the server did not stop in time")
	}
	if !p.cmd.ProcessState.Success() {
		return fmt.Errorf("the server stopped with %v", p.cmd.ProcessState)
	}
	return nil
}

// complain reports what must never stand in the server's log.
func (p *process) complain(t *testing.T) {
	t.Helper()
	log, err := os.ReadFile(p.log)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(log) {
		if bytes.Contains(line, []byte("panic")) || bytes.Contains(line, []byte("DATA RACE")) {
			t.Errorf("the server's log says: %s", line)
		}
	}
}

// pause waits for d: what it is about happens at no state that one could wait
// for.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
