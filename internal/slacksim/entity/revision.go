package entity

import (
	"slices"
	"strings"
)

// A Revision says what becomes of a message. Nil fields stay as they are.
type Revision struct {
	Text        *string
	Blocks      *[]Block
	Attachments *[]map[string]any
	Metadata    *Metadata // an empty EventType takes the metadata away
	FileIDs     *[]string
	// Quiet leaves out the "(edited)" mark.
	Quiet bool
}

// Apply returns the message as the revision leaves it.
func (r Revision) Apply(m Message) (Message, error) {
	if r.Blocks != nil {
		// A message keeps the family of blocks it was born with.
		if hasRichText(m.Blocks) && len(*r.Blocks) > 0 && !hasRichText(*r.Blocks) {
			return m, ErrBlockMismatch
		}
		m.Blocks = *r.Blocks
	}
	if r.Text != nil {
		m.Text = *r.Text
	}
	if r.Attachments != nil {
		m.Attachments = *r.Attachments
	}
	if r.FileIDs != nil {
		m.FileIDs = *r.FileIDs
	}
	if r.Metadata != nil {
		m.Metadata = r.Metadata
		if r.Metadata.EventType == "" {
			m.Metadata = nil
		}
	}
	if strings.TrimSpace(m.Text) == "" && len(m.Blocks) == 0 && len(m.Attachments) == 0 && len(m.FileIDs) == 0 {
		return m, ErrNoText
	}
	return m, nil
}

func hasRichText(blocks []Block) bool {
	return slices.ContainsFunc(blocks, func(b Block) bool { return b["type"] == "rich_text" })
}
