package device_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"caseline/internal/console/device"
	"caseline/internal/desk"
)

func TestABrowserIsKnownAgain(t *testing.T) {
	var w device.Watch
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	jane := desk.Agent{ID: "jane", SeenAt: now}
	see := func(cookie *http.Cookie, agent string) (id string, phone, due bool, set []*http.Cookie) {
		r, answer := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), httptest.NewRecorder()
		r.Header.Set("User-Agent", agent)
		if cookie != nil {
			r.AddCookie(cookie)
		}
		d, due := w.Due(device.Load(answer, r, true).Context(), jane, now)
		if due && (d.Agent != "jane" || !d.SeenAt.Equal(now)) {
			t.Errorf("got %+v", d)
		}
		return d.ID, d.Phone, due, answer.Result().Cookies()
	}
	first, phone, due, set := see(nil, "Mozilla/5.0 (X11; Linux)")
	if phone || !due || len(set) != 1 || set[0].Value != first || !set[0].HttpOnly || !set[0].Secure || set[0].SameSite != http.SameSiteLaxMode {
		t.Errorf("got %v, %v, %+v", phone, due, set)
	}
	if again, _, due, more := see(set[0], "Mozilla/5.0 (X11; Linux)"); again != first || due || len(more) != 0 {
		t.Errorf("again: got %q, due %v, %+v", again, due, more)
	}
	other, phone, due, _ := see(&http.Cookie{Name: set[0].Name, Value: "made up"}, "Mozilla/5.0 (iPhone) Mobile/15E148")
	if other == first || !phone || !due {
		t.Errorf("another: got %q, %v, %v", other, phone, due)
	}
	now = now.Add(desk.SeenEvery)
	if _, _, due, _ := see(set[0], "Mozilla/5.0 (X11; Linux)"); !due {
		t.Error("not due again after half a minute")
	}
}
