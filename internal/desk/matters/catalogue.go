package matters

import (
	"fmt"
	"slices"
	"time"

	"caseline/internal/desk"
)

// A Catalogue is what a case can be about, in which languages it is answered
// and when. Cases keep the codes, so that names can change; a code that is gone
// from the catalogue is shown as it is. What one may hold package catalogue
// checks.
type Catalogue struct {
	IssueTypes []IssueType
	Severities []SeverityLevel
	Languages  []Language
	Hours      []Hours // the first that is for a case counts; without one somebody is always there

	// Former are the last names of codes that are no more, by the path of codes:
	// "technical", "technical/api", "technical/api/error", "language en".
	Former map[string]string
}

// An IssueType is what kind of matter a case is.
type IssueType struct {
	Code, Name string
	Services   []Service
}

// A Service is what a case is about.
type Service struct {
	Code, Name string
	Categories []Category
}

// A Matter is a service of an issue type.
type Matter struct {
	IssueType IssueType
	Service   Service
}

// Label is how a matter is called where it stands among those of all issue
// types.
func (m Matter) Label() string { return m.Service.Name + " · " + m.IssueType.Name }

// A Category is what about its service a case is about.
type Category struct{ Code, Name string }

// A SeverityLevel is what a severity is called and how soon it is answered.
type SeverityLevel struct {
	Severity      desk.Severity
	Name          string
	FirstResponse time.Duration
}

// A Language is one in which cases are answered.
type Language struct {
	Code, Name string
	NoChat     []string // codes of the issue types without live chat in it
}

// IssueType returns the issue type with a code.
func (c *Catalogue) IssueType(code string) (IssueType, bool) {
	for _, t := range c.IssueTypes {
		if t.Code == code {
			return t, true
		}
	}
	return IssueType{}, false
}

// Service returns a service of an issue type.
func (c *Catalogue) Service(issueType, code string) (Service, bool) {
	t, _ := c.IssueType(issueType)
	for _, s := range t.Services {
		if s.Code == code {
			return s, true
		}
	}
	return Service{}, false
}

// Services counts the services of all issue types.
func (c *Catalogue) Services() (n int) {
	for _, t := range c.IssueTypes {
		n += len(t.Services)
	}
	return n
}

// Matter returns a service with its issue type. Codes that are gone are their
// own names, and known is false.
func (c *Catalogue) Matter(issueType, service string) (m Matter, known bool) {
	topic := c.Topic(&desk.Case{IssueType: issueType, Service: service})
	_, known = c.Service(issueType, service)
	return Matter{IssueType{Code: issueType, Name: topic.IssueType}, Service{Code: service, Name: topic.Service}}, known
}

// Category returns a category of a service.
func (s Service) Category(code string) (Category, bool) {
	for _, g := range s.Categories {
		if g.Code == code {
			return g, true
		}
	}
	return Category{}, false
}

// Language returns the language with a code.
func (c *Catalogue) Language(code string) (Language, bool) {
	for _, l := range c.Languages {
		if l.Code == code {
			return l, true
		}
	}
	return Language{}, false
}

// Level returns what a severity is called and how soon it is answered. One that
// the catalogue does not have is answered as Severity says.
func (c *Catalogue) Level(s desk.Severity) SeverityLevel {
	for _, l := range c.Severities {
		if l.Severity == s {
			return l
		}
	}
	return SeverityLevel{Severity: s, Name: s.Level().Name, FirstResponse: s.FirstResponse()}
}

// Called is what a severity is called and how soon it is answered.
func (c *Catalogue) Called(s desk.Severity) desk.Level {
	l := c.Level(s)
	return desk.Level{Name: l.Name, FirstResponse: l.FirstResponse}
}

// Topic returns the names of what a case is about. A code that is gone is its
// own name.
func (c *Catalogue) Topic(of *desk.Case) desk.Topic {
	topic := desk.Topic{IssueType: of.IssueType, Service: of.Service, Category: of.Category, Language: of.Language}
	for _, f := range []struct {
		name *string
		path string
	}{
		{&topic.IssueType, of.IssueType}, {&topic.Service, of.IssueType + "/" + of.Service},
		{&topic.Category, of.IssueType + "/" + of.Service + "/" + of.Category}, {&topic.Language, "language " + of.Language},
	} {
		if name, known := c.Former[f.path]; known {
			*f.name = name
		}
	}
	if t, ok := c.IssueType(of.IssueType); ok {
		topic.IssueType = t.Name
	}
	if s, ok := c.Service(of.IssueType, of.Service); ok {
		topic.Service = s.Name
		if g, ok := s.Category(of.Category); ok {
			topic.Category = g.Name
		}
	}
	if l, ok := c.Language(of.Language); ok {
		topic.Language = l.Name
	}
	return topic
}

// Named returns a case as people read it: names in place of the codes.
func (c *Catalogue) Named(of desk.Case) desk.Case {
	t := c.Topic(&of)
	of.IssueType, of.Service, of.Category, of.Language = t.IssueType, t.Service, t.Category, t.Language
	return of
}

// Accepts says what is wrong with what a new case is about, beside the field
// that it is about; chat tells that a live chat is asked for with it.
func (c *Catalogue) Accepts(n *desk.NewCase, chat bool) error {
	t, ok := c.IssueType(n.IssueType)
	if !ok {
		return refuseField("issue_type", "Choose what kind of matter it is.")
	}
	s, ok := c.Service(n.IssueType, n.Service)
	if !ok {
		return refuseField("service", "Choose what it is about. What there is depends on the issue type.")
	}
	if _, ok := s.Category(n.Category); !ok {
		return refuseField("category", "Choose a category. What there is depends on the service.")
	}
	if !slices.ContainsFunc(c.Severities, func(l SeverityLevel) bool { return l.Severity == n.Severity }) {
		return refuseField("severity", "Choose a severity.")
	}
	l, ok := c.Language(n.Language)
	switch {
	case !ok:
		return refuseField("language", "Choose a language.")
	case chat && slices.Contains(l.NoChat, n.IssueType):
		return refuseField("contact", "There is no live chat in %s for %s. Choose another language, or another way to be in contact.", l.Name, t.Name)
	}
	return nil
}

func refuseField(field, format string, args ...any) *desk.Refusal {
	return &desk.Refusal{Kind: desk.ErrInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Names are the names of all codes, by their paths as in Former.
func (c *Catalogue) Names() map[string]string {
	names := map[string]string{}
	for _, t := range c.IssueTypes {
		names[t.Code] = t.Name
		for _, s := range t.Services {
			names[t.Code+"/"+s.Code] = s.Name
			for _, g := range s.Categories {
				names[t.Code+"/"+s.Code+"/"+g.Code] = g.Name
			}
		}
	}
	for _, l := range c.Languages {
		names["language "+l.Code] = l.Name
	}
	return names
}
