package webapi

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const maxBody = 8 << 20

// args are the arguments of a call: text from forms, anything from JSON.
type args map[string]any

// readArgs takes the arguments from wherever they are: the query, a form, a
// multipart form or a JSON body. The token is one of them unless it was in the
// header.
func readArgs(r *http.Request) (args, error) {
	out := args{}
	take := func(v url.Values) {
		for k, vs := range v {
			out[k] = vs[0]
		}
	}
	take(r.URL.Query())
	if r.Method != http.MethodPost {
		return out, nil
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		return out, readJSON(r.Body, out)
	case "multipart/form-data":
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return nil, errors.New("invalid_form_data")
		}
		take(r.MultipartForm.Value)
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return nil, errors.New("invalid_form_data")
		}
		take(r.PostForm)
	case "":
		if r.ContentLength > 0 {
			return nil, errors.New("missing_post_type")
		}
	default:
		return nil, errors.New("invalid_post_type")
	}
	return out, nil
}

// withoutSecrets are the arguments as the journal may have them.
func (a args) withoutSecrets() args {
	out := maps.Clone(a)
	for _, secret := range []string{"token", "client_secret", "code", "code_verifier", "refresh_token"} {
		delete(out, secret)
	}
	return out
}

func readJSON(body io.Reader, into args) error {
	raw, err := io.ReadAll(body)
	if err != nil || len(raw) == 0 {
		return err
	}
	if err := json.Unmarshal(raw, &into); err != nil {
		return errors.New("invalid_json")
	}
	return nil
}

func (a args) has(key string) bool { v, ok := a[key]; return ok && v != nil }

// str is the argument as text; numbers and truth values are written out.
func (a args) str(key string) string {
	switch v := a[key].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func (a args) yes(key string) bool {
	s := a.str(key)
	return s == "true" || s == "1"
}

// list is the argument as a list of ids: an array, or text with commas.
func (a args) list(key string) []string {
	var out []string
	switch v := a[key].(type) {
	case string:
		for p := range strings.SplitSeq(v, ",") {
			if p = strings.TrimSpace(p); p != "" {
				out = append(out, p)
			}
		}
	case []any:
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

// raw is the argument as JSON: what JSON bodies hold, and forms hold as text.
func (a args) raw(key string) json.RawMessage {
	switch v := a[key].(type) {
	case nil:
		return nil
	case string:
		return json.RawMessage(v)
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			return nil // unreachable: it came from JSON
		}
		return raw
	}
}

// number is the argument as a number, or fallback if it is not there.
func (a args) number(key string, fallback int) (int, error) {
	s := a.str(key)
	if s == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, errors.New("invalid_" + key)
	}
	return n, nil
}
