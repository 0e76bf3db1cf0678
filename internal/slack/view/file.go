package view

import "strings"

// FileLine is the line above an agent's file, in Slack's mrkdwn. signature is
// the agent's name as it stands above words.
func FileLine(signature string) string {
	return "*" + strings.ReplaceAll(filled(escaped(signature, 80)), "*", "") + "*"
}

// FileFailed tells a place that a customer's file did not reach Support. why
// is a sentence.
func FileFailed(name, why string) Message {
	return line("Support did not get the file “" + filled(escaped(name, 120)) + "”. " + escaped(why, 300))
}
