package keep

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"caseline/internal/casework/keeping"
	"caseline/internal/console/form"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/mrkdwn/emoji"
	"caseline/internal/web"
)

// writing is what completes what somebody types for a case.
type writing struct {
	Canned     []completion `json:"canned"`
	Colleagues []string     `json:"colleagues"`
}

// A completion is a canned reply, with its blanks filled as far as the case can.
type completion struct {
	Name string `json:"name"`
	Of   string `json:"of"` // whose it is, in words
	Text string `json:"text"`
}

// getWriting answers a script with what completes what is typed for a case.
func (s rooms) getWriting(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.Case(r)
	if err != nil {
		return err
	}
	words, err := s.blanks(r, who, c)
	if err != nil {
		return err
	}
	groups, err := s.replies(r, who, false)
	if err != nil {
		return err
	}
	answer := writing{Canned: []completion{}, Colleagues: []string{}}
	for _, g := range groups {
		for _, one := range g.Replies {
			answer.Canned = append(answer.Canned, completion{one.Name, g.Title, personal.Fill(one.Text, words)})
		}
	}
	agents, err := s.Read.Agents(r.Context())
	if err != nil {
		return err
	}
	for _, a := range agents {
		if !a.Disabled && a.ID != who.ID {
			answer.Colleagues = append(answer.Colleagues, a.Name)
		}
	}
	web.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// blanks are the words for the blanks of canned replies.
func (s rooms) blanks(r *http.Request, who desk.Agent, c desk.Case) (map[string]string, error) {
	people, err := s.Read.People(r.Context(), []desk.PersonID{c.Requester})
	if err != nil {
		return nil, err
	}
	account, err := s.Read.Account(r.Context(), c.Account)
	if err != nil && !isMissing(err) {
		return nil, err
	}
	first, _, _ := strings.Cut(people[c.Requester].Name, " ")
	return map[string]string{"customer": first, "case": string(c.Number), "agent": who.Name, "subject": c.Subject, "account": account.Title()}, nil
}

// jotted is what an agent has typed for a case, for scripts.
type jotted struct {
	Kind     string `json:"kind"`
	Text     string `json:"text"`
	Revision int64  `json:"revision"`
}

// getJotting answers with what the agent has typed for the case, here or on
// another device.
func (s rooms) getJotting(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.Case(r)
	if err != nil {
		return err
	}
	j, err := s.Read.Jotting(r.Context(), who.ID, c.ID)
	if err != nil {
		return err
	}
	web.WriteJSON(w, http.StatusOK, jotted{j.Kind, j.Text, j.Revision})
	return nil
}

// postJotting keeps what the agent has typed for the case.
func (s rooms) postJotting(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	c, err := s.Case(r)
	if err != nil {
		return err
	}
	kind := personal.JotReply
	if r.PostForm.Get("kind") == personal.JotNote {
		kind = personal.JotNote
	}
	known, _ := strconv.ParseInt(r.PostForm.Get("revision"), 10, 64) // 0 is nothing known
	j := personal.Jotting{Agent: who.ID, Case: c.ID, Kind: kind, Text: r.PostForm.Get("text"), Revision: known}
	if j.Revision, err = s.Do.Jot(r.Context(), j); err != nil {
		return err
	}
	web.WriteJSON(w, http.StatusOK, jotted{j.Kind, "", j.Revision})
	return nil
}

// emojiNames are the emoji that can be typed.
type emojiNames struct {
	Common []string `json:"common"` // name and characters in turn
	Own    []string `json:"own"`    // of the workspace
}

// getEmojiNames answers with the names of emoji: the common ones and the
// workspace's own.
func (s rooms) getEmojiNames(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	own, err := s.Read.CustomEmoji(r.Context(), desk.WorkspaceID(r.PathValue("workspace")))
	if err != nil {
		return err
	}
	answer := emojiNames{Own: []string{}}
	for _, name := range emoji.Names() {
		answer.Common = append(answer.Common, name, emoji.Text(name))
	}
	for _, e := range own {
		answer.Own = append(answer.Own, e.Name)
	}
	w.Header().Set("Cache-Control", "private, max-age=600")
	web.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// looking is who else has a case open.
type looking struct {
	Looking []string `json:"looking"`
	Typing  []string `json:"typing"`
}

func (s rooms) getLooks(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.Case(r)
	if err != nil {
		return err
	}
	looks, err := s.Read.Looks(r.Context(), c.ID, s.Now())
	if err != nil {
		return err
	}
	return s.looking(w, r, who, looks)
}

// postLook notes that the agent has the case open, types, or ceases to.
func (s rooms) postLook(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	c, err := s.Case(r)
	if err != nil {
		return err
	}
	page := r.PostForm.Get("page")
	if page == "" || len(page) > 64 {
		return &desk.Refusal{Kind: desk.ErrInvalid, Message: "The form is incomplete. Reload the page and try again."}
	}
	looks, err := s.Do.Look(r.Context(), keeping.Glance{
		Agent: who.ID, Case: c.ID, Page: page, Typing: r.PostForm.Get("typing") != "", Gone: r.PostForm.Get("gone") != "",
	})
	if err != nil {
		return err
	}
	named, err := s.Read.Mentions(r.Context(), who.ID, maxNamed)
	if err != nil {
		return err
	}
	for _, m := range named {
		if m.Case == c.ID && r.PostForm.Get("gone") == "" { // the note is in sight
			if err := s.Do.Opened(r.Context(), who.ID, c.ID); err != nil {
				return err
			}
			break
		}
	}
	return s.looking(w, r, who, looks)
}

// maxNamed is how many notes that name somebody are looked at.
const maxNamed = 30

// namesOf returns the names of others who look, each read by itself: each page says
// every half minute that it is looked at, and of a thousand agents a few look at one case.
func (s rooms) namesOf(ctx context.Context, who desk.AgentID, looks []personal.Look) (map[desk.AgentID]string, error) {
	names := map[desk.AgentID]string{}
	for _, l := range looks {
		if _, known := names[l.Agent]; known || l.Agent == who {
			continue
		}
		a, err := s.Read.Agent(ctx, l.Agent)
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return nil, err
		}
		names[l.Agent] = a.Name
	}
	return names, nil
}

// looking answers with the names of others who look at a case and who type there.
func (s rooms) looking(w http.ResponseWriter, r *http.Request, who desk.Agent, looks []personal.Look) error {
	names, err := s.namesOf(r.Context(), who.ID, looks)
	if err != nil {
		return err
	}
	answer, told := looking{Looking: []string{}, Typing: []string{}}, map[desk.AgentID]bool{}
	for _, l := range looks {
		if l.Agent == who.ID || names[l.Agent] == "" {
			continue
		}
		if l.TypingUntil.After(s.Now()) {
			answer.Typing = append(answer.Typing, names[l.Agent])
			told[l.Agent] = true
		}
	}
	for _, l := range looks {
		if l.Agent != who.ID && names[l.Agent] != "" && !told[l.Agent] {
			answer.Looking = append(answer.Looking, names[l.Agent])
			told[l.Agent] = true
		}
	}
	web.WriteJSON(w, http.StatusOK, answer)
	return nil
}
