package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// OpenView opens a form and returns Slack's id of it. The trigger is good for
// three seconds and once.
func (c *Client) OpenView(ctx context.Context, trigger string, view any) (id string, err error) {
	text, err := jsonText(view)
	if err != nil {
		return "", &Error{Method: "views.open", Kind: Lost, Err: err}
	}
	var out struct {
		View struct {
			ID string `json:"id"`
		} `json:"view"`
	}
	err = c.call(ctx, "views.open", url.Values{"trigger_id": {trigger}, "view": {text}}, &out)
	return out.View.ID, err
}

// UpdateNamed replaces the open form that has the external_id.
func (c *Client) UpdateNamed(ctx context.Context, name string, view any) error {
	text, err := jsonText(view)
	if err != nil {
		return &Error{Method: "views.update", Kind: Lost, Err: err}
	}
	return c.call(ctx, "views.update", url.Values{"external_id": {name}, "view": {text}}, nil)
}

// PublishView makes a view what a person sees on the app's home tab.
func (c *Client) PublishView(ctx context.Context, user string, view any) error {
	text, err := jsonText(view)
	if err != nil {
		return &Error{Method: "views.publish", Kind: Lost, Err: err}
	}
	return c.call(ctx, "views.publish", url.Values{"user_id": {user}, "view": {text}}, nil)
}

// PushView opens a form on top of the one in which a button was pressed. Slack
// shows three at most.
func (c *Client) PushView(ctx context.Context, trigger string, view any) error {
	text, err := jsonText(view)
	if err != nil {
		return &Error{Method: "views.push", Kind: Lost, Err: err}
	}
	return c.call(ctx, "views.push", url.Values{"trigger_id": {trigger}, "view": {text}}, nil)
}

// UpdateView replaces an open form. When somebody else has replaced it since
// hash, nothing happens and the code is hash_conflict; an empty hash replaces
// it in any case.
func (c *Client) UpdateView(ctx context.Context, id, hash string, view any) error {
	text, err := jsonText(view)
	if err != nil {
		return &Error{Method: "views.update", Kind: Lost, Err: err}
	}
	args := url.Values{"view_id": {id}, "view": {text}}
	if hash != "" {
		args.Set("hash", hash)
	}
	return c.call(ctx, "views.update", args, nil)
}

// An Answer is a message for a response_url.
type Answer struct {
	Type    string `json:"response_type"` // "ephemeral"
	Replace bool   `json:"replace_original"`
	Thread  string `json:"thread_ts,omitempty"` // the first message's timestamp; without it Slack answers beside the thread
	Text    string `json:"text"`
	Blocks  any    `json:"blocks,omitempty"`
}

// Respond posts to the response_url of a pressed button or a command. It
// works five times within 30 minutes, and needs and sends no token.
func (c *Client) Respond(ctx context.Context, address string, a Answer) error {
	const method = "response_url"
	body, err := json.Marshal(a)
	if err != nil {
		return &Error{Method: method, Kind: Lost, Err: err}
	}
	if u, err := url.Parse(address); err != nil || !c.trusted(u) {
		return &Error{Method: method, Kind: Lost, Err: errors.New("not an address of Slack")}
	}
	return c.do(ctx, method, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			return &Error{Method: method, Kind: Lost, Err: err}
		}
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		resp, err := c.doer.http.Do(req)
		if err != nil {
			return &Error{Method: method, Kind: Unknown, Err: nameless(err)}
		}
		defer resp.Body.Close()
		return responded(method, resp)
	})
}

// responded reads the answer of a response_url, which is "ok", JSON, or a
// status of 404 or 500 when the address is used up.
func responded(method string, resp *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<16)) // what was read decides
	var a answer
	if json.Unmarshal(body, &a) == nil && a.OK != nil && !*a.OK {
		return &Error{Method: method, Kind: Refused, Code: a.Error}
	}
	if resp.StatusCode/100 != 2 {
		return &Error{Method: method, Kind: Refused, Err: fmt.Errorf("HTTP status %d", resp.StatusCode)}
	}
	return nil
}
