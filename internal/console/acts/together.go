package acts

import (
	"maps"
	"net/http"

	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/desk"
)

// together answers a form with the words of several messages, each with its token,
// as if they were sent one after the other. A page that is left sends all it holds at
// once: sent by themselves they could overtake each other.
func together(one room.Handler) room.Handler {
	return func(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
		if err := r.ParseForm(); err != nil {
			return form.Bad(err)
		}
		tokens, texts := r.PostForm["token"], r.PostForm["text"]
		if len(tokens) < 2 || len(tokens) != len(texts) {
			return one(w, r, who)
		}
		last := len(tokens) - 1
		for i := range tokens {
			part, to := r.WithContext(r.Context()), http.ResponseWriter(unread{})
			part.PostForm = maps.Clone(r.PostForm)
			part.PostForm["token"], part.PostForm["text"] = tokens[i:i+1], texts[i:i+1]
			if i == last {
				to = w
			}
			if err := one(to, part, who); err != nil {
				return err
			}
		}
		return nil
	}
}

// unread takes an answer that nobody reads.
type unread struct{}

func (unread) Header() http.Header         { return http.Header{} }
func (unread) Write(p []byte) (int, error) { return len(p), nil }
func (unread) WriteHeader(int)             {}
