package config

import "time"

// A Config is the whole configuration. The yaml names are what the operator
// writes, and in capitals behind CASELINE_ what the environment overrides:
// slack.bot_token is CASELINE_SLACK_BOT_TOKEN.
type Config struct {
	Listen        string    `yaml:"listen"`         // host:port that the server listens on
	PublicURL     string    `yaml:"public_url"`     // how people reach it; from Listen when empty
	DataDir       string    `yaml:"data_dir"`       // where files and the embedded database live
	Database      Database  `yaml:"database"`       //
	Slack         Slack     `yaml:"slack"`          //
	Account       Account   `yaml:"account"`        // whom we support, made at the start if it does not exist yet; may be left out
	Channels      []Channel `yaml:"channels"`       // where they may ask, likewise
	Chat          Chat      `yaml:"chat"`           //
	Routing       Routing   `yaml:"routing"`        //
	Cases         Cases     `yaml:"cases"`          //
	Catalogue     Catalogue `yaml:"catalogue"`      //
	Mail          Mail      `yaml:"mail"`           // off without a host
	SignIn        SignIn    `yaml:"sign_in"`        //
	Agents        []Agent   `yaml:"agents"`         // made at the start if they do not exist yet
	Log           Log       `yaml:"log"`            //
	Limits        Limits    `yaml:"limits"`         //
	TrustProxy    bool      `yaml:"trust_proxy"`    // believe X-Forwarded-For and -Proto
	SecureCookies Switch    `yaml:"secure_cookies"` // auto: when PublicURL is https
}

// A Database says where cases are kept.
type Database struct {
	URL Secret `yaml:"url"` // postgres://…, or empty for SQLite in DataDir
}

// Slack is the app in the workspace.
type Slack struct {
	APIURL         string   `yaml:"api_url"`         // with a slash at the end
	BotToken       Secret   `yaml:"bot_token"`       // xoxb-…, of one workspace; may be empty with ClientID
	ClientID       string   `yaml:"client_id"`       // of the app, to be installed by OAuth in any number of workspaces; empty for not
	ClientSecret   Secret   `yaml:"client_secret"`   // goes with it
	AppToken       Secret   `yaml:"app_token"`       // xapp-…, for Socket Mode; empty for HTTP only
	SigningSecrets []Secret `yaml:"signing_secrets"` // for HTTP: the current one, and the old one while it is replaced; empty for Socket Mode only
	Command        string   `yaml:"command"`         // the slash command, as in the manifest

	SocketConnections int `yaml:"socket_connections"` // of Socket Mode

	Timeout time.Duration `yaml:"timeout"` // of one call
	Pace    Pace          `yaml:"pace"`    // how fast Slack may be called
}

// UsesOAuth reports whether people may install the app in their workspaces.
func (s Slack) UsesOAuth() bool { return s.ClientID != "" }

// UsesSockets reports whether what happens in Slack comes by Socket Mode.
func (s Slack) UsesSockets() bool { return s.AppToken.IsSet() }

// UsesHTTP reports whether it may come as requests over HTTP.
func (s Slack) UsesHTTP() bool { return len(s.SigningSecrets) > 0 }

// Pace says by which limits Slack is called.
type Pace string

// The paces.
const (
	PaceSlack Pace = "slack" // Slack's own limits
	PaceFew   Pace = "few"   // the same, but histories by 15 messages a minute
	PaceOff   Pace = "off"   // as fast as it answers; only for a simulated Slack
)

// An Account is the organisation that is supported.
type Account struct {
	ID        string    `yaml:"id"` // 12 digits
	Name      string    `yaml:"name"`
	Deletions Deletions `yaml:"deletions"` // empty is keep
}

// Deletions say what becomes of recorded words that their author deletes or
// edits in Slack.
type Deletions string

// What can become of them.
const (
	DeletionsKeep  Deletions = "keep"  // agents go on seeing them, marked
	DeletionsHide  Deletions = "hide"  // agents no longer see them
	DeletionsErase Deletions = "erase" // nothing of them is left but a note
)

// A Channel is a Slack channel in which cases may be opened.
type Channel struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name"` // for people only
}

// Chat is how live chats behave.
type Chat struct {
	ChannelPrefix string        `yaml:"channel_prefix"` // of a chat channel's name, before the case's number
	AgentPicture  string        `yaml:"agent_picture"`  // address of the picture beside agents' words in Slack; empty is the app's
	CompareAfter  time.Duration `yaml:"compare_after"`  // from a chat's end to the comparison of its record with Slack's history
	CompareEvery  time.Duration `yaml:"compare_every"`  // between comparisons of a running chat with Slack's history; 0 is never
	AskRating     bool          `yaml:"ask_rating"`     // people are asked how a chat was, when it has ended
	IdlePrompt    time.Duration `yaml:"idle_prompt"`    // without a customer's word until they are asked whether they are still there; 0 is never
	IdleEnd       time.Duration `yaml:"idle_end"`       // without a customer's word until the chat ends; 0 is never
	AgentGone     time.Duration `yaml:"agent_gone"`     // without its agent's console until a chat is back in the queue; 0 is never
}

// Cases is how cases behave.
type Cases struct {
	ReopenWithin time.Duration `yaml:"reopen_within"` // after it was resolved; 0 is without limit
}

// Catalogue is what cases can be about.
type Catalogue struct {
	File string `yaml:"file"` // in YAML, checked by caseline catalogue check; empty for the default one
}

// Mail is how the addresses in cases' CC get correspondence. Without a Host
// nothing is sent.
type Mail struct {
	Host       string        `yaml:"host"`
	Port       int           `yaml:"port"`
	TLS        MailTLS       `yaml:"tls"`
	Username   string        `yaml:"username"` // empty: without signing in
	Password   Secret        `yaml:"password"`
	From       string        `yaml:"from"`        // address
	FromName   string        `yaml:"from_name"`   //
	Timeout    time.Duration `yaml:"timeout"`     // of handing over one mail
	RetryAfter time.Duration `yaml:"retry_after"` // when the server says later, or cannot be reached; doubles up to MaxMailRetry
}

// On reports whether mail is sent.
func (m Mail) On() bool { return m.Host != "" }

// MaxMailRetry is the longest wait between two tries of a mail.
const MaxMailRetry = 15 * time.Minute

// MailTLS says how the connection to the mail server is kept from others' eyes.
type MailTLS string

// The ways.
const (
	MailStartTLS MailTLS = "starttls"
	MailImplicit MailTLS = "implicit"
	MailNoTLS    MailTLS = "none" // only on this machine
)

// An Agent is a first agent, so that somebody can sign in.
type Agent struct {
	Email    string `yaml:"email"`
	Name     string `yaml:"name"`
	Password Secret `yaml:"password"`
	Role     string `yaml:"role"` // agent (also if empty), lead, operator or auditor
}

// Log is what is logged, and how.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn, error
	Format string `yaml:"format"` // text, json
}

// Limits bound what the server takes and keeps.
type Limits struct {
	MaxBody    Bytes         `yaml:"max_body"`    // of a request from Slack
	MaxFile    Bytes         `yaml:"max_file"`    // of a file, either way
	SessionTTL time.Duration `yaml:"session_ttl"` // how long an agent stays signed in
	RawEvents  time.Duration `yaml:"raw_events"`  // how long events are kept as Slack sent them

	WorkspacesPerAccount int `yaml:"workspaces_per_account"`
	ChannelsPerAccount   int `yaml:"channels_per_account"`
	AccountsPerChannel   int `yaml:"accounts_per_channel"`
}

// Default returns the configuration before anything is read.
func Default() Config {
	return Config{
		Listen:  "127.0.0.1:8080",
		DataDir: "caseline-data",
		Slack:   Slack{APIURL: "https://slack.com/api/", Command: "/support", SocketConnections: 2, Timeout: 7 * time.Second, Pace: PaceSlack},
		Account: Account{Deletions: DeletionsKeep},
		Chat:    Chat{ChannelPrefix: "case-", CompareAfter: 30 * time.Second, CompareEvery: 5 * time.Minute, IdlePrompt: 30 * time.Minute, IdleEnd: time.Hour, AgentGone: 10 * time.Minute, AskRating: true},
		Routing: Routing{OfferFor: 30 * time.Second, AskAgain: 2 * time.Minute},
		Cases:   Cases{ReopenWithin: 14 * 24 * time.Hour},
		Mail:    Mail{Port: 587, TLS: MailStartTLS, FromName: "Support", Timeout: 30 * time.Second, RetryAfter: time.Minute},
		SignIn:  SignIn{Passwords: true, SecondFactor: FactorOptional, OIDC: OIDC{Name: "Single sign-on", Role: "agent"}},
		Log:     Log{Level: "info", Format: "text"},
		Limits: Limits{
			MaxBody:    2 << 20,
			MaxFile:    100 << 20,
			SessionTTL: 12 * time.Hour,
			RawEvents:  48 * time.Hour,

			WorkspacesPerAccount: 5,
			ChannelsPerAccount:   20,
			AccountsPerChannel:   100,
		},
	}
}
