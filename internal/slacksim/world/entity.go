package world

import "caseline/internal/slacksim/entity"

// The things in this world, by the names they have in package entity.
type (
	App          = entity.App
	Block        = entity.Block
	Channel      = entity.Channel
	ChannelKind  = entity.ChannelKind
	Command      = entity.Command
	Edited       = entity.Edited
	Event        = entity.Event
	File         = entity.File
	Icons        = entity.Icons
	Installation = entity.Installation
	Message      = entity.Message
	Metadata     = entity.Metadata
	Note         = entity.Note
	Organisation = entity.Organisation
	Posting      = entity.Posting
	Reaction     = entity.Reaction
	Revision     = entity.Revision
	Share        = entity.Share
	Shortcut     = entity.Shortcut
	Span         = entity.Span
	User         = entity.User
	UserGroup    = entity.UserGroup
	View         = entity.View
	Workspace    = entity.Workspace
)

// The kinds of channels.
const (
	Public  = entity.Public
	Private = entity.Private
	Direct  = entity.Direct
	Group   = entity.Group
)

// Slackbot is the id of Slack's own user.
const Slackbot = entity.Slackbot
