package sought

import (
	"strings"

	"caseline/internal/desk"
)

// A Service is what a case is about, as the case keeps it: by its codes. So what
// is gone from the catalogue is still found.
type Service struct{ IssueType, Code string }

// ServiceOf returns what a case is about.
func ServiceOf(c *desk.Case) Service { return Service{c.IssueType, c.Service} }

// String is the service as it stands in an address or a form: technical/api.
func (s Service) String() string { return s.IssueType + "/" + s.Code }

// ParseService reads what String wrote. No code has a stroke in it.
func ParseService(text string) (s Service, ok bool) {
	s.IssueType, s.Code, ok = strings.Cut(text, "/")
	return s, ok && s.IssueType != "" && s.Code != "" && !strings.Contains(s.Code, "/")
}
