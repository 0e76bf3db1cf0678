package console

import (
	"fmt"
	"net/http"

	"caseline/internal/console/portrait"
	"caseline/internal/desk"
)

// routes is the one table of what the console answers.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]http.Handler{
		"GET /login":   s.anyone(s.getLogin),
		"POST /login":  s.anyone(s.postLogin),
		"POST /logout": s.anyone(s.postLogout),

		"GET /{$}":      s.agents(s.getQueue),
		"GET /chats":    s.agents(s.getChats),
		"GET /cases":    s.agents(s.getCases),
		"GET /worklist": s.agents(s.getWorklist),

		"GET /cases/{id}":           s.agents(s.getCase),
		"GET /cases/{id}/log":       s.agents(s.getLog),
		"POST /cases/{id}/join":     s.agents(s.postJoin),
		"POST /cases/{id}/replies":  s.agents(s.postReply),
		"POST /cases/{id}/answers":  s.agents(s.postAnswer),
		"POST /cases/{id}/notes":    s.agents(s.postNote),
		"POST /cases/{id}/files":    s.agents(s.postFiles),
		"POST /files/{id}/retry":    s.agents(s.postRetry),
		"POST /cases/{id}/end":      s.agents(s.postEnd),
		"POST /cases/{id}/resolve":  s.agents(s.postResolve),
		"POST /cases/{id}/hand":     s.agents(s.postHand),
		"POST /cases/{id}/leave":    s.agents(s.postLeave),
		"POST /cases/{id}/reopen":   s.agents(s.postReopen),
		"POST /cases/{id}/severity": s.agents(s.postSeverity),
		"POST /cases/{id}/contacts": s.agents(s.postContacts),
		"POST /cases/{id}/tally":    s.agents(s.postTally),

		"GET /cases/{id}/words/{seq}":         s.agents(s.getWords),
		"POST /cases/{id}/words/{seq}":        s.agents(s.postWords),
		"POST /cases/{id}/words/{seq}/delete": s.agents(s.postWithdraw),
		"POST /cases/{id}/words/{seq}/retry":  s.agents(s.postWordsRetry),

		"GET /cases/{id}/chats/{chat}/{file}": s.agents(s.getTranscript),

		"POST /presence":  s.agents(s.postPresence),
		"GET /events":     s.agents(s.getEvents),
		"GET /files/{id}": s.agents(s.getFile),
		"GET /static/":    s.kit.Handle(s.pages.Assets.Serve),

		"GET /emoji/{workspace}/{name}": s.agents(s.getEmoji),
		"GET /favicon.ico":              s.kit.Handle(s.getFavicon),
		"GET /faces/{id...}":            s.agents(s.getFace),

		"/": s.kit.Handle(func(_ http.ResponseWriter, r *http.Request) error {
			return fmt.Errorf("no page: %w", desk.ErrNotFound)
		}),
	} {
		mux.Handle(pattern, h)
	}
	for pattern, h := range s.setup.Routes() {
		mux.Handle(pattern, s.operators(h))
	}
	own := portrait.Pages{Do: s.opt.Portraits, Frame: s.work.Frame, Show: s.show}
	for pattern, h := range own.Routes() {
		mux.Handle(pattern, s.agents(handler(h)))
	}
	mux.Handle("GET "+portrait.Path+"{file}", s.kit.Handle(own.GetPublic))
	return mux
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
