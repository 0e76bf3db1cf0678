package report

import (
	"strings"
	"time"
	"unicode/utf8"

	"caseline/internal/desk"
)

// A Rating is what somebody said of a chat after it.
type Rating struct {
	Chat      desk.ChatID
	Person    desk.PersonID
	Case      desk.CaseID
	Score     int       // 1 to 5
	Remark    string    // what they typed; may be empty
	EndedAt   time.Time // of the chat
	GivenAt   time.Time
	ChangedAt time.Time // the last time
}

// AskRating is the What of a DeliverNotice, of no entry, that asks in the place of
// a chat how it was.
const AskRating = "rating"

const (
	// BestScore is the highest score; the lowest is 1.
	BestScore = 5
	// MaxRemark is how long a comment may be, in characters.
	MaxRemark = 1000
	// RatingOpen is how long a rating can be changed.
	RatingOpen = 3 * 24 * time.Hour
)

// ScoreWord is what a score says.
func ScoreWord(score int) string {
	switch score {
	case 1:
		return "Very bad"
	case 2:
		return "Bad"
	case 3:
		return "All right"
	case 4:
		return "Good"
	case BestScore:
		return "Very good"
	}
	return ""
}

// Satisfied reports whether a score counts as content: 4 or 5.
func Satisfied(score int) bool { return score >= BestScore-1 }

// Rate returns what becomes of an earlier rating, the zero Rating for none, when
// somebody says now what they think. changed is false when they have said just
// that before.
func Rate(earlier, said Rating, now time.Time) (r Rating, changed bool, err error) {
	said.Remark = strings.TrimSpace(said.Remark)
	switch {
	case ScoreWord(said.Score) == "":
		return r, false, &desk.Refusal{Kind: desk.ErrInvalid, Message: "Choose one of the five answers."}
	case utf8.RuneCountInString(said.Remark) > MaxRemark:
		return r, false, &desk.Refusal{Kind: desk.ErrInvalid, Field: "comment", Message: "The comment is longer than 1,000 characters. Shorten it."}
	case earlier == (Rating{}):
		said.GivenAt, said.ChangedAt = now, now
		return said, true, nil
	case said.Score == earlier.Score && (said.Remark == earlier.Remark || said.Remark == ""):
		return earlier, false, nil
	case now.Sub(earlier.GivenAt) > RatingOpen:
		return r, false, &desk.Refusal{Kind: desk.ErrConflict, Message: "You rated this chat more than three days ago, so that can no longer be changed."}
	}
	if said.Remark == "" {
		said.Remark = earlier.Remark
	}
	said.GivenAt, said.ChangedAt = earlier.GivenAt, now
	return said, true, nil
}
