package wire

import (
	"errors"
	"net/url"
	"strings"

	"caseline/internal/slack/wire/lenient"
)

// ErrNoCommand says that a slash command request names no command.
var ErrNoCommand = errors.New("the form has no command")

// A Slash is a slash command that a person ran. The channel's name that Slack
// sends along is a placeholder in private places and is not kept.
type Slash struct {
	Command             string // as the manifest has it, with its slash
	Text                string // what follows the command
	TeamID              string
	TeamDomain          string
	EnterpriseID        string
	ChannelID           string
	UserID              string
	UserName            string // the handle
	ResponseURL         string
	TriggerID           string // for 3 s, once
	APIAppID            string
	IsEnterpriseInstall bool
	SSLCheck            bool // Slack only looks whether the server is there

	Odd []Odd
}

// DecodeSlash decodes the body of a slash command request over HTTP. A body
// with ssl_check need not name a command. Only the body is signed: what stands
// in the address must never be looked at.
func DecodeSlash(body []byte) (Slash, error) {
	// What is well formed is used, whatever stands beside it.
	form, _ := url.ParseQuery(string(body))
	text := func(name string) string { return cleanText(form.Get(name)) }
	s := Slash{
		Command:             text("command"),
		Text:                text("text"),
		TeamID:              text("team_id"),
		TeamDomain:          text("team_domain"),
		EnterpriseID:        text("enterprise_id"),
		ChannelID:           text("channel_id"),
		UserID:              text("user_id"),
		UserName:            text("user_name"),
		ResponseURL:         text("response_url"),
		TriggerID:           text("trigger_id"),
		APIAppID:            text("api_app_id"),
		IsEnterpriseInstall: isTrue(form.Get("is_enterprise_install")),
		SSLCheck:            isTrue(form.Get("ssl_check")),
	}
	if s.Command == "" && !s.SSLCheck {
		return Slash{}, ErrNoCommand
	}
	return s, nil
}

// DecodeSlashPayload decodes a slash command from Socket Mode, where the
// form's fields are those of an object.
func DecodeSlashPayload(raw []byte) (Slash, error) {
	var s Slash
	if err := decode(raw, &s.Odd, func(r *lenient.Reader) { readSlash(r, &s) }); err != nil {
		return Slash{}, err
	}
	if s.Command == "" {
		return Slash{}, ErrNoCommand
	}
	return s, nil
}

func readSlash(r *lenient.Reader, s *Slash) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "command":
			r.Str(&s.Command)
		case "text":
			r.Str(&s.Text)
		case "team_id":
			r.Str(&s.TeamID)
		case "team_domain":
			r.Str(&s.TeamDomain)
		case "enterprise_id":
			r.Str(&s.EnterpriseID)
		case "channel_id":
			r.Str(&s.ChannelID)
		case "user_id":
			r.Str(&s.UserID)
		case "user_name":
			r.Str(&s.UserName)
		case "response_url":
			r.Str(&s.ResponseURL)
		case "trigger_id":
			r.Str(&s.TriggerID)
		case "api_app_id":
			r.Str(&s.APIAppID)
		case "is_enterprise_install":
			r.Flag(&s.IsEnterpriseInstall)
		default:
			r.Skip()
		}
	}
}

func isTrue(s string) bool { return s == "true" || s == "1" }

// cleanText gives text from a form the promise that text from JSON has: valid
// UTF-8 without NUL.
func cleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
