package ways

import (
	"net/http"
	"slices"
	"strings"

	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// A Kind is something that an agent can be told of while they look elsewhere.
type Kind struct {
	Value, Label, Note string
	On                 bool
}

// kinds are all, with those on that an agent chose; who chose nothing has all.
func kinds(chosen string) []Kind {
	all := []Kind{
		{Value: "queue", Label: tongue.Mark("A request in the queue"), Note: tongue.Mark("Somebody asks for a live chat.")},
		{Value: "offer", Label: tongue.Mark("A chat that is offered to you"), Note: tongue.Mark("You are asked to take it, or it comes from a colleague.")},
		{Value: "words", Label: tongue.Mark("Words in your chats"), Note: tongue.Mark("A customer has written while you did not look.")},
		{Value: "mention", Label: tongue.Mark("A mention"), Note: tongue.Mark("A colleague names you in a note.")},
	}
	for i := range all {
		all[i].On = chosen == "" || slices.Contains(strings.Fields(chosen), all[i].Value)
	}
	return all
}

// nothing is what is kept of who wants to be told of nothing: an empty value is no
// choice at all.
const nothing = "none"

type tellPage struct {
	work.Frame
	Kinds []Kind
}

// getTell shows of what an agent is told; scripts get the names of the kinds.
func (rm Room) getTell(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	chosen, err := rm.Keep.Chosen(r.Context(), who.ID, Tell)
	if err != nil {
		return err
	}
	all := kinds(chosen)
	if web.WantsJSON(r) {
		of := []string{}
		for _, k := range all {
			if k.On {
				of = append(of, k.Value)
			}
		}
		web.WriteJSON(w, http.StatusOK, map[string][]string{"of": of})
		return nil
	}
	f, err := h.Frame(r, who, "me", "Notifications")
	if err != nil {
		return err
	}
	return h.Show(w, http.StatusOK, "notifications", tellPage{Frame: f, Kinds: all})
}

// postTell keeps of what an agent is told.
func (rm Room) postTell(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	var chosen []string
	for _, k := range kinds("") {
		if slices.Contains(r.PostForm["of"], k.Value) {
			chosen = append(chosen, k.Value)
		}
	}
	value := nothing
	if len(chosen) > 0 {
		value = strings.Join(chosen, " ")
	}
	if err := rm.Keep.Choose(r.Context(), who.ID, Tell, value); err != nil {
		return err
	}
	return back(w, r, "/me/notifications")
}
