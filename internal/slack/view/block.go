package view

// A Message is what a message shows. Text is for notifications, and for
// clients that show no blocks.
type Message struct {
	Text   string
	Blocks []Block
}

// A Block is one block of a message or a form. Which fields are set depends
// on its Type.
type Block struct {
	Type     string   `json:"type"`
	ID       string   `json:"block_id,omitempty"`
	Text     *Text    `json:"text,omitempty"`
	Fields   []*Text  `json:"fields,omitempty"`
	Elements []any    `json:"elements,omitempty"` // *Element in actions, *Text in context
	Label    *Text    `json:"label,omitempty"`
	Hint     *Text    `json:"hint,omitempty"`
	Element  *Element `json:"element,omitempty"`
	Beside   *Element `json:"accessory,omitempty"` // a button beside a section's text
	Optional bool     `json:"optional,omitempty"`
	Dispatch bool     `json:"dispatch_action,omitempty"` // tell us of a change at once
}

// A Text is plain text, or Slack's mrkdwn. Verbatim keeps Slack from making
// links and mentions of what only looks like them.
type Text struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"`
}

// An Element is a button or something to fill in.
type Element struct {
	Type           string   `json:"type"`
	ActionID       string   `json:"action_id,omitempty"`
	Text           *Text    `json:"text,omitempty"`
	Value          string   `json:"value,omitempty"`
	Style          string   `json:"style,omitempty"`
	Confirm        *Confirm `json:"confirm,omitempty"`
	Placeholder    *Text    `json:"placeholder,omitempty"`
	Options        []Option `json:"options,omitempty"`
	InitialOption  *Option  `json:"initial_option,omitempty"`
	InitialOptions []Option `json:"initial_options,omitempty"`
	InitialValue   string   `json:"initial_value,omitempty"`
	InitialUsers   []string `json:"initial_users,omitempty"`
	InitialUser    string   `json:"initial_user,omitempty"`
	InitialDate    string   `json:"initial_date,omitempty"` // 2006-01-02
	Multiline      bool     `json:"multiline,omitempty"`
	MaxLength      int      `json:"max_length,omitempty"`
	MaxFiles       int      `json:"max_files,omitempty"`
	MaxSelected    int      `json:"max_selected_items,omitempty"`
	MinQuery       *int     `json:"min_query_length,omitempty"` // of an external select; Slack's default is 3
}

// An Option is a choice of a menu or of radio buttons.
type Option struct {
	Text        *Text  `json:"text"`
	Value       string `json:"value"`
	Description *Text  `json:"description,omitempty"`
}

// A Confirm asks before a button counts.
type Confirm struct {
	Title   *Text  `json:"title"`
	Text    *Text  `json:"text"`
	Confirm *Text  `json:"confirm"`
	Deny    *Text  `json:"deny"`
	Style   string `json:"style,omitempty"`
}

// A View is a form, or a window that only shows something.
type View struct {
	Type            string  `json:"type"`
	CallbackID      string  `json:"callback_id,omitempty"`
	PrivateMetadata string  `json:"private_metadata,omitempty"`
	ExternalID      string  `json:"external_id,omitempty"`
	Title           *Text   `json:"title,omitempty"` // of a modal
	Submit          *Text   `json:"submit,omitempty"`
	Close           *Text   `json:"close,omitempty"`
	Blocks          []Block `json:"blocks"`
}

// What Slack takes, in characters.
const (
	maxInput       = 3000
	maxSection     = 3000
	maxField       = 2000
	maxHeader      = 150
	maxButton      = 75
	maxOption      = 75
	maxTitle       = 24
	maxConfirmHead = 100
	maxConfirmText = 300
	maxConfirmWord = 30
	maxPlaceholder = 150
	maxLabel       = 2000
	maxMessageText = 3000 // Slack takes more, but recommends less
)

func section(t *Text) Block { return Block{Type: "section", Text: t} }

func header(s string) Block { return Block{Type: "header", Text: plain(s, maxHeader)} }

func divider() Block { return Block{Type: "divider"} }

func context(t *Text) Block { return Block{Type: "context", Elements: []any{t}} }

func actions(id string, buttons ...*Element) Block {
	b := Block{Type: "actions", ID: id}
	for _, button := range buttons {
		b.Elements = append(b.Elements, button)
	}
	return b
}

func button(action, label, value string) *Element {
	return &Element{Type: "button", ActionID: action, Text: plain(label, maxButton), Value: value}
}

func confirm(title, text, yes string) *Confirm {
	return &Confirm{
		Title: plain(title, maxConfirmHead), Text: plain(text, maxConfirmText),
		Confirm: plain(yes, maxConfirmWord), Deny: plain("Go back", maxConfirmWord),
	}
}

// line is a message of one section.
func line(text string) Message {
	text = filled(text)
	return Message{Text: text, Blocks: []Block{section(mrk(text))}}
}
