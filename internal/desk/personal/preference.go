package personal

import "caseline/internal/desk"

// A Preference is how an agent wants one thing to be, on every device.
type Preference struct {
	Agent desk.AgentID
	Key   string // what it is about; whoever reads it knows the values
	Value string // empty: as for those who chose nothing
}
