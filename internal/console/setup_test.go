package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework/setup"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

const (
	accountURL = "/setup/accounts/" + string(northwind)
	opsURL     = accountURL + "/channels/T1/C0OPS"
)

// everything is a channel's form as the page has it for everything.
func everything(changes ...string) url.Values {
	v := url.Values{
		"name": {"ops"}, "preset": {"full"}, "severities": {"all"}, "tell": {"opened", "answered", "resolved"},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		delete(v, changes[i])
		if changes[i+1] != "" {
			v[changes[i]] = strings.Fields(changes[i+1])
		}
	}
	return v
}

func TestThePagesOfOperatorsAreForOperators(t *testing.T) {
	o := newOffice(t)
	o.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	operator, agent, stranger := o.signedIn("olivia@example.com"), o.signedIn("jane@example.com"), o.browser()
	for _, path := range []string{
		"/setup", accountURL, accountURL + "/workspaces/T1/unlink", accountURL + "/channels/new", accountURL + "/channels/new?channel=C0NEW",
		opsURL, opsURL + "/remove", "/audit", "/audit.csv", "/audit.json",
	} {
		if got := operator.get(path); got.status != http.StatusOK || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: an operator got %d, %q", path, got.status, got.header.Get("Cache-Control"))
		}
		got := agent.get(path)
		if got.status != http.StatusForbidden || strings.Contains(got.body, "Northwind") {
			t.Errorf("%s: an agent got %d", path, got.status)
		}
		if says := parsePage(t, got.body).says(t, "main h1"); !strings.Contains(says, "for operators") {
			t.Errorf("%s: an agent was told %q", path, says)
		}
		if got := stranger.get(path); got.path != "/login" {
			t.Errorf("%s: a stranger got %d at %s", path, got.status, got.path)
		}
	}
	was := o.has(northwind, "T1", "C0OPS")
	for path, sent := range map[string]url.Values{
		"/setup/accounts": {"id": {"100000000001"}}, accountURL + "/name": {"name": {"Taken"}}, accountURL + "/deletions": {"deletions": {"erase"}}, accountURL + "/asking": {"asking": {"no"}}, accountURL + "/workspaces": {"workspace": {"T3"}},
		accountURL + "/workspaces/T2/unlink": {}, accountURL + "/channels": everything("workspace", "T1", "channel", "C0NEW"),
		opsURL: everything("preset", "read-only"), opsURL + "/remove": {},
	} {
		if got := agent.post(path, sent); got.status != http.StatusForbidden {
			t.Errorf("POST %s: an agent got %d", path, got.status)
		}
		if got := stranger.post(path, sent); got.path != "/login" {
			t.Errorf("POST %s: a stranger got %d at %s", path, got.status, got.path)
		}
		if got := operator.post(path, sent, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"); got.status != http.StatusForbidden {
			t.Errorf("POST %s from another site: got %d", path, got.status)
		}
	}
	if diff := cmp.Diff(was, o.has(northwind, "T1", "C0OPS")); diff != "" {
		t.Errorf("the channel has changed:\n%s", diff)
	}
	a, err := o.store.Account(t.Context(), northwind)
	o.must(err)
	linked, err := o.store.WorkspacesOf(t.Context(), northwind)
	o.must(err)
	if a.Name != "Northwind Robotics" || a.Deletions.Withholds() || len(linked) != 2 {
		t.Errorf("the account has changed: %q, %d workspaces", a.Name, len(linked))
	}
	for who, want := range map[*browser]int{operator: 1, agent: 0} {
		doc := parsePage(t, who.get("/").body)
		for _, link := range []string{".nav-link[href=/setup]", ".nav-link[href=/audit]"} {
			if got := len(doc.all(link)); got != want {
				t.Errorf("%s: got %d links, want %d", link, got, want)
			}
		}
	}
}

// A wish is a form that is refused, or not.
type formWish struct {
	what, path string
	sent       url.Values
	status     int
	field      string // whose mistake it is
	says       string
	kept       map[string]string // selectors of fields, and what they still have
}

// refuses sends forms that are refused and checks where that is said, and that
// what was typed is kept.
func refuses(t *testing.T, b *browser, wishes []formWish) {
	t.Helper()
	for _, w := range wishes {
		got := b.post(w.path, w.sent)
		if got.status != w.status {
			t.Errorf("%s: got %d, want %d", w.what, got.status, w.status)
		}
		doc := parsePage(t, got.body)
		at := doc.all("#wrong-" + w.field)
		if len(at) != 1 || len(doc.all("[role=alert]")) != 1 || !strings.Contains(at[0].text, w.says) {
			t.Errorf("%s: got %d mistakes at %s, want one with %q", w.what, len(at), w.field, w.says)
			continue
		}
		for selector, want := range w.kept {
			if got := doc.one(t, selector).attrs["value"]; got != want {
				t.Errorf("%s: %s has %q, want %q", w.what, selector, got, want)
			}
		}
	}
}

func TestAccountsAreAddedAndRenamedByForm(t *testing.T) {
	o := newOffice(t)
	b := o.signedIn("olivia@example.com")
	add := func(id, name string) url.Values { return url.Values{"id": {id}, "name": {name}} }
	refuses(t, b, []formWish{
		{"a short id", "/setup/accounts", add("12", "Third"), 422, "id", "12 digits", map[string]string{"#id": "12", "#name": "Third"}},
		{"an id that is taken", "/setup/accounts", add(string(northwind), "Third"), 409, "id", "already", map[string]string{"#id": string(northwind)}},
		{"a wrong letter", "/setup/accounts", add("100000000001", "A & B"), 422, "name", "“&”", map[string]string{"#id": "100000000001", "#name": "A & B"}},
		{"a long name", "/setup/accounts", add("100000000001", strings.Repeat("a", 31)), 422, "name", "30 characters", nil},
		{"a name that is taken", "/setup/accounts", add("100000000001", "halcyon FOODS"), 409, "name", "is called “Halcyon Foods” already", map[string]string{"#name": "halcyon FOODS"}},
		{"another's name", accountURL + "/name", url.Values{"name": {"Halcyon Foods"}}, 409, "name", "already", map[string]string{"#name": "Halcyon Foods"}},
		{"no such policy", accountURL + "/deletions", url.Values{"deletions": {"burn"}}, 422, "deletions", "keep, hide or erase", nil},
		{"no answer", accountURL + "/asking", nil, 422, "asking", "Choose whether", nil},
		{"no name of a person’s", accountURL + "/name", url.Values{"name": {"<b>"}}, 422, "name", "“<”", map[string]string{"#name": "<b>"}},
	})
	got := b.post("/setup/accounts", add(" 100000000001 ", " Bolt  Works "))
	doc := parsePage(t, got.body)
	if got.path != "/setup/accounts/100000000001" || doc.says(t, "h1") != "Bolt Works" || !strings.Contains(doc.says(t, ".toast"), "Link it to a workspace") {
		t.Errorf("added: got %s, %q", got.path, doc.says(t, "h1"))
	}
	got = b.post(accountURL+"/name", url.Values{"name": {"Northwind"}})
	if says := parsePage(t, got.body).says(t, "h1"); got.path != accountURL || says != "Northwind" {
		t.Errorf("renamed: got %s, %q", got.path, says)
	}
	got = b.post(accountURL+"/deletions", url.Values{"deletions": {"hide"}})
	if chosen := parsePage(t, got.body).one(t, "[name=deletions][checked]").attrs["value"]; got.path != accountURL || chosen != "hide" {
		t.Errorf("deletions: got %s, %q", got.path, chosen)
	}
	for _, asking := range []string{"no", "yes", "no"} {
		got = b.post(accountURL+"/asking", url.Values{"asking": {asking}})
		if chosen := parsePage(t, got.body).one(t, "[name=asking][checked]").attrs["value"]; got.path != accountURL || chosen != asking {
			t.Errorf("asking: got %s, %q, want %q", got.path, chosen, asking)
		}
	}
	list := parsePage(t, b.get("/setup").body)
	var rows []string
	for _, row := range list.all(".rows-setup .row-link") {
		rows = append(rows, strings.Join(strings.Fields(row.text), " "))
	}
	want := []string{
		"Bolt Works 100000000001 No workspace yet No channel yet 0 of 5 workspaces 0 of 20 channels",
		"Northwind 481516234200 Northwind HQ, Halcyon ops 2 of 5 workspaces 1 of 20 channels",
		"Halcyon Foods 481516234201 Northwind HQ Halcyon in ops 1 of 5 workspaces 1 of 20 channels",
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
	if found := len(parsePage(t, b.get("/setup?q=BOLT").body).all(".rows-setup .row")); found != 1 {
		t.Errorf("looked for one account: got %d", found)
	}
	if got := b.get("/setup/accounts/999999999999"); got.status != http.StatusNotFound {
		t.Errorf("an account that is not there: got %d", got.status)
	}
}

func TestWorkspacesAreLinkedAndUnlinkedByForm(t *testing.T) {
	o := newOffice(t)
	b := o.signedIn("olivia@example.com")
	for n := 4; n <= 7; n++ {
		w := served.Workspace{ID: desk.WorkspaceID(fmt.Sprint("T", n)), Name: fmt.Sprint("Space ", n)}
		o.update(func(tx store.Tx) error { return tx.SaveWorkspace(t.Context(), &w) })
	}
	link := func(w string) url.Values { return url.Values{"workspace": {w}} }
	refuses(t, b, []formWish{
		{"not installed", accountURL + "/workspaces", link("T9"), 404, "workspace", "not installed in a workspace T9", nil},
		{"linked already", accountURL + "/workspaces", link("T2"), 409, "workspace", "already", nil},
	})
	for _, w := range []string{"T3", "T4", "T5"} {
		if got := b.post(accountURL+"/workspaces", link(w)); got.path != accountURL || got.status != http.StatusOK {
			t.Errorf("link %s: got %d at %s", w, got.status, got.path)
		}
	}
	refuses(t, b, []formWish{{"a sixth", accountURL + "/workspaces", link("T6"), 409, "workspace", "linked to 5 workspaces", map[string]string{"#workspace option[selected]": "T6"}}})
	got := b.post(accountURL+"/workspaces/T1/unlink", nil)
	if says := parsePage(t, got.body).says(t, "[role=alert]"); got.status != http.StatusConflict || !strings.Contains(says, "has channels configured") {
		t.Errorf("unlink with channels: got %d, %q", got.status, says)
	}
	question := parsePage(t, b.get(accountURL+"/workspaces/T3/unlink").body).one(t, "main form").attrs["action"]
	if got := b.post(question, nil); got.path != accountURL || !strings.Contains(parsePage(t, got.body).says(t, ".bar-note"), "4 of 5 workspaces") {
		t.Errorf("unlink: got %d at %s", got.status, got.path)
	}
}

func TestAChannelIsChosenFromAListOrTyped(t *testing.T) {
	o := newOffice(t)
	b := o.signedIn("olivia@example.com")
	page := accountURL + "/channels/new"
	doc := parsePage(t, b.get(page).body)
	if rows := doc.all(".rows-public .row-link"); len(rows) != 100 || !strings.Contains(rows[0].text, "Added already") || rows[0].attrs["href"] != opsURL {
		t.Errorf("got %d public channels, the first at %s", len(rows), rows[0].attrs["href"])
	}
	if !strings.Contains(doc.text, "100 of 153 are shown") || !strings.Contains(doc.text, "more public channels than are listed") {
		t.Error("the page does not say that there are more")
	}
	rows := parsePage(t, b.get(page+"?q=%23PLATFORM").body).all(".rows-public .row-link")
	if len(rows) != 1 {
		t.Fatalf("looked for one channel: got %d", len(rows))
	}
	chosen := parsePage(t, b.get(rows[0].attrs["href"]).body)
	if got := chosen.one(t, "#name").attrs["value"]; got != "platform-support" || chosen.one(t, "input[name=channel]").attrs["value"] != "C0PLATFORM" {
		t.Errorf("chosen: got the name %q", got)
	}
	if got := b.get(page + "?workspace=T2"); !strings.Contains(got.body, "no public channels that") && !strings.Contains(got.body, "no public channel that") {
		t.Error("a workspace without public channels does not say so")
	}
	for typed, want := range map[string]string{
		"C0PRIVATE": "T1 C0PRIVATE", " https://halcyon.slack.com/archives/C0SHARED/p1700000000000100 ": "T2 C0SHARED", "https://app.slack.com/client/T2/C0SHARED": "T2 C0SHARED",
	} {
		doc := parsePage(t, b.get(page+"?"+url.Values{"workspace": {"T1"}, "channel": {typed}}.Encode()).body)
		if got := doc.one(t, "input[name=workspace]").attrs["value"] + " " + doc.one(t, "input[name=channel]").attrs["value"]; got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string]string{
		"": "names no channel", "#ops": "names no channel", "https://third.slack.com/archives/C0X": "not linked to", "https://evil.example/archives/C0X": "not linked to",
	} {
		got := b.get(page + "?" + url.Values{"channel": {typed}}.Encode())
		doc := parsePage(t, got.body)
		if says := doc.says(t, "#wrong-channel"); got.status != http.StatusUnprocessableEntity || !strings.Contains(says, want) || doc.one(t, "#channel").attrs["value"] != typed {
			t.Errorf("%q: got %d, %q", typed, got.status, says)
		}
	}
	if got := b.get(page + "?channel=C0OPS"); got.path != opsURL {
		t.Errorf("one that is configured: got %s, want its settings", got.path)
	}
	o.silent = true
	if got := b.get(page); got.status != http.StatusOK || !strings.Contains(got.body, "Slack does not list the channels") {
		t.Errorf("Slack is silent: got %d", got.status)
	}
}

func TestAChannelIsAddedAndChangedByForm(t *testing.T) {
	o := newOffice(t)
	b := o.signedIn("olivia@example.com")
	add := accountURL + "/channels"
	fresh := func(changes ...string) url.Values {
		return everything(append([]string{"workspace", "T1", "channel", "C0NEW"}, changes...)...)
	}
	refuses(t, b, []formWish{
		{"there already", add, fresh("channel", "C0OPS"), 409, "channel", "configured for account Northwind Robotics already", map[string]string{"#name": "ops"}},
		{"no permission", add, fresh("preset", "some"), 422, "permissions", "Choose what people in the channel may do", map[string]string{"[name=preset][checked]": "some"}},
		{"told of all, and nothing", add, fresh("tell", ""), 422, "notify", "Choose what the channel is told", map[string]string{"[name=severities][checked]": "all"}},
		{"told of no such", add, fresh("severities", "some"), 422, "notify", "all, high or none", nil},
		{"a long name", add, fresh("name", strings.Repeat("x", 257)), 422, "name", "256 characters", map[string]string{"#name": strings.Repeat("x", 257)}},
		{"nobody", opsURL, everything("only-chat", "@nobody"), 422, "only-chat", "“@nobody” names nobody", map[string]string{"#only-chat": "@nobody"}},
		{"a group that was taken away", opsURL, everything("only-read", "S0OLD"), 422, "only-read", "names nobody", nil},
	})
	got := b.post(add, fresh("preset", "some", "may", "chat read", "severities", "high", "tell", "resolved", "only-chat", "UALICE,@oncall,https://northwind.slack.com/team/UBOB"))
	if got.status != http.StatusOK || got.path != accountURL+"/channels/T1/C0NEW" {
		t.Fatalf("add: got %d at %s", got.status, got.path)
	}
	want := served.ChannelConfig{
		Account: northwind, Workspace: "T1", Channel: "C0NEW", Name: "ops", Permissions: []served.Permission{served.MayRead, served.MayChat},
		Notify: served.Notify{Severities: served.NotifyHigh, Resolved: true},
		Narrow: []served.Narrowing{{Permission: served.MayChat, People: []desk.PersonID{"T1:UALICE", "T1:UBOB"}, Groups: []served.GroupID{"S0ONCALL"}}},
	}
	if diff := cmp.Diff(want, o.has(northwind, "T1", "C0NEW")); diff != "" {
		t.Errorf("added (-want +got):\n%s", diff)
	}
	doc := parsePage(t, got.body)
	if typed, who := doc.one(t, "#only-chat").attrs["value"], doc.says(t, ".only-who"); typed != "UALICE, UBOB, @oncall" || who != "Alice Chen, Bob Martínez, On call (2)" {
		t.Errorf("narrowed: got %q, %q", typed, who)
	}
	if link := doc.one(t, ".bar-acts a[target=_blank]"); link.attrs["href"] != "https://t1.slack.example/archives/C0NEW" {
		t.Errorf("Open in Slack leads to %q", link.attrs["href"])
	}
	b.post(got.path, everything("name", "", "severities", "none"))
	want = served.ChannelConfig{Account: northwind, Workspace: "T1", Channel: "C0NEW", Permissions: served.FullPermissions(), Notify: served.Notify{Severities: served.NotifyNone}}
	if diff := cmp.Diff(want, o.has(northwind, "T1", "C0NEW")); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	if shared := parsePage(t, b.get(opsURL).body).says(t, ".others"); shared != "Halcyon Foods" {
		t.Errorf("also served there: got %q", shared)
	}
}

func TestTwentyChannelsAnAccountByForm(t *testing.T) {
	o := newOffice(t)
	b := o.signedIn("olivia@example.com")
	for i := range 19 {
		o.serve(northwind, "T1", desk.ChannelID(fmt.Sprint("C0MORE", i)), "")
	}
	refuses(t, b, []formWish{
		{"one too many", accountURL + "/channels", everything("workspace", "T1", "channel", "C0LAST", "name", "last"), 409, "channel", "has 20 channels, and no account may have more", map[string]string{"#name": "last"}},
		{"through another workspace", accountURL + "/channels", everything("workspace", "T2", "channel", "C0MORE1"), 409, "channel", "through workspace T1 already", nil},
		{"a workspace that is not linked", accountURL + "/channels", everything("workspace", "T3", "channel", "C0LAST"), 409, "channel", "not linked to workspace T3", nil},
	})
}

func TestL81_TheChannelOfALiveChatCannotBeRemovedByForm(t *testing.T) {
	o := newOffice(t)
	b := o.signedIn("olivia@example.com")
	o.serve(northwind, "T1", "C1", "where cases are opened")
	c := o.opened("Hello", "Please help.", "T1:UALICE", desk.SeverityNormal)
	remove := accountURL + "/channels/T1/C1/remove"
	got := b.post(remove, nil)
	if says := parsePage(t, got.body).says(t, "[role=alert]"); got.status != http.StatusConflict || !strings.Contains(says, "on case "+string(c.Number)+". End the chat first.") {
		t.Errorf("remove: got %d, %q", got.status, says)
	}
	got = b.post(accountURL+"/workspaces/T1/unlink", nil)
	if says := parsePage(t, got.body).says(t, "[role=alert]"); got.status != http.StatusConflict || !strings.Contains(says, "live chat in this workspace") {
		t.Errorf("unlink: got %d, %q", got.status, says)
	}
	o.end(c, desk.ByAgent(o.olivia), desk.EndedByAgent)
	question := parsePage(t, b.get(remove).body).one(t, "main form").attrs["action"]
	if got := b.post(question, nil); got.path != accountURL || got.status != http.StatusOK {
		t.Errorf("remove after the end: got %d at %s", got.status, got.path)
	}
	if got := b.get(accountURL + "/channels/T1/C1"); got.status != http.StatusNotFound {
		t.Errorf("the removed channel: got %d", got.status)
	}
}

// audit reads the page of the audit, as lines of who, what and about.
func auditLines(t *testing.T, doc *node) []string {
	var lines []string
	for _, row := range doc.all(".audit tbody tr") {
		line := row.says(t, ".audit-who") + ": " + row.says(t, ".audit-what")
		lines = append(lines, strings.Join(strings.Fields(line+" · "+row.says(t, ".audit-about")+" · "+row.says(t, ".audit-how")), " "))
	}
	return lines
}

func TestB6_TheAuditIsLookedThroughAndExported(t *testing.T) {
	o := newOffice(t)
	b := o.signedIn("olivia@example.com")
	jane := o.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := o.opened("Hello", "Please help.", "T1:UALICE", desk.SeverityNormal)
	o.join(c, jane)
	b.post(opsURL, everything("preset", "read-only"))
	about := string(c.Number) + " Northwind Robotics"
	opened, asked, joined := "Alice Chen Slack: Opened the case · "+about+" · Slack", "Alice Chen Slack: Asked for a chat · "+about+" · Slack", "Jane Doe: Joined the chat · "+about+" · Console"
	changed := "Olivia Park: Changed a channel channel C0OPS permissions read create reply resolve chat → read workspace T1 · Northwind Robotics · Console"
	for query, want := range map[string][]string{
		"case=" + string(c.Number):                                {joined, asked, opened},
		"case=%23" + string(c.Number) + "&who=Jane+doe":           {joined},
		"who=jane@example.com":                                    {joined},
		"who=T1:UALICE":                                           {asked, opened},
		"what=channel-changed":                                    {changed},
		"account=" + string(halcyon) + "&what=channel-configured": {"Olivia Park: Added a channel channel C0OPS name Halcyon in ops told of all opened answered resolved permissions read create reply resolve chat workspace T1 · Halcyon Foods · Console"},
		"from=2020-01-01&to=2020-12-31":                           nil,
		"from=2020-01-01&what=agent-joined":                       {joined},
	} {
		got := b.get("/audit?" + query)
		doc := parsePage(t, got.body)
		if diff := cmp.Diff(want, auditLines(t, doc)); got.status != http.StatusOK || diff != "" {
			t.Errorf("%s: got %d (-want +got):\n%s", query, got.status, diff)
		}
		if want == nil && doc.says(t, ".empty h2") != "Nothing was found" {
			t.Errorf("%s: nothing is found, and the page does not say so", query)
		}
	}
	doc := parsePage(t, b.get("/audit?what=channel-changed&account="+string(northwind)).body)
	for i, kind := range []string{"text/csv", "application/x-ndjson"} {
		link := doc.all(".bar-acts a[download]")[i].attrs["href"]
		got := b.get(link)
		lines := strings.Count(got.body, "\n")
		if !strings.HasPrefix(got.header.Get("Content-Type"), kind) || !strings.Contains(got.header.Get("Content-Disposition"), "attachment") || lines != 2-i || !strings.Contains(got.body, "channel-changed") {
			t.Errorf("%s: got %s with %d lines", link, got.header.Get("Content-Type"), lines)
		}
	}
	for query, field := range map[string]string{"case=12": "case", "who=Nobody": "who", "from=1+March": "from", "from=2026-03-02&to=2026-03-01": "to"} {
		got := b.get("/audit?" + query)
		doc := parsePage(t, got.body)
		if got.status != http.StatusUnprocessableEntity || len(doc.all("[role=alert]")) != 1 || len(doc.all("#wrong-"+field)) != 1 || len(doc.all(".audit")) != 0 {
			t.Errorf("%s: got %d and no mistake at %s alone", query, got.status, field)
		}
		if got := b.get("/audit.csv?" + query); got.status != http.StatusUnprocessableEntity {
			t.Errorf("export of %s: got %d", query, got.status)
		}
	}
}

func TestTheAuditIsReadPageByPage(t *testing.T) {
	o := newOffice(t)
	b := o.signedIn("olivia@example.com")
	const n = 120
	for i := range n {
		_, err := o.setup.RenameAccount(t.Context(), setup.RenameAccount{By: o.by(), Account: northwind, Alias: fmt.Sprint("Name ", i)})
		o.must(err)
	}
	var seen, sizes []string
	for path := "/audit?what=account-renamed"; path != ""; {
		doc := parsePage(t, b.get(path).body)
		lines := auditLines(t, doc)
		seen, sizes = append(seen, lines...), append(sizes, fmt.Sprint(len(lines)))
		path = ""
		for _, next := range doc.all("[rel=next]") {
			path = next.attrs["href"]
		}
	}
	slices.Sort(seen)
	if got := len(slices.Compact(seen)); got != n || fmt.Sprint(sizes) != "[50 50 20]" {
		t.Errorf("got %d different entries on pages of %v, want %d", got, sizes, n)
	}
}
