package config

import "strings"

const whereAppTokensAre = "generate one with the scope connections:write on the app's page Basic Information, under App-Level Tokens"

// Socket reports whether Slack sends through connections that this server
// opens, rather than to its address.
func (s *Slack) Socket() bool { return s.AppToken.IsSet() }

func (s *Slack) checkSocket(k *checker) {
	token := s.AppToken.Reveal()
	k.must(token == "" || strings.HasPrefix(token, "xapp-") && !strings.ContainsAny(token, " \t\r\n"), "slack.app_token",
		"must begin with xapp-; %s", whereAppTokensAre)
}
