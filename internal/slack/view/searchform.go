package view

import (
	"encoding/json"

	"caseline/internal/desk"
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
func (f SearchForm) View(titles Titles) View {
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
			all = append(all, Option{Text: plain(titles(a), maxOption), Value: string(a)})
		}
		blocks = append(blocks, choice(FieldAccount, "Account", "All accounts", all, s.Account))
	}
	blocks = append(blocks,
		choice(FieldStatus, "Case status", "All cases", statusOptions(), s.Status),
		choice(FieldSeverity, "Severity", "Any severity", severityOptions(), string(s.Severity)),
		input(FieldFrom, "Opened from", &Element{Type: "datepicker", InitialDate: s.From}),
		input(FieldTo, "Opened until", &Element{Type: "datepicker", InitialDate: s.To}),
		input(FieldRequester, "Opened by", &Element{Type: "users_select", InitialUser: s.Requester, Placeholder: plain("Anybody", maxPlaceholder)}),
	)
	for i := range blocks {
		blocks[i].Optional = true
	}
	return View{
		Type: "modal", CallbackID: CallbackSearch, PrivateMetadata: string(metadata),
		Title: plain("Search for cases", maxTitle), Submit: plain("Search", maxTitle), Close: plain("Cancel", maxTitle),
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

func severityOptions() []Option {
	var options []Option
	for _, s := range desk.Severities() {
		options = append(options, Option{Text: plain(severityWord(s), maxOption), Value: string(s)})
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
func Entered(of func(field string) string) (Search, error) {
	s := Search{
		Text: of(FieldWords), Account: of(FieldAccount), From: of(FieldFrom), To: of(FieldTo),
		Status: of(FieldStatus), Severity: desk.Severity(of(FieldSeverity)), Requester: of(FieldRequester),
	}
	typed := of(FieldNumber)
	if typed == "" {
		return s, nil
	}
	number, ok := desk.ParseCaseNumber(typed)
	if !ok {
		return s, &desk.Refusal{Kind: desk.ErrInvalid, Field: FieldNumber, Message: "A case number has ten digits, for example 1234567890."}
	}
	return Search{Text: string(number)}, nil
}
