package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A tab's size, until it is given another.
const (
	width  = 1440
	height = 900
)

// The schemes of colours that people choose in their systems.
const (
	Light = "light"
	Dark  = "dark"
)

// Resize gives the tab another size.
func (tab *Tab) Resize(width, height int64) {
	tab.t.Helper()
	if _, err := try(tab, chromedp.EmulateViewport(width, height)); err != nil {
		tab.fail("resize", err)
	}
}

// Shoots reports whether pictures are taken.
func Shoots() bool { return os.Getenv("CASELINE_SHOTS") != "" }

// Shot keeps pictures of the page for people to look at, in three widths and
// in the schemes of colours that are named, if CASELINE_SHOTS names a folder
// for them. The tab then has its first size again.
func (tab *Tab) Shot(name string, schemes ...string) {
	tab.t.Helper()
	tab.ShotAt(name, []int64{1440, 768, 390}, schemes...)
}

// ShotAt is Shot in other widths.
func (tab *Tab) ShotAt(name string, widths []int64, schemes ...string) {
	tab.t.Helper()
	if !Shoots() {
		return
	}
	if len(schemes) == 0 {
		schemes = []string{""}
	}
	for _, scheme := range schemes {
		tab.scheme(scheme)
		for _, width := range widths {
			tab.Resize(width, height)
			file := fmt.Sprintf("%s-%s-%d", tab.name, name, width)
			if scheme != "" {
				file += "-" + scheme
			}
			tab.picture(file + ".png")
		}
	}
	tab.scheme("")
	tab.Resize(width, height)
}

// scheme makes the system prefer a scheme of colours, or none.
func (tab *Tab) scheme(scheme string) {
	tab.t.Helper()
	prefer := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
	if _, err := try(tab, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: prefer})
		return err
	})); err != nil {
		tab.fail("choose colours", err)
	}
}

// Picture keeps one picture of the page as it is, in a file of that name, where
// Shot keeps them.
func (tab *Tab) Picture(name string) {
	tab.t.Helper()
	tab.picture(tab.name + "-" + name + ".png")
}

// picture writes what the page shows to a file.
func (tab *Tab) picture(file string) {
	tab.t.Helper()
	// What is still on its way to another colour or place is so only because the window has just changed.
	tab.Until(`document.getAnimations().every((a) => a.playState !== 'running' || a.effect.getTiming().iterations === Infinity)`)
	png, err := try(tab, chromedp.CaptureScreenshot())
	if err != nil {
		tab.fail("take a picture", err)
	}
	if err := os.WriteFile(filepath.Join(os.Getenv("CASELINE_SHOTS"), file), png, 0o600); err != nil {
		tab.t.Fatal(err)
	}
}
