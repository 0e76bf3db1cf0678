package agent

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// An Agent is signed in to a console. It may be used by many goroutines.
type Agent struct {
	base   string
	client *http.Client
}

// callTimeout bounds one request to the console.
const callTimeout = 30 * time.Second

// maxPage bounds what is read of an answer.
const maxPage = 8 << 20

// SignIn signs in to the console at base, such as http://127.0.0.1:8080.
func SignIn(ctx context.Context, base, email, password string) (*Agent, error) {
	return SignInBy(ctx, http.DefaultTransport, base, email, password)
}

// SignInBy is SignIn by a transport of the caller's.
func SignInBy(ctx context.Context, transport http.RoundTripper, base, email, password string) (*Agent, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err // unreachable: New fails on no options
	}
	a := &Agent{base: strings.TrimSuffix(base, "/"), client: &http.Client{Transport: transport, Jar: jar, Timeout: callTimeout}}
	if _, err := a.post(ctx, "/login", url.Values{"email": {email}, "password": {password}}); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	return a, nil
}

// An Answer that is not a success, as the console worded it.
type Refused struct {
	Status  int
	Message string
}

func (r *Refused) Error() string { return fmt.Sprintf("%d: %s", r.Status, r.Message) }

// Join joins the chat waiting on the case with the number or id, however many
// the agent has.
func (a *Agent) Join(ctx context.Context, number string) error {
	_, err := a.post(ctx, "/cases/"+number+"/join", url.Values{"token": {token(number, "join "+stamp())}, "sure": {"1"}})
	return err
}

// Reply sends words to the customer. name names them within the case: sending
// the same twice sends once.
func (a *Agent) Reply(ctx context.Context, number, name, text string) error {
	_, err := a.post(ctx, "/cases/"+number+"/replies", url.Values{"token": {token(number, name)}, "text": {text}})
	return err
}

// Answer adds words to the case outside its chat. name names them within the
// case: sending the same twice sends once.
func (a *Agent) Answer(ctx context.Context, number, name, text string) error {
	_, err := a.post(ctx, "/cases/"+number+"/answers", url.Values{"token": {token(number, name)}, "text": {text}})
	return err
}

// Amend gives a message of the agent, the entry seq, new words.
func (a *Agent) Amend(ctx context.Context, number string, seq int64, text string) error {
	_, err := a.post(ctx, fmt.Sprintf("/cases/%s/words/%d", number, seq), url.Values{"token": {token(number, "amend "+stamp())}, "text": {text}})
	return err
}

// Withdraw deletes a message of the agent, the entry seq.
func (a *Agent) Withdraw(ctx context.Context, number string, seq int64) error {
	_, err := a.post(ctx, fmt.Sprintf("/cases/%s/words/%d/delete", number, seq), url.Values{"token": {token(number, "withdraw "+stamp())}, "sure": {"1"}})
	return err
}

// RetryWords sends a message of the agent, the entry seq, again that Slack
// refused.
func (a *Agent) RetryWords(ctx context.Context, number string, seq int64) error {
	_, err := a.post(ctx, fmt.Sprintf("/cases/%s/words/%d/retry", number, seq), nil)
	return err
}

// Note writes a note for colleagues. name names it within the case.
func (a *Agent) Note(ctx context.Context, number, name, text string) error {
	_, err := a.post(ctx, "/cases/"+number+"/notes", url.Values{"token": {token(number, name)}, "text": {text}})
	return err
}

// Attach sends a file to the customer. name names it within the case: sending
// the same twice sends once.
func (a *Agent) Attach(ctx context.Context, number, name, file string, data []byte) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	// A buffer takes everything.
	_ = form.WriteField("token", token(number, name))
	part, err := form.CreateFormFile("file", file)
	if err != nil {
		return err // unreachable, as above
	}
	_, _ = part.Write(data)
	_ = form.Close()
	_, err = a.send(ctx, http.MethodPost, "/cases/"+number+"/files", &body, form.FormDataContentType(), jsonFirst)
	return err
}

// Retry tries a file again that did not arrive.
func (a *Agent) Retry(ctx context.Context, file string) error {
	_, err := a.post(ctx, "/files/"+file+"/retry", url.Values{"token": {token(file, stamp())}})
	return err
}

// End ends the chat of the case.
func (a *Agent) End(ctx context.Context, number string) error {
	_, err := a.post(ctx, "/cases/"+number+"/end", url.Values{"token": {token(number, "end "+stamp())}, "sure": {"yes"}})
	return err
}

// Resolve resolves the case.
func (a *Agent) Resolve(ctx context.Context, number string) error {
	_, err := a.post(ctx, "/cases/"+number+"/resolve", url.Values{"token": {token(number, "resolve "+stamp())}, "sure": {"yes"}})
	return err
}

// CompareAgain has the record of a chat compared with Slack's history once
// more; transcript is the Seq of the entry that closes the chat.
func (a *Agent) CompareAgain(ctx context.Context, number string, transcript int64) error {
	_, err := a.post(ctx, "/cases/"+number+"/tally", url.Values{"token": {token(number, "tally "+stamp())}, "seq": {fmt.Sprint(transcript)}})
	return err
}

// Submit sends a form of the console.
func (a *Agent) Submit(ctx context.Context, path string, form url.Values) error {
	_, err := a.post(ctx, path, form)
	return err
}

// Page returns a page of the console as HTML.
func (a *Agent) Page(ctx context.Context, path string) (string, error) {
	return a.send(ctx, http.MethodGet, path, nil, "", "text/html")
}

// Stream opens the console's live stream; the caller closes it.
func (a *Agent) Stream(ctx context.Context) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+"/events", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	client := *a.client
	client.Timeout = 0 // it lasts as long as ctx
	res, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("open the live stream: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("open the live stream: %w", &Refused{Status: res.StatusCode})
	}
	return res.Body, nil
}

func (a *Agent) post(ctx context.Context, path string, form url.Values) (string, error) {
	return a.send(ctx, http.MethodPost, path, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded", jsonFirst)
}

// jsonFirst asks for the answer that scripts get.
const jsonFirst = "application/json, text/html;q=0.9"

func (a *Agent) send(ctx context.Context, method, path string, body io.Reader, kind, accept string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, body)
	if err != nil {
		return "", err
	}
	req.Header.Set("Accept", accept)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := a.client.Do(req)
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxPage))
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", method, path, err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		return "", fmt.Errorf("%s %s: %w", method, path, &Refused{Status: res.StatusCode, Message: sentence(answer)})
	}
	return string(answer), nil
}

// sentence finds what the console said to the person in an error's answer.
func sentence(answer []byte) string {
	var said struct {
		Message string `json:"error"`
	}
	if json.Unmarshal(answer, &said) == nil && said.Message != "" {
		return said.Message
	}
	return http.StatusText(http.StatusBadRequest)
}

// token is how the console's forms name a wish, so that sending one twice is
// one wish.
func token(number, name string) string {
	sum := sha256.Sum256([]byte(number + " " + name))
	return hex.EncodeToString(sum[:16])
}

func stamp() string { return fmt.Sprintf("%x", time.Now().UnixNano()) }
