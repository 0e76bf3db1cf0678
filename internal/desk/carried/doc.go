// Package carried tells which deliveries brought an agent's message into Slack,
// and as which of Slack's messages it is shown there. Like package desk it is
// pure.
package carried
