package view

import (
	"cmp"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/slack/ident"
)

// Where is where a chat lives.
type Where struct {
	Channel string // empty while the place is being made
	Thread  string // the thread's address, for a thread
}

// link is a phrase that leads to the chat, after "in".
func (w Where) link() string {
	switch {
	case w.Channel == "":
		return "a new place"
	case w.Thread != "":
		return "<" + w.Thread + "|a thread> in <#" + w.Channel + ">"
	}
	return "<#" + w.Channel + ">"
}

// Moved tells a place that the case has left where its chat is now.
func Moved(c desk.Case, w Where) Message {
	return line("The live chat on case " + string(c.Number) + " goes on in " + w.link() + ". Nothing written here is shared or recorded any more.")
}

// CardLeft is the card of a place that the case has left: it can be read, and
// leads to where the chat is now.
func CardLeft(c desk.Case, account string, w Where, names Names) Message {
	return Message{
		Text: "Case " + string(c.Number) + ": " + escaped(c.Subject, desk.MaxSubject),
		Blocks: []Block{
			header(c.Subject),
			{Type: "section", Fields: facts(c, account, names)},
			section(plain(words(c, c.Description, names), 600)),
			section(mrk("*The live chat goes on in " + w.link() + ".*")),
			actions("case", button(ActionDetails, "See details", Press{Case: c.ID, Chat: c.Chat.ID}.value())),
			context(mrk("Nothing written here is shared or recorded any more.")),
		},
	}
}

// NoChannel tells a thread why a chat for which a channel was wanted is here,
// and who can read it. reason is Slack's name of the error.
func NoChannel(reason string, private bool) Message {
	text := "The live chat is in this thread because Slack did not make a channel for it: " + whyNoChannel(reason) + ". "
	if private {
		return line(text + "Everybody in this channel can read it.")
	}
	return line(text + "This channel is public, so everybody in the workspace can read it: write here only what they may see.")
}

// whyNoChannel says why Slack would not make a channel.
func whyNoChannel(reason string) string {
	why := map[string]string{
		"restricted_action":     "this workspace does not let apps make channels",
		"cannot_create_channel": "this workspace does not let apps make channels",
		"no_permission":         "the app is not allowed to make channels here",
		"missing_scope":         "the app is not allowed to make channels here",
		"name_taken":            "all names for it are taken",
	}[reason]
	return cmp.Or(why, "it refused ("+escaped(cmp.Or(reason, "no reason given"), 80)+")")
}

// CallbackPlace is what the form for the place of a further chat is called.
const CallbackPlace = "chat_place"

// placeInput asks which place a chat is to have.
func placeInput(now desk.PlaceKind, thread bool) Block {
	options := []Option{{
		Text: plain("New private channel", maxOption), Value: string(desk.PlaceChannel),
		Description: plain("Named after the case, for you and the people you choose", maxOption),
	}}
	if thread {
		options = append(options, Option{
			Text: plain("Current channel", maxOption), Value: string(desk.PlaceThread),
			Description: plain("A thread that everybody in the channel can read", maxOption),
		})
	}
	e := &Element{Type: "radio_buttons", Options: options, InitialOption: &options[0]}
	if thread && now == desk.PlaceThread {
		e.InitialOption = &options[1]
	}
	b := input(FieldPlace, "Where to chat", e)
	b.Hint = plain("Everybody in the chat's place sees the case and the whole chat. Add only people who need access.", maxLabel)
	return b
}

// PlaceForm asks where the next chat of a case is to be. from is the channel
// that asks, thread tells whether a thread may be chosen there.
func PlaceForm(c desk.Case, from desk.Place, thread bool) View {
	return View{
		Type: "modal", CallbackID: CallbackPlace, PrivateMetadata: string(c.ID) + " " + string(from),
		Title: plain(TitlePlace, maxTitle), Submit: plain("Invite", maxTitle), Close: plain("Cancel", maxTitle),
		Blocks: []Block{
			section(mrk("Case " + string(c.Number) + ": " + escaped(c.Subject, desk.MaxSubject))),
			placeInput(c.PlaceKind, thread),
		},
	}
}

// ReadPlaceForm reads back which case a PlaceForm is about, and the channel
// that asks.
func ReadPlaceForm(metadata string) (id desk.CaseID, from desk.Place, ok bool) {
	first, second, ok := strings.Cut(metadata, " ")
	return desk.CaseID(first), desk.Place(second), ok
}

// inThread chooses between what is said in a thread and in a channel.
func inThread(c desk.Case, thread, channel string) string {
	if c.PlaceKind == desk.PlaceThread {
		return thread
	}
	return channel
}

// mentions are those who asked for a chat and whom they chose for it, as Slack
// notifies them.
func mentions(c desk.Case, chat desk.ChatSession) string {
	var text string
	seen := map[desk.PersonID]bool{}
	for _, id := range append([]desk.PersonID{chat.Requester, c.Requester}, c.Members...) {
		w, user, ok := ident.SplitPerson(id)
		if !ok || w != c.Workspace || seen[id] {
			continue
		}
		seen[id] = true
		text += "<@" + user + "> "
	}
	return text
}
