package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of what a configuration may say.
const (
	maxAlias           = 30
	maxSetupLimit      = 100_000
	maxAccounts        = 100 // Slack shows no more to choose from
	minSigningSecret   = 16
	minPassword        = 10
	maxCommand         = 32 // Slack's
	maxChannelPrefix   = 40 // leaves room for a number and a suffix in Slack's 80
	maxPicture         = 500
	minRawEvents       = 25 * time.Hour
	maxRawEvents       = 365 * 24 * time.Hour
	minSessionTTL      = 5 * time.Minute
	maxSessionTTL      = 30 * 24 * time.Hour
	minAgentGone       = 3 * time.Minute // a little more than until a console counts as away
	minBody, maxBody   = 64 << 10, 64 << 20
	minFile, maxFile   = 1 << 20, 1 << 30 // 1 GB is the most that Slack takes
	defaultSlackAPI    = "https://slack.com/api/"
	whereTokensAre     = "copy the Bot User OAuth Token from the app's page OAuth & Permissions"
	whereAppTokensAre  = "make an app-level token with the scope connections:write on the app's page Basic Information, and copy it"
	whereClientIs      = "copy the Client ID and the Client Secret from the app's page Basic Information"
	whereSecretsAre    = "copy the Signing Secret from the app's page Basic Information"
	whereChannelIDsAre = "copy the channel ID from the end of the channel's details in Slack"
)

var (
	accountID     = regexp.MustCompile(`^[0-9]{12}$`)
	channelID     = regexp.MustCompile(`^[CG][A-Z0-9]{2,20}$`)
	clientID      = regexp.MustCompile(`^[0-9]+\.[0-9]+$`)
	channelPrefix = regexp.MustCompile(`^[a-z0-9_-]*$`)
	command       = regexp.MustCompile(`^/[^\s/A-Z]+$`)
	email         = regexp.MustCompile(`^[^\s@]+@[^\s@]+$`)
)

// isAlias reports whether all of a name is letters, digits, _, - and spaces. As
// a regular expression that would be a table of all letters.
func isAlias(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_ -", r)
	})
}

// Validate reports everything that is wrong with the configuration, as an
// error of type Problems.
func (c *Config) Validate() error { return c.check().err() }

// A checker collects problems.
type checker struct{ problems Problems }

// must reports a problem with the field at path unless ok.
func (k *checker) must(ok bool, path, message string, args ...any) {
	if !ok {
		k.problems = append(k.problems, Problem{Path: path, Message: fmt.Sprintf(message, args...)})
	}
}

func (c *Config) check() Problems {
	k := &checker{}
	c.checkServer(k)
	c.Slack.check(k)
	c.checkAccount(k)
	c.checkAgents(k)
	c.Chat.check(k)
	c.Routing.check(k)
	c.Mail.check(k)
	c.SignIn.check(k)
	k.must(c.Cases.ReopenWithin >= 0, "cases.reopen_within", "must be a time such as 14d, or 0 for no limit, not %s", c.Cases.ReopenWithin)
	k.must(slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log.Level), "log.level",
		"must be debug, info, warn or error, not %q", c.Log.Level)
	k.must(slices.Contains([]string{"text", "json"}, c.Log.Format), "log.format",
		"must be text or json, not %q", c.Log.Format)
	c.Limits.check(k)
	return k.problems
}

func (c *Config) checkServer(k *checker) {
	_, port, err := net.SplitHostPort(c.Listen)
	n, portErr := strconv.Atoi(port)
	k.must(err == nil && portErr == nil && n >= 0 && n <= 65535, "listen",
		"must be a host and a port such as 127.0.0.1:8080, not %q", c.Listen)

	u, err := url.Parse(c.PublicURL)
	ok := err == nil && isWeb(u) && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil
	k.must(ok, "public_url", "must be the address at which people reach the server, such as https://support.example.com, without a path, not %q", c.PublicURL)
	k.must(!ok || c.SecureCookies != On || u.Scheme == "https", "secure_cookies",
		"cannot be true while public_url is http: browsers would not send the cookies and nobody could sign in; make public_url https, or leave this auto")

	k.must(!ok || !c.Slack.UsesOAuth() || u.Scheme == "https" || isLoopback(u.Hostname()), "public_url",
		"must be https with slack.client_id: after somebody has installed the app Slack sends their browser there, and to no other address")

	k.must(c.DataDir != "", "data_dir", "must name a folder for the files and the embedded database")
	if dsn := c.Database.URL.Reveal(); dsn != "" {
		u, err := url.Parse(dsn)
		k.must(err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") && u.Host != "" && len(u.Path) > 1, "database.url",
			"must be postgres://user:password@host:port/name; leave it empty for SQLite in data_dir")
	}
}

// isWeb reports whether u is the address of a web server.
func isWeb(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

func (s *Slack) check(k *checker) {
	u, err := url.Parse(s.APIURL)
	ok := err == nil && isWeb(u) && strings.HasSuffix(u.Path, "/") && u.RawQuery == "" && u.Fragment == ""
	k.must(ok, "slack.api_url", "must be an address that ends with a slash; leave it out for %s", defaultSlackAPI)
	k.must(!ok || u.Scheme == "https" || isLoopback(u.Hostname()), "slack.api_url",
		"must be https: the bot token goes there with every call; only a simulated Slack on this machine may be http")

	switch token := s.BotToken.Reveal(); {
	case token == "":
		k.must(s.UsesOAuth(), "slack.bot_token", "is missing; %s", whereTokensAre)
	case strings.HasPrefix(token, "xapp-"):
		k.must(false, "slack.bot_token", "is an app-level token; %s", whereTokensAre)
	case strings.HasPrefix(token, "xoxp-"), strings.HasPrefix(token, "xoxe.xoxp-"):
		k.must(false, "slack.bot_token", "is a user token; %s", whereTokensAre)
	default:
		bot := strings.HasPrefix(token, "xoxb-") || strings.HasPrefix(token, "xoxe.xoxb-")
		k.must(bot && !strings.ContainsAny(token, " \t\r\n"), "slack.bot_token", "must begin with xoxb-; %s", whereTokensAre)
	}

	s.checkClient(k)
	s.checkWayIn(k)
	k.must(command.MatchString(s.Command) && len(s.Command) <= maxCommand, "slack.command",
		"must be the slash command of the app's manifest, such as /support, in lowercase, not %q", s.Command)
	k.must(s.Timeout >= minCallTimeout && s.Timeout <= maxCallTimeout, "slack.timeout",
		"must be between %v and %v, not %v", minCallTimeout, maxCallTimeout, s.Timeout)
	k.must(slices.Contains([]Pace{PaceSlack, PaceFew, PaceOff}, s.Pace), "slack.pace", "must be slack, few or off, not %q", s.Pace)
	k.must(s.Pace != PaceOff || ok && isLoopback(u.Hostname()), "slack.pace",
		"can be off only for a simulated Slack on this machine: the real one refuses what comes too fast")
}

// checkClient looks at what the app is installed with by OAuth.
func (s *Slack) checkClient(k *checker) {
	secret := s.ClientSecret.Reveal()
	switch {
	case s.ClientID == "" && secret == "":
		return
	case s.ClientID == "":
		k.must(false, "slack.client_id", "is missing beside slack.client_secret; %s", whereClientIs)
	case secret == "":
		k.must(false, "slack.client_secret", "is missing beside slack.client_id; %s", whereClientIs)
	}
	k.must(s.ClientID == "" || clientID.MatchString(s.ClientID), "slack.client_id", "must be two numbers with a point between, not %q; %s", s.ClientID, whereClientIs)
	k.must(secret == "" || len(secret) >= minSigningSecret && !strings.ContainsAny(secret, " \t\r\n"), "slack.client_secret",
		"must have at least %d characters and no space; %s", minSigningSecret, whereClientIs)
}

// maxSocketConnections leaves room for the successor of each in the ten that
// Slack allows.
const maxSocketConnections = 4

// checkWayIn looks at how what happens in Slack comes to us.
func (s *Slack) checkWayIn(k *checker) {
	k.must(s.UsesSockets() || s.UsesHTTP(), "slack.app_token",
		"is missing, and so is slack.signing_secrets, so nothing could come from Slack; for Socket Mode, which needs no public address, %s; for HTTP, set slack.signing_secrets: %s",
		whereAppTokensAre, whereSecretsAre)
	switch token := s.AppToken.Reveal(); {
	case token == "":
	case strings.HasPrefix(token, "xox"):
		k.must(false, "slack.app_token", "is a token of the bot or of a person; %s", whereAppTokensAre)
	default:
		k.must(strings.HasPrefix(token, "xapp-") && !strings.ContainsAny(token, " \t\r\n"), "slack.app_token", "must begin with xapp-; %s", whereAppTokensAre)
	}
	k.must(s.SocketConnections >= 1 && s.SocketConnections <= maxSocketConnections, "slack.socket_connections",
		"must be between 1 and %d, not %d: Slack allows an app ten, also while some are being replaced", maxSocketConnections, s.SocketConnections)
	for i, secret := range s.SigningSecrets {
		v := secret.Reveal()
		k.must(len(v) >= minSigningSecret && !strings.ContainsAny(v, " \t\r\n"), fmt.Sprintf("slack.signing_secrets[%d]", i),
			"must have at least %d characters and no space; %s", minSigningSecret, whereSecretsAre)
	}
}

// What a call to Slack may take. Less than the least and good answers are
// missed; with more than the most an outage is noticed late.
const (
	minCallTimeout = 100 * time.Millisecond
	maxCallTimeout = time.Minute
)

// isLoopback reports whether a host is this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *Chat) check(k *checker) {
	k.must(channelPrefix.MatchString(c.ChannelPrefix) && len(c.ChannelPrefix) <= maxChannelPrefix, "chat.channel_prefix",
		"must be at most %d lowercase letters a–z, digits, - and _, as Slack has it for channels, not %q", maxChannelPrefix, c.ChannelPrefix)
	u, err := url.Parse(c.AgentPicture)
	k.must(c.AgentPicture == "" || err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && len(c.AgentPicture) <= maxPicture, "chat.agent_picture",
		"must be the https address of a picture that Slack can fetch, not %q; leave it empty for the app's own", c.AgentPicture)
	k.must(c.CompareAfter >= time.Second && c.CompareAfter <= time.Hour, "chat.compare_after",
		"must be between 1s and 1h, not %s", c.CompareAfter)
	k.must(c.CompareEvery == 0 || c.CompareEvery >= time.Second && c.CompareEvery <= 24*time.Hour, "chat.compare_every",
		"must be 0 for never, or between 1s and 24h, not %s", c.CompareEvery)
	k.must(c.IdlePrompt == 0 || c.IdlePrompt >= time.Minute, "chat.idle_prompt", "must be 0 for never, or a minute or more, not %s", c.IdlePrompt)
	k.must(c.IdleEnd == 0 || c.IdleEnd >= time.Minute, "chat.idle_end", "must be 0 for never, or a minute or more, not %s", c.IdleEnd)
	k.must(c.IdleEnd == 0 || c.IdlePrompt < c.IdleEnd, "chat.idle_end",
		"must be longer than chat.idle_prompt, so that people have the time to answer; they are %s and %s", c.IdleEnd, c.IdlePrompt)
	k.must(c.AgentGone == 0 || c.AgentGone >= minAgentGone, "chat.agent_gone",
		"must be 0 for never, or %s or more, so that a reload or a closed lid loses nobody their chat, not %s", minAgentGone, c.AgentGone)
}

func (c *Config) checkAccount(k *checker) {
	if c.Account.ID == "" && c.Account.Name == "" && len(c.Channels) == 0 {
		return // set up in the console, or by the commands
	}
	k.must(accountID.MatchString(c.Account.ID), "account.id",
		"must be 12 digits that you choose for the organisation you support, such as 100000000001, not %q", c.Account.ID)
	k.must(slices.Contains([]Deletions{"", DeletionsKeep, DeletionsHide, DeletionsErase}, c.Account.Deletions), "account.deletions",
		"must be keep, hide or erase, not %q", c.Account.Deletions)
	k.must(strings.TrimSpace(c.Account.Name) != "", "account.name", "is missing; write the name of the organisation you support")
	k.must(isAlias(c.Account.Name) && utf8.RuneCountInString(c.Account.Name) <= maxAlias, "account.name",
		"may have %d letters, digits, _, - and spaces, and is %q", maxAlias, c.Account.Name)

	k.must(len(c.Channels) == 0 || c.Slack.BotToken.IsSet() || !c.Slack.UsesOAuth(), "channels",
		"must be left out without slack.bot_token, which says in which workspace they are; configure them in the console")
	k.must(len(c.Channels) <= c.Limits.ChannelsPerAccount, "channels", "has %d entries; limits.channels_per_account allows %d", len(c.Channels), c.Limits.ChannelsPerAccount)
	for i, ch := range c.Channels {
		k.must(channelID.MatchString(ch.ID), fmt.Sprintf("channels[%d].id", i),
			"must be a channel's ID such as C0123456789, not %q; %s", ch.ID, whereChannelIDsAre)
	}
}

func (c *Config) checkAgents(k *checker) {
	seen := map[string]bool{}
	for i, a := range c.Agents {
		path := fmt.Sprintf("agents[%d].", i)
		address := strings.ToLower(a.Email)
		k.must(email.MatchString(a.Email), path+"email", "must be an e-mail address, not %q", a.Email)
		k.must(!seen[address], path+"email", "is the address of another agent too; give each their own")
		seen[address] = true
		k.must(strings.TrimSpace(a.Name) != "", path+"name", "is missing; write the name that customers will see")
		k.must(a.Role == "" || slices.Contains(roles(), a.Role), path+"role", "must be %s, not %q", strings.Join(roles(), ", "), a.Role)
		k.must(len(a.Password.Reveal()) >= minPassword, path+"password", "must have at least %d characters", minPassword)
	}
}

func (l *Limits) check(k *checker) {
	k.must(l.MaxBody >= minBody && l.MaxBody <= maxBody, "limits.max_body",
		"must be between %s and %s, not %s", Bytes(minBody), Bytes(maxBody), l.MaxBody)
	k.must(l.MaxFile >= minFile && l.MaxFile <= maxFile, "limits.max_file",
		"must be between %s and %s, not %s", Bytes(minFile), Bytes(maxFile), l.MaxFile)
	k.must(l.SessionTTL >= minSessionTTL && l.SessionTTL <= maxSessionTTL, "limits.session_ttl",
		"must be between 5m and 30d, not %s", l.SessionTTL)
	for _, n := range []struct {
		have, most int
		path       string
	}{
		{l.WorkspacesPerAccount, maxSetupLimit, "limits.workspaces_per_account"},
		{l.ChannelsPerAccount, maxSetupLimit, "limits.channels_per_account"},
		{l.AccountsPerChannel, maxAccounts, "limits.accounts_per_channel"},
	} {
		k.must(n.have >= 1 && n.have <= n.most, n.path, "must be between 1 and %d, not %d", n.most, n.have)
	}
	k.must(l.RawEvents >= minRawEvents && l.RawEvents <= maxRawEvents, "limits.raw_events",
		"must be between 25h and 365d, not %s: Slack may deliver an event again for a day, and it is known again only while it is kept", l.RawEvents)
}

// derive fills what the operator may leave open.
func (c *Config) derive() {
	if c.PublicURL == "" {
		host, port, err := net.SplitHostPort(c.Listen)
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "localhost"
		}
		if err == nil {
			c.PublicURL = "http://" + net.JoinHostPort(host, port)
		}
	}
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
}

// CookiesAreSecure reports whether cookies go over https only.
func (c *Config) CookiesAreSecure() bool {
	return c.SecureCookies.Or(strings.HasPrefix(c.PublicURL, "https://"))
}
