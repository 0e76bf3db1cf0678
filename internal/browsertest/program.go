package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// tries is how often somebody tries to enter a program that does not come up or
// does not answer.
const tries = 3

// keepers are those of the programs that all tests of a process use, by their paths:
// to start one costs more than most tests do.
var keepers = sync.OnceValue(func() *sync.Map { return new(sync.Map) }) // string to *keeper

func keeperOf(path string) *keeper {
	k, _ := keepers().LoadOrStore(path, &keeper{})
	return k.(*keeper)
}

// A keeper starts a program when somebody first enters, and anew when it has ended.
type keeper struct {
	mu  sync.Mutex // guards now, also while a program starts
	now *program   // nil for none
}

// A program is a browser's that runs.
type program struct {
	browser *chromedp.Browser
	ended   <-chan struct{}
	stop    func()
	// tab opens a tab for a person, whose events are heard.
	tab func(person cdp.BrowserContextID, hear func(any)) (*chromedp.Target, context.CancelFunc, error)
}

// enter lets somebody use the program who has nothing there yet, and says who that is.
func (k *keeper) enter(path string, logf func(string, ...any)) (*program, cdp.BrowserContextID, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var err error
	for range tries {
		if k.now != nil {
			select {
			case <-k.now.ended:
				k.end()
			default:
			}
		}
		if k.now == nil {
			if k.now, err = start(path); err != nil {
				logf("start the browser: %v", err)
				continue
			}
		}
		var id cdp.BrowserContextID
		if id, err = k.now.enter(); err == nil {
			return k.now, id, nil
		}
		logf("enter the browser: %v", err)
		k.end()
	}
	return nil, "", err
}

func (p *program) enter() (cdp.BrowserContextID, error) {
	ctx, cancel := within()
	defer cancel()
	made, err := cdp.Call(ctx, p.browser, target.CreateBrowserContext, target.CreateBrowserContextParams{})
	return made.BrowserContextID, err
}

// leave closes what somebody has in a program, and forgets what it kept. A program
// that does not do it is not used again.
func (k *keeper) leave(p *program, id cdp.BrowserContextID, logf func(string, ...any)) {
	ctx, cancel := within()
	defer cancel()
	_, err := cdp.Call(ctx, p.browser, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: id})
	if err == nil {
		return
	}
	logf("leave the browser: %v", err)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.now == p {
		k.end()
	}
}

// end stops the program, if there is one.
func (k *keeper) end() {
	if k.now != nil {
		k.now.stop()
		k.now = nil
	}
}

func start(path string) (*program, error) {
	dir, err := os.MkdirTemp("", "browser")
	if err != nil {
		return nil, err
	}
	keeping := exec.Command("/bin/sh", "-c", keep, "sh", dir)
	keeping.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	hold, err := keeping.StdinPipe()
	if err == nil {
		err = keeping.Start()
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(dir))
	}
	allocator, ended := chromedp.NewExecAllocator(context.Background(), options(path, dir)...)
	ctx, cancel := chromedp.NewContext(allocator)
	late := time.AfterFunc(patience, cancel)
	err = chromedp.Do(ctx)
	if !late.Stop() {
		err = errors.Join(err, fmt.Errorf("not within %v", patience))
	}
	if err == nil {
		_, err = fmt.Fprintln(hold, chromedp.FromContext(ctx).Browser.Process().Pid)
	}
	stop := func() {
		_ = hold.Close()
		cancel()
		ended()
		_ = keeping.Wait()
	}
	if err != nil {
		stop()
		return nil, err
	}
	return &program{
		browser: chromedp.FromContext(ctx).Browser, ended: ctx.Done(), stop: stop,
		tab: func(person cdp.BrowserContextID, hear func(any)) (*chromedp.Target, context.CancelFunc, error) {
			return openTab(ctx, person, hear)
		},
	}, nil
}

// keep is the script of a shell that waits until nobody holds the other end of its
// input open any more, then ends the group of processes that it was told of and
// removes their folder. So they end with our process, however that ends.
const keep = `read -r group
read -r _
kill -KILL "-$group"
for _ in 1 2 3 4 5 6 7 8 9; do kill -0 "-$group" || break; sleep 0.1; done
rm -rf "$1"`

// options are how the program is started, with a folder for all that it writes. It
// draws without a graphics card by the plain way: one that is imitated takes far
// longer.
func options(path, dir string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.Env("TMPDIR="+dir),
		chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-software-rasterizer", true), chromedp.Flag("enable-unsafe-swiftshader", false),
		chromedp.Flag("disable-gpu-rasterization", true), chromedp.Flag("disable-gpu-compositing", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
	)
}
