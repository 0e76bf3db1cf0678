package view

import (
	"encoding/json"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/served"
)

// CallbackCreate is what the form of a new case is called when it comes back.
const CallbackCreate = "case_create"

// The steps of the form of a new case.
const (
	StepWhat   = "what"   // account, subject, description
	StepAbout  = "about"  // issue type, service, category, severity
	StepHow    = "how"    // language, contact, place, members, addresses, files
	StepReview = "review" // all of it, to be read before it is sent
)

// The blocks of the form. They are named as desk names its fields. Those of the
// service and the category end with what they depend on, so that a choice made
// for another issue type or service goes.
const (
	FieldAccount     = "account"
	FieldSubject     = "subject"
	FieldDescription = "description"
	FieldIssueType   = "issue_type"
	FieldService     = "service"
	FieldCategory    = "category"
	FieldSeverity    = "severity"
	FieldLanguage    = "language"
	FieldContact     = "contact"
	FieldPlace       = "place"
	FieldMembers     = "members"
	FieldCC          = "cc"
	FieldCarried     = "carried"
)

// What is pressed in the form, beside ActionContact and the fields that redraw
// it.
const (
	ActionGoOn = "create_go_on" // its value is the draft
	ActionEdit = "create_edit"
	ActionShow = "create_show" // the draft to the channel
)

// The ways to be in contact about a case.
const (
	ContactChat = "chat"
	ContactCase = "case"
)

// MaxMembers is how many people can be chosen for a chat when it is asked
// for. More can be added to its channel at any time.
const MaxMembers = 50

// A NewCase is what has been entered in the form so far.
type NewCase struct {
	Asked       desk.Place     `json:"asked"`
	Account     desk.AccountID `json:"account,omitempty"`
	Subject     string         `json:"subject,omitempty"`
	Description string         `json:"description,omitempty"`
	IssueType   string         `json:"issue_type,omitempty"`
	Service     string         `json:"service,omitempty"`
	Category    string         `json:"category,omitempty"`
	Severity    desk.Severity  `json:"severity,omitempty"`
	Language    string         `json:"language,omitempty"`
	Contact     string         `json:"contact,omitempty"`
	Place       desk.PlaceKind `json:"place,omitempty"`
	Members     []string       `json:"members,omitempty"` // Slack's ids
	CC          string         `json:"cc,omitempty"`      // as it was typed
	Files       []desk.NewFile `json:"files,omitempty"`
	Related     desk.CaseID    `json:"related,omitempty"`
	Source      *Source        `json:"source,omitempty"`  // the message it is about
	Carried     []string       `json:"carried,omitempty"` // Slack's ids of that message's files that come along
}

// A Source is the message in Slack from which a case is created.
type Source struct {
	Shown    string         `json:"shown"`    // as the field of the description begins
	Markdown string         `json:"markdown"` // what that stands for
	Files    []desk.NewFile `json:"files,omitempty"`
}

// CarriedFiles are the files of the message that come along.
func (n NewCase) CarriedFiles() (files []desk.NewFile) {
	if n.Source == nil {
		return nil
	}
	for _, f := range n.Source.Files {
		if slices.Contains(n.Carried, f.SlackID) {
			files = append(files, f)
		}
	}
	return files
}

// ServiceBlock is the block of the service.
func (n NewCase) ServiceBlock() string { return FieldService + ":" + n.IssueType }

// CategoryBlock is the block of the category.
func (n NewCase) CategoryBlock() string { return FieldCategory + ":" + n.IssueType + ":" + n.Service }

// A NewCaseForm is a step of the form of a new case.
type NewCaseForm struct {
	NewCase
	Accounts  []served.Account   // to choose from, if there are several
	Chat      bool               // live chat can be chosen here
	Thread    bool               // and so can a thread here for it
	Catalogue *matters.Catalogue // needed from StepAbout on
	Begun     personal.Draft     // can be gone on with; the zero Draft for none
	BegunWith string             // its subject
	Away      string             // says that nobody is there now; empty if somebody is
	Shared    bool               // the channel has been shown it
	Message   string             // the draft that has the message it was opened from
	Mail      bool               // the server sends e-mail to additional contacts
}

// A formOrigin is what comes back with the form besides what is entered.
type formOrigin struct {
	Asked   desk.Place  `json:"p"`
	Step    string      `json:"s"`
	Thread  bool        `json:"t,omitempty"`
	Related desk.CaseID `json:"r,omitempty"`
	Message string      `json:"m,omitempty"`
}

// ReadCreateForm reads back where the form was opened, which step it shows, and
// whether a thread there can be chosen in it.
func ReadCreateForm(metadata string) (n NewCase, step string, thread bool) {
	var o formOrigin
	if json.Unmarshal([]byte(metadata), &o) != nil {
		return NewCase{}, "", false // a form of an earlier release
	}
	return NewCase{Asked: o.Asked, Related: o.Related}, o.Step, o.Thread
}

// ReadCreateMessage reads back which draft has the message that the form was
// opened from; empty for none.
func ReadCreateMessage(metadata string) string {
	var o formOrigin
	if json.Unmarshal([]byte(metadata), &o) != nil {
		return ""
	}
	return o.Message
}

// CreateForm is a step of the form of a new case.
func CreateForm(f NewCaseForm, step string) View {
	metadata, err := json.Marshal(formOrigin{f.Asked, step, f.Thread, f.Related, f.Message})
	if err != nil {
		metadata = nil // unreachable: it is made of strings
	}
	v := View{
		Type: "modal", CallbackID: CallbackCreate, PrivateMetadata: string(metadata),
		Title: plain(TitleCreate, maxTitle), Submit: plain("Next", maxTitle), Close: plain("Cancel", maxTitle),
	}
	switch step {
	case StepAbout:
		v.Blocks = f.about()
	case StepHow:
		v.Submit, v.Blocks = plain("Review", maxTitle), f.how()
	case StepReview:
		v.Submit, v.Blocks = plain("Create case", maxTitle), f.review()
	default:
		v.Blocks = f.what()
	}
	return v
}

func (f NewCaseForm) what() []Block {
	var blocks []Block
	if f.Begun.ID != "" {
		goOn := button(ActionGoOn, "Go on with it", f.Begun.ID)
		blocks = append(blocks,
			section(mrk("You have begun a case here and not sent it: *"+escaped(f.BegunWith, desk.MaxSubject)+"*")),
			actions("begun", goOn), divider())
	}
	if len(f.Accounts) > 1 {
		blocks = append(blocks, accountInput(f.Accounts, f.Account))
	}
	blocks = append(blocks,
		input(FieldSubject, "Subject", &Element{
			Type: "plain_text_input", MaxLength: desk.MaxSubject, InitialValue: cut(f.Subject, desk.MaxSubject),
			Placeholder: plain("A few words that say what it is about", maxPlaceholder),
		}),
		input(FieldDescription, "Description", &Element{
			Type: "plain_text_input", Multiline: true, MaxLength: maxInput, InitialValue: cut(f.Description, maxInput),
			Placeholder: plain("What happens, since when, and what you expected", maxPlaceholder),
		}),
	)
	if f.Source != nil && len(f.Source.Files) > 0 {
		blocks = append(blocks, f.carriedInput())
	}
	return blocks
}

// maxBoxes is how many checkboxes Slack takes.
const maxBoxes = 10

// carriedInput offers the files of the message to come along.
func (f NewCaseForm) carriedInput() Block {
	e := &Element{Type: "checkboxes"}
	for _, file := range f.Source.Files[:min(len(f.Source.Files), maxBoxes)] {
		o := Option{Text: plain(desk.FileName(file.Name), maxOption), Value: file.SlackID}
		e.Options = append(e.Options, o)
		if slices.Contains(f.Carried, file.SlackID) {
			e.InitialOptions = append(e.InitialOptions, o)
		}
	}
	b := input(FieldCarried, "Files of the message", e)
	b.Optional = true
	return b
}

// Beginning is text as the field of the description can begin with it.
func Beginning(text string) string { return cut(text, maxInput) }

// about depends on itself: the services are those of the issue type, the
// categories those of the service.
func (f NewCaseForm) about() []Block {
	var types []Option
	for _, t := range f.Catalogue.IssueTypes {
		types = append(types, Option{Text: plain(t.Name, maxOption), Value: t.Code})
	}
	issue := input(FieldIssueType, "Issue type", chosen(&Element{Type: "static_select", Options: types}, f.IssueType))
	issue.Dispatch = true
	least := 0
	service := input(f.ServiceBlock(), "Service", &Element{
		Type: "external_select", ActionID: FieldService, MinQuery: &least, Placeholder: plain("Type to search", maxPlaceholder),
	})
	service.Dispatch = true
	blocks := []Block{issue, service}
	if s, ok := f.Catalogue.Service(f.IssueType, f.Service); ok {
		now := ServiceOption(s)
		service.Element.InitialOption = &now
		var all []Option
		for _, g := range s.Categories {
			all = append(all, Option{Text: plain(g.Name, maxOption), Value: g.Code})
		}
		blocks = append(blocks, input(f.CategoryBlock(), "Category", chosen(&Element{
			Type: "static_select", ActionID: FieldCategory, Options: all, Placeholder: plain("Choose one", maxPlaceholder),
		}, f.Category)))
	}
	return append(blocks, f.severityInput())
}

// ServiceOption is a service as the form offers it.
func ServiceOption(s matters.Service) Option {
	return Option{Text: plain(s.Name, maxOption), Value: s.Code}
}

// chosen has an element begin with the option of a value, if there is one.
func chosen(e *Element, value string) *Element {
	for i := range e.Options {
		if e.Options[i].Value == value {
			e.InitialOption = &e.Options[i]
		}
	}
	return e
}

func input(field, label string, e *Element) Block {
	if e.ActionID == "" {
		e.ActionID = field
	}
	return Block{Type: "input", ID: field, Label: plain(label, maxLabel), Element: e}
}

// maxAccounts is how many options Slack shows, and how many accounts a channel
// can have.
const maxAccounts = 100

func accountInput(accounts []served.Account, now desk.AccountID) Block {
	e := &Element{Type: "static_select", Placeholder: plain("Whom the case is for", maxPlaceholder)}
	for _, a := range accounts[:min(len(accounts), maxAccounts)] {
		e.Options = append(e.Options, Option{Text: plain(accountTitle(a), maxOption), Value: string(a.ID)})
	}
	return input(FieldAccount, "Account", chosen(e, string(now)))
}

func accountTitle(a served.Account) string {
	if a.Name != "" {
		return a.Title() + " (" + string(a.ID) + ")"
	}
	return a.Title()
}

func (f NewCaseForm) severityInput() Block {
	var options []Option
	for _, l := range f.Catalogue.Severities {
		options = append(options, Option{Text: plain(levelWord(l), maxOption), Value: string(l.Severity)})
	}
	e := chosen(&Element{Type: "static_select", Options: options}, string(f.Severity))
	if e.InitialOption == nil {
		e = chosen(e, string(desk.SeverityNormal))
	}
	return input(FieldSeverity, "Severity", e)
}

// levelWord is a severity as a form offers it.
func levelWord(l matters.SeverityLevel) string {
	return cut(l.Name, maxOption-30) + " · answer within " + within(l.FirstResponse)
}
