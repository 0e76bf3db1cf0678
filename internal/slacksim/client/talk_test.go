package client

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

const composer = `#main [data-testid=composer]`

// last is the newest message of a kind that people write.
const last = `[...document.querySelectorAll('#main [data-kind=message]')].at(-1)`

// TestTalk writes, edits, reacts, replies, uploads and deletes as a person
// does, with somebody else looking on.
func TestTalk(t *testing.T) {
	o := opened(t, Options{})
	b := browsertest.Open(t)
	alice, bob := b.Tab("alice"), b.Tab("bob")
	alice.Visit(o.page("alice", "operations"))
	bob.Visit(o.page("bob", "operations"))

	alice.Type(composer, "first <b>words</b>\n")
	alice.Sees("#main [data-own]", "first <b>words</b>")
	bob.Sees("#main [data-author='Alice Novak']", "first <b>words</b>")

	// Shift+Enter is a new line, the arrow edits one's last words.
	alice.Type(composer, "second")
	alice.Press(browsertest.Enter, browsertest.Shift)
	alice.Press("line\n")
	alice.Until(last + `.querySelector('br')`)
	alice.Type(composer, browsertest.ArrowUp)
	alice.Type(`.edit-box textarea`, " edited\n")
	alice.Sees("#main [data-edited]", "line edited")
	bob.Sees("#main [data-edited]", "(edited)")

	// A reaction by the other, and taken back.
	bob.Script(last + `.querySelector('.tools [data-react="+1"]').click()`)
	bob.Sees(".reaction.mine", "1")
	alice.Sees(".reaction", "1")
	bob.Click(".reaction.mine")
	bob.Lacks(".reaction", "")
	alice.Lacks(".reaction", "")

	// A thread.
	bob.Script(last + `.querySelector('[data-act=reply]').click()`)
	bob.Type(`#side [data-testid=composer]`, "in the thread\n")
	bob.Sees("#side [data-own]", "in the thread")
	bob.Sees("#main .replies", "1 reply")
	alice.Sees("#main .replies", "1 reply")

	path := filepath.Join(t.TempDir(), "notes.txt")
	must(t, os.WriteFile(path, []byte("some notes"), 0o600))
	alice.Attach(`#main [data-composer] input[type=file]`, path)
	alice.Sees(".file-chip", "notes.txt")
	alice.Type(composer, "have a look\n")
	alice.Sees("#main .file.card", "notes.txt")
	alice.Lacks(".file-chip", "notes.txt")
	bob.Sees("#main .file.card", "notes.txt")

	alice.Script(last + `.querySelector('[data-act=message-menu]').click()`)
	alice.Click(`.menu [data-do=delete]`)
	alice.Click(`dialog.dialog [value=yes]`)
	alice.Lacks("#main .file.card", "notes.txt")
	bob.Lacks("#main .file.card", "notes.txt")
	checkHistory(t, o, "operations", "first &lt;b&gt;words&lt;/b&gt;", "second\nline edited", "in the thread")
}

func checkHistory(t *testing.T, o *office, channel string, want ...string) {
	t.Helper()
	var got []string
	for _, m := range o.w.All(o.chans[channel].ID) {
		if !m.System() {
			got = append(got, m.Text)
		}
	}
	if strings.Join(got, "\n--\n") != strings.Join(want, "\n--\n") {
		t.Errorf("history is %q, want %q", got, want)
	}
}

// TestAppInBrowser runs a command, fills in the form it opens, is refused, and
// presses the button of what comes back.
func TestAppInBrowser(t *testing.T) {
	o := opened(t, Options{})
	o.answers(o.supportApp)
	alice := browsertest.Open(t).Tab("alice")
	alice.Visit(o.page("alice", "operations"))
	alice.Type(composer, "/sup")
	alice.Sees(".complete [role=option]", "/support")
	alice.Press(browsertest.TabKey)
	alice.Type(composer, "create\n")
	alice.Sees("#modal dialog[open] h2", "Create a support case")

	subject := `#modal [data-block-id=subject][data-action-id=v]`
	alice.Click(`#modal [type=submit]`)
	alice.Sees("#modal [data-block-id=subject] .field-error", "required")
	alice.Type(subject, "No")
	alice.Type(`#modal [data-block-id=members] [role=combobox]`, "bo")
	alice.Until(pointed("#modal [data-block-id=members]", "Bob Okafor"))
	alice.Press(browsertest.Enter)
	alice.Sees("#modal .chip", "Bob Okafor")
	alice.Type(`#modal [data-block-id=related] [role=combobox]`, "42")
	alice.Until(pointed("#modal [data-block-id=related]", "Checkout is slow"))
	alice.Press(browsertest.Enter)
	alice.Sees("#modal [data-block-id=related] .chip", "Checkout is slow")
	alice.Script(`const s = document.querySelector('#modal select[data-block-id=severity]'); s.value = 'high'; s.dispatchEvent(new Event('change', {bubbles: true}))`)
	// The app answers the severity by updating the form: what was typed stays.
	alice.Sees("#modal .bk-context", "4 hours")
	alice.Until(`document.querySelector('` + subject + `').value === 'No'`)
	alice.Sees("#modal .chip", "Bob Okafor")
	// The app refuses the subject, and then takes it.
	alice.Click(`#modal [type=submit]`)
	alice.Sees("#modal [data-block-id=subject] .field-error", "longer")
	alice.Lacks("#modal [aria-busy=true]", "") // Enter does nothing while a form is on its way
	alice.Type(subject, " payments since 8"+browsertest.Enter)
	alice.Lacks("#modal dialog", "")
	alice.Sees("#main [data-kind=message]", "Case 1000000042")
	o.checkSubmitted(t)

	alice.Click(`#main [data-action-id=end]`)
	alice.Sees("dialog.dialog", "End this chat?")
	alice.Click(`dialog.dialog [value=yes]`)
	alice.Sees("[data-kind=ephemeral]", "The chat has ended.")
	alice.Click(`[data-act=dismiss]`)
	alice.Lacks("[data-kind=ephemeral]", "The chat has ended.")

	alice.Type(composer, "/nonsense\n")
	alice.Sees("[data-kind=ephemeral]", "is not a valid command")
}

// pointed is true when Enter in a picker takes the option of the name.
func pointed(picker, name string) string {
	return "document.querySelector(`" + picker + " [role=option][data-point]:not([hidden])`)?.innerText.includes(`" + name + "`)"
}

// supportApp answers as the app under test would.
func (o *office) supportApp(r person.Request, payload map[string]any) person.Answer {
	okay := person.Answer{Status: 200, ContentType: "application/json"}
	switch payload["type"] {
	case nil: // the command
		o.openModal("alice", everyInput)
	case "block_suggestion":
		okay.Body = []byte(`{"options":[{"text":{"type":"plain_text","text":"Checkout is slow"},"value":"1000000042"}]}`)
	case "block_actions":
		o.acted(payload)
	case "view_submission":
		subject, _ := payload["view"].(map[string]any)["state"].(map[string]any)["values"].(map[string]any)["subject"].(map[string]any)["v"].(map[string]any)["value"].(string)
		if len(subject) < 5 {
			okay.Body = []byte(`{"response_action":"errors","errors":{"subject":"A little longer, please."}}`)
			break
		}
		o.appPost("operations", world.Posting{Text: "Case 1000000042", Blocks: blocks(o.t, strings.Replace(cardBlocks, "%s", o.users["alice"].ID, 1))})
	}
	return okay
}

func (o *office) acted(payload map[string]any) {
	action := payload["actions"].([]any)[0].(map[string]any)
	if action["action_id"] == "end" {
		ok[screen.Ephemeral](o.t)(o.screens.ShowEphemeral(screen.Ephemeral{
			User: o.users["alice"].ID, Channel: o.chans["operations"].ID, App: o.app.ID, BotUser: o.in.BotUser, Text: "The chat has ended.",
		}))
		return
	}
	if action["block_id"] != "severity" {
		return // an external select tells what was chosen
	}
	view, _ := o.screens.OpenView(o.users["alice"].ID)
	next := view
	next.Blocks = append(blocks(o.t, `[{"type":"context","block_id":"target","elements":[{"type":"mrkdwn","text":"First answer within *4 hours*"}]}]`), view.Blocks...)
	ok[world.View](o.t)(o.screens.UpdateModal(o.in, view.ID, "", view.Hash, next))
}

// checkSubmitted compares what the app was told on submission.
func (o *office) checkSubmitted(t *testing.T) {
	t.Helper()
	all := o.payloads()
	i := len(all) - 1
	for i > 0 && all[i]["type"] != "view_submission" {
		i--
	}
	raw, err := json.Marshal(all[i]["view"].(map[string]any)["state"].(map[string]any)["values"])
	must(t, err)
	for _, want := range []string{
		`"subject":{"v":{"type":"plain_text_input","value":"No payments since 8"}}`, `"selected_users":["` + o.users["bob"].ID + `"]`,
		`"severity":{"v":{"selected_option":{"text":{"text":"High","type":"plain_text"},"value":"high"}`,
		`"related":{"v":{"selected_option":{"text":{"text":"Checkout is slow","type":"plain_text"},"value":"1000000042"}`,
		`"contact":{"v":{"selected_option":{"description"`, `"value":"Since the deploy,"`, `"since":{"v":{"selected_date_time":null`,
	} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the app was told %s, want it to have %s", raw, want)
		}
	}
}

// TestDropAndPaste attaches files by the two other ways.
func TestDropAndPaste(t *testing.T) {
	o := opened(t, Options{})
	alice := browsertest.Open(t).Tab("alice")
	const with = `const data = new DataTransfer(); data.items.add(new File(['x'], '%NAME%')); const field = document.querySelector('#main [data-testid=composer]');`
	alice.Visit(o.page("alice", "operations"))
	alice.Until(`document.querySelector('[data-composer][data-ready]')`)
	alice.Script(strings.Replace(with, "%NAME%", "dropped.txt", 1) + `document.querySelector('#main .scroll').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}))`)
	alice.Sees(".file-chip", "dropped.txt")
	alice.Script(strings.Replace(with, "%NAME%", "pasted.txt", 1) + `field.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))`)
	alice.Sees(".file-chip", "pasted.txt")
	alice.Click(`[aria-label="Remove dropped.txt"]`)
	alice.Lacks(".file-chip", "dropped.txt")
	alice.Type(composer, "with a file\n")
	alice.Sees("#main .file.card", "pasted.txt")
	if m := o.message("operations"); len(m.Files) != 1 || m.Text != "with a file" {
		t.Errorf("posted %q with %d files", m.Text, len(m.Files))
	}
}
