package turns

import (
	"context"
	"errors"
	"net/http"

	"caseline/internal/casework"
	"caseline/internal/casework/dispatch"
	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/web"
)

// UseCases are what agents can ask for.
type UseCases interface {
	Board(context.Context) (dispatch.Board, error)
	Pass(context.Context, desk.CaseID, desk.AgentID) error
	Join(context.Context, casework.Join) (desk.Case, error)
}

// Pages are the room of waiting chats.
type Pages struct{ Do UseCases }

// Doors are its addresses.
func (p Pages) Doors(h room.House) map[string]room.Door {
	return map[string]room.Door{
		"POST /next":             {May: rights.Answer, Answer: func(w http.ResponseWriter, r *http.Request, who desk.Agent) error { return p.postNext(h, w, r, who) }},
		"POST /offers/{id}/pass": {May: rights.Answer, Answer: func(w http.ResponseWriter, r *http.Request, who desk.Agent) error { return p.postPass(h, w, r, who) }},
	}
}

// tries is how many chats are tried when colleagues take them in the same moment.
const tries = 5

// postNext takes the chat that is the right one for the agent, and leads there.
func (p Pages) postNext(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	origin, err := form.Origin(r.PostForm.Get("token"))
	if err != nil {
		return err
	}
	board, err := p.Do.Board(r.Context())
	if err != nil {
		return err
	}
	next := board.Next(who.ID)
	for i := range next[:min(len(next), tries)] {
		c, err := p.Do.Join(r.Context(), casework.Join{Case: next[i].ID, Agent: who, Ask: true, Origin: origin})
		why, refused := errors.AsType[*desk.Refusal](err)
		switch {
		case err == nil:
			return answer(w, r, "/cases/"+string(c.Number))
		case refused && why.Field == dispatch.FieldSure:
			return p.none(h, w, r, who, why)
		case refused: // a colleague was faster
		case errors.Is(err, desk.ErrConflict): // the same press again, which has taken one
			return answer(w, r, "/chats")
		default:
			return err
		}
	}
	return p.none(h, w, r, who, &desk.Refusal{Kind: desk.ErrConflict, Message: "Nobody is waiting at the moment."})
}

// none says why there is nothing to take. Next gives nobody more than they take on:
// whoever wants more joins a chat of their choice.
func (p Pages) none(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent, why *desk.Refusal) error {
	if web.WantsJSON(r) {
		return why
	}
	f, err := h.Frame(r, who, "queue", "Queue")
	if err != nil {
		return err
	}
	f.Path, f.Notice = "/", f.Told(why.Message)
	return h.Show(w, http.StatusOK, "queue", f)
}

// postPass takes back the offer of a chat to the agent.
func (p Pages) postPass(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	c, err := h.Case(r)
	if err != nil {
		return err
	}
	if err := p.Do.Pass(r.Context(), c.ID, who.ID); err != nil {
		return err
	}
	return answer(w, r, web.LocalPath(r.PostForm.Get("back")))
}

// answer leads on, or tells a script where.
func answer(w http.ResponseWriter, r *http.Request, to string) error {
	if web.WantsJSON(r) {
		web.WriteJSON(w, http.StatusOK, map[string]string{"to": to})
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
