package app

import (
	"net/http"
	"testing"
)

func TestAddressOfAVisitor(t *testing.T) {
	for name, tc := range map[string]struct {
		trust   bool
		headers []string
		want    string
	}{
		"no proxy":                          {false, nil, "192.0.2.1"},
		"no proxy, whatever they claim":     {false, []string{"203.0.113.9"}, "192.0.2.1"},
		"behind a proxy":                    {true, []string{"203.0.113.9"}, "203.0.113.9"},
		"a claim, which the proxy adds to":  {true, []string{"198.51.100.7, 203.0.113.9"}, "203.0.113.9"},
		"a claim, and the proxy's own line": {true, []string{"198.51.100.7", "203.0.113.9"}, "203.0.113.9"},
		"a proxy that says nothing":         {true, nil, "192.0.2.1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: "192.0.2.1:4711", Header: http.Header{}}
			for _, h := range tc.headers {
				r.Header.Add("X-Forwarded-For", h)
			}
			if got := address(tc.trust)(r); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}
