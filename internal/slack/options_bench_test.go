package slack

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"caseline/internal/catalogue"
	"caseline/internal/desk/matters"
	"caseline/internal/slack/front"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// BenchmarkOptions answers over HTTP what somebody types in the menus of
// services, among 5,000 of five issue types, as Slack asks it: signed, and to be
// answered within 3 s.
func BenchmarkOptions(b *testing.B) {
	c := &matters.Catalogue{}
	for i := range 5 {
		t := matters.IssueType{Code: fmt.Sprintf("type-%d", i), Name: fmt.Sprintf("Issue type %d", i)}
		for n := range 1000 {
			t.Services = append(t.Services, matters.Service{Code: fmt.Sprintf("service-%d-%d", i, n), Name: fmt.Sprintf("Service number %d of the catalogue", 1000*i+n)})
		}
		c.IssueTypes = append(c.IssueTypes, t)
	}
	installed := ident.NewInstalled(self)
	answers := front.New(nil, nil, nil, installed, front.Options{Book: catalogue.Of(c)})
	server := httptest.NewServer(NewIngress(wire.NewVerifier(secret), NewIntake(&kept{}, answers, installed, IntakeOptions{Now: func() time.Time { return now }})))
	defer server.Close()
	for _, tt := range []struct {
		block, typed string
		offers       int
	}{
		{view.FieldService, "", 100}, {view.FieldService, "catalogue 4999", 1}, {view.FieldService, "nothing", 0}, {view.FieldService + ":type-4", "number 4", 100},
	} {
		payload, err := json.Marshal(map[string]any{
			"type": wire.TypeBlockSuggestion, "team": map[string]string{"id": string(self.ID)}, "user": map[string]string{"id": "U1"},
			"block_id": tt.block, "action_id": view.FieldService, "value": tt.typed,
		})
		if err != nil {
			b.Fatal(err)
		}
		body := url.Values{"payload": {string(payload)}}.Encode()
		b.Run(tt.block+"/"+tt.typed, func(b *testing.B) {
			for b.Loop() {
				if n := asked(b, server.URL+"/slack/options", body); n != tt.offers {
					b.Fatalf("%d options, want %d", n, tt.offers)
				}
			}
		})
	}
}

// asked sends a signed request and counts the options in its answer.
func asked(b *testing.B, address, body string) int {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	ts := strconv.FormatInt(now.Unix(), 10)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(wire.HeaderTimestamp, ts)
	r.Header.Set(wire.HeaderSignature, wire.Sign(secret, ts, []byte(body)))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	var offer front.Offer
	if err := json.NewDecoder(answer.Body).Decode(&offer); err != nil || answer.StatusCode != http.StatusOK {
		b.Fatalf("status %d, %v", answer.StatusCode, err)
	}
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		b.Fatal(err)
	}
	return len(offer.Options)
}
