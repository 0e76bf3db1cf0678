// Package finding searches for cases from Slack: by command, by form, and by
// the buttons of what was found. Package slack says where a person is and what
// they may see there; that is asked at each press.
package finding
