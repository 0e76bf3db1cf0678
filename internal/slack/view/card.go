package view

import (
	"strings"

	"caseline/internal/desk"
)

// What buttons are called in the interactions that Slack sends.
const (
	ActionEnd       = "end_chat"
	ActionInvite    = "invite_agent"
	ActionResolve   = "resolve_case"
	ActionDetails   = "case_details"
	ActionReply     = "reply_case"
	ActionShare     = "share_waiting"
	ActionKeep      = "keep_waiting"
	ActionElsewhere = "invite_elsewhere"
	ActionReopen    = "reopen_case"
	ActionRelated   = "related_case"
	ActionStill     = "still_here"
	ActionContact   = "contact_method"
)

// A Press is what a button says about itself: the case it is about and, so
// that an old card does nothing to a new chat, the chat that it showed.
type Press struct {
	Case desk.CaseID
	Chat desk.ChatID
}

func (p Press) value() string { return string(p.Case) + " " + string(p.Chat) }

// ReadPress reads a button's value back. ok is false when it is none of ours.
func ReadPress(value string) (p Press, ok bool) {
	id, chat, ok := strings.Cut(value, " ")
	return Press{Case: desk.CaseID(id), Chat: desk.ChatID(chat)}, ok && id != ""
}

// Card is the pinned message of a case's channel, or the first of its thread: what the case is, where its
// chat stands and what can be done. account is the name of the case's
// account.
func Card(c desk.Case, account string, names Names) Message {
	blocks := []Block{
		header(c.Subject),
		{Type: "section", Fields: facts(c, account, names)},
		section(plain(words(c, c.Description, names), 600)),
		section(mrk(chatLine(c, names))),
		actions("case", cardButtons(c)...),
		context(mrk(cardHint(c))),
	}
	return Message{
		Text:   "Case " + string(c.Number) + ": " + escaped(c.Subject, desk.MaxSubject),
		Blocks: blocks,
	}
}

// facts are the case's particulars, two to a row. The case has names in place of
// the catalogue's codes.
func facts(c desk.Case, account string, names Names) []*Text {
	field := func(name, value string) *Text { return mrk("*" + name + "*\n" + value) }
	fields := []*Text{
		field("Case", string(c.Number)),
		field("Status", statusWord(c.Status)),
		field("Severity", names.severity(c.Severity)+" · answer within "+names.answered(c.Severity)),
		field("Account", filled(escaped(account, 100))),
		field("Opened by", names.of(string(c.Requester))),
		field("Opened", moment(c.CreatedAt)),
	}
	if about := c.About(); about != "" {
		fields = append(fields, field("About", escaped(about, 300)))
	}
	if len(c.CC) > 0 {
		fields = append(fields, field("Also told", escaped(strings.Join(c.CC, ", "), maxField/2)))
	}
	return fields
}

func cardButtons(c desk.Case) []*Element {
	at := Press{Case: c.ID, Chat: c.Chat.ID}.value()
	var buttons []*Element
	switch {
	case c.Chat.State == desk.ChatRequested && !c.Chat.Returned:
		end := button(ActionEnd, "End chat", at)
		end.Confirm = confirm("Cancel the request?", "No agent has joined yet. Nothing you wrote here has been shared or recorded.", "Cancel request")
		buttons = append(buttons, end)
	case c.Chat.Live():
		buttons = append(buttons, endButton(at))
	case c.Open():
		buttons = append(buttons, inviteButton(c), button(ActionElsewhere, "Invite elsewhere…", at))
	}
	buttons = append(buttons, button(ActionDetails, "See details", at))
	if c.Open() {
		buttons = append(buttons, ResolveButton(c))
	} else {
		buttons = append(buttons, ReopenButton(c))
	}
	return buttons
}

// endButton ends a chat that an agent has joined.
func endButton(at string) *Element {
	end := button(ActionEnd, "End chat", at)
	end.Confirm = confirm("End the chat?", "The agent leaves. What was written is saved to the case; what is written afterwards is not shared.", "End chat")
	return end
}

func inviteButton(c desk.Case) *Element {
	invite := button(ActionInvite, "Invite an agent", Press{Case: c.ID, Chat: c.Chat.ID}.value())
	invite.Style = "primary"
	return invite
}

// cardHint says what happens to what people write here.
func cardHint(c desk.Case) string {
	switch {
	case c.Chat.State == desk.ChatRequested && !c.Chat.Returned:
		return "Until an agent joins, nothing written " + inThread(c, "in this thread", "here") + " is shared with Support or recorded. Everybody in this channel can see the case: add only people who need access."
	case c.Chat.Live():
		return "What is written " + inThread(c, "in this thread", "here") + " is shared with Support and recorded on the case. Everybody in this channel can see it: add only people who need access."
	case !c.Open():
		return "The case is resolved. Nothing written here is shared or recorded. If it is not over, press Reopen case."
	}
	return "Nothing written here is shared or recorded any more. To talk again, press Invite an agent."
}
