package front

import (
	"fmt"
	"testing"

	"caseline/internal/catalogue"
	"caseline/internal/desk/matters"
	"caseline/internal/slack/front/fronttest"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// Slack shows nothing at all of a menu that is offered more than a hundred
// options, whatever was typed in it.
func TestAHundredOptionsAreOfferedAtTheMost(t *testing.T) {
	c := &matters.Catalogue{}
	for _, code := range []string{"technical", "account"} {
		of := matters.IssueType{Code: code, Name: code}
		for i := range 150 {
			of.Services = append(of.Services, matters.Service{Code: fmt.Sprint("net-", i), Name: fmt.Sprint("Network ", i)})
		}
		c.IssueTypes = append(c.IssueTypes, of)
	}
	f := New(nil, fronttest.Nothing{}, fronttest.Silent{}, ident.NewInstalled(self()), Options{Book: catalogue.Of(c)})
	for _, block := range []string{view.FieldService, view.FieldService + ":technical"} {
		for typed, want := range map[string]int{"": 100, "net": 100, "network 149": 1, "nowhere": 0} {
			o := f.Suggest(t.Context(), wire.Interaction{TeamID: "T1", BlockID: block, ActionID: view.FieldService, Typed: typed})
			if block == view.FieldService && want == 1 {
				want = 2 // of each issue type one
			}
			if len(o.Options) != want || o.Options == nil {
				t.Errorf("%s: %q finds %d options, want %d", block, typed, len(o.Options), want)
			}
		}
	}
}
