package tongue

import (
	"context"
	"net/http"
	"strings"
)

// Cookie names the language that was chosen in a browser.
const Cookie = "caseline_tongue"

type spoken struct{}

// With returns a context of a request whose answer is in a language.
func With(ctx context.Context, t Tongue) context.Context { return context.WithValue(ctx, spoken{}, t) }

// From is the language of a request's context; English when none is said.
func From(ctx context.Context) Tongue {
	t, _ := ctx.Value(spoken{}).(Tongue)
	return t
}

// Of is the language of the answer to a request: what its context says, what was
// chosen in the browser, or what the browser asks for.
func Of(r *http.Request) Tongue {
	if t, ok := r.Context().Value(spoken{}).(Tongue); ok {
		return t
	}
	if cookie, err := r.Cookie(Cookie); err == nil {
		if t, ok := By(cookie.Value); ok {
			return t
		}
	}
	return asked(r.Header.Get("Accept-Language"))
}

// asked is the first language of a list that is spoken. Browsers list them as
// their owners like them best.
func asked(list string) Tongue {
	for entry := range strings.SplitSeq(list, ",") {
		code, weight, _ := strings.Cut(entry, ";")
		code, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(code)), "-")
		if strings.ReplaceAll(strings.TrimSpace(weight), " ", "") == "q=0" {
			continue
		}
		if t, ok := By(code); ok {
			return t
		}
	}
	return Tongue{}
}
