package client

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

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
	ctx := browser(t)
	o := opened(t, Options{})
	bob := tab(t, ctx)
	run(t, ctx, visit(o.page("alice", "operations")))
	run(t, bob, visit(o.page("bob", "operations")))

	run(t, ctx, chromedp.SendKeys(chromedp.CSS(composer), "first <b>words</b>\n"), shows("#main [data-own]", "first <b>words</b>"))
	run(t, bob, shows("#main [data-author='Alice Novak']", "first <b>words</b>"))

	// Shift+Enter is a new line, the arrow edits one's last words.
	run(t, ctx,
		chromedp.SendKeys(chromedp.CSS(composer), "second"), chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierShift)), chromedp.SendKeys(chromedp.CSS(composer), "line\n"),
		until(last+`.querySelector('br')`),
		chromedp.SendKeys(chromedp.CSS(composer), kb.ArrowUp), chromedp.WaitVisible(chromedp.CSS(`.edit-box textarea`)), chromedp.SendKeys(chromedp.CSS(`.edit-box textarea`), " edited\n"),
		shows("#main [data-edited]", "line edited"))
	run(t, bob, shows("#main [data-edited]", "(edited)"))

	// A reaction by the other, and taken back.
	run(t, bob, script(last+`.querySelector('.tools [data-react="+1"]').click()`), shows(".reaction.mine", "1"))
	run(t, ctx, shows(".reaction", "1"))
	run(t, bob, script(`document.querySelector('.reaction.mine').click()`), until(`!document.querySelector('.reaction')`))

	// A thread.
	run(t, bob,
		script(last+`.querySelector('[data-act=reply]').click()`), chromedp.WaitVisible(chromedp.CSS(`#side [data-composer]`)),
		chromedp.SendKeys(chromedp.CSS(`#side [data-testid=composer]`), "in the thread\n"), shows("#side [data-own]", "in the thread"), shows("#main .replies", "1 reply"))
	run(t, ctx, shows("#main .replies", "1 reply"))

	path := filepath.Join(t.TempDir(), "notes.txt")
	must(t, os.WriteFile(path, []byte("some notes"), 0o600))
	run(t, ctx,
		chromedp.SetUploadFiles(chromedp.CSS(`#main [data-composer] input[type=file]`), []string{path}), shows(".file-chip", "notes.txt"),
		chromedp.SendKeys(chromedp.CSS(composer), "have a look\n"), shows("#main .file.card", "notes.txt"), lacks(".file-chip", "notes.txt"))
	run(t, bob, shows("#main .file.card", "notes.txt"))

	run(t, ctx,
		script(last+`.querySelector('[data-act=message-menu]').click()`), chromedp.Click(chromedp.CSS(`.menu [data-do=delete]`)),
		chromedp.Click(chromedp.CSS(`dialog.dialog [value=yes]`)), lacks("#main .file.card", "notes.txt"))
	run(t, bob, lacks("#main .file.card", "notes.txt"))
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
	ctx := browser(t)
	o := opened(t, Options{})
	o.answers(o.supportApp)
	run(t, ctx, visit(o.page("alice", "operations")),
		chromedp.SendKeys(chromedp.CSS(composer), "/sup"), shows(".complete [role=option]", "/support"), chromedp.KeyEvent(kb.Tab),
		chromedp.SendKeys(chromedp.CSS(composer), "create\n"), chromedp.WaitVisible(chromedp.CSS(`#modal dialog[open]`)), shows("#modal h2", "Create a support case"))

	subject := `#modal [data-block-id=subject][data-action-id=v]`
	run(t, ctx, chromedp.Click(chromedp.CSS(`#modal [type=submit]`)), shows("#modal [data-block-id=subject] .field-error", "required"),
		chromedp.SendKeys(chromedp.CSS(subject), "No"),
		chromedp.SendKeys(chromedp.CSS(`#modal [data-block-id=members] [role=combobox]`), "bo"), shows("#modal [data-block-id=members] [role=option]:not([hidden])", "Bob Okafor"), chromedp.KeyEvent("\r"),
		shows("#modal .chip", "Bob Okafor"),
		chromedp.SendKeys(chromedp.CSS(`#modal [data-block-id=related] [role=combobox]`), "42"), shows("#modal [data-block-id=related] [role=option]", "Checkout is slow"), chromedp.KeyEvent("\r"),
		shows("#modal [data-block-id=related] .chip", "Checkout is slow"),
		script(`{const s = document.querySelector('#modal select[data-block-id=severity]'); s.value = 'high'; s.dispatchEvent(new Event('change', {bubbles: true}))}`))
	// The app answers the severity by updating the form: what was typed stays.
	run(t, ctx, shows("#modal .bk-context", "4 hours"), until(`document.querySelector('`+subject+`').value === 'No'`), shows("#modal .chip", "Bob Okafor"))
	// The app refuses the subject, and then takes it.
	run(t, ctx, chromedp.Click(chromedp.CSS(`#modal [type=submit]`)), shows("#modal [data-block-id=subject] .field-error", "longer"),
		chromedp.SendKeys(chromedp.CSS(subject), " payments since 8"), chromedp.KeyEvent("\r"), until(`!document.querySelector('#modal dialog')`),
		shows("#main [data-kind=message]", "Case 1000000042"))
	o.checkSubmitted(t)

	run(t, ctx, chromedp.Click(chromedp.CSS(`#main [data-action-id=end]`)), chromedp.WaitVisible(chromedp.CSS(`dialog.dialog`)), shows("dialog.dialog", "End this chat?"),
		chromedp.Click(chromedp.CSS(`dialog.dialog [value=yes]`)), shows("[data-kind=ephemeral]", "The chat has ended."),
		chromedp.Click(chromedp.CSS(`[data-act=dismiss]`)), lacks("[data-kind=ephemeral]", "The chat has ended."))

	run(t, ctx, chromedp.SendKeys(chromedp.CSS(composer), "/nonsense\n"), shows("[data-kind=ephemeral]", "is not a valid command"))
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
	ctx := browser(t)
	o := opened(t, Options{})
	const with = `{const data = new DataTransfer(); data.items.add(new File(['x'], '%NAME%')); const field = document.querySelector('#main [data-testid=composer]');`
	run(t, ctx, visit(o.page("alice", "operations")), until(`document.querySelector('[data-composer][data-ready]')`),
		script(strings.Replace(with, "%NAME%", "dropped.txt", 1)+`document.querySelector('#main .scroll').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}))}`),
		shows(".file-chip", "dropped.txt"),
		script(strings.Replace(with, "%NAME%", "pasted.txt", 1)+`field.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))}`),
		shows(".file-chip", "pasted.txt"),
		chromedp.Click(chromedp.CSS(`[aria-label="Remove dropped.txt"]`)), lacks(".file-chip", "dropped.txt"),
		chromedp.SendKeys(chromedp.CSS(composer), "with a file\n"), shows("#main .file.card", "pasted.txt"))
	if m := o.message("operations"); len(m.Files) != 1 || m.Text != "with a file" {
		t.Errorf("posted %q with %d files", m.Text, len(m.Files))
	}
}
