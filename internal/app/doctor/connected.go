package doctor

import (
	"context"
	"encoding/json"
	"net"
	"net/http"

	"caseline/internal/slack/wire"
)

// connected says whether the server that runs by this configuration has
// connections to Slack, and reports whether Slack may send by them. Nobody else
// knows that Socket Mode is switched off: Slack gives out addresses all the same,
// and a connection of our own would take what is meant for the server.
func (d *Doctor) connected(ctx context.Context) bool {
	ctx, cancel := context.WithTimeoutCause(ctx, reachTimeout, errReachTimeout)
	defer cancel()
	at := "http://" + nearby(d.cfg.Listen)
	_, answer, err := d.ask(ctx, http.MethodGet, at+"/readyz", "", nil)
	var state struct {
		Socket *struct {
			Connections int    `json:"connections"`
			Since       string `json:"none_since"`
			Reason      string `json:"reason"`
		} `json:"socket"`
	}
	if err != nil || json.Unmarshal([]byte(answer), &state) != nil || state.Socket == nil {
		d.say("connections", Skipped, "Whether Socket Mode is switched on was not looked at, because no server with slack.app_token answers at %s: /readyz there says so when it is started.", at)
		return true
	}
	switch s := *state.Socket; {
	case s.Connections > 0:
		d.say("connections", OK, "The server at %s has %d connections to Slack.", at, s.Connections)
		return true
	case s.Reason == wire.ReasonDisabled && d.cfg.Slack.UsesHTTP():
		d.say("connections", OK, "Socket Mode is switched off in the app's settings in Slack, so that Slack sends requests to public_url.")
	case s.Reason == wire.ReasonDisabled:
		d.say("connections", Wrong, "Socket Mode is switched off in the app's settings in Slack, so that nothing comes from there: switch it on, on the app's page Socket Mode. The server notices within ten minutes, and at once when it is started anew.")
	default:
		if s.Reason == "" {
			s.Reason = "its log says why"
		}
		d.say("connections", Wrong, "The server at %s has had no connection to Slack since %s (%s): check that a proxy or firewall lets it open WebSockets to Slack.", at, s.Since, s.Reason)
	}
	return false
}

// nearby is an address at which what a server listens on is reached from here.
func nearby(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen // which has been found wrong before
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
