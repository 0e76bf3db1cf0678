package view

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/sought"
)

// CallbackSearch is what the search form is called when it comes back.
const CallbackSearch = "case_search"

// The blocks of the search form.
const (
	FieldWords     = "words"
	FieldNumber    = "number"
	FieldFrom      = "from"
	FieldTo        = "to"
	FieldStatus    = "status"
	FieldRequester = "requester"
)

// A SearchForm is what the search form shows at first, and brings back.
type SearchForm struct {
	Search   Search
	Asked    desk.Place       // where it was opened
	Answer   string           // Slack's address for the results; empty for none
	Replaces bool             // what stands there are results, to be replaced
	Accounts []desk.AccountID // to choose from
}

// A searchOrigin is what the form brings back besides what is entered.
type searchOrigin struct {
	Asked    desk.Place `json:"p"`
	Answer   string     `json:"u,omitempty"`
	Replaces bool       `json:"r,omitempty"`
}

// View is the form.
func (f SearchForm) View(g Glossary) View {
	s := f.Search
	metadata, err := json.Marshal(searchOrigin{f.Asked, f.Answer, f.Replaces})
	if err != nil {
		metadata = nil // unreachable: it is made of strings
	}
	text, number := s.Text, ""
	if n, ok := desk.ParseCaseNumber(s.Text); ok {
		text, number = "", string(n)
	}
	words := input(FieldWords, "Words", &Element{
		Type: "plain_text_input", MaxLength: sought.MaxQuery, InitialValue: cut(text, sought.MaxQuery),
		Placeholder: plain("For example: gateway timeout", maxPlaceholder),
	})
	words.Hint = plain("All words must be there. “Words in quotation marks” stand together, and a -word must not be there.", maxLabel)
	byNumber := input(FieldNumber, "Case number", &Element{
		Type: "plain_text_input", MaxLength: 20, InitialValue: number, Placeholder: plain("For example: 1234567890", maxPlaceholder),
	})
	byNumber.Hint = plain("With a number, nothing else counts.", maxLabel)
	blocks := []Block{words, byNumber}
	if len(f.Accounts) > 1 {
		var all []Option
		for _, a := range f.Accounts {
			all = append(all, Option{Text: plain(g.Titles(a), maxOption), Value: string(a)})
		}
		blocks = append(blocks, choice(FieldAccount, "Account", "All accounts", all, s.Account))
	}
	blocks = append(blocks,
		choice(FieldStatus, "Case status", "All cases", statusOptions(), s.Status),
		choice(FieldSeverity, "Severity", "Any severity", severityOptions(g.Names), string(s.Severity)),
		serviceChoice(g.Catalogue, s.Service),
		input(FieldFrom, "Opened from", &Element{Type: "datepicker", InitialDate: s.From}),
		input(FieldTo, "Opened until", &Element{Type: "datepicker", InitialDate: s.To}),
		input(FieldRequester, "Opened by", &Element{Type: "users_select", InitialUser: s.Requester, Placeholder: plain("Anybody", maxPlaceholder)}),
	)
	if languages := languageOptions(g.Catalogue, s.Language); len(languages) > 0 {
		blocks = append(blocks, choice(FieldLanguage, "Language", "Any language", languages, s.Language))
	}
	for i := range blocks {
		blocks[i].Optional = true
	}
	return View{
		Type: "modal", CallbackID: CallbackSearch, PrivateMetadata: string(metadata),
		Title: plain(TitleSearch, maxTitle), Submit: plain("Search", maxTitle), Close: plain("Cancel", maxTitle),
		Blocks: blocks,
	}
}

// choice is a menu of which one thing, or nothing, may be chosen.
func choice(field, label, nothing string, options []Option, chosen string) Block {
	e := &Element{Type: "static_select", Options: options, Placeholder: plain(nothing, maxPlaceholder)}
	for i := range options {
		if options[i].Value == chosen {
			e.InitialOption = &options[i]
		}
	}
	return input(field, label, e)
}

func statusOptions() []Option {
	options := []Option{{Text: plain("All open cases", maxOption), Value: AnyOpen}}
	for _, s := range desk.Statuses() {
		options = append(options, Option{Text: plain(statusWord(s), maxOption), Value: string(s)})
	}
	return options
}

func severityOptions(names Names) []Option {
	var options []Option
	for _, s := range desk.Severities() {
		options = append(options, Option{Text: plain(names.level(s).Name, maxOption), Value: string(s)})
	}
	return options
}

// serviceChoice is a menu of the services of all issue types, which Slack asks
// for as somebody types.
func serviceChoice(c *matters.Catalogue, chosen string) Block {
	least := 0
	e := &Element{Type: "external_select", MinQuery: &least, Placeholder: plain("Any service: type to search", maxPlaceholder)}
	if s, ok := sought.ParseService(chosen); ok {
		m, _ := c.Matter(s.IssueType, s.Code)
		now := MatterOption(m)
		e.InitialOption = &now
	}
	return input(FieldService, "Service", e)
}

// MatterOption is a service as the search form offers it.
func MatterOption(m matters.Matter) Option {
	label := m.Label()
	if cut(label, maxOption) != label {
		label = cut(m.Service.Name, 2*maxOption/3) + " · " + m.IssueType.Name
	}
	return Option{Text: plain(label, maxOption), Value: matterValue(sought.Service{IssueType: m.IssueType.Code, Code: m.Service.Code})}
}

// matterValue is a service as the form brings it back: its codes or, where Slack
// does not take so many characters, a sum of them.
func matterValue(s sought.Service) string {
	if text := s.String(); len(text) <= maxOption {
		return text
	}
	sum := sha256.Sum256([]byte(s.String()))
	return "#" + hex.EncodeToString(sum[:16])
}

// chosenService is the service that came back from the form. One that is gone
// from the catalogue is still found by its codes, of which a sum says nothing.
func chosenService(c *matters.Catalogue, value string) (string, error) {
	if !strings.HasPrefix(value, "#") {
		return value, nil
	}
	for _, t := range c.IssueTypes {
		for _, s := range t.Services {
			if service := (sought.Service{IssueType: t.Code, Code: s.Code}); matterValue(service) == value {
				return service.String(), nil
			}
		}
	}
	return "", errNoService()
}

func errNoService() error {
	return &desk.Refusal{Kind: desk.ErrInvalid, Field: FieldService, Message: "This service is not there any more. Choose another one, or none."}
}

// maxChoices is how many options Slack takes in a menu.
const maxChoices = 100

// languageOptions are the languages in which cases are answered, and the one
// that is chosen.
func languageOptions(c *matters.Catalogue, chosen string) []Option {
	var options []Option
	for _, l := range c.Languages {
		options = append(options, Option{Text: plain(l.Name, maxOption), Value: l.Code})
	}
	if _, known := c.Language(chosen); !known && chosen != "" {
		gone := Option{Text: plain(chosen, maxOption), Value: cut(chosen, maxOption)}
		options = append(options[:min(len(options), maxChoices-1)], gone)
	}
	return options
}

// ReadSearchForm reads what a form brings back besides what is entered.
func ReadSearchForm(metadata string) (f SearchForm, ok bool) {
	var o searchOrigin
	ok = json.Unmarshal([]byte(metadata), &o) == nil && o.Asked != ""
	return SearchForm{Asked: o.Asked, Answer: o.Answer, Replaces: o.Replaces}, ok
}

// Entered is the search that a form describes; of returns what is in a field.
// A desk.Refusal names the field that is wrong.
func Entered(of func(field string) string, c *matters.Catalogue) (Search, error) {
	s := Search{
		Text: of(FieldWords), Account: of(FieldAccount), From: of(FieldFrom), To: of(FieldTo),
		Status: of(FieldStatus), Severity: desk.Severity(of(FieldSeverity)), Requester: of(FieldRequester),
		Language: of(FieldLanguage),
	}
	typed := of(FieldNumber)
	if typed == "" {
		var err error
		s.Service, err = chosenService(c, of(FieldService))
		return s, err
	}
	number, ok := desk.ParseCaseNumber(typed)
	if !ok {
		return s, &desk.Refusal{Kind: desk.ErrInvalid, Field: FieldNumber, Message: "A case number has ten digits, for example 1234567890."}
	}
	return Search{Text: string(number)}, nil
}
