package view

import (
	"time"

	"caseline/internal/desk"
)

// What packages draw with that have windows of their own.

// Section is a text in a block of its own.
func Section(t *Text) Block { return section(t) }

// Header is a title.
func Header(s string) Block { return header(s) }

// Divider is a line between blocks.
func Divider() Block { return divider() }

// Context is a small text.
func Context(t *Text) Block { return context(t) }

// Actions are buttons in a row, named id.
func Actions(id string, buttons ...*Element) Block { return actions(id, buttons...) }

// Button is a button; value comes back when it is pressed.
func Button(action, label, value string) *Element { return button(action, label, value) }

// Sure is what asks before a button counts.
func Sure(title, text, yes string) *Confirm { return confirm(title, text, yes) }

// Input is something to fill in, beside which errors can stand by its field.
func Input(field, label string, e *Element) Block { return input(field, label, e) }

// Window shows something.
func Window(title string, blocks []Block) View { return window(title, blocks) }

// Form is a window that is sent.
func Form(callback, metadata, title, submit string, blocks []Block) View {
	return View{
		Type: "modal", CallbackID: callback, PrivateMetadata: metadata,
		Title: plain(title, maxTitle), Submit: plain(submit, maxTitle), Close: plain("Cancel", maxTitle), Blocks: blocks,
	}
}

// Line is a message of one section, in mrkdwn.
func Line(text string) Message { return line(text) }

// Plain is text that Slack shows as it is; limit counts as UTF-16 does.
func Plain(s string, limit int) *Text { return plain(s, limit) }

// Mrk is text in Slack's mrkdwn. What people typed in it must be escaped.
func Mrk(s string) *Text { return mrk(s) }

// Escaped is what people typed, to stand in mrkdwn.
func Escaped(s string, limit int) string { return escaped(s, limit) }

// Width is how long Slack takes a text to be.
func Width(s string) int { return width(s) }

// Words is Markdown of a case as text, with people by their names.
func Words(c desk.Case, markdown string, names Names) string { return words(c, markdown, names) }

// Who names an actor for a line of text.
func Who(a desk.Actor, names Names) string { return who(a, names) }

// Of is a person's name for a line of text.
func (n Names) Of(id string) string { return n.of(id) }

// Moment is an instant as each reader's own Slack shows it.
func Moment(t time.Time) string { return moment(t) }

// Facts are a case's particulars, two to a row.
func Facts(c desk.Case, account string, names Names) []*Text { return facts(c, account, names) }

// ChatLine says where the chat of a case stands.
func ChatLine(c desk.Case, names Names) string { return chatLine(c, names) }

// Link is a phrase that leads to the chat, after "in".
func (w Where) Link() string { return w.link() }

// Value is how a press travels in a button.
func (p Press) Value() string { return p.value() }

// ResolveButton resolves a case, once people are sure.
func ResolveButton(c desk.Case) *Element {
	resolve := button(ActionResolve, "Resolve case", Press{Case: c.ID, Chat: c.Chat.ID}.value())
	resolve.Confirm = confirm("Resolve case "+string(c.Number)+"?", "The case is closed. A running chat ends and is saved to the case.", "Resolve case")
	return resolve
}

// ReplyButton opens the form of a reply.
func ReplyButton(c desk.Case) *Element { return replyButton(c) }

// ReopenButton opens the form of a reopening.
func ReopenButton(c desk.Case) *Element {
	return button(ActionReopen, "Reopen case", Press{Case: c.ID, Chat: c.Chat.ID}.value())
}

// RelatedButton opens the form of a case that follows one.
func RelatedButton(c desk.Case) *Element {
	related := button(ActionRelated, "Create a related case", Press{Case: c.ID, Chat: c.Chat.ID}.value())
	related.Style = "primary"
	return related
}

// FilesInput takes files; there may be none.
func FilesInput() Block {
	b := input(FieldFiles, "Files", &Element{Type: "file_input", MaxFiles: MaxFiles})
	b.Optional = true
	return b
}

// CCInput takes addresses; there may be none.
func CCInput(hint string) Block {
	b := input(FieldCC, "Additional contacts", &Element{
		Type: "plain_text_input", MaxLength: maxInput, Placeholder: plain("jane@example.com, omar@example.com", maxPlaceholder),
	})
	b.Optional, b.Hint = true, plain(hint, maxLabel)
	return b
}

// TextInput takes a message.
func TextInput(label, placeholder, hint string) Block {
	b := input(FieldText, label, &Element{
		Type: "plain_text_input", Multiline: true, MaxLength: maxInput, Placeholder: plain(placeholder, maxPlaceholder),
	})
	b.Hint = plain(hint, maxLabel)
	return b
}

// ChoiceInput has one of options chosen, as radio buttons.
func ChoiceInput(field, action, label, now string, options ...Option) Block {
	return input(field, label, chosen(&Element{Type: "radio_buttons", ActionID: action, Options: options}, now))
}

// NewOption is a choice. The description may be empty.
func NewOption(value, name, description string) Option {
	o := Option{Value: value, Text: plain(name, maxOption)}
	if description != "" {
		o.Description = plain(description, maxOption)
	}
	return o
}

// Choice is an option of a menu.
func Choice(label, value string) Option { return Option{Text: plain(label, maxOption), Value: value} }

// StatusWord is a status as people read it.
func StatusWord(s desk.Status) string { return statusWord(s) }

// Severity is what a severity is called for a line of text, escaped.
func (n Names) Severity(s desk.Severity) string { return n.severity(s) }
