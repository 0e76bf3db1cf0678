package auth

import "caseline/internal/desk/signin"

// What is done to agents and by them, for the audit, beside package desk's.
const (
	DidInvite       = "agent-invited"
	DidWithdraw     = "invitation-withdrawn"
	DidAccept       = "invitation-accepted"
	DidRename       = signin.DidRename
	DidSetFactor    = "second-factor-set"
	DidRemoveFactor = "second-factor-removed"
	DidRenewSpare   = "recovery-codes-renewed"
	DidUseSpare     = "recovery-code-used"
	DidEndSignIns   = "sign-ins-ended"
	DidMeetIdentity = "identity-linked"
)
