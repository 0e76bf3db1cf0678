package answering

import (
	"encoding/json"
	"strconv"

	"caseline/internal/desk"
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

// A sheet is what a form shows.
type sheet struct {
	origin
	reopens bool
	c       desk.Case
	where   view.Where
	chat    string // why no live chat can be asked for; empty if one can
	away    string // says that nobody is there now; empty if somebody is
	contact string // what is chosen
	mail    bool   // additional contacts get e-mail
}

// An origin is what a form brings back besides what is entered.
type origin struct {
	Case   desk.CaseID `json:"c"`
	Place  desk.Place  `json:"p"`           // where it was opened
	Thread bool        `json:"t,omitempty"` // a thread there can be chosen for a chat
	Pushed bool        `json:"o,omitempty"` // it lies on a window that shows the case
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
	blocks := []view.Block{view.Section(view.Mrk("*Case " + string(s.c.Number) + "* · " + view.Escaped(s.c.Subject, desk.MaxSubject)))}
	label, placeholder := "Your reply", "What you want to add to the case"
	if s.reopens {
		label, placeholder = "Message", "What is not over yet"
	}
	blocks = append(blocks,
		view.TextInput(label, placeholder, "It goes on the case. Support reads it there, and everybody in the case's channels sees it."),
		view.FilesInput(), view.CCInput(s.ccHint()),
	)
	blocks = append(blocks, s.contacts()...)
	if s.reopens {
		return view.Form(callbackReopen, string(metadata), view.TitleReopen, "Reopen case", blocks)
	}
	return view.Form(callbackReply, string(metadata), view.TitleReply, "Send reply", blocks)
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
	contact := view.ChoiceInput(view.FieldContact, view.ActionContact, "Contact method", s.contact, options...)
	contact.Dispatch = s.chat == ""
	if s.chat != "" {
		contact.Hint = view.Plain(s.chat, 500)
	}
	blocks := []view.Block{contact}
	if s.contact != view.ContactChat || s.chat != "" {
		return blocks
	}
	if s.away != "" {
		blocks = append(blocks, view.Section(view.Mrk(s.away)))
	}
	if places := s.places(); len(places) > 1 {
		place := view.ChoiceInput(view.FieldPlace, view.FieldPlace, "Where to chat", places[0].Value, places...)
		place.Hint = view.Plain("Everybody in the chat's place sees the case and the whole chat. Add only people who need access.", 500)
		return append(blocks, place)
	}
	return append(blocks, view.Context(view.Mrk(s.only())))
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
