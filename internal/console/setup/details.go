package setup

import (
	"strings"

	"caseline/internal/console/record"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

// short is what the texts begin with that are one word in a line of the audit, and
// another one elsewhere.
const short = "audit: "

// detailName is how what an entry of the audit says besides is called. What is not
// known is called as it is kept.
func detailName(t tongue.Tongue, key string) string {
	if name := detailNames()[key]; name != "" {
		return strings.TrimPrefix(t.Text(name), short)
	}
	return key
}

func detailNames() map[string]string {
	return map[string]string{
		"account":       tongue.Mark("audit: account"),
		"address":       tongue.Mark("audit: address"),
		"again":         tongue.Mark("audit: installed again"),
		"agent":         tongue.Mark("audit: agent"),
		"asked":         tongue.Mark("audit: asked for"),
		"capacity":      tongue.Mark("audit: chats at once"),
		"cases":         tongue.Mark("audit: cases"),
		"change":        tongue.Mark("audit: change"),
		"channel":       tongue.Mark("audit: channel"),
		"channels":      tongue.Mark("audit: channels"),
		"deletions":     tongue.Mark("audit: deletions"),
		"email":         tongue.Mark("audit: e-mail"),
		"export":        tongue.Mark("audit: export"),
		"files":         tongue.Mark("audit: files"),
		"for":           tongue.Mark("audit: for"),
		"from":          tongue.Mark("audit: from"),
		"hold":          tongue.Mark("audit: held because"),
		"installation":  tongue.Mark("audit: installation"),
		"issuer":        tongue.Mark("audit: provider"),
		"kinds refused": tongue.Mark("audit: kinds refused"),
		"kinds taken":   tongue.Mark("audit: kinds taken"),
		"largest file":  tongue.Mark("audit: largest file"),
		"left":          tongue.Mark("audit: codes left"),
		"members":       tongue.Mark("audit: members"),
		"name":          tongue.Mark("audit: name"),
		"narrow":        tongue.Mark("audit: only for"),
		"notify":        tongue.Mark("audit: told of"),
		"of":            tongue.Mark("audit: of"),
		"permissions":   tongue.Mark("audit: permissions"),
		"policy":        tongue.Mark("audit: policy"),
		"rating":        tongue.Mark("audit: question at the end"),
		"reason":        tongue.Mark("audit: reason"),
		"record":        tongue.Mark("audit: record"),
		"role":          tongue.Mark("audit: role"),
		"severity":      tongue.Mark("audit: severity"),
		"skills":        tongue.Mark("audit: skills"),
		"table":         tongue.Mark("audit: table"),
		"team":          tongue.Mark("audit: team"),
		"to":            tongue.Mark("audit: to"),
		"version":       tongue.Mark("audit: version"),
		"way":           tongue.Mark("audit: way"),
		"which":         tongue.Mark("audit: which"),
		"workspace":     tongue.Mark("audit: workspace"),
	}
}

// detailValue is what it says, in words where it is a word of ours.
func detailValue(t tongue.Tongue, key, value string) string {
	switch {
	case key == "severity" && record.SeverityName(desk.Severity(value)) != "":
		return t.Text(record.SeverityName(desk.Severity(value)))
	case value == "true":
		return strings.TrimPrefix(t.Text(tongue.Mark("audit: yes")), short)
	case value == "false":
		return strings.TrimPrefix(t.Text(tongue.Mark("audit: no")), short)
	case key == "to" && value == "the queue":
		return strings.TrimPrefix(t.Text(tongue.Mark("audit: the queue")), short)
	}
	return value
}
