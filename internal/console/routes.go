package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"caseline/internal/console/acts"
	"caseline/internal/console/people"
	"caseline/internal/console/portrait"
	"caseline/internal/console/room"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
)

// routes is the one table of what the console answers.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, a := range s.table() {
		mux.Handle(pattern, a.handler)
	}
	return mux
}

// An address is what answers at one, and which right it asks for; none for what
// everybody may see.
type address struct {
	may     rights.Right
	handler http.Handler
}

func (s *Server) door(may rights.Right, h handler) address { return address{may, s.only(may, h)} }

// Doors are the addresses of the console, by pattern, each with the right that it
// asks for; an empty one for what everybody may see.
func (s *Server) Doors() map[string]rights.Right {
	all := map[string]rights.Right{}
	for pattern, a := range s.table() {
		all[pattern] = a.may
	}
	return all
}

// own are the addresses of this package.
func (s *Server) own() map[string]address {
	return map[string]address{
		"GET /{$}":      s.door(rights.Read, s.getQueue),
		"GET /chats":    s.door(rights.Read, s.getChats),
		"GET /cases":    s.door(rights.Read, s.getCases),
		"GET /worklist": s.door(rights.Read, s.getWorklist),

		"GET /cases/{id}":          s.door(rights.Read, s.getCase),
		"GET /cases/{id}/log":      s.door(rights.Read, s.getLog),
		"POST /cases/{id}/preview": s.door(rights.Answer, s.postPreview),

		"GET /cases/{id}/chats/{chat}/{file}": s.door(rights.Read, s.getTranscript),

		"GET /events":     s.door(rights.Read, s.getEvents),
		"GET /files/{id}": s.door(rights.Read, s.getFile),
		"GET /static/":    {handler: s.kit.Handle(s.pages.Assets.Serve)},

		"GET /emoji/{workspace}/{name}": s.door(rights.Read, s.getEmoji),
		"GET /favicon.ico":              {handler: s.kit.Handle(s.getFavicon)},
		"GET /faces/{id...}":            s.door(rights.Read, s.getFace),

		"/": {handler: s.kit.Handle(func(_ http.ResponseWriter, r *http.Request) error {
			return fmt.Errorf("no page: %w", desk.ErrNotFound)
		})},
	}
}

// table are all addresses: this package's and those of the rooms.
func (s *Server) table() map[string]address {
	all := s.own()
	do := &acts.Actions{Cases: s.Cases, Contacts: s.Contacts, Keeping: s.Keeping, Read: s.Read, Forms: s.forms, Case: s.caseOf, Show: s.again}
	for pattern, door := range do.Doors() {
		all[pattern] = s.door(door.May, door.Answer)
	}
	for pattern, h := range s.setup.Routes() {
		may := rights.Setup
		if strings.HasPrefix(pattern, "GET /audit") {
			may = rights.Audit
		}
		all[pattern] = s.door(may, handler(h))
	}
	house := s.house()
	pictures := portrait.Pages{Do: s.opt.Portraits, Again: s.people().Me(house)}
	for pattern, h := range pictures.Routes() {
		all[pattern] = s.door(rights.Own, handler(h))
	}
	all["GET "+portrait.Path+"{file}"] = address{handler: s.kit.Handle(pictures.GetPublic)}
	for _, in := range s.rooms {
		for pattern, door := range in.Doors(house) {
			all[pattern] = s.door(door.May, door.Answer)
		}
		if porch, ok := in.(room.Porch); ok {
			for pattern, h := range porch.Outside(house) {
				all[pattern] = address{handler: s.anyone(h)}
			}
		}
	}
	return all
}

// house is what rooms stand in.
func (s *Server) house() room.House {
	return room.House{Now: s.opt.Now, Frame: s.work.Frame, Show: s.show, List: s.list, Part: s.part, Case: s.caseOf}
}

// people is the room of the pages on those who sign in.
func (s *Server) people() people.Room {
	return people.Room{Auth: s.Auth, Read: s.Read, Pictured: func(ctx context.Context, a desk.AgentID) (bool, error) {
		_, err := s.opt.Portraits.Of(ctx, a)
		if errors.Is(err, desk.ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	}}
}

// getEvents is the live stream.
func (s *Server) getEvents(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	return s.streams.Serve(w, r)
}

// getFavicon answers browsers that ask without having read a page.
func (s *Server) getFavicon(w http.ResponseWriter, r *http.Request) error {
	url, err := s.pages.Assets.URL("favicon.svg")
	if err != nil {
		return err
	}
	http.Redirect(w, r, url, http.StatusFound)
	return nil
}
