package rich

import (
	"fmt"
	"strings"
)

// LinkAddress returns url in the form that may be written into a link, and
// whether it may be followed at all: only http, https, mailto and tel.
// Characters that no address may hold are percent-encoded.
func LinkAddress(url string) (string, bool) {
	url = strings.TrimSpace(url)
	n := schemeLen(url)
	if n == 0 || len(url) == n {
		return "", false
	}
	if strings.HasPrefix(url[n-1:], "//") && len(strings.Trim(url[n:], "/")) == 0 {
		return "", false
	}
	for i := range len(url) {
		if unsafeInURL(url[i]) {
			return encodeURL(url), true
		}
	}
	return url, true
}

// schemeLen returns the length of the scheme that url begins with, with its
// colon, or with "//" for http and https; 0 if it is none of ours.
func schemeLen(url string) int {
	for _, scheme := range [...]string{"https://", "http://", "mailto:", "tel:"} {
		if len(url) >= len(scheme) && strings.EqualFold(url[:len(scheme)], scheme) {
			return len(scheme)
		}
	}
	return 0
}

// unsafeInURL reports whether c, left as it is, could end an address in one of
// the forms that we write: Markdown, Slack's <url|label>, an HTML attribute.
func unsafeInURL(c byte) bool {
	return c <= ' ' || c == 0x7f || strings.IndexByte("<>\"`|\\^{}", c) >= 0
}

func encodeURL(url string) string {
	var b strings.Builder
	for i := range len(url) {
		if c := url[i]; unsafeInURL(c) {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// IsEmail reports whether s can be read as an address for mail. It asks for
// less than the standards do, because it only decides what "<a@b.c>" means.
func IsEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || !strings.Contains(domain, ".") {
		return false
	}
	for i := range len(local) {
		if !isAlnum(local[i]) && strings.IndexByte(".!#$%&'*+/=?^_{}~-", local[i]) < 0 {
			return false
		}
	}
	for _, label := range strings.Split(domain, ".") {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if !isAlnum(label[i]) && label[i] != '-' {
				return false
			}
		}
	}
	return true
}
