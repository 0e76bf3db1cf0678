package lead

import (
	"errors"
	"net/http"

	"caseline/internal/casework"
	"caseline/internal/console/form"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// whisperPage is where a whisper is written without a script.
type whisperPage struct {
	work.Frame
	Case  desk.Case
	Token string
	Typed string
	Wrong string
}

func (l *Room) getWhisper(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := l.house.Case(r)
	if err != nil {
		return err
	}
	return l.whisperPage(w, r, who, whisperPage{Case: c, Token: l.Token()}, http.StatusOK)
}

func (l *Room) whisperPage(w http.ResponseWriter, r *http.Request, who desk.Agent, page whisperPage, status int) error {
	var err error
	if page.Frame, err = l.house.Frame(r, who, "wall", "Whisper"); err != nil {
		return err
	}
	return l.house.Show(w, status, "whisper", page)
}

// postWhisper says something to the agents of a chat, and to nobody else.
func (l *Room) postWhisper(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := l.house.Case(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	origin, err := form.Origin(r.PostForm.Get("token"))
	if err != nil {
		return err
	}
	typed := r.PostForm.Get("text")
	err = l.Cases.Note(r.Context(), casework.Note{Case: c.ID, Agent: who, Text: typed, Origin: origin, Whisper: true})
	if why, ok := errors.AsType[*desk.Refusal](err); ok && !web.WantsJSON(r) {
		page := whisperPage{Case: c, Token: l.Token(), Typed: typed, Wrong: why.Message}
		return l.whisperPage(w, r, who, page, web.StatusOf(why))
	}
	if err != nil {
		return err
	}
	if web.WantsJSON(r) {
		web.WriteJSON(w, http.StatusOK, struct{}{})
		return nil
	}
	http.Redirect(w, r, "/cases/"+string(c.Number), http.StatusSeeOther)
	return nil
}
