package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/store/storetest"
)

// A busyHouse is a house on a file, with as much in the lists as
// `caseline bench -only growth` has there: 51 chats of Jane's run, one of them
// with a day's talk, 30 people wait, and 25 chats have ended.
type busyHouse struct {
	*house
	in   *browser
	long desk.Case
}

func newBusyHouse(b *testing.B) busyHouse {
	b.Helper()
	h := houseOn(b, storetest.Open(b, storetest.SQLiteURL(b)))
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	for i := range 25 {
		c := h.opened(fmt.Sprintf("Build %d was stuck", i), "Since ten.", "T1:UBOB", desk.SeverityHigh)
		h.join(c, jane)
		h.end(c, desk.ByAgent(jane), desk.EndedByAgent)
	}
	for i := range 30 {
		h.opened(fmt.Sprintf("Build %d is stuck & waits", i), "Since ten, and it does not go on by itself.", "T1:UALICE", desk.SeverityHigh)
	}
	for i := range 50 {
		h.join(h.opened(fmt.Sprintf("Build %d is stuck", i), "Since ten.", "T1:UALICE", desk.SeverityHigh), jane)
	}
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	for i := range 200 {
		h.say(c, "T1:UALICE", fmt.Sprintf("line %d with `code` and **bold** words of a usual length, as people write", i))
	}
	return busyHouse{house: h, in: h.signedIn("jane@example.com"), long: c}
}

// serve asks the handler itself, so that what browsers and sockets do is left out.
func (h busyHouse) serve(b *testing.B, path string) {
	b.Helper()
	handler := h.server.Handler()
	at, err := url.Parse(h.http.URL)
	if err != nil {
		b.Fatal(err)
	}
	cookies := h.in.client.Jar.Cookies(at)
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code, w.Body)
		}
		size = w.Body.Len()
	}
	b.ReportMetric(float64(size), "B/page")
}

// BenchmarkCasePage draws the page of a case with a day's talk.
func BenchmarkCasePage(b *testing.B) {
	h := newBusyHouse(b)
	h.serve(b, "/cases/"+string(h.long.Number))
}

// BenchmarkQueue draws the page of who waits.
func BenchmarkQueue(b *testing.B) { newBusyHouse(b).serve(b, "/") }
