package view

import "caseline/internal/desk"

// What packages of their own draw with: the same parts as here, with the same
// care for what people typed.

// Section is a block of text.
func Section(t *Text) Block { return section(t) }

// Header is a block with a line in large letters.
func Header(s string) Block { return header(s) }

// Divider is a line between blocks.
func Divider() Block { return divider() }

// Context is a block of small text.
func Context(t *Text) Block { return context(t) }

// Actions is a row of buttons.
func Actions(id string, buttons ...*Element) Block { return actions(id, buttons...) }

// Button is a button.
func Button(action, label, value string) *Element { return button(action, label, value) }

// Ask has a button ask before it counts.
func Ask(title, text, yes string) *Confirm { return confirm(title, text, yes) }

// Input is a field of a form.
func Input(field, label string, e *Element) Block { return input(field, label, e) }

// Words is text that Slack shows as it is, as long as it may be there.
func Words(s string, limit int) *Text { return plain(s, limit) }

// Markup is text in Slack's mrkdwn. What people typed in it must be Escaped.
func Markup(s string) *Text { return mrk(s) }

// Escaped is what people typed, for Markup, in at most limit characters.
func Escaped(s string, limit int) string { return escaped(s, limit) }

// Choice is an option of a menu.
func Choice(label, value string) Option { return Option{Text: plain(label, maxOption), Value: value} }

// Value is what a button carries about a case.
func (p Press) Value() string { return p.value() }

// Link is a phrase that leads to a chat, after "in".
func (w Where) Link() string { return w.link() }

// StatusWord is a status as people read it.
func StatusWord(s desk.Status) string { return statusWord(s) }

// SeverityWord is a severity as people read it.
func SeverityWord(s desk.Severity) string { return severityWord(s) }

// ChatLine says where the chat of a case stands.
func ChatLine(c desk.Case, names Names) string { return chatLine(c, names) }

// ResolveButton resolves a case, when the person is sure.
func ResolveButton(c desk.Case) *Element {
	resolve := button(ActionResolve, "Resolve case", Press{Case: c.ID, Chat: c.Chat.ID}.value())
	resolve.Confirm = confirm("Resolve case "+string(c.Number)+"?", "The case is closed. A running chat ends and is saved to the case.", "Resolve case")
	return resolve
}
