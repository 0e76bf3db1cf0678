package doctor

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"caseline/internal/slack/manifest"
	"caseline/internal/slack/wire"
)

// Reach says whether what Slack sends gets here: by Socket Mode, or to
// public_url. Where both are set, one will do, and only Slack knows which of
// them the app uses: what is wrong with the address is then a warning.
func (d *Doctor) Reach(ctx context.Context) {
	slack := d.cfg.Slack
	bySocket := slack.UsesSockets() && d.Socket(ctx) && d.connected(ctx)
	switch {
	case !slack.UsesHTTP():
	case bySocket:
		d.address(ctx, Warning)
	default:
		d.address(ctx, Wrong)
	}
}

const reachTimeout = 10 * time.Second

var errReachTimeout = errors.New("no answer in time")

// address says whether public_url leads to a server of ours that takes what
// Slack signs, and how bad it is if not. It asks as Slack does when it verifies
// an address, which stores nothing.
func (d *Doctor) address(ctx context.Context, bad State) {
	ctx, cancel := context.WithTimeoutCause(ctx, reachTimeout, errReachTimeout)
	defer cancel()
	at := d.cfg.PublicURL + manifest.PathEvents
	if !strings.HasPrefix(at, "https://") && !loopback(d.cfg.Slack.APIURL) {
		d.say("address", bad, "public_url is %s, and Slack sends to https addresses only: put a proxy with a certificate in front of this server, or use Socket Mode by slack.app_token.", d.cfg.PublicURL)
		return
	}
	status, _, err := d.ask(ctx, http.MethodPost, at, "{}", nil)
	if err != nil {
		d.say("address", bad, "%s does not answer (%s): start the server by caseline serve, and check the proxy before it and its certificate.", at, short(err))
		return
	}
	if status != http.StatusUnauthorized {
		d.say("address", bad, "%s is not answered by Caseline, which refuses what is not signed (it answered %d): see where the proxy leads.", at, status)
		return
	}
	challenge := rand.Text()
	body := fmt.Sprintf(`{"type":"url_verification","challenge":%q}`, challenge)
	timestamp := strconv.FormatInt(d.opt.Now().Unix(), 10)
	status, answer, err := d.ask(ctx, http.MethodPost, at, body, map[string]string{
		wire.HeaderTimestamp: timestamp, wire.HeaderSignature: wire.Sign(d.cfg.Slack.SigningSecrets[0].Reveal(), timestamp, []byte(body)),
	})
	switch {
	case err != nil:
		d.say("address", bad, "%s does not answer what is signed (%s): check the proxy before the server.", at, short(err))
	case status == http.StatusUnauthorized:
		d.say("address", bad, "The server at %s refuses what is signed with slack.signing_secrets: it runs with another secret, so start it anew, or its clock is wrong.", at)
	case status != http.StatusOK || answer != challenge:
		d.say("address", bad, "The server at %s does not answer Slack's challenge (it answered %d): see whether the proxy changes requests.", at, status)
	default:
		d.say("address", OK, "%s answers, and checks signatures with slack.signing_secrets.", at)
	}
}

// ask sends a request, and returns at most as much of the answer as matters.
func (d *Doctor) ask(ctx context.Context, method, at, body string, header map[string]string) (status int, answer string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, at, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := d.opt.Web.RoundTrip(req)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return 0, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	return resp.StatusCode, strings.TrimSpace(string(text)), err
}

// loopback reports whether an address is on this machine, as a simulated
// Slack's is.
func loopback(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Hostname() == "localhost" || u.Hostname() == "::1" || strings.HasPrefix(u.Hostname(), "127."))
}
