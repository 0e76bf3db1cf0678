package served

// A CustomEmoji is one that people of a workspace have made.
type CustomEmoji struct {
	Name string
	URL  string // of its picture in Slack, or AliasOf and another's name
	Hash string // SHA-256 of its picture in hex; empty until it was shown
	Type string // MIME type of the picture, sniffed
}

// AliasOf begins the URL of an emoji that is another by a second name.
const AliasOf = "alias:"
