package window

import (
	"slices"
	"time"

	"caseline/internal/console/record"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
)

// A Rated is what somebody said of a chat.
type Rated struct {
	By     record.Author
	Score  int
	Word   string
	Remark string
	At     time.Time // of the chat's end
}

// Rated says what people said of the case's chats, the latest chat's last.
func (l Log) Rated(t tongue.Tongue, me desk.AgentID) []Rated {
	var all []Rated
	for _, chat := range l.Chats {
		for _, r := range l.Ratings {
			if r.Chat == chat.ID {
				all = append(all, Rated{
					By: record.AuthorOf(t, desk.ByCustomer(r.Person), l.People, me), Score: r.Score, Word: t.Text(report.ScoreWord(r.Score)), Remark: r.Remark, At: chat.EndedAt,
				})
			}
		}
	}
	return all
}

func ended(chats []desk.ChatSession) bool {
	return slices.ContainsFunc(chats, func(c desk.ChatSession) bool { return !c.JoinedAt.IsZero() && c.State == desk.ChatEnded })
}
