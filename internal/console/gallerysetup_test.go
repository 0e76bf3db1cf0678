//go:build gallery

package console_test

import (
	"fmt"
	"net/url"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/casework/setup"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// TestGallerySetup takes pictures of the operators' pages.
func TestGallerySetup(t *testing.T) {
	if !browsertest.Shoots() {
		t.Fatal("CASELINE_SHOTS names no folder for the pictures")
	}
	o := newOffice(t)
	furnish(o)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, o.house, "olivia@example.com")
	shoot := func(name, path string, then ...string) {
		t.Helper()
		tab.Visit(o.http.URL + path)
		for _, step := range then {
			tab.Script(step)
		}
		tab.Shot(name, browsertest.Light, browsertest.Dark)
	}
	// send submits a form of the page in sight as it is changed by a script.
	send := func(name, path, script string) {
		t.Helper()
		tab.Visit(o.http.URL + path)
		tab.Script(script)
		tab.Until(`document.querySelector('.field-error') && document.readyState === 'complete'`)
		tab.Shot(name, browsertest.Light, browsertest.Dark)
	}
	acme := "/setup/accounts/" + string(northwind)
	shoot("setup", "/setup")
	shoot("setup-account", acme+"?did=renamed")
	shoot("setup-choose", acme+"/channels/new")
	shoot("setup-new", acme+"/channels/new?workspace=T1&channel=C0GENERAL&name=general")
	shoot("setup-channel", acme+"/channels/T1/C0PLATFORM")
	shoot("setup-remove", acme+"/channels/T1/C0PLATFORM/remove")
	shoot("audit", "/audit")
	shoot("audit-none", "/audit?"+url.Values{"from": {"2020-01-01"}, "to": {"2020-01-02"}}.Encode())
	send("setup-refused", "/setup", `document.querySelector('#id').value='12'; document.querySelector('#name').value='Acme & Co'; document.querySelector('#id').form.submit()`)
	send("setup-channel-refused", acme+"/channels/T1/C0PLATFORM", `document.querySelectorAll('[name=tell]').forEach((c) => { c.checked = false }); document.querySelector('#only-chat').value='@nobody'; document.querySelector('.settings').submit()`)
	send("audit-refused", "/audit?case=12&from=x&who=Nobody", ``)
}

// furnish adds more of everything.
func furnish(o *office) {
	ctx := o.t.Context()
	for i, name := range []string{"Meridian Health", "Bolt Works", "Ågård & Sønner", "A name that is as long as it may"} {
		a, err := o.setup.AddAccount(ctx, setup.AddAccount{By: o.by(), ID: fmt.Sprintf("48151623421%d", i), Alias: name})
		if err != nil {
			continue // the & is refused
		}
		if i < 2 {
			o.must(o.setup.LinkWorkspace(ctx, setup.Link{By: o.by(), Account: a.ID, Workspace: "T2"}))
		}
	}
	o.serve(northwind, "T1", "C0PLATFORM", "platform-support")
	o.serve(northwind, "T1", "C0LONG", "The channel in which the whole of operations asks about eu-west and its neighbours")
	o.serve(northwind, "T2", "C0SHARED", "")
	high, off := served.NotifyHigh, false
	narrow := []served.Narrowing{{Permission: served.MayChat, People: []desk.PersonID{"T1:UALICE"}, Groups: []served.GroupID{"S0ONCALL"}}}
	_, err := o.setup.ChangeChannel(ctx, setup.ChangeChannel{
		By: o.by(), Key: setup.ChannelKey{Account: northwind, Workspace: "T1", Channel: "C0PLATFORM"},
		Permissions: []served.Permission{served.MayRead, served.MayCreate, served.MayChat}, Severities: &high, Resolved: &off, Narrow: &narrow,
	})
	o.must(err)
	_, err = o.setup.ChangeChannel(ctx, setup.ChangeChannel{By: o.by(), Key: setup.ChannelKey{Account: northwind, Workspace: "T2", Channel: "C0SHARED"}, Permissions: served.ReadOnly()})
	o.must(err)
	fill(o.house)
	o.clock.start()
}
