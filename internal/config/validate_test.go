package config

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// signsIn is a change of a configuration with an identity provider.
func signsIn(change func(*SignIn)) func(*Config) {
	return func(c *Config) {
		c.SignIn.OIDC.Issuer, c.SignIn.OIDC.ClientID, c.SignIn.OIDC.ClientSecret = "https://id.example.com", "caseline", NewSecret("a secret of two")
		change(&c.SignIn)
	}
}

// valid is a configuration that Validate accepts.
func valid() *Config {
	c := Default()
	c.Slack.BotToken = NewSecret("xoxb-1-2-abc")
	c.Slack.SigningSecrets = []Secret{NewSecret("8f742231b10e8888abcd99yyyzzz85a5")}
	c.Account = Account{ID: "100000000001", Name: "Acme"}
	c.Channels = []Channel{{ID: "C0OPS"}}
	c.derive()
	return &c
}

// mails is a configuration of mail with something changed.
func mails(change func(*Mail)) func(*Config) {
	return func(c *Config) {
		c.Mail.Host, c.Mail.From = "smtp.example.com", "support@example.com"
		change(&c.Mail)
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Config)
		want   string // the path of the only problem, empty for none
	}{
		{"nothing wrong", func(*Config) {}, ""},
		{"any port", func(c *Config) { c.Listen = "127.0.0.1:0" }, ""},
		{"all addresses", func(c *Config) { c.Listen = ":8080" }, ""},
		{"port too large", func(c *Config) { c.Listen = ":65536" }, "listen"},
		{"port by name", func(c *Config) { c.Listen = ":http" }, "listen"},
		{"public address without scheme", func(c *Config) { c.PublicURL = "support.example.com" }, "public_url"},
		{"public address with path", func(c *Config) { c.PublicURL = "https://example.com/support" }, "public_url"},
		{"public address with password", func(c *Config) { c.PublicURL = "https://a:b@example.com" }, "public_url"},
		{"secure cookies over https", func(c *Config) { c.PublicURL, c.SecureCookies = "https://example.com", On }, ""},
		{"secure cookies over http", func(c *Config) { c.SecureCookies = On }, "secure_cookies"},
		{"no folder", func(c *Config) { c.DataDir = "" }, "data_dir"},
		{"postgres", func(c *Config) { c.Database.URL = NewSecret("postgresql://db/caseline") }, ""},
		{"postgres without a database", func(c *Config) { c.Database.URL = NewSecret("postgres://db") }, "database.url"},
		{"another database", func(c *Config) { c.Database.URL = NewSecret("mysql://db/caseline") }, "database.url"},
		{"mail", mails(func(*Mail) {}), ""},
		{"an identity provider", signsIn(func(*SignIn) {}), ""},
		{"an identity provider on this machine", signsIn(func(s *SignIn) { s.OIDC.Issuer = "http://127.0.0.1:9" }), ""},
		{"an identity provider in the clear", signsIn(func(s *SignIn) { s.OIDC.Issuer = "http://id.example.com" }), "sign_in.oidc.issuer"},
		{"an identity provider that is none", signsIn(func(s *SignIn) { s.OIDC.Issuer = "id.example.com" }), "sign_in.oidc.issuer"},
		{"an identity provider without its address", signsIn(func(s *SignIn) { s.OIDC.Issuer = "" }), "sign_in.oidc.issuer"},
		{"an identity provider without us", signsIn(func(s *SignIn) { s.OIDC.ClientID = "" }), "sign_in.oidc.client_id"},
		{"an identity provider without a name", signsIn(func(s *SignIn) { s.OIDC.Name = "" }), "sign_in.oidc.name"},
		{"a domain", signsIn(func(s *SignIn) { s.OIDC.Domain, s.OIDC.Role = "example.com", "auditor" }), ""},
		{"a domain that is an address", signsIn(func(s *SignIn) { s.OIDC.Domain = "jane@example.com" }), "sign_in.oidc.domain"},
		{"a role of a domain that is none", signsIn(func(s *SignIn) { s.OIDC.Role = "king" }), "sign_in.oidc.role"},
		{"no passwords", signsIn(func(s *SignIn) { s.Passwords = false }), ""},
		{"no way to sign in", func(c *Config) { c.SignIn.Passwords = false }, "sign_in.passwords"},
		{"second factors of all", func(c *Config) { c.SignIn.SecondFactor = FactorAll }, ""},
		{"second factors of some", func(c *Config) { c.SignIn.SecondFactor = "some" }, "sign_in.second_factor"},
		{"a lead and an auditor", func(c *Config) {
			c.Agents = []Agent{{"a@b", "A", NewSecret("0123456789"), "lead"}, {"c@d", "C", NewSecret("0123456789"), "auditor"}}
		}, ""},
		{"mail without a server", func(c *Config) { c.Mail.From = "support@example.com" }, "mail.host"},
		{"mail with the port in the name", mails(func(m *Mail) { m.Host = "smtp.example.com/25" }), "mail.host"},
		{"mail from nobody", mails(func(m *Mail) { m.From = "" }), "mail.from"},
		{"mail from two", mails(func(m *Mail) { m.From = "a@example.com, b@example.com" }), "mail.from"},
		{"mail with a header in the address", mails(func(m *Mail) { m.From = "a@example.com\r\nBcc: b@example.com" }), "mail.from"},
		{"mail with a header in the name", mails(func(m *Mail) { m.FromName = "Support\r\nBcc: b@example.com" }), "mail.from_name"},
		{"mail in the clear", mails(func(m *Mail) { m.TLS = MailNoTLS }), "mail.tls"},
		{"mail in the clear on this machine", mails(func(m *Mail) { m.TLS, m.Host = MailNoTLS, "127.0.0.1" }), ""},
		{"mail by another way", mails(func(m *Mail) { m.TLS = "ssl" }), "mail.tls"},
		{"mail without a password", mails(func(m *Mail) { m.Username = "caseline" }), "mail.username"},
		{"mail to no port", mails(func(m *Mail) { m.Port = 0 }), "mail.port"},
		{"mail without end", mails(func(m *Mail) { m.Timeout = time.Hour }), "mail.timeout"},
		{"mail again at once", mails(func(m *Mail) { m.RetryAfter = 0 }), "mail.retry_after"},
		{"prefix empty", func(c *Config) { c.Chat.ChannelPrefix = "" }, ""},
		{"prefix in capitals", func(c *Config) { c.Chat.ChannelPrefix = "Case-" }, "chat.channel_prefix"},
		{"never idle", func(c *Config) { c.Chat.IdlePrompt, c.Chat.IdleEnd, c.Chat.AgentGone = 0, 0, 0 }, ""},
		{"offers that nobody can answer", func(c *Config) { c.Routing.OfferFor = time.Second }, "routing.offer_for"},
		{"asking without a pause", func(c *Config) { c.Routing.AskAgain = 0 }, "routing.ask_again"},
		{"comparing without a pause", func(c *Config) { c.Chat.CompareEvery = time.Millisecond }, "chat.compare_every"},
		{"prompt in seconds", func(c *Config) { c.Chat.IdlePrompt = time.Second }, "chat.idle_prompt"},
		{"end before the prompt", func(c *Config) { c.Chat.IdlePrompt, c.Chat.IdleEnd = time.Hour, time.Hour }, "chat.idle_end"},
		{"gone at once", func(c *Config) { c.Chat.AgentGone = time.Second }, "chat.agent_gone"},
		{"reopened before", func(c *Config) { c.Cases.ReopenWithin = -time.Hour }, "cases.reopen_within"},
		{"picture by http", func(c *Config) { c.Chat.AgentPicture = "http://example.com/a.png" }, "chat.agent_picture"},
		{"picture without a host", func(c *Config) { c.Chat.AgentPicture = "https:///a.png" }, "chat.agent_picture"},
		{"picture", func(c *Config) { c.Chat.AgentPicture = "https://example.com/a.png" }, ""},
		{"prefix too long", func(c *Config) { c.Chat.ChannelPrefix = strings.Repeat("x", 41) }, "chat.channel_prefix"},
		{"simulated Slack", func(c *Config) { c.Slack.APIURL = "http://[::1]:9/api/" }, ""},
		{"Slack over http", func(c *Config) { c.Slack.APIURL = "http://slack.com/api/" }, "slack.api_url"},
		{"Slack without the slash", func(c *Config) { c.Slack.APIURL = "https://slack.com/api" }, "slack.api_url"},
		{"no token", func(c *Config) { c.Slack.BotToken = Secret{} }, "slack.bot_token"},
		{"no token, but installed by OAuth", func(c *Config) { oauth(c); c.Slack.BotToken, c.Channels = Secret{}, nil }, ""},
		{"channels in no workspace", func(c *Config) { oauth(c); c.Slack.BotToken = Secret{} }, "channels"},
		{"a token, and installed by OAuth", oauth, ""},
		{"OAuth on this machine", func(c *Config) { oauth(c); c.PublicURL = "http://127.0.0.1:80" }, ""},
		{"OAuth over http", func(c *Config) { oauth(c); c.PublicURL = "http://support.example.com" }, "public_url"},
		{"a client without a secret", func(c *Config) { oauth(c); c.Slack.ClientSecret = Secret{} }, "slack.client_secret"},
		{"a client without an id", func(c *Config) { oauth(c); c.Slack.ClientID = "" }, "slack.client_id"},
		{"the app's id for the client's", func(c *Config) { oauth(c); c.Slack.ClientID = "A0123456789" }, "slack.client_id"},
		{"a short client secret", func(c *Config) { oauth(c); c.Slack.ClientSecret = NewSecret("short") }, "slack.client_secret"},
		{"a user's token", func(c *Config) { c.Slack.BotToken = NewSecret("xoxp-1") }, "slack.bot_token"},
		{"a rotating token", func(c *Config) { c.Slack.BotToken = NewSecret("xoxe.xoxb-1") }, ""},
		{"a token with a space", func(c *Config) { c.Slack.BotToken = NewSecret("xoxb-1 2") }, "slack.bot_token"},
		{"neither app token nor signing secret", func(c *Config) { c.Slack.SigningSecrets = nil }, "slack.app_token"},
		{"Socket Mode", func(c *Config) { c.Slack.SigningSecrets, c.Slack.AppToken = nil, NewSecret("xapp-1-A1-2-abc") }, ""},
		{"Socket Mode and HTTP", func(c *Config) { c.Slack.AppToken = NewSecret("xapp-1-A1-2-abc") }, ""},
		{"the bot's token for the app's", func(c *Config) { c.Slack.AppToken = NewSecret("xoxb-1-2-abc") }, "slack.app_token"},
		{"an app token that is none", func(c *Config) { c.Slack.AppToken = NewSecret("A1") }, "slack.app_token"},
		{"an app token with a space", func(c *Config) { c.Slack.AppToken = NewSecret("xapp-1 2") }, "slack.app_token"},
		{"no connection", func(c *Config) { c.Slack.SocketConnections = 0 }, "slack.socket_connections"},
		{"as many connections as may be", func(c *Config) { c.Slack.SocketConnections = 4 }, ""},
		{"more connections than that", func(c *Config) { c.Slack.SocketConnections = 5 }, "slack.socket_connections"},
		{"an empty signing secret", func(c *Config) { c.Slack.SigningSecrets = []Secret{{}} }, "slack.signing_secrets[0]"},
		{"command without slash", func(c *Config) { c.Slack.Command = "support" }, "slack.command"},
		{"command of two words", func(c *Config) { c.Slack.Command = "/support me" }, "slack.command"},
		{"command too long", func(c *Config) { c.Slack.Command = "/" + strings.Repeat("x", 32) }, "slack.command"},
		{"account too short", func(c *Config) { c.Account.ID = "1" }, "account.id"},
		{"account without name", func(c *Config) { c.Account.Name = " " }, "account.name"},
		{"account with a dot", func(c *Config) { c.Account.Name = "Acme Inc." }, "account.name"},
		{"account with a long name", func(c *Config) { c.Account.Name = strings.Repeat("x", 31) }, "account.name"},
		{"no channel", func(c *Config) { c.Channels = nil }, ""},
		{"neither account nor channel", func(c *Config) { c.Account, c.Channels = Account{}, nil }, ""},
		{"a channel of nobody", func(c *Config) { c.Account.ID = "" }, "account.id"},
		{"too many channels", func(c *Config) { c.Channels = slices.Repeat(c.Channels, 21) }, "channels"},
		{"no workspace at all", func(c *Config) { c.Limits.WorkspacesPerAccount = 0 }, "limits.workspaces_per_account"},
		{"more accounts than Slack can offer", func(c *Config) { c.Limits.AccountsPerChannel = 101 }, "limits.accounts_per_channel"},
		{"what becomes of deletions", func(c *Config) { c.Account.Deletions = "burn" }, "account.deletions"},
		{"channel by name", func(c *Config) { c.Channels[0].ID = "#ops" }, "channels[0].id"},
		{"agent", func(c *Config) { c.Agents = []Agent{{"a@b", "A", NewSecret("0123456789"), ""}} }, ""},
		{"agent without address", func(c *Config) { c.Agents = []Agent{{"a", "A", NewSecret("0123456789"), ""}} }, "agents[0].email"},
		{"agent without name", func(c *Config) { c.Agents = []Agent{{"a@b", "", NewSecret("0123456789"), ""}} }, "agents[0].name"},
		{"agent with a short password", func(c *Config) { c.Agents = []Agent{{"a@b", "A", NewSecret("012345678"), ""}} }, "agents[0].password"},
		{"operator", func(c *Config) { c.Agents = []Agent{{"a@b", "A", NewSecret("0123456789"), "operator"}} }, ""},
		{"agent of a role that is none", func(c *Config) { c.Agents = []Agent{{"a@b", "A", NewSecret("0123456789"), "boss"}} }, "agents[0].role"},
		{"agent twice", func(c *Config) {
			c.Agents = []Agent{{"a@b", "A", NewSecret("0123456789"), ""}, {"A@B", "B", NewSecret("0123456789"), ""}}
		}, "agents[1].email"},
		{"level", func(c *Config) { c.Log.Level = "all" }, "log.level"},
		{"format", func(c *Config) { c.Log.Format = "" }, "log.format"},
		{"body too small", func(c *Config) { c.Limits.MaxBody = 1024 }, "limits.max_body"},
		{"session too long", func(c *Config) { c.Limits.SessionTTL = 31 * 24 * time.Hour }, "limits.session_ttl"},
		{"raw events for exactly a day and an hour", func(c *Config) { c.Limits.RawEvents = 25 * time.Hour }, ""},
		{"raw events for less", func(c *Config) { c.Limits.RawEvents = 25*time.Hour - 1 }, "limits.raw_events"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := valid()
			tt.change(c)
			err := c.Validate()
			if tt.want == "" {
				if err != nil {
					t.Fatalf("got %v, want no problem", err)
				}
				return
			}
			ps, ok := err.(Problems)
			if !ok || len(ps) != 1 || ps[0].Path != tt.want {
				t.Errorf("got %v, want one problem with %s", err, tt.want)
			}
		})
	}
}

func TestDerivedAddress(t *testing.T) {
	tests := []struct{ listen, public, want string }{
		{"127.0.0.1:8080", "", "http://127.0.0.1:8080"},
		{":8080", "", "http://localhost:8080"},
		{"0.0.0.0:8080", "", "http://localhost:8080"},
		{"[::]:8080", "", "http://localhost:8080"},
		{"[::1]:8080", "", "http://[::1]:8080"},
		{":8080", "https://example.com/", "https://example.com"},
	}
	for _, tt := range tests {
		c := Config{Listen: tt.listen, PublicURL: tt.public}
		if c.derive(); c.PublicURL != tt.want {
			t.Errorf("%q, %q: got %q, want %q", tt.listen, tt.public, c.PublicURL, tt.want)
		}
	}
}

func TestCookiesAreSecure(t *testing.T) {
	tests := []struct {
		address string
		set     Switch
		want    bool
	}{
		{"https://example.com", Auto, true},
		{"https://example.com", Off, false},
		{"http://localhost", Auto, false},
		{"https://example.com", On, true},
	}
	for _, tt := range tests {
		c := Config{PublicURL: tt.address, SecureCookies: tt.set}
		if got := c.CookiesAreSecure(); got != tt.want {
			t.Errorf("%s, %s: got %v, want %v", tt.address, tt.set, got, tt.want)
		}
	}
}

// oauth has people install the app.
func oauth(c *Config) {
	c.PublicURL, c.Slack.ClientID, c.Slack.ClientSecret = "https://support.example.com", "12.34", NewSecret("0123456789abcdef")
}
