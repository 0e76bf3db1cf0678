package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"caseline/internal/config"
	"caseline/internal/console/work"
	"caseline/internal/mail"
	"caseline/internal/slack/manifest"
	"caseline/internal/slack/socket"
	"caseline/internal/web"
)

// routes is the one table of what the server answers: Slack, health, the
// links in mail, and the console for all else.
func (a *App) routes(cfg config.Config, console http.Handler) http.Handler {
	mux := http.NewServeMux()
	if cfg.Slack.UsesHTTP() {
		mux.Handle("/slack/", a.slack.ingress)
	} else {
		mux.HandleFunc("/slack/", noRequests)
	}
	if a.slack.keeper != nil {
		pages := a.slack.keeper.Pages()
		mux.Handle(manifest.PathInstall, pages)
		mux.Handle(manifest.PathInstalled, pages)
	}
	mux.HandleFunc("GET /healthz", a.healthz)
	mux.HandleFunc("GET /readyz", a.readyz)
	if a.mail.pages != nil {
		mux.Handle(mail.Path, a.mail.pages)
	}
	mux.Handle("/", console)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			// A body must come in time. Server.ReadTimeout would end the live
			// streams too, which have none. The error says that the connection
			// cannot have a deadline; then it has none.
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyPatience))
		}
		mux.ServeHTTP(w, r)
	})
}

// noRequests answers what should come by Socket Mode.
func noRequests(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "This server hears of Slack by Socket Mode. Switch that on in the app's settings, or set slack.signing_secrets in the configuration.", http.StatusNotFound)
}

// bodyPatience is how long a request's body may take to come.
const bodyPatience = time.Minute

// healthz says that the process lives.
func (a *App) healthz(w http.ResponseWriter, _ *http.Request) {
	web.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readyTimeout bounds the question to the database.
const readyTimeout = 2 * time.Second

var errReadyTimeout = errors.New("the database did not answer in time")

// readyz says whether the server can do its work, and what is piling up.
func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeoutCause(r.Context(), readyTimeout, errReadyTimeout)
	defer cancel()
	dead, late, oldest, err := a.pilingUp(ctx)
	if err != nil {
		a.log.Error("not ready", slog.Any("err", err))
		web.WriteJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "the database does not answer"})
		return
	}
	stats := a.Store.Stats()
	state := map[string]any{
		"status": "ok", "dead_events": dead, "updates": stats.Updates, "commits": stats.Commits, "late_mails": late,
	}
	if late > 0 {
		state["oldest_mail"] = oldest.Format(time.RFC3339)
	}
	if a.slack.keeper != nil {
		// Anybody may ask, and it is nobody's matter who our customers are.
		state["workspaces"] = a.slack.tenants.States()
		state["installations_in_trouble"] = len(a.slack.keeper.Troubles())
	}
	if a.slack.socket != nil {
		state["socket"] = socketState(a.slack.status(), a.slack.socket.Counts())
	}
	web.WriteJSON(w, http.StatusOK, state)
}

// pilingUp asks the database what waits: dead events, and mails that should have
// gone, the oldest of them since when.
func (a *App) pilingUp(ctx context.Context) (dead, late int, oldest time.Time, err error) {
	if err := a.Store.Ready(ctx); err != nil {
		return 0, 0, time.Time{}, err
	}
	if dead, err = a.Store.DeadEvents(ctx); err != nil {
		return 0, 0, time.Time{}, err
	}
	late, oldest, err = a.Store.MailBacklog(ctx, a.now().Add(-work.MailPatience))
	return dead, late, oldest, err
}

// socketState says how Socket Mode stands. Without a connection this server is
// ready all the same: no other would have one.
func socketState(s socket.Status, counts map[string]int64) map[string]any {
	state := map[string]any{"connections": s.Connected}
	if len(counts) > 0 {
		state["not_taken"] = counts // and why
	}
	if !s.Since.IsZero() {
		state["none_since"] = s.Since.UTC().Format(time.RFC3339)
	}
	if s.Reason != "" {
		state["reason"] = s.Reason
	}
	return state
}

func newServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// shutdownPatience is how long requests that have begun may take to end.
const shutdownPatience = 10 * time.Second

var errShutdownPatience = errors.New("requests did not end in time")

// serve answers requests until ctx ends, then lets those that have begun end.
func (a *App) serve(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- a.server.Serve(a.listener) }() // ends with Shutdown or Close below
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), shutdownPatience, errShutdownPatience)
	defer cancel()
	if err := a.server.Shutdown(patience); err != nil {
		a.log.Warn("requests cut off", slog.Any("err", context.Cause(patience)))
		a.server.Close()
	}
	a.endStreams() // which the server does not wait for
	<-done
	return nil
}
