package personal

import "caseline/internal/desk"

// A Portrait is the picture that an agent chose to stand beside their words.
type Portrait struct {
	Agent desk.AgentID
	Token string // of its public address, which nobody can guess; another for each picture
	PNG   []byte // square
}
