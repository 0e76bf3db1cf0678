package view

// Here is what a person can do in the place where help was asked for.
type Here struct {
	Command    string // the slash command, as the person typed it
	Configured bool   // support is set up in this channel, or this is a chat of one where it is
	Chat       bool   // this is a chat's channel
	Live       bool   // whose chat is asked for or running
	Open       bool   // whose case is open
	MayCreate  bool
	MayChat    bool
	MayReply   bool
	MayResolve bool
	MayRead    bool
}

// Help privately lists the commands that work here. problem is what was wrong
// with what the person typed; it may be empty.
func Help(problem string, h Here) Message {
	text := escaped(problem, 500)
	if text != "" {
		text += "\n"
	}
	if !h.Configured {
		return line(text + NotConfigured)
	}
	text += "*What you can do here*"
	add := func(can bool, words, what string) {
		if can {
			text += "\n• `" + escaped(h.Command+" "+words, 80) + "` " + what
		}
	}
	add(h.MayCreate && !h.Chat, "create", "opens a form for a new case")
	add(h.MayRead, "search", "looks for cases by words or number, or opens a form with nothing after it")
	add(h.Chat && h.Live, "endchat", "ends this chat")
	add(h.Chat && !h.Live && h.Open && h.MayChat, "invite", "asks an agent to join again, here or, with `thread` or `new-channel` after it, elsewhere")
	add(h.Chat && h.MayRead, "status", "shows where this case stands")
	add(h.Chat && h.Open && h.MayReply, "reply", "adds a reply to this case, with or without a chat")
	add(h.Chat && h.Open && h.MayResolve, "resolve", "resolves this case")
	add(h.Chat && !h.Open && h.MayReply, "reopen", "opens this case again")
	add(!h.Chat && h.MayRead, "status <number>", "shows where a case stands")
	add(!h.Chat && h.MayReply, "reply <number>", "adds a reply to a case")
	add(!h.Chat && h.MayChat, "invite <number>", "asks for a live chat on a case; `thread` or `new-channel` after it says where")
	add(!h.Chat && h.MayResolve, "resolve <number>", "resolves a case")
	add(!h.Chat && h.MayReply, "reopen <number>", "opens a resolved case again")
	add(true, "help", "shows this list")
	return line(text)
}

// NotSetUp tells whoever brought the app into a channel what is still to be
// done, in one line.
func NotSetUp(channel string) Message {
	return Say("Support is not set up in this channel yet. Ask whoever runs the support server to add it for your account, in the console or by `caseline channel add --channel " + channel + "`; then anybody here can open a case.")
}

// NotConfigured says what to do where support is not set up.
const NotConfigured = "Support is not set up in this channel. Use a channel where it is, or ask the person who set up support to add this one."
