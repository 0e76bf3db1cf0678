package browsertest

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Permit says what the person answers when pages of an origin ask for a permission, by
// its name in the Permissions API.
func (tab *Tab) Permit(origin, name string, granted bool) {
	tab.t.Helper()
	setting := browser.PermissionSettingDenied
	if granted {
		setting = browser.PermissionSettingGranted
	}
	_, err := try(tab, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: name}, Setting: setting, Origin: origin, BrowserContextID: tab.person,
		})
		return chromedp.Void{}, err
	})
	if err != nil {
		tab.fail(fmt.Sprintf("permit %s", name), err)
	}
}
