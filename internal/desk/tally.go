package desk

import "fmt"

// A Tally compares Slack's history of a chat's window with the record.
type Tally struct {
	State   TallyState
	Slack   int    // messages and files of people in Slack's history
	Case    int    // of those, how many are on the case
	Fetched int    // of those on the case, how many were found missing and fetched
	Deleted int    // on the case besides those, and by then deleted in Slack, whether it told of that or not
	Note    string // why it could not be taken or what differs; a sentence
}

// A TallyState says how far a Tally has come.
type TallyState string

// The states of a tally. Empty means that none was begun.
const (
	TallyDue     TallyState = "due"
	TallyWhole   TallyState = "whole"   // everything in Slack's history is on the case
	TallyDiffers TallyState = "differs" // something could not be fetched
	TallyFailed  TallyState = "failed"  // Slack's history could not be read
)

// Statement says in whole sentences how much of Slack's history is on the
// case. It is empty when no comparison was ever asked for.
func (t Tally) Statement() string {
	switch t.State {
	case TallyDue:
		return "Slack's history of this chat is about to be compared with this case."
	case TallyWhole, TallyDiffers:
		s := fmt.Sprintf("%d of %d messages and files that customers sent during this chat are on this case.", t.Case, t.Slack)
		switch {
		case t.Slack == 0 && t.Deleted > 0:
			s = "Nothing that customers sent during this chat is in Slack any more."
		case t.Slack == 0:
			s = "No customer wrote during this chat, as Slack's history shows."
		case t.Slack == 1:
			s = fmt.Sprintf("%d of 1 message that customers sent during this chat is on this case.", t.Case)
		}
		if t.Fetched > 0 {
			s += fmt.Sprintf(" %d had not reached us and came from Slack's history.", t.Fetched)
		}
		switch {
		case t.Deleted == 1:
			s += " 1 more on this case was deleted in Slack."
		case t.Deleted > 1:
			s += fmt.Sprintf(" %d more on this case were deleted in Slack.", t.Deleted)
		}
		if t.Note != "" {
			s += " " + t.Note
		}
		return s
	case TallyFailed:
		return "Slack's history could not be compared with this case. " + t.Note
	}
	return ""
}

// Compared returns the tally of a chat whose history was read to its end:
// slack messages and files, of which that many are on the case and so many had
// to be fetched. gone counts what was deleted in Slack before it reached us.
func Compared(slack, onCase, fetched, gone int) Tally {
	t := Tally{State: TallyWhole, Slack: slack, Case: onCase, Fetched: fetched}
	if missing := slack - onCase; missing > 0 {
		t.State = TallyDiffers
		t.Note = counted(missing, "1 message could not be recorded.", "%d messages could not be recorded.")
	}
	if gone > 0 {
		t.State = TallyDiffers
		if t.Note != "" {
			t.Note += " "
		}
		t.Note += counted(gone, "1 message was deleted in Slack before we heard of it.", "%d messages were deleted in Slack before we heard of it.")
	}
	return t
}

func counted(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}
