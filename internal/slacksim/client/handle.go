package client

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/person"
)

var (
	// errNotFound is for addresses with nobody and nothing behind them.
	errNotFound = errors.New("not found")
	// errUnreadable is for forms that are none.
	errUnreadable = errors.New("unreadable form")
)

// handle answers the errors of h.
func (s *Server) handle(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		status, sentence := problem(err)
		if status == http.StatusInternalServerError && r.Context().Err() == nil {
			s.log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("method", r.Method), slog.Any("err", err))
		}
		http.Error(w, sentence, status)
	})
}

// problem is what a person reads about an error.
func problem(err error) (status int, sentence string) {
	if refusal, ok := errors.AsType[person.Refusal](err); ok {
		return http.StatusUnprocessableEntity, string(refusal)
	}
	if name, ok := errors.AsType[entity.Err](err); ok {
		if known := sentences[name]; known != "" {
			return http.StatusUnprocessableEntity, known
		}
		return http.StatusUnprocessableEntity, "That did not work (" + string(name) + ")."
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge, "That is too large to send."
	}
	if errors.Is(err, blockkit.ErrNoOption) {
		return http.StatusUnprocessableEntity, "That cannot be picked here."
	}
	if errors.Is(err, errUnreadable) {
		return http.StatusBadRequest, "That could not be read."
	}
	if errors.Is(err, errNotFound) {
		return http.StatusNotFound, "There is nothing at this address."
	}
	return http.StatusInternalServerError, "Something went wrong."
}

var sentences = map[entity.Err]string{
	entity.ErrAlreadyInChannel: "They are already in this channel.",
	entity.ErrCantDelete:       "Only its author can delete this message.",
	entity.ErrCantInvite:       "That person cannot be added.",
	entity.ErrCantInviteSelf:   "You are already in this channel.",
	entity.ErrCantLeaveGeneral: "Nobody can leave this channel.",
	entity.ErrCantReply:        "This message cannot be replied to.",
	entity.ErrCantUpdate:       "Only its author can edit this message.",
	entity.ErrChannelNotFound:  "You cannot see this channel.",
	entity.ErrEditWindowClosed: "This message can no longer be edited.",
	entity.ErrIsArchived:       "This channel is archived.",
	entity.ErrMessageNotFound:  "This message is no longer there.",
	entity.ErrNameMaxLength:    "Channel names have at most 80 characters.",
	entity.ErrNamePunctuation:  "A channel name needs letters or digits.",
	entity.ErrNameRequired:     "Please give the channel a name.",
	entity.ErrNameSpecials:     "Channel names have only lower-case letters, digits, hyphens and underscores.",
	entity.ErrNameTaken:        "That name is already taken by a channel.",
	entity.ErrNoText:           "There is nothing to send.",
	entity.ErrNotInChannel:     "You are not in this channel.",
	entity.ErrNotPinnable:      "This message cannot be pinned.",
	entity.ErrRestrictedAction: "You are not allowed to do this here.",
	entity.ErrThreadNotFound:   "This thread is no longer there.",
	entity.ErrTooLong:          "That is too long.",
}

// headers keeps pages from being used against their reader.
func (s *Server) headers(next http.Handler) http.Handler {
	ancestors := "'none'"
	if len(s.opts.FrameAncestors) > 0 {
		ancestors = strings.Join(s.opts.FrameAncestors, " ")
	}
	images := strings.Join(append([]string{"'self'"}, s.opts.ImageOrigins...), " ")
	policy := strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src " + images, "connect-src 'self'",
		"form-action 'self'", "base-uri 'none'", "frame-ancestors " + ancestors,
	}, "; ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
