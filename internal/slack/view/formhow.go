package view

import (
	"strings"
	"time"

	"caseline/internal/desk"
)

// how is the step of how and with whom to be in contact. Only a live chat has a
// place and members.
func (f NewCaseForm) how() []Block {
	contact := f.Contact
	if !f.Chat {
		contact = ContactCase
	} else if contact == "" {
		contact = ContactChat
	}
	var blocks []Block
	if f.Away != "" {
		blocks = append(blocks, section(mrk(f.Away)))
	}
	var languages []Option
	for _, l := range f.Catalogue.Languages {
		languages = append(languages, Option{Text: plain(l.Name, maxOption), Value: l.Code})
	}
	language := chosen(&Element{Type: "static_select", Options: languages}, f.Language)
	if language.InitialOption == nil {
		language.InitialOption = &languages[0] // a catalogue has one
	}
	blocks = append(blocks, input(FieldLanguage, "Contact language", language), contactInput(f.Chat, f.Thread, Notified(f.Mail), contact))
	if contact == ContactChat && f.Thread {
		blocks = append(blocks, placeInput(f.Place, true))
	}
	if contact == ContactChat {
		blocks = append(blocks, MembersInput(f.Thread, f.Members))
	}
	cc := input(FieldCC, "Additional contacts", &Element{
		Type: "plain_text_input", InitialValue: cut(f.CC, maxInput), MaxLength: maxInput, Placeholder: plain("jane@example.com, omar@example.com", maxPlaceholder),
	})
	cc.Optional, cc.Hint = true, plain("Up to 10 e-mail addresses. "+Mailed(f.Mail), maxLabel)
	files := input(FieldFiles, "Files", &Element{Type: "file_input", MaxFiles: MaxFiles})
	files.Optional = true
	if len(f.Files) > 0 {
		files.Hint = plain("Already there: "+fileNames(f.Files)+". Files that you choose here take their place.", maxLabel)
	}
	return append(blocks, cc, files)
}

// Notified is how a case without a live chat is followed; mail says that
// additional contacts get e-mail.
func Notified(mail bool) string {
	if mail {
		return "Email and Slack notifications"
	}
	return "Slack notifications"
}

// Mailed says what additional contacts hear of a case.
func Mailed(mail bool) string {
	if mail {
		return "They get what is added to the case by e-mail, and can unsubscribe."
	}
	return "They are kept on the case for Support to see; this server sends no e-mail."
}

func fileNames(files []desk.NewFile) string {
	var names []string
	for _, file := range files {
		names = append(names, desk.FileName(file.Name))
	}
	return cut(strings.Join(names, ", "), maxNames)
}

// contactInput tells us at once when another way is chosen, because only a
// live chat has members.
func contactInput(chat, thread bool, notified, now string) Block {
	options := []Option{{Text: plain(notified, maxOption), Value: ContactCase}}
	if chat {
		options = append([]Option{{Text: plain("Live chat in Slack", maxOption), Value: ContactChat}}, options...)
	}
	b := input(FieldContact, "Contact method", chosen(&Element{Type: "radio_buttons", ActionID: ActionContact, Options: options}, now))
	b.Dispatch = chat
	switch {
	case !chat:
		b.Hint = plain("A live chat cannot be started from this channel. Ask the person who set up support here for the “chat” permission.", maxLabel)
	case !thread:
		b.Hint = plain("A live chat gets a new private channel, named after the case.", maxLabel)
	}
	return b
}

// MembersInput takes the people to add to a chat; there may be none.
func MembersInput(thread bool, now []string) Block {
	b := input(FieldMembers, "People to add to the chat", &Element{
		Type: "multi_users_select", MaxSelected: MaxMembers, InitialUsers: now, Placeholder: plain("You are added anyway", maxPlaceholder),
	})
	b.Optional = true
	hint := "Add only people who need access: everybody in the chat's channel sees the case and its history."
	if thread {
		hint += " In the current channel the people you choose are mentioned when an agent joins."
	}
	b.Hint = plain(hint, maxLabel)
	return b
}

// review shows all that was entered, before it is sent.
func (f NewCaseForm) review() []Block {
	blocks := f.summary()
	buttons := []*Element{button(ActionEdit, "Edit", "edit")}
	if !f.Shared {
		buttons = append(buttons, button(ActionShow, "Share to channel", "share"))
	}
	blocks = append(blocks, actions("draft", buttons...))
	if f.Shared {
		blocks = append(blocks, context(mrk("This channel has been shown the draft. The case is not created yet.")))
	}
	if f.Away != "" {
		blocks = append(blocks, section(mrk(f.Away)))
	}
	return append(blocks, context(mrk("Only you see this. Nothing is sent before you press *Create case*.")))
}

func (f NewCaseForm) summary() []Block {
	topic := f.Catalogue.Topic(&desk.Case{IssueType: f.IssueType, Service: f.Service, Category: f.Category, Language: f.Language})
	field := func(name, value string) *Text { return mrk("*" + name + "*\n" + filled(escaped(value, maxField/2))) }
	contact := Notified(f.Mail)
	if f.Contact == ContactChat {
		contact = "Live chat in Slack, in a new private channel"
		if f.Place == desk.PlaceThread {
			contact = "Live chat in Slack, in a thread of this channel"
		}
	}
	fields := []*Text{
		field("Issue type", topic.IssueType), field("Service", topic.Service), field("Category", topic.Category),
		field("Severity", levelWord(f.Catalogue.Level(f.Severity))), field("Contact language", topic.Language), field("Contact method", contact),
	}
	for _, a := range f.Accounts {
		if a.ID == f.Account && len(f.Accounts) > 1 {
			fields = append(fields, field("Account", accountTitle(a)))
		}
	}
	if len(f.Members) > 0 && f.Contact == ContactChat {
		fields = append(fields, mrk("*People to add to the chat*\n<@"+strings.Join(f.Members, "> <@")+">"))
	}
	if f.CC != "" {
		fields = append(fields, field("Additional contacts", f.CC))
	}
	if len(f.Files)+len(f.CarriedFiles()) > 0 {
		fields = append(fields, field("Files", fileNames(append(f.CarriedFiles(), f.Files...))))
	}
	return []Block{header(f.Subject), section(plain(f.Description, maxSection)), {Type: "section", Fields: fields}}
}

// Draft shows a channel what somebody is about to send.
func Draft(f NewCaseForm, by string) Message {
	text := "<@" + by + "> shares the draft of a support case. It is not created yet."
	return Message{Text: text, Blocks: append([]Block{section(mrk(text))}, f.summary()...)}
}

// Away says that nobody is there now, and when somebody is again, if that is
// known. then is what can be done all the same.
func Away(topic desk.Topic, next time.Time, then string) string {
	line := "*Support is not there now* for " + escaped(topic.IssueType, 100) + " in " + escaped(topic.Language, 100) + "."
	if !next.IsZero() {
		line += " Somebody is back on " + moment(next) + "."
	}
	return line + " " + then
}
