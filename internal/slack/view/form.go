package view

import (
	"fmt"

	"caseline/internal/desk"
)

// CallbackCreate is what the form of a new case is called when it comes back.
const CallbackCreate = "case_create"

// The blocks of the form, each with one element of the same name. Subject,
// description and severity are named as desk names its fields.
const (
	FieldAccount     = "account"
	FieldSubject     = "subject"
	FieldDescription = "description"
	FieldSeverity    = "severity"
	FieldContact     = "contact"
	FieldPlace       = "place"
	FieldMembers     = "members"
)

// The ways to be in contact about a case.
const (
	ContactChat = "chat"
	ContactCase = "case"
)

// MaxMembers is how many people can be chosen for a chat when it is asked
// for. More can be added to its channel at any time.
const MaxMembers = 50

// A NewCaseForm is what the form of a new case shows at first.
type NewCaseForm struct {
	Asked       desk.Place     // comes back with the form
	Accounts    []desk.Account // to choose from, if there are several
	Account     desk.AccountID // chosen at first; empty for none
	Subject     string         // already typed
	Description string         // likewise
	Chat        bool           // live chat can be chosen here
	Thread      bool           // and so can a thread here for it
	Contact     string         // what is chosen; empty for the default
}

// CreateForm is the form of a new case.
func CreateForm(f NewCaseForm) View {
	contact := f.Contact
	if !f.Chat {
		contact = ContactCase
	} else if contact == "" {
		contact = ContactChat
	}
	blocks := []Block{
		input(FieldSubject, "Subject", &Element{
			Type: "plain_text_input", MaxLength: desk.MaxSubject, InitialValue: cut(f.Subject, desk.MaxSubject),
			Placeholder: plain("A few words that say what it is about", maxPlaceholder),
		}),
		input(FieldDescription, "Description", &Element{
			Type: "plain_text_input", Multiline: true, MaxLength: maxInput, InitialValue: cut(f.Description, maxInput),
			Placeholder: plain("What happens, since when, and what you expected", maxPlaceholder),
		}),
		severityInput(),
		contactInput(f.Chat, f.Thread, contact),
	}
	if len(f.Accounts) > 1 {
		blocks = append([]Block{accountInput(f.Accounts, f.Account)}, blocks...)
	}
	if contact == ContactChat && f.Thread {
		blocks = append(blocks, placeInput("", true))
	}
	if contact == ContactChat {
		blocks = append(blocks, membersInput(f.Thread))
	}
	return View{
		Type: "modal", CallbackID: CallbackCreate, PrivateMetadata: f.metadata(),
		Title: plain("Create a support case", maxTitle), Submit: plain("Create case", maxTitle), Close: plain("Cancel", maxTitle),
		Blocks: blocks,
	}
}

func input(field, label string, e *Element) Block {
	if e.ActionID == "" {
		e.ActionID = field
	}
	return Block{Type: "input", ID: field, Label: plain(label, maxLabel), Element: e}
}

// maxAccounts is how many options Slack shows, and how many accounts a channel
// can have.
const maxAccounts = 100

func accountInput(accounts []desk.Account, chosen desk.AccountID) Block {
	e := &Element{Type: "static_select", Placeholder: plain("Whom the case is for", maxPlaceholder)}
	for _, a := range accounts[:min(len(accounts), maxAccounts)] {
		title := a.Title()
		if a.Name != "" {
			title += " (" + string(a.ID) + ")"
		}
		e.Options = append(e.Options, Option{Text: plain(title, maxOption), Value: string(a.ID)})
	}
	for i := range e.Options {
		if e.Options[i].Value == string(chosen) {
			e.InitialOption = &e.Options[i]
		}
	}
	return input(FieldAccount, "Account", e)
}

func severityInput() Block {
	var options []Option
	for _, s := range desk.Severities() {
		options = append(options, Option{
			Text:  plain(fmt.Sprintf("%s · answer within %s", severityWord(s), within(s.FirstResponse())), maxOption),
			Value: string(s),
		})
	}
	return input(FieldSeverity, "Severity", &Element{
		Type: "static_select", Options: options, InitialOption: &options[1],
	})
}

// contactInput tells us at once when another way is chosen, because only a
// live chat has members.
func contactInput(chat, thread bool, chosen string) Block {
	options := []Option{{Text: plain("Case only", maxOption), Value: ContactCase}}
	if chat {
		options = append([]Option{{Text: plain("Live chat in Slack", maxOption), Value: ContactChat}}, options...)
	}
	e := &Element{Type: "radio_buttons", ActionID: ActionContact, Options: options}
	for i := range options {
		if options[i].Value == chosen {
			e.InitialOption = &options[i]
		}
	}
	b := input(FieldContact, "How to be in contact", e)
	b.Dispatch = chat
	switch {
	case !chat:
		b.Hint = plain("A live chat cannot be started from this channel. Ask the person who set up support here for the “chat” permission.", maxLabel)
	case !thread:
		b.Hint = plain("A live chat gets a new private channel, named after the case.", maxLabel)
	}
	return b
}

func membersInput(thread bool) Block {
	b := input(FieldMembers, "People to add to the chat", &Element{
		Type: "multi_users_select", MaxSelected: MaxMembers, Placeholder: plain("You are added anyway", maxPlaceholder),
	})
	b.Optional = true
	hint := "Add only people who need access: everybody in the chat's channel sees the case and its history."
	if thread {
		hint += " In the current channel the people you choose are mentioned when an agent joins."
	}
	b.Hint = plain(hint, maxLabel)
	return b
}
