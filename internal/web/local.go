package web

import (
	"net/url"
	"strings"
)

// LocalPath returns p if it is an address within this server, else the front
// page: what comes from a query must not lead elsewhere.
func LocalPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") {
		return "/"
	}
	return p
}
