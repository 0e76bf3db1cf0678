package web

import (
	"net/http"
	"strings"
)

// Policy is what browsers are told to allow.
type Policy struct {
	// Frames lists origins whose pages may show ours in a frame. Empty: none.
	Frames []string
	// TLS says that people reach us over https only.
	TLS bool
}

// Headers sets the headers that keep a page of ours from being used against
// its reader: only our own scripts, styles and images, no frames, no sniffing.
func Headers(p Policy) func(http.Handler) http.Handler {
	csp := p.contentSecurity()
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Security-Policy", csp)
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
			if len(p.Frames) == 0 {
				h.Set("X-Frame-Options", "DENY") // for browsers that predate frame-ancestors
			}
			if p.TLS {
				h.Set("Strict-Transport-Security", "max-age=31536000")
			}
			next.ServeHTTP(w, r)
		})
	}
}

func (p Policy) contentSecurity() string {
	frames := "'none'"
	if len(p.Frames) > 0 {
		frames = strings.Join(p.Frames, " ")
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self'",
		"connect-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors " + frames,
	}, "; ")
}
