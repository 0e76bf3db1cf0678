package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"caseline/internal/casework/dispatch"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/routing"
	"caseline/internal/store"
)

// catalogueOf is what the teams of a test can have as skills.
func catalogueOf() *matters.Catalogue { return services(3) }

// offers has the house's waiting chats offered, as a node does.
func (h *house) offers() {
	h.t.Helper()
	if _, err := dispatch.New(h.store, routing.Rules{OfferFor: 30 * time.Second}, h.clock.now).Sweep(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// online has an agent take chats.
func (h *house) online(a desk.Agent) {
	h.t.Helper()
	if err := h.cases.SetPresence(h.t.Context(), a.ID, desk.Online); err != nil {
		h.t.Fatal(err)
	}
}

// role gives an agent a role.
func (h *house) role(a desk.Agent, to desk.Role) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		a, err := tx.LockAgent(h.t.Context(), a.ID)
		if err != nil {
			return err
		}
		a.Role = to
		return tx.SaveAgent(h.t.Context(), &a)
	})
}

const aToken = "0123456789abcdef"

func TestB5_AnOfferIsOnEveryPageOfWhoIsAsked(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	b := h.signedIn("jane@example.com") // and so she is there
	h.online(jane)
	c := h.opened("VPN is down", "Since ten.", "T1:UALICE", desk.SeverityHigh)
	h.offers()
	omar := h.agent("omar@example.com", "Omar Haddad", desk.RoleAgent)
	for _, page := range []string{"/", "/chats", "/cases", "/me", "/cases/" + string(c.Number)} {
		doc := parsePage(t, b.get(page).body)
		if got := doc.one(t, ".offer").attrs["aria-label"]; got != "A chat is offered to you: VPN is down" {
			t.Errorf("%s: got %q", page, got)
		}
	}
	if got := parsePage(t, b.get("/").body).one(t, ".rows-queue .row-reason").text; got != "Offered to you" {
		t.Errorf("in her queue: got %q", got)
	}
	other := h.signedIn("omar@example.com")
	h.online(omar)
	doc := parsePage(t, other.get("/").body)
	if len(doc.all(".offer")) != 0 || doc.one(t, ".rows-queue .row-reason").text != "Offered to Jane Doe" {
		t.Errorf("in his: got %q, %d offers", doc.one(t, ".rows-queue .row-reason").text, len(doc.all(".offer")))
	}
	if got := b.post("/offers/"+string(c.Number)+"/pass", url.Values{"back": {"/chats"}}); got.status != http.StatusOK || got.path != "/chats" {
		t.Errorf("passing: got %d to %q", got.status, got.path)
	}
	if len(parsePage(t, b.get("/").body).all(".offer")) != 0 {
		t.Error("she passed, and it is offered still")
	}
	h.offers()
	if h.get(c.ID).Chat.Offer.Agent != omar.ID {
		t.Fatalf("got %+v", h.get(c.ID).Chat.Offer)
	}
	form := parsePage(t, other.get("/").body).all(".offer input")[0]
	for range 2 { // twice is once
		if got := other.post("/cases/"+string(c.Number)+"/join", url.Values{"token": {form.attrs["value"]}}); got.status != http.StatusOK {
			t.Errorf("accepting: got %d", got.status)
		}
	}
	if chat := h.get(c.ID).Chat; chat.Agent != omar.ID || chat.Offer.Agent != "" {
		t.Errorf("got %+v", chat)
	}
}

func TestNextTakesTheRightChat(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	h.role(h.agent("aude@example.com", "Aude", desk.RoleAgent), desk.RoleAuditor)
	b := h.signedIn("jane@example.com")
	severe := h.opened("Severe", "D", "T1:UALICE", desk.SeverityCritical)
	german := h.opened("German", "D", "T1:UBOB", desk.SeverityLow)
	offered := h.opened("Offered", "D", "T1:UEMI", desk.SeverityLow)
	h.update(func(tx store.Tx) error {
		return tx.SaveSeat(t.Context(), &roster.Seat{Agent: jane.ID, Skills: roster.Skills{Services: []string{"service-1"}}})
	})
	change := func(id desk.CaseID, fn func(*desk.Case)) {
		h.update(func(tx store.Tx) error {
			c, err := tx.LockCase(t.Context(), id)
			if err != nil {
				return err
			}
			fn(&c)
			return tx.SaveCase(t.Context(), &c)
		})
	}
	now := h.now()
	change(offered.ID, func(c *desk.Case) { c.MakeOffer(desk.ByAgent(jane), now.Add(time.Minute), now) })
	change(severe.ID, func(c *desk.Case) { c.MakeOffer(desk.Actor{ID: "omar", Name: "Omar"}, now.Add(time.Minute), now) })
	for i, want := range []desk.Case{offered, german, severe} {
		token := aToken + strings.Repeat("x", i)
		got := b.post("/next", url.Values{"token": {token}})
		if got.status != http.StatusOK || got.path != "/cases/"+string(want.Number) {
			t.Errorf("got %d to %q, want case %s", got.status, got.path, want.Number)
		}
		if again := b.post("/next", url.Values{"token": {token}}); i < 2 && again.path != "/chats" {
			t.Errorf("the same press again leads to %q", again.path)
		}
	}
	if got := b.post("/next", url.Values{"token": {aToken + "end"}}); got.status != http.StatusOK || parsePage(t, got.body).one(t, ".toast").text != "Nobody is waiting at the moment." {
		t.Errorf("with nobody waiting: got %d", got.status)
	}
	if got := h.signedIn("aude@example.com").post("/next", url.Values{"token": {aToken}}); got.status != http.StatusForbidden {
		t.Errorf("an auditor: got %d", got.status)
	}
}

func TestTeamsAreForLeadsAndWorkWithoutScript(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	h.role(h.agent("lena@example.com", "Lena Fox", desk.RoleAgent), desk.RoleLead)
	h.role(h.agent("aude@example.com", "Aude", desk.RoleAgent), desk.RoleAuditor)
	for _, email := range []string{"jane@example.com", "aude@example.com"} {
		in := h.signedIn(email)
		for _, page := range []string{"/teams", "/teams/new", "/seats/" + string(jane.ID)} {
			if got := in.get(page); got.status != http.StatusForbidden {
				t.Errorf("%s of %s: got %d", page, email, got.status)
			}
		}
		if got := in.post("/teams", url.Values{"name": {"Mine"}}); got.status != http.StatusForbidden {
			t.Errorf("%s makes a team: got %d", email, got.status)
		}
	}
	b := h.signedIn("lena@example.com")
	if got := parsePage(t, b.get("/teams").body); len(got.all(".rows-teams .row")) != 2 { // Jane and Lena; auditors do not answer
		t.Errorf("got %d rows", len(got.all(".rows-teams .row")))
	}
	fields := url.Values{
		"name": {"Night"}, "members": {string(jane.ID)}, "languages": {"de"}, "services": {"service-1", "service-2"},
		"zone": {"Europe/Berlin"}, "open": {"mon-fri 20:00-24:00"}, "holidays": {"12-25 Christmas"},
	}
	wrong := url.Values{"name": {"Night"}, "zone": {"Berlin"}, "open": {"mon 9:00-10:00"}}
	got := b.post("/teams", wrong)
	if doc := parsePage(t, got.body); got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest || doc.one(t, "#wrong-zone") == nil || doc.one(t, "#name").attrs["value"] != "Night" {
		t.Errorf("a zone that there is not: got %d", got.status)
	}
	if got := b.post("/teams", fields); got.status != http.StatusOK || got.path != "/teams" {
		t.Errorf("got %d to %q", got.status, got.path)
	}
	teams, err := h.store.Teams(t.Context())
	if err != nil || len(teams) != 1 || !teams[0].Has(jane.ID) || len(teams[0].Skills.Services) != 2 || len(teams[0].Hours.Holidays) != 1 {
		t.Fatalf("got %+v, %v", teams, err)
	}
	path := "/teams/" + string(teams[0].ID)
	doc := parsePage(t, b.get(path).body)
	if got := doc.one(t, "#open").text; got != "mon-fri 20:00-24:00" {
		t.Errorf("its hours: got %q", got)
	}
	fields.Set("name", "Late")
	fields.Del("members")
	if got := b.post(path, fields); got.status != http.StatusOK {
		t.Errorf("got %d", got.status)
	}
	if got := parsePage(t, b.get("/teams").body).all(".rows-teams .row-title")[0].text; got != "Late" {
		t.Errorf("got %q", got)
	}
	seat := "/seats/" + string(jane.ID)
	if got := b.post(seat, url.Values{"capacity": {"many"}}); parsePage(t, got.body).one(t, "#wrong-capacity") == nil || got.status == http.StatusOK {
		t.Errorf("many chats: got %d", got.status)
	}
	if got := b.post(seat, url.Values{"capacity": {"2"}, "languages": {"en"}}); got.path != "/teams" {
		t.Errorf("got %d to %q", got.status, got.path)
	}
	if seats, err := h.store.Seats(t.Context()); err != nil || len(seats) != 1 || seats[0].Capacity != 2 || len(seats[0].Skills.Languages) != 1 {
		t.Errorf("got %+v, %v", seats, err)
	}
	for range 2 {
		if got := b.post(path+"/remove", nil); got.path != "/teams" {
			t.Errorf("got %d to %q", got.status, got.path)
		}
	}
	if got := b.get(path); got.status != http.StatusNotFound {
		t.Errorf("a team that is gone: got %d", got.status)
	}
	entries, err := h.store.Audit(t.Context(), desk.AuditFilter{}, 0, 4)
	if err != nil || entries[0].What != "team-removed" || entries[0].By.Name != "Lena Fox" || entries[1].What != "agent-seat" {
		t.Errorf("audit: got %+v, %v", entries, err)
	}
}

// Each browser is seen by itself, and the teams' page says where somebody is.
func TestPresenceIsByDevice(t *testing.T) {
	h := newHouse(t)
	lena := h.agent("lena@example.com", "Lena Fox", desk.RoleAgent)
	h.role(lena, desk.RoleLead)
	says := func(b *browser) string {
		t.Helper()
		return parsePage(t, b.get("/teams").body).one(t, ".rows-teams .row-preview").text
	}
	h.online(lena)
	b := h.signedIn("lena@example.com")
	if got := says(b); got != "Online at 1 computer" {
		t.Errorf("got %q", got)
	}
	h.browser().post("/login", url.Values{"email": {"lena@example.com"}, "password": {password}}, "User-Agent", "Mozilla/5.0 (iPhone) Mobile")
	if got := says(b); got != "Online at a computer and by phone" {
		t.Errorf("got %q", got)
	}
}

// Whoever signs out is offline at once, unless they have the console open elsewhere.
func TestB5_WhoSignsOutIsOfflineAtOnce(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	there := func() desk.Presence {
		t.Helper()
		a, err := h.store.Agent(t.Context(), jane.ID)
		if err != nil {
			t.Fatal(err)
		}
		return roster.There(a, h.clock.now())
	}
	h.online(jane)
	desktop, laptop := h.signedIn("jane@example.com"), h.signedIn("jane@example.com")
	desktop.get("/")
	laptop.get("/")
	desktop.post("/logout", nil)
	if got := there(); got != desk.Online {
		t.Errorf("with a console open at another device: got %s", got)
	}
	laptop.post("/logout", nil)
	if got := there(); got != roster.Offline {
		t.Errorf("signed out everywhere: got %s", got)
	}
	h.signedIn("jane@example.com").get("/")
	if got := there(); got != desk.Online {
		t.Errorf("back again: got %s", got)
	}
}
