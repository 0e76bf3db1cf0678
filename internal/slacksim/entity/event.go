package entity

// An Event is something one app is to be told. It is kept until Delivered.
type Event struct {
	ID        string `json:"id"` // Ev…
	App       string `json:"app"`
	Workspace string `json:"workspace"` // empty for what concerns a whole organisation
	// Enterprise is the organisation of that. OrgInstall says that the app was
	// installed in the organisation as a whole.
	Enterprise string         `json:"enterprise,omitempty"`
	OrgInstall bool           `json:"org_install,omitempty"`
	Channel    string         `json:"channel,omitempty"` // the order of events is kept per channel
	BotUser    string         `json:"bot_user"`
	Body       map[string]any `json:"body"`
	At         int64          `json:"at"` // seconds
}

// Type is the event's type.
func (e Event) Type() string { t, _ := e.Body["type"].(string); return t }
