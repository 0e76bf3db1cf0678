package turn_test

import (
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/view/turn"
)

func TestB5_TheCardSaysWhenSupportIsBack(t *testing.T) {
	told := time.Date(2026, 3, 6, 20, 0, 0, 0, time.UTC) // a Friday
	for _, tt := range []struct {
		turn desk.Turn
		want string
	}{
		{desk.Turn{}, "*Waiting for an agent* · since now"},
		{desk.Turn{Position: 2, Usual: time.Minute}, "*Waiting for an agent* · 2nd in the queue · usually about 1 minute · since now"},
		{desk.Turn{Position: 2, Usual: time.Minute, Longer: true}, "*Waiting for an agent* · 2nd in the queue · longer than usual · since now"},
		{desk.Turn{Position: 1, Nobody: true, Usual: time.Minute}, "*Waiting for an agent* · 1st in the queue · since now\n" +
			"Nobody from Support is here at the moment. Your request stays in the queue, and the next agent who comes sees it."},
		{desk.Turn{Nobody: true, Back: time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC), Zone: "Europe/Berlin", ToldAt: told}, "*Waiting for an agent* · since now\n" +
			"Nobody from Support is here at the moment. Support is back on Monday at 09:00 (Europe/Berlin)."},
		{desk.Turn{Nobody: true, Back: time.Date(2026, 3, 13, 8, 0, 0, 0, time.UTC), Zone: "Europe/Berlin", ToldAt: told}, "*Waiting for an agent* · since now\n" +
			"Nobody from Support is here at the moment. Support is back on 13 March at 09:00 (Europe/Berlin)."},
	} {
		if got := turn.Line(desk.ChatSession{Turn: tt.turn}, "now"); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestPlacesInTheQueueAreWritten(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 112: "112th"} {
		if got := turn.Line(desk.ChatSession{Turn: desk.Turn{Position: n}}, "now"); got != "*Waiting for an agent* · "+want+" in the queue · since now" {
			t.Errorf("%d: got %s", n, got)
		}
	}
}

func TestB5_TheFormSaysThatNobodyIsHere(t *testing.T) {
	for want, ahead := range map[string]desk.Turn{
		"": {},
		"*Nobody from Support is here at the moment.* You can ask for a live chat all the same: your request stays in the queue, and the next agent who comes sees it.": {Nobody: true},
		"Nobody from Support is here at the moment. Support is back on Monday at 09:00 (Europe/Berlin). You can ask for a live chat all the same: your request stays in the queue until then.": {
			Nobody: true, Back: time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC), Zone: "Europe/Berlin", ToldAt: time.Date(2026, 3, 6, 20, 0, 0, 0, time.UTC),
		},
	} {
		if got := turn.Ahead(ahead); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
