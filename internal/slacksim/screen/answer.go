package screen

import (
	"encoding/json"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/compose"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// An Answer is a message an app sends back for something a person did: in the
// body of its answer to a command, or to a response_url.
type Answer struct {
	ResponseType    string             `json:"response_type"`
	ReplaceOriginal bool               `json:"replace_original"`
	DeleteOriginal  bool               `json:"delete_original"`
	Text            *string            `json:"text"`
	Blocks          []entity.Block     `json:"blocks"`
	Attachments     []map[string]any   `json:"attachments"`
	ThreadTS        string             `json:"thread_ts"`
	Metadata        *entity.Metadata   `json:"metadata"`
	Problems        []blockkit.Problem `json:"-"`
}

// ErrInvalidAnswer is for bodies that are no message.
const ErrInvalidAnswer entity.Err = "invalid_payload"

// ParseAnswer reads an app's message. Blocks may come as a list or, as old
// libraries send them, as a string with a list in it.
func ParseAnswer(body []byte) (Answer, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		return Answer{}, ErrInvalidAnswer
	}
	for _, key := range []string{"blocks", "attachments"} {
		var inner string
		if json.Unmarshal(raw[key], &inner) == nil && inner != "" {
			raw[key] = json.RawMessage(inner)
		}
	}
	whole, err := json.Marshal(raw)
	if err != nil {
		return Answer{}, ErrInvalidAnswer
	}
	var a Answer
	if err := json.Unmarshal(whole, &a); err != nil {
		return Answer{}, ErrInvalidAnswer
	}
	if a.Text == nil && a.Blocks == nil && a.Attachments == nil && !a.DeleteOriginal {
		return Answer{}, entity.ErrNoText
	}
	if ps := blockkit.CheckMessage(a.Blocks); len(ps) > 0 {
		return Answer{}, entity.Err("invalid_blocks")
	}
	return a, nil
}

// Answer does what an app's message asks for, in the place the person acted.
func (s *Screens) Answer(r Response, a Answer) error {
	in, ok := s.world.Apps.Installed(r.App, r.Workspace)
	if !ok {
		return entity.ErrNotFound
	}
	a.Blocks = blockkit.Identified(a.Blocks, func() string { return s.world.NewID("b") })
	text := ""
	if a.Text != nil {
		text = compose.Normalise(*a.Text)
	}
	switch {
	case a.DeleteOriginal:
		return s.deleteOriginal(in, r)
	case a.ReplaceOriginal && (r.TS != "" || r.Ephemeral != ""):
		return s.replaceOriginal(in, r, a, text)
	case a.ResponseType == "in_channel":
		return s.postAnswer(in, r, a, text)
	}
	// It stands beside the thread the person acted in unless the app names that.
	_, err := s.ShowEphemeral(Ephemeral{
		Channel: r.Channel, ThreadTS: a.ThreadTS, User: r.User, App: r.App, BotUser: in.BotUser,
		Text: text, Blocks: a.Blocks, Attachments: a.Attachments,
	})
	return err
}

func (s *Screens) deleteOriginal(in entity.Installation, r Response) error {
	if r.Ephemeral != "" {
		return s.Dismiss(r.User, r.Ephemeral)
	}
	return s.world.DeleteAs(in.BotUser, r.Channel, r.TS)
}

func (s *Screens) replaceOriginal(in entity.Installation, r Response, a Answer, text string) error {
	if r.Ephemeral == "" {
		return s.world.EditAs(in.BotUser, r.Channel, r.TS, world.Revision{
			Text: &text, Blocks: &a.Blocks, Attachments: &a.Attachments, Metadata: a.Metadata, Quiet: a.Blocks != nil,
		})
	}
	e, ok := s.Ephemeral(r.User, r.Ephemeral)
	if !ok {
		return entity.ErrMessageNotFound
	}
	e.Text, e.Blocks, e.Attachments = text, a.Blocks, a.Attachments
	return s.ReplaceEphemeral(e)
}

// postAnswer posts for everybody. Slack does so even where the bot is no
// member.
func (s *Screens) postAnswer(in entity.Installation, r Response, a Answer, text string) error {
	_, err := s.world.Post(world.Posting{
		Channel: r.Channel, User: in.BotUser, ThreadTS: a.ThreadTS, Text: text, Blocks: a.Blocks,
		Attachments: a.Attachments, Metadata: a.Metadata, Anywhere: true,
	})
	return err
}
