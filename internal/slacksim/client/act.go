package client

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/client/kit"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/world"
)

// target reads which element a script speaks of.
func target(r *http.Request) person.Target {
	return person.Target{
		Channel: r.FormValue("channel"), TS: r.FormValue("ts"), Ephemeral: r.FormValue("ephemeral"), View: r.FormValue("view"),
		BlockID: r.FormValue("block_id"), ActionID: r.FormValue("action_id"),
	}
}

// postFill presses a button, picks in a select, or fills in a field.
func (s *Server) postFill(w http.ResponseWriter, r *http.Request, me *reader) error {
	picks := r.Form["value"]
	files, err := s.keep(me, r.MultipartForm, "files")
	if err != nil {
		return err
	}
	t := target(r)
	if view, ok := s.screens.View(t.View); ok && view.User == me.me.ID && r.FormValue("whole") != "" {
		// What stands in the form's other fields, for the app to see.
		if err := s.screens.Put(view.ID, s.stands(view, r)); err != nil {
			return err
		}
	}
	if err := s.people.Fill(r.Context(), me.me.ID, t, s.moments(t, append(picks, files...))...); err != nil {
		return err
	}
	return done(w, "")
}

// moments turns what a browser's field says into what the element holds, where
// these differ: a date and time is a number of seconds.
func (s *Server) moments(t person.Target, picks []string) []string {
	view, _ := s.screens.View(t.View)
	for _, e := range blockkit.Elements(view.Blocks) {
		if e.BlockID() == t.BlockID && e.ActionID() == t.ActionID {
			return s.picks(e, picks)
		}
	}
	return picks
}

func (s *Server) picks(e blockkit.Element, picks []string) []string {
	if e.Type() != "datetimepicker" || len(picks) == 0 {
		return picks
	}
	at, err := time.ParseInLocation(kit.DateTime, picks[0], s.opts.Zone)
	if err != nil {
		return nil
	}
	return []string{strconv.FormatInt(at.Unix(), 10)}
}

// postSubmit takes what stands in a form and submits it.
func (s *Server) postSubmit(w http.ResponseWriter, r *http.Request, me *reader) error {
	view, ok := s.screens.OpenView(me.me.ID)
	if !ok || view.ID != r.PathValue("view") {
		return person.Refusal("That form is no longer open.")
	}
	if err := s.screens.Put(view.ID, s.stands(view, r)); err != nil {
		return err
	}
	if _, err := s.people.Submit(r.Context(), me.me.ID); err != nil {
		return err
	}
	return done(w, "")
}

// stands reads what stands in the fields of a form. What it cannot know, files
// and the offers of external selects, was told when it was chosen.
func (s *Server) stands(view world.View, r *http.Request) kit.State {
	out := kit.State{}
	for _, e := range blockkit.Elements(view.Blocks) {
		name, _ := blockkit.ValueField(e.Type())
		told := []string{"file_input", "external_select", "multi_external_select"}
		if name == "" || slices.Contains(told, e.Type()) {
			continue
		}
		v, err := blockkit.Pick(e, s.picks(e, r.Form[kit.FieldName(e.BlockID(), e.ActionID())]), nil)
		if err != nil {
			continue // not an option of the form as it is now
		}
		if out[e.BlockID()] == nil {
			out[e.BlockID()] = map[string]kit.Object{}
		}
		out[e.BlockID()][e.ActionID()] = blockkit.WithValue(e, v)
	}
	return out
}

func (s *Server) postClose(w http.ResponseWriter, r *http.Request, me *reader) error {
	view, ok := s.screens.OpenView(me.me.ID)
	if !ok || view.ID != r.PathValue("view") {
		return done(w, "") // it is closed
	}
	if err := s.people.Close(r.Context(), me.me.ID, r.FormValue("all") != ""); err != nil {
		return err
	}
	return done(w, "")
}

// postSuggest asks the app what an external select offers.
func (s *Server) postSuggest(w http.ResponseWriter, r *http.Request, me *reader) error {
	t := target(r)
	offers, err := s.people.Suggest(r.Context(), me.me.ID, t, r.FormValue("typed"))
	if err != nil {
		return err
	}
	type group struct {
		Label   string       `json:"label"`
		Options []suggestion `json:"options"`
	}
	out := []group{}
	for _, o := range offers {
		g := group{Label: o.Label, Options: []suggestion{}}
		for _, raw := range o.Options {
			option := kit.OptionOf(raw)
			g.Options = append(g.Options, suggestion{option.Value, option.Label, option.Extra})
		}
		out = append(out, g)
	}
	return writeJSON(w, out)
}

type suggestion struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Extra string `json:"extra"`
}

func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	return gone(json.NewEncoder(w).Encode(v))
}

func (s *Server) postShortcut(w http.ResponseWriter, r *http.Request, me *reader) error {
	if err := s.people.RunShortcut(r.Context(), me.me.ID, r.FormValue("app"), r.FormValue("callback")); err != nil {
		return err
	}
	return done(w, "")
}

func (s *Server) postMessageShortcut(w http.ResponseWriter, r *http.Request, me *reader) error {
	err := s.people.RunOnMessage(r.Context(), me.me.ID, r.FormValue("app"), r.FormValue("callback"), r.PathValue("channel"), r.PathValue("ts"))
	if err != nil {
		return err
	}
	return done(w, "")
}
