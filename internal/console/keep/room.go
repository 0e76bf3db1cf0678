package keep

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"caseline/internal/casework/keeping"
	"caseline/internal/console/acts"
	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// Keeping are the use cases.
type Keeping interface {
	Prefer(context.Context, personal.Preference) error
	Jot(context.Context, personal.Jotting) (revision int64, err error)
	ChangeReply(ctx context.Context, who desk.Agent, c personal.Canned, still func(personal.Canned) bool) error
	DropReply(ctx context.Context, who desk.Agent, id personal.CannedID) error
	Opened(ctx context.Context, a desk.AgentID, id desk.CaseID) error
	Saw(ctx context.Context, who desk.Agent, c desk.Case, seq int64) error
	Snooze(ctx context.Context, who desk.Agent, id desk.CaseID, until time.Time) error
	SaveView(ctx context.Context, who desk.Agent, v personal.View) error
	DropView(ctx context.Context, who desk.Agent, id personal.ViewID) error
	Look(context.Context, keeping.Glance) ([]personal.Look, error)
}

// Reader is what is read.
type Reader interface {
	store.CaseReader
	store.WorkingReader
	store.RosterReader
	store.SearchReader
	store.PeopleReader
	Agents(context.Context) ([]desk.Agent, error)
	Agent(context.Context, desk.AgentID) (desk.Agent, error)
	Account(ctx context.Context, id desk.AccountID) (served.Account, error)
}

// A Room answers the addresses.
type Room struct {
	Log   *slog.Logger
	Do    Keeping
	Cases acts.Cases
	Read  Reader
	Undo  int // see Undo
}

// rooms is a Room in its house.
type rooms struct {
	Room
	room.House
}

// Doors are the addresses.
func (in Room) Doors(h room.House) map[string]room.Door {
	s := rooms{in, h}
	return map[string]room.Door{
		"GET /replies":              {May: rights.Answer, Answer: s.getReplies},
		"POST /replies":             {May: rights.Answer, Answer: s.postReply},
		"POST /replies/{id}/delete": {May: rights.Answer, Answer: s.postDropReply},

		"GET /cases/{id}/writing":      {May: rights.Answer, Answer: s.getWriting},
		"GET /cases/{id}/jotting":      {May: rights.Answer, Answer: s.getJotting},
		"POST /cases/{id}/jotting":     {May: rights.Answer, Answer: s.postJotting},
		"GET /emoji-names/{workspace}": {May: rights.Answer, Answer: s.getEmojiNames},

		"GET /cases/{id}/looks":  {May: rights.Read, Answer: s.getLooks},
		"POST /cases/{id}/looks": {May: rights.Read, Answer: s.postLook},

		"POST /cases/{id}/read": {May: rights.Read, Answer: s.postRead},

		"POST /views":             {May: rights.Answer, Answer: s.postView},
		"POST /views/{id}/delete": {May: rights.Answer, Answer: s.postDropView},
		"POST /bulk":              {May: rights.Answer, Answer: s.postBulk},
		"GET /palette":            {May: rights.Read, Answer: s.getPalette},
		"GET /palette/cases":      {May: rights.Read, Answer: s.getPaletteCases},

		"POST /me/undo": {May: rights.Own, Answer: s.postUndo},
	}
}

// UndoKey is the preference for how many seconds a message can be called back.
const UndoKey = "undo"

// undoSeconds is where nobody has chosen.
const undoSeconds = 5

// Undo is for how many seconds a message can be called back: what the agent chose,
// or else what the server is set to; 0 there is 5, and below 0 none.
func Undo(chosen string, set int) int {
	if n, err := strconv.Atoi(chosen); err == nil && goodUndo(n) {
		return n
	}
	if set == 0 {
		return undoSeconds
	}
	return max(set, 0)
}

func goodUndo(seconds int) bool {
	return seconds == 0 || seconds == 3 || seconds == 5 || seconds == 10
}

// postUndo keeps how long the agent wants to be able to call back a message.
func (s rooms) postUndo(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	n, err := strconv.Atoi(r.PostForm.Get("seconds"))
	if err != nil || !goodUndo(n) {
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "seconds", Message: "Choose one of the times in the list."}
	}
	if err := s.Do.Prefer(r.Context(), personal.Preference{Agent: who.ID, Key: UndoKey, Value: strconv.Itoa(n)}); err != nil {
		return err
	}
	http.Redirect(w, r, "/me", http.StatusSeeOther)
	return nil
}
