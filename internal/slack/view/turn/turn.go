package turn

import (
	"fmt"
	"time"
	_ "time/tzdata" // hours are by the clock of a zone, also where the machine has none

	"caseline/internal/desk"
)

// Line says where a chat stands that waits for an agent; since is when it began to
// wait, as Slack shows times.
func Line(s desk.ChatSession, since string) string {
	text := "*Waiting for an agent*"
	if s.Returned {
		text = "*Waiting for the next agent*"
	}
	if s.Turn.Position > 0 {
		text += " · " + ordinal(s.Turn.Position) + " in the queue"
	}
	usual := int(s.Turn.Usual / time.Minute)
	switch {
	case s.Turn.Nobody:
	case s.Turn.Longer: // whoever waits would not believe what is usual
		text += " · longer than usual"
	case usual > 0:
		text += " · usually about " + minutes(usual)
	}
	text += " · since " + since
	if s.Turn.Nobody {
		text += "\n" + Nobody(s.Turn)
	}
	return text
}

// Ahead says that nobody would be there if a chat were asked for now, for the form
// that asks for one; empty if somebody would.
func Ahead(t desk.Turn) string {
	switch {
	case !t.Nobody:
		return ""
	case t.Back.IsZero():
		return "*Nobody from Support is here at the moment.* You can ask for a live chat all the same: your request stays in the queue, and the next agent who comes sees it."
	}
	return Nobody(t) + " You can ask for a live chat all the same: your request stays in the queue until then."
}

// Nobody says that nobody is there, and when somebody is again if that is known.
func Nobody(t desk.Turn) string {
	const nobody = "Nobody from Support is here at the moment. "
	if t.Back.IsZero() {
		return nobody + "Your request stays in the queue, and the next agent who comes sees it."
	}
	zone, err := time.LoadLocation(t.Zone)
	if err != nil {
		zone = time.UTC
	}
	at := t.Back.In(zone)
	day := at.Format("Monday")
	if at.Sub(t.ToldAt) > 6*24*time.Hour {
		day = at.Format("2 January")
	}
	return nobody + fmt.Sprintf("Support is back on %s at %s (%s).", day, at.Format("15:04"), zone)
}

func minutes(n int) string {
	if n == 1 {
		return "1 minute"
	}
	return fmt.Sprintf("%d minutes", n)
}

// ordinal is a number as a place in a row: 1st, 2nd, 11th.
func ordinal(n int) string {
	ending := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return fmt.Sprint(n, ending)
}
