package served

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"caseline/internal/desk"
)

// An Account is an organisation that is supported.
type Account struct {
	ID   desk.AccountID // 12 digits
	Name string         // the alias, 1–30 word characters, - and space; unique; may be empty

	Deletions desk.DeletionPolicy // empty is KeepDeleted
	Unasked   bool                // its people are not asked how a chat was
}

// Title is how people know the account: its alias, or its id.
func (a Account) Title() string {
	if a.Name != "" {
		return a.Name
	}
	return string(a.ID)
}

// MaxAlias is how many characters an account's alias may have.
const MaxAlias = 30

// Alias returns what somebody typed as an account's alias as it is kept, or
// refuses it. Empty takes the alias away.
func Alias(typed string) (string, error) {
	name := strings.Join(strings.Fields(typed), " ")
	if utf8.RuneCountInString(name) > MaxAlias {
		return "", refuseField("name", "An account's name may be %d characters long. Choose a shorter one.", MaxAlias)
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_- ", r) {
			return "", refuseField("name", "An account's name may have letters, digits, _, - and spaces, and “%c” is none of them.", r)
		}
	}
	return name, nil
}

// NewAccount returns an account with the id and alias that somebody typed, or
// refuses them.
func NewAccount(id, alias string) (Account, error) {
	id = strings.TrimSpace(id)
	if len(id) != 12 || strings.Trim(id, "0123456789") != "" {
		return Account{}, refuseField("id", "An account's id is 12 digits that you choose, such as 100000000001.")
	}
	name, err := Alias(alias)
	return Account{ID: desk.AccountID(id), Name: name}, err
}

// A Workspace is a Slack team in which the app is installed.
type Workspace struct {
	ID     desk.WorkspaceID
	Name   string
	URL    string // https://acme.slack.com/
	AppID  string // our app there, A…
	BotID  string // our bot there, B…
	BotUID string // our bot's user there, U…

	// Enterprise is the organisation that it is part of, E…; empty outside one. It
	// is not kept with the workspace: Slack says it, and the app's installation.
	Enterprise string

	State  WorkspaceState
	Reason string // why it is disconnected; Slack's word
}

// A WorkspaceState says whether we may speak in a workspace.
type WorkspaceState string

// The states of a workspace.
const (
	WorkspaceConnected    WorkspaceState = ""
	WorkspaceDisconnected WorkspaceState = "disconnected" // uninstalled, or the token was revoked
)
