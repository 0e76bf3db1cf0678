package rating

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/slack/view"
)

// What our buttons and forms are called; a button's name ends in its score.
const (
	actionScore   = "rate_chat_"
	actionSend    = "rate_send_"
	actionComment = "rate_comment_"

	// Callback is what the form is called when it comes back.
	Callback = "rate_comment"
	// FieldComment is its field.
	FieldComment = "comment"
	// Title is what it is called.
	Title = "How was this chat?"
)

// Ask asks how a chat of a case was.
func Ask(c desk.Case, chat desk.ChatID) view.Message {
	m := view.Line("How was this chat with Support?")
	at := view.Press{Case: c.ID, Chat: chat}.Value()
	var buttons []*view.Element
	for score := 1; score <= report.BestScore; score++ {
		buttons = append(buttons, view.Button(actionScore+strconv.Itoa(score), label(score), at))
	}
	m.Blocks = append(m.Blocks, view.Actions("rating", buttons...))
	return m
}

func label(score int) string { return fmt.Sprintf("%d · %s", score, report.ScoreWord(score)) }

// chosen shows somebody what they chose, to be sent.
func chosen(at view.Press, score int) view.Message {
	m := view.Line(fmt.Sprintf("You chose *%s*. Send it, or add a comment first. Support sees your answer with your name.", label(score)))
	send := view.Button(actionSend+strconv.Itoa(score), "Send", at.Value())
	send.Style = "primary"
	m.Blocks = append(m.Blocks, view.Actions("rating", send, view.Button(actionComment+strconv.Itoa(score), "Add a comment", at.Value())))
	return m
}

// An origin is where a form comes from, to answer there.
type origin struct {
	Case   desk.CaseID `json:"case"`
	Chat   desk.ChatID `json:"chat"`
	Score  int         `json:"score"`
	Answer string      `json:"answer,omitempty"` // Slack's address for answers to the press
}

func form(o origin) view.View {
	meta, _ := json.Marshal(o) // strings and numbers always marshal
	comment := view.Input(FieldComment, "Comment", &view.Element{
		Type: "plain_text_input", Multiline: true, MaxLength: report.MaxRemark, Placeholder: view.Plain("What was good, and what could be better?", 150),
	})
	comment.Optional = true
	return view.Form(Callback, string(meta), Title, "Send", []view.Block{
		view.Section(view.Mrk("You chose *" + label(o.Score) + "*. Support reads the comment with your name.")), comment,
	})
}

// read reads a button's name.
func read(action string) (kind string, score int) {
	for _, kind := range []string{actionScore, actionSend, actionComment} {
		if digits, ok := strings.CutPrefix(action, kind); ok {
			score, _ = strconv.Atoi(digits)
			return kind, score
		}
	}
	return "", 0
}
