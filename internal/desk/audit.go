package desk

import "time"

// An AuditEntry says who did what, where and when. Entries are never changed.
type AuditEntry struct {
	ID      int64 // the database's number, in order of writing
	At      time.Time
	By      Actor
	Where   Place  // in Slack; empty for the console and the command line, see Via
	Via     string // one of the ways below
	What    string // one of the deeds below
	Account AccountID
	Case    CaseID // empty when it is about the setup
	Detail  map[string]string
}

// The ways in which something is done.
const (
	ViaSlack   = "slack"
	ViaConsole = "console"
	ViaCommand = "command line"
	ViaSystem  = "" // by itself
)

// By is who does something that is audited, and by which way.
type By struct {
	Actor Actor
	Via   string // ViaConsole, ViaCommand or ViaSystem
}

// ByItself is what the configuration file and the program itself do.
func ByItself() By { return By{Actor: BySystem(), Via: ViaSystem} }

// What is done to a case.
const (
	DidOpen     = "case-opened"
	DidRequest  = "chat-requested"
	DidCancel   = "chat-cancelled"
	DidJoin     = "agent-joined"
	DidLeave    = "agent-left"
	DidHand     = "chat-handed-over"
	DidReturn   = "chat-returned"
	DidEnd      = "chat-ended"
	DidAnswer   = "case-answered"
	DidNote     = "note-written"
	DidEdit     = "entry-edited"
	DidDelete   = "entry-deleted"
	DidResolve  = "case-resolved"
	DidReopen   = "case-reopened"
	DidSeverity = "severity-changed"
	DidShare    = "waiting-shared" // what was written before the agent joined
	DidKeep     = "waiting-kept"
	DidContact  = "contact-changed"  // who hears of the case by mail
	DidNotTell  = "channel-not-told" // Slack refused news of the case in a channel
)

// What is done to the setup.
const (
	DidAddAccount    = "account-added"
	DidRenameAccount = "account-renamed"
	DidSetDeletions  = "account-deletions"
	DidLink          = "workspace-linked"
	DidUnlink        = "workspace-unlinked"
	DidInstall       = "app-installed"
	DidUninstall     = "app-gone" // from a workspace or an organisation
	DidConfigure     = "channel-configured"
	DidChange        = "channel-changed"
	DidRemove        = "channel-removed"
)

// What agents do, and what is done to them.
const (
	DidSignIn      = "signed-in"
	DidSignOut     = "signed-out"
	DidNotSignIn   = "sign-in-refused" // by a wrong address or password
	DidAddAgent    = "agent-added"
	DidSetPassword = "agent-password"
	DidSetRole     = "agent-role"
	DidDisable     = "agent-disabled"
	DidEnable      = "agent-enabled"
	DidPicture     = "agent-picture"
	DidNoPicture   = "agent-picture-removed"
)

// An AuditFilter says which entries are looked for; what is empty does not
// matter.
type AuditFilter struct {
	What     string
	Account  AccountID
	Case     CaseID
	By       string    // an actor's id
	From, To time.Time // At in [From, To)
}
