package answering

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// What the forms are called when they come back.
const (
	callbackReply  = view.CallbackReply
	callbackReopen = "case_reopen"
)

// samePlace is the choice of the place that the case's chats had.
const samePlace = "same"

// stepReview is the step in which what was entered is read before it is sent.
const stepReview = "review"

// What is pressed in it.
const (
	actionEdit = "answer_edit"
	actionShow = "answer_show" // to the channel
)

// A sheet is what a form shows.
type sheet struct {
	origin
	entered
	in      desk.WorkspaceID
	known   bool   // what was entered, after the review
	shared  bool   // the channel has been shown it
	note    string // what went wrong; may be empty
	reopens bool
	c       desk.Case
	where   view.Where
	chat    string // why no live chat can be asked for; empty if one can
	away    string // says that nobody is there now; empty if somebody is
	mail    bool   // additional contacts get e-mail
}

// An origin is what a form brings back besides what is entered.
type origin struct {
	Case   desk.CaseID `json:"c"`
	Place  desk.Place  `json:"p"`           // where it was opened
	Thread bool        `json:"t,omitempty"` // a thread there can be chosen for a chat
	Pushed bool        `json:"o,omitempty"` // it lies on a window that shows the case
	Step   string      `json:"s,omitempty"` // stepReview, or empty
}

func readOrigin(v *wire.View) (o origin, ok bool) {
	ok = json.Unmarshal([]byte(v.PrivateMetadata), &o) == nil && o.Case != ""
	return o, ok
}

func (s sheet) view() view.View {
	metadata, err := json.Marshal(s.origin)
	if err != nil {
		metadata = nil // unreachable: it is made of strings
	}
	callback, title := callbackReply, view.TitleReply
	if s.reopens {
		callback, title = callbackReopen, view.TitleReopen
	}
	if s.Step == stepReview {
		return view.Form(callback, string(metadata), title, "Send message", s.review())
	}
	return view.Form(callback, string(metadata), title, "Review", s.fields())
}

// head says which case it is, and what went wrong.
func (s sheet) head() []view.Block {
	blocks := []view.Block{view.Section(view.Mrk("*Case " + string(s.c.Number) + "* · " + view.Escaped(s.c.Subject, desk.MaxSubject)))}
	if s.note != "" {
		blocks = append(blocks, view.Section(view.Plain(s.note, 3000)))
	}
	return blocks
}

// fields are what is filled in.
func (s sheet) fields() []view.Block {
	label, placeholder := "Your reply", "What you want to add to the case"
	if s.reopens {
		label, placeholder = "Message", "What is not over yet"
	}
	text := view.TextInput(label, placeholder, "It goes on the case. Support reads it there, and everybody in the case's channels sees it.")
	text.Element.InitialValue = s.Text
	files, cc := view.FilesInput(), view.CCInput(s.ccHint())
	if len(s.Files) > 0 {
		files.Hint = view.Plain("Already there: "+s.fileNames()+". Files that you choose here take their place.", 500)
	}
	cc.Element.InitialValue = s.CC
	return append(append(s.head(), text, files, cc), s.contacts()...)
}

// wanted are the people the case's chats have been asked to have, in the
// workspace of the form.
func (s sheet) wanted() (users []string) {
	for _, id := range s.c.Members {
		if w, user, ok := ident.SplitPerson(id); ok && w == s.in && len(users) < view.MaxMembers {
			users = append(users, user)
		}
	}
	return users
}

// members reports whether people can be chosen for a chat: they are those of
// one workspace.
func (s sheet) members() bool { return s.in == s.c.Workspace }

func (s sheet) fileNames() string {
	var names []string
	for _, f := range s.Files {
		names = append(names, desk.FileName(f.Name))
	}
	return strings.Join(names, ", ")
}

// review shows all that was entered, before it is sent.
func (s sheet) review() []view.Block {
	blocks := append(s.head(), s.summary()...)
	buttons := []*view.Element{view.Button(actionEdit, "Edit", "edit")}
	if !s.shared {
		buttons = append(buttons, view.Button(actionShow, "Share to channel", "share"))
	}
	blocks = append(blocks, view.Actions("draft", buttons...))
	if s.shared {
		blocks = append(blocks, view.Context(view.Mrk("This channel has been shown the draft. Nothing is sent yet.")))
	}
	if s.away != "" && s.Contact == view.ContactChat {
		blocks = append(blocks, view.Section(view.Mrk(s.away)))
	}
	return append(blocks, view.Context(view.Mrk("Only you see this. Nothing is sent before you press *Send message*.")))
}

// summary is what was entered.
func (s sheet) summary() []view.Block {
	field := func(name, value string) *view.Text { return view.Mrk("*" + name + "*\n" + view.Escaped(value, 900)) }
	fields := []*view.Text{}
	if s.Contact != view.ContactChat {
		fields = append(fields, field("Contact method", view.Notified(s.mail)))
	} else {
		fields = append(fields, field("Contact method", "Live chat in Slack"), view.Mrk("*Where to chat*\n"+s.chosenPlace()))
		if len(s.Members) > 0 && s.members() {
			fields = append(fields, view.Mrk("*People to add to the chat*\n<@"+strings.Join(s.Members, "> <@")+">"))
		}
	}
	if s.CC != "" {
		fields = append(fields, field("Additional contacts", s.CC))
	}
	if len(s.Files) > 0 {
		fields = append(fields, field("Files", s.fileNames()))
	}
	return []view.Block{view.Section(view.Plain(s.Text, 3000)), {Type: "section", Fields: fields}}
}

// chosenPlace says where the chat will be.
func (s sheet) chosenPlace() string {
	switch {
	case s.Chosen == string(desk.PlaceThread):
		return "A thread of this channel"
	case s.Chosen == string(desk.PlaceChannel):
		return "A new private channel"
	case s.Chosen == samePlace:
		return "Same place as before: in " + s.where.Link()
	}
	return s.only()
}

// draft shows a channel what somebody is about to send.
func (s sheet) draft(by string) view.Message {
	text := "<@" + by + "> shares the draft of a message on case " + string(s.c.Number) + ". It is not sent yet."
	return view.Message{Text: text, Blocks: append([]view.Block{view.Section(view.Mrk(text))}, s.summary()...)}
}

func (s sheet) ccHint() string {
	kept := view.Mailed(s.mail)
	if n := len(s.c.CC); n > 0 {
		return "Besides the " + strconv.Itoa(n) + " that the case has; " + strconv.Itoa(desk.MaxCC) + " in all. " + kept
	}
	return "Up to " + strconv.Itoa(desk.MaxCC) + " e-mail addresses. " + kept
}

// contacts ask how to be in contact, and where to chat if that is chosen. While
// a chat runs there is nothing to choose.
func (s sheet) contacts() []view.Block {
	if s.c.Chat.Live() {
		return []view.Block{view.Context(view.Mrk("A live chat is running on this case. What you write here goes on the case beside it."))}
	}
	options := []view.Option{view.NewOption(view.ContactCase, view.Notified(s.mail), "")}
	if s.chat == "" {
		options = append(options, view.NewOption(view.ContactChat, "Live chat in Slack", ""))
	}
	contact := view.ChoiceInput(view.FieldContact, view.ActionContact, "Contact method", s.Contact, options...)
	contact.Dispatch = s.chat == ""
	if s.chat != "" {
		contact.Hint = view.Plain(s.chat, 500)
	}
	blocks := []view.Block{contact}
	if s.Contact != view.ContactChat || s.chat != "" {
		return blocks
	}
	if s.away != "" {
		blocks = append(blocks, view.Section(view.Mrk(s.away)))
	}
	if places := s.places(); len(places) > 1 {
		now := places[0].Value
		if slices.ContainsFunc(places, func(o view.Option) bool { return o.Value == s.Chosen }) {
			now = s.Chosen
		}
		place := view.ChoiceInput(view.FieldPlace, view.FieldPlace, "Where to chat", now, places...)
		place.Hint = view.Plain("Everybody in the chat's place sees the case and the whole chat. Add only people who need access.", 500)
		blocks = append(blocks, place)
	} else {
		blocks = append(blocks, view.Context(view.Mrk(s.only())))
	}
	if s.members() {
		blocks = append(blocks, view.MembersInput(s.Thread || s.c.PlaceKind == desk.PlaceThread, s.Members))
	}
	return blocks
}

// only says where the chat will be when there is no choice.
func (s sheet) only() string {
	if s.c.HasPlace() {
		return "The chat is where it was before: in " + s.where.Link() + "."
	}
	return "The chat gets a new private channel, named after the case."
}

// places are where a chat can be: first where the case's chats were.
func (s sheet) places() (all []view.Option) {
	has := s.c.HasPlace()
	if has {
		before := "In its channel"
		if s.c.PlaceKind == desk.PlaceThread {
			before = "In its thread"
		}
		all = append(all, view.NewOption(samePlace, "Same place as before", before))
	}
	if !has || s.c.PlaceKind != desk.PlaceChannel {
		all = append(all, view.NewOption(string(desk.PlaceChannel), "New private channel", "Named after the case, for you and the people you choose"))
	}
	if s.Thread && (!has || s.c.PlaceKind != desk.PlaceThread) {
		all = append(all, view.NewOption(string(desk.PlaceThread), "Current channel", "A thread that everybody in the channel can read"))
	}
	return all
}
