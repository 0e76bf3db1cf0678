package console_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/casework/auditlog"
	"caseline/internal/casework/exporting"
	"caseline/internal/casework/forgetting"
	"caseline/internal/casework/rating"
	"caseline/internal/casework/reckoning"
	"caseline/internal/casework/retention"
	"caseline/internal/casework/rosters"
	"caseline/internal/casework/versions"
	"caseline/internal/catalogue"
	"caseline/internal/console"
	"caseline/internal/console/lead"
	"caseline/internal/console/privacy"
	"caseline/internal/console/room"
	"caseline/internal/console/topics"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/roster"
	"caseline/internal/store/storetest"
)

// A whole is an office with every room, in which things have happened.
type whole struct {
	*office
	s    *sample
	team roster.Team
	book *catalogue.Book
	// follow has what is saved in force; a test that does not look says nothing.
	follow func(context.Context) error
}

func wholeOffice(t *testing.T) *whole {
	t.Helper()
	parsed, err := catalogue.Parse(catalogue.Default())
	if err != nil {
		t.Fatal(err)
	}
	on, book := storetest.SQLite(t), catalogue.Of(parsed)
	person := func(w desk.WorkspaceID, user string) desk.PersonID { return desk.PersonID(string(w) + ":" + user) } // as the sample has them
	split := func(id desk.PersonID) (desk.WorkspaceID, string, bool) {
		w, user, ok := strings.Cut(string(id), ":")
		return desk.WorkspaceID(w), user, ok
	}
	w := &whole{book: book, follow: func(context.Context) error { return nil }}
	w.office = officeOn(t, on, func(opt *console.Options) {
		opt.Book = book
		opt.Rooms = append(opt.Rooms,
			&later{func() room.Room {
				return lead.New(lead.Needs{Read: on, Cases: w.cases, Catalogue: func() *matters.Catalogue { return book.Catalogue() }, Token: rand.Text, Took: auditlog.Book{Store: on, Now: opt.Now}.TookReport})
			}},
			privacy.Room{
				Read: on, Keep: retention.New(on, retention.Options{Now: opt.Now}), Export: exporting.New(on, opt.Now), Person: person, Split: split,
				Forget: forgetting.New(on, forgetting.Options{Now: opt.Now, Split: split, Person: person}),
			},
			topics.Room{Read: on, Do: versions.New(on, opt.Now), Book: book, Follow: func(ctx context.Context) error { return w.follow(ctx) }},
		)
	})
	w.serve(northwind, "T1", "C0PLATFORM", "platform-support")
	w.s = fill(w.house)
	w.happen(t)
	return w
}

// happen has done what the rooms show.
func (w *whole) happen(t *testing.T) {
	t.Helper()
	h, ctx := w.house, t.Context()
	said, err := rating.New(h.store, h.clock.now).Rate(ctx, rating.Rate{Case: w.s.ended.ID, Chat: w.s.ended.Chat.ID, By: "T1:UCARLA", Score: 4, Remark: "Merci"})
	_, counted := said, reckoning.New(h.store, reckoning.Options{Now: h.clock.now}).Catch(ctx)
	hours, wrong := roster.Written{Zone: "Europe/Berlin", Open: "sun 03:00-03:30", Holidays: "12-25"}.Read()
	do := rosters.New(h.store, h.clock.now)
	team, saved := do.SaveTeam(ctx, desk.ByItself(), roster.Team{Name: "Nuit", Members: []desk.AgentID{w.s.omar.ID}, Skills: roster.Skills{Languages: []string{"de"}}, Hours: hours})
	if err := errors.Join(err, counted, wrong, saved); err != nil {
		t.Fatal(err)
	}
	w.team = team
	in := h.signedIn("omar@example.com")
	for _, one := range []struct {
		path string
		form url.Values
	}{
		{"/replies", url.Values{"name": {"merci"}, "text": {"Merci {{customer}} !"}, "for": {"me"}}},
		{"/setup/catalogue/types", url.Values{"version": {"0"}, "code": {"autre"}, "name": {"Autre"}}},
		{"/privacy/exports", url.Values{"account": {string(northwind)}}},
		{"/cases/" + string(w.s.resolved.Number) + "/hold", url.Values{"reason": {"Litige"}}},
		{"/cases/" + string(w.s.watched.Number) + "/snooze", url.Values{"until": {"hour"}, "token": {rand.Text()}}},
		{"/views", url.Values{"name": {"Urgents"}, "query": {"severity=urgent"}}},
	} {
		if got := in.post(one.path, one.form); got.status != http.StatusOK {
			t.Fatalf("%s: got %d: %s", one.path, got.status, got.body)
		}
	}
}

// paths are pages of the rooms.
func (w *whole) paths() []string {
	number := string(w.s.running.Number)
	return []string{
		"/wall", "/wall?screen", "/reports", "/reports?period=1&by=severity", "/reports?period=365&by=account", "/teams", "/teams/new", "/teams?did=saved", "/teams/" + string(w.team.ID), "/seats/" + string(w.s.omar.ID),
		"/replies", "/privacy", "/privacy?q=car", "/privacy?q=zebra", "/privacy?was=U0", "/privacy/person?id=T1:UCARLA", "/privacy/person?agent=" + string(w.s.jane.ID), "/privacy/records", "/setup/accounts/" + string(northwind) + "/policy",
		"/cases/" + number + "/keeping", "/cases/" + string(w.s.resolved.Number) + "/keeping", "/cases/" + number + "/whisper", "/setup/catalogue", "/setup/catalogue?did=saved", "/setup/catalogue/types/technical", "/setup/catalogue/yaml",
		"/setup/catalogue/versions", "/setup/catalogue/versions/1", "/setup/catalogue/preview", "/setup/agents/" + string(w.s.jane.ID), "/setup/agents/" + string(w.s.omar.ID), "/setup/agents?q=zebra", "/me/second-factor",
	}
}

// Whoever answers customers goes online and away on every page of the console.
func TestEveryPageHasThePresence(t *testing.T) {
	w := wholeOffice(t)
	in := w.signedIn("omar@example.com")
	for _, path := range append(w.paths(), "/", "/chats", "/cases", "/setup", "/setup/agents", "/audit", "/me", "/cases/"+string(w.s.running.Number)) {
		page := parsePage(t, in.get(path).body)
		if len(page.all(".side")) > 0 && len(page.all(".side .presence-button")) != 1 {
			t.Errorf("%s: nobody can go away there", path)
		}
	}
}
