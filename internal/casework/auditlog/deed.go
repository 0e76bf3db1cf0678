package auditlog

import (
	"cmp"
	"strconv"

	"caseline/internal/desk"
)

// DidWhisper is a lead's note to the agents of a running chat.
const DidWhisper = "whispered"

// Deed is what an entry of a case's log means in the audit, with what there is
// to say besides; empty for what nobody did to the case, such as words in its
// chat. It quotes nobody.
func Deed(e desk.Correspondence) (what string, detail map[string]string) {
	detail = map[string]string{}
	switch e.Kind {
	case desk.KindMessage:
		what = messageDeed(e)
	case desk.KindNote:
		if what = desk.DidNote; e.Marked(desk.MarkWhisper) {
			what = DidWhisper
		}
	case desk.KindEdit, desk.KindDeletion:
		if e.Author.Side == desk.SideAgent {
			what = map[desk.EntryKind]string{desk.KindEdit: desk.DidEdit, desk.KindDeletion: desk.DidDelete}[e.Kind]
			detail["of"] = strconv.FormatInt(e.Refers, 10)
		}
	case desk.KindStatus:
		switch e.What {
		case string(desk.StatusResolved):
			what = desk.DidResolve
		case string(desk.StatusReopened):
			what = desk.DidReopen
		case desk.ChangedSeverity:
			what, detail["severity"] = desk.DidSeverity, e.Text
		}
	case desk.KindContact:
		what, detail["change"], detail["address"] = desk.DidContact, e.What, e.Text
	case desk.KindChat:
		if what = chatDeed(desk.ChatEvent(e.What)); what != "" {
			detail["chat"] = string(e.Chat)
		}
		switch what {
		case desk.DidEnd, desk.DidCancel:
			detail["reason"] = e.Text
		case desk.DidHand:
			detail["to"] = cmp.Or(e.Text, "the queue")
		}
	case desk.KindFile, desk.KindTranscript, desk.KindReaction, desk.KindMember:
	}
	return what, detail
}

func messageDeed(e desk.Correspondence) string {
	switch {
	case e.Marked(desk.MarkOutside):
		return desk.DidAnswer
	case e.Seq == 1:
		return desk.DidOpen
	}
	return ""
}

func chatDeed(event desk.ChatEvent) string {
	switch event {
	case desk.EventRequested:
		return desk.DidRequest
	case desk.EventCancelled:
		return desk.DidCancel
	case desk.EventJoined, desk.EventSecond:
		return desk.DidJoin
	case desk.EventLeft:
		return desk.DidLeave
	case desk.EventHanded:
		return desk.DidHand
	case desk.EventReturned:
		return desk.DidReturn
	case desk.EventEnded:
		return desk.DidEnd
	case desk.EventPrompted, desk.EventMoved, desk.EventPublic:
	}
	return ""
}
