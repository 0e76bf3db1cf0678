package slack

import "strings"

// A genre is what a message event is to us, as far as its subtype says.
type genre int

const (
	genreWords    genre = iota // somebody's words, if a person wrote them
	genreChange                // another message changed
	genreDeletion              // another message was deleted
	genreBot                   // a bot's words
	genreSystem                // Slack's own line: somebody joined, something was pinned
	genreUnknown               // a subtype of later: words if people can see it
)

// systemKinds begin the subtypes of Slack's own lines.
func systemKind(subtype string) bool {
	switch subtype {
	case "message_replied", "reply_broadcast", "pinned_item", "unpinned_item", "assistant_app_thread",
		"ekm_access_denied", "tombstone", "slackbot_response", "document_mention", "document_comment_root",
		"tabbed_canvas_updated", "app_conversation_join", "app_conversation_leave", "added_to_channel":
		return true
	}
	for _, prefix := range []string{
		"channel_", "group_", "bot_", "reminder_", "huddle_", "sh_room_", "joiner_", "file_comment", "file_mention",
	} {
		if strings.HasPrefix(subtype, prefix) {
			return true
		}
	}
	return false
}

func genreOf(subtype string) genre {
	switch subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		return genreWords
	case "message_changed":
		return genreChange
	case "message_deleted":
		return genreDeletion
	case "bot_message":
		return genreBot
	}
	if systemKind(subtype) {
		return genreSystem
	}
	return genreUnknown
}
