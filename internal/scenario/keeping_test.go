package scenario

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/app/agent"
	"caseline/internal/catalogue"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/report"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/signin"
	"caseline/internal/desk/sought"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
	"caseline/internal/takeout"
)

// ago has a case look as if it had been resolved some time ago.
func (c *chat) ago(d time.Duration) {
	c.h.Helper()
	was := c.record()
	c.h.must(c.h.app.Store.Update(c.h.ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(context.Background(), was.ID)
		if err != nil {
			return err
		}
		c.ResolvedAt = c.ResolvedAt.Add(-d)
		return tx.SaveCase(context.Background(), &c)
	}))
}

func (h *house) record(cause keeping.Cause) (e keeping.Erasure) {
	h.Helper()
	h.until("erased: "+string(cause), func() bool {
		all, err := h.app.Store.Erasures(h.ctx, time.Time{}, 9)
		h.must(err)
		for _, e = range all {
			if e.Cause == cause && !e.Ended.IsZero() {
				return true
			}
		}
		return false
	})
	return e
}

// keeps has the house keep things beside the log of a case: what Alice and Bob said
// of its chat, and what Jane keeps for herself, is let in with, and belongs to.
func (h *house) keeps(c *chat, words string) (jane desk.Agent) {
	h.Helper()
	jane, err := h.app.Store.AgentByEmail(h.ctx, janeEmail)
	h.must(err)
	was, now := c.record(), time.Now().UTC()
	h.must(h.app.Store.Update(h.ctx, func(tx store.Tx) error {
		ctx, a := context.Background(), jane.ID
		rating := report.Rating{Chat: was.Chat.ID, Case: was.ID, Person: h.person(h.alice), Score: 2, Remark: words + "-remark", EndedAt: now, GivenAt: now, ChangedAt: now}
		of := rating
		of.Person, of.Remark = h.person(h.bob), "tuna-remark"
		return errors.Join(
			tx.SaveRating(ctx, &rating), tx.SaveRating(ctx, &of),
			tx.SaveJotting(ctx, &personal.Jotting{Agent: a, Case: was.ID, Kind: personal.JotReply, Text: words + "-jotting", Revision: 1}),
			tx.SaveMention(ctx, &personal.Mention{Agent: a, Case: was.ID, Seq: 1}),
			tx.SaveSnooze(ctx, &personal.Snooze{Agent: a, Case: was.ID, Until: now.Add(time.Hour), Seq: 99}),
			tx.SaveLook(ctx, &personal.Look{Case: was.ID, Agent: a, Page: words + "-page", ExpiresAt: now.Add(time.Hour)}),
			tx.SaveCanned(ctx, &personal.Canned{ID: "own", Name: "hello", Agent: a, Text: words + "-canned", ChangedAt: now}),
			tx.SaveView(ctx, &personal.View{ID: "own", Agent: a, Name: words + "-view", Query: "q=x"}),
			tx.SavePreference(ctx, &personal.Preference{Agent: a, Key: "undo", Value: words + "-value"}),
			tx.SeeDevice(ctx, &roster.Device{Agent: a, ID: words + "-device", SeenAt: now}),
			tx.SaveSeat(ctx, &roster.Seat{Agent: a, Skills: roster.Skills{Languages: []string{words + "-language"}}}),
			tx.SaveTeam(ctx, &roster.Team{ID: "team-1", Name: "Builders", Members: []desk.AgentID{a, "agent-else"}}),
			tx.SaveSignIn(ctx, &signin.Session{ID: words + "-sign-in", Agent: a, Began: now, Seen: now, Expires: now.Add(time.Hour), Address: words + "-address", Way: signin.Password}),
			tx.SaveFactor(ctx, &signin.Factor{Agent: a, Secret: words + "-secret", Since: now}),
			tx.SaveIdentity(ctx, &signin.Identity{Issuer: "https://id.example", Subject: words + "-subject", Agent: a, Since: now}),
			tx.SaveInvitation(ctx, &signin.Invitation{ID: words + "-invitation", Hash: "h", Email: janeEmail, Agent: a, By: "Olivia", At: now, Expires: now.Add(time.Hour)}),
		)
	}))
	return jane
}

// B2, retention: what an operator lets go is nowhere after its time, a stub stays,
// and what is held stays whole.
func TestB2_RetentionErasesWhatHasHadItsTime(t *testing.T) {
	each(t, func(h *house) {
		olivia := h.signIn(oliviaEmail)
		c := h.asks(h.alice, "swordfish-subject is stuck").joins()
		m := c.post(h.alice, "my password is swordfish-one")
		c.recorded("my password is swordfish-one")
		m.Edit(h.alice, "my password is swordfish-two")
		c.has(desk.KindEdit, 1)
		c.upload(h.alice, "swordfish-three.txt", []byte("swordfish-four"), "and swordfish-five")
		c.file(desk.FileReady)
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "swordfish-six is a bad one"))
		h.must(h.jane.Note(h.ctx, c.number, "n1", "swordfish-seven inside"))
		h.quiet()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("saved")
		h.must(h.jane.Resolve(h.ctx, c.number))
		h.quiet()
		jane := h.keeps(c, "cod")
		kept := h.asks(h.alice, "tuna is held").joins()
		kept.post(h.alice, "tuna-one")
		kept.recorded("tuna-one")
		h.must(h.jane.End(h.ctx, kept.number))
		kept.says("saved")
		h.must(h.jane.Resolve(h.ctx, kept.number))
		h.quiet()
		h.must(olivia.Submit(h.ctx, "/cases/"+kept.number+"/hold", url.Values{"reason": {"A court wants it."}}))
		h.somewhere("swordfish-subject", "swordfish-one", "swordfish-two", "swordfish-three", "swordfish-four", "swordfish-five", "swordfish-six", "swordfish-seven", "tuna-one", "cod-remark", "cod-jotting", "cod-page")
		c.ago(49 * time.Hour)
		kept.ago(49 * time.Hour)
		policy := "/setup/accounts/" + string(acmeID) + "/policy"
		h.must(olivia.Submit(h.ctx, policy, url.Values{"cases": {"1"}, "do": {"save"}}))
		if p, err := h.app.Store.Policy(h.ctx, acmeID); err != nil || p.Cases != 0 {
			h.Fatalf("it is in force before anybody was asked: %+v, %v", p, err)
		}
		h.must(olivia.Submit(h.ctx, policy, url.Values{"cases": {"1"}, "do": {"erase"}}))
		e := h.record(keeping.ByTime)
		h.ages()
		h.nowhere("swordfish", "cod-remark", "tuna-remark", "cod-jotting", "cod-page")
		h.somewhere("cod-canned", "cod-value")
		if e.Counts["cases"] != 1 || e.Counts["files"] != 1 || e.Counts["words"] < 4 || e.Counts["remarks"] != 2 {
			h.Errorf("the record says %v", e.Counts)
		}
		if named, err := h.app.Store.Mentions(h.ctx, jane.ID, 9); err != nil || len(named) > 0 {
			h.Errorf("notes that are gone mention Jane: %v, %v", named, err)
		}
		was := c.record()
		if was.Subject != "(erased)" || string(was.Number) != c.number || was.ResolvedAt.IsZero() || was.Chat.Messages == 0 || was.Severity == "" {
			h.Errorf("the stub: %+v", was)
		}
		c.shows("erased, because this account keeps what is in cases for a time only")
		kept.shows("tuna-one")
		if got := kept.record().Subject; got != "tuna is held" {
			h.Errorf("the case that is held: %q", got)
		}
		if found, err := h.app.Store.Search(h.ctx, sought.Query{Text: "swordfish", Limit: 9}); err != nil || len(found.Hits) != 0 {
			h.Errorf("it is found still: %+v, %v", found, err)
		}
	}, func(h *house) { h.poll = 50 * time.Millisecond })
}

// B6: an operator has a person erased, and the record is all that is left.
func TestB6_APersonIsErasedEverywhere(t *testing.T) {
	each(t, func(h *house) {
		olivia := h.signIn(oliviaEmail)
		c := h.asks(h.alice, "swordfish-subject is stuck", h.bob).joins()
		m := c.post(h.alice, "my password is swordfish-one")
		c.post(h.bob, "I know, @alice")
		c.recorded("my password is swordfish-one", "I know, <@"+h.alice.ID+">")
		m.Edit(h.alice, "my password is swordfish-two")
		c.has(desk.KindEdit, 1)
		c.upload(h.alice, "swordfish-three.txt", []byte("swordfish-four"), "and swordfish-five")
		c.file(desk.FileReady)
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "thank you"))
		h.quiet()
		who := url.Values{"id": {string(h.person(h.alice))}, "typed": {"Alice Martin"}}
		if err := olivia.Submit(h.ctx, "/privacy/person", who); err == nil || !strings.Contains(err.Error(), "End the chat first") {
			h.Errorf("while the chat runs: %v", err)
		}
		h.must(h.jane.End(h.ctx, c.number))
		c.says("saved")
		h.quiet()
		h.keeps(c, "cod")
		h.somewhere("swordfish-subject", "swordfish-two", "swordfish-three", "swordfish-four", "swordfish-five", "Alice Martin", "cod-remark")
		page, err := olivia.Page(h.ctx, "/privacy/person?id="+url.QueryEscape(string(h.person(h.alice))))
		h.must(err)
		if strings.Contains(page, "is held") {
			h.Error("the preview says that something is held")
		}
		h.must(olivia.Submit(h.ctx, "/cases/"+c.number+"/hold", url.Values{"reason": {"A court wants it."}}))
		page, err = olivia.Page(h.ctx, "/privacy/person?id="+url.QueryEscape(string(h.person(h.alice))))
		h.must(err)
		for _, want := range []string{"1 file in 1 case", "Type Alice Martin", "Case " + c.number + " is held: A court wants it."} {
			if !strings.Contains(page, want) {
				h.Errorf("the preview does not say %q", want)
			}
		}
		wrong := url.Values{"id": who["id"], "typed": {"Alice"}}
		if err := olivia.Submit(h.ctx, "/privacy/person", wrong); err == nil {
			h.Error("half of a name confirms it")
		}
		if err := h.jane.Submit(h.ctx, "/privacy/person", who); err == nil || !strings.Contains(err.Error(), "for operators") {
			h.Errorf("an agent: %v", err)
		}
		h.must(olivia.Submit(h.ctx, "/privacy/person", who))
		e := h.record(keeping.ByWish)
		h.ages()
		h.nowhere("swordfish", "Alice Martin", h.alice.ID, "cod-remark")
		h.somewhere("tuna-remark")
		if e.Counts["cases"] != 1 || e.Counts["files"] != 1 || e.Counts["words"] < 3 || e.Counts["ratings"] != 1 || e.Subject+e.Called != "" {
			h.Errorf("the record: %+v", e)
		}
		c.shows("Erased person", "erased at the wish of their author", "thank you", "I know")
		certificate, err := olivia.Page(h.ctx, "/privacy/records/"+e.ID)
		if err != nil || !strings.Contains(certificate, e.Hash) || strings.Contains(certificate, "Alice") {
			h.Errorf("the certificate: %v", err)
		}
		for id, want := range map[string]string{h.alice.ID: "Yes: there is 1 record", h.bob.ID: "No: there is no record"} {
			answer, err := olivia.Page(h.ctx, "/privacy?was="+id)
			if err != nil || !strings.Contains(answer, want) {
				h.Errorf("was %s erased? want %q, %v", id, want, err)
			}
		}
		// Whoever writes again is somebody new.
		again := h.asks(h.alice, "It is stuck again")
		h.until("her name is known anew", func() bool {
			people, err := h.app.Store.People(h.ctx, []desk.PersonID{h.person(h.alice)})
			h.must(err)
			return people[h.person(h.alice)].Name == "Alice Martin"
		})
		if got := c.record().Requester; got == h.person(h.alice) || again.record().Requester != h.person(h.alice) {
			h.Errorf("the erased case is %s's again", got)
		}
	}, func(h *house) { h.poll = 50 * time.Millisecond })
}

// B6: an agent who is gone leaves no name, and their words stay.
func TestB6_AnAgentIsMadeNameless(t *testing.T) {
	each(t, func(h *house) {
		olivia := h.signIn(oliviaEmail)
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "look at the cache"))
		h.quiet()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("saved")
		h.quiet()
		jane := h.keeps(c, "swordfish")
		own := []string{"jotting", "page", "canned", "view", "value", "device", "language", "sign-in", "address", "secret", "subject", "invitation"}
		for _, what := range own {
			h.somewhere("swordfish-" + what)
		}
		h.must(olivia.Submit(h.ctx, "/privacy/person", url.Values{"agent": {string(jane.ID)}, "typed": {"Jane"}}))
		h.record(keeping.OfAgents)
		for _, what := range own {
			h.nowhere("swordfish-" + what)
		}
		h.nowhere(janeEmail)
		h.somewhere("swordfish-remark") // the customer's word
		teams, err := h.app.Store.Teams(h.ctx)
		if want := []desk.AgentID{"agent-else"}; err != nil || len(teams) != 1 || !slices.Equal(teams[0].Members, want) {
			h.Errorf("the teams: %+v, %v", teams, err)
		}
		if page, err := olivia.Page(h.ctx, "/cases/"+c.number); err != nil || !strings.Contains(page, "look at the cache") || !strings.Contains(page, "Former agent") || strings.Contains(page, "Jane") {
			h.Errorf("the case does not show her words under another name, %v", err)
		}
		if _, err := h.app.Store.AgentByEmail(h.ctx, janeEmail); err == nil {
			h.Error("her address is there")
		}
		if err := h.jane.Note(h.ctx, c.number, "n1", "still here"); err == nil {
			h.Error("she is signed in")
		}
	}, func(h *house) { h.poll = 50 * time.Millisecond })
}

var exportLink = regexp.MustCompile(`href="(/privacy/exports/[a-z0-9]+)" download`)

// B6: the data of an account comes in one file, which says what is in it.
func TestB6_AnAccountsDataIsExported(t *testing.T) {
	each(t, func(h *house) {
		olivia := h.signIn(oliviaEmail)
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "it waits and waits")
		c.recorded("it waits and waits")
		c.upload(h.alice, "log.txt", []byte("line one\n"), "")
		f := c.file(desk.FileReady)
		h.quiet()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("saved")
		h.quiet()
		h.must(olivia.Submit(h.ctx, "/privacy/exports", url.Values{"account": {string(acmeID)}}))
		link := ""
		h.until("the export is ready", func() bool {
			page, err := olivia.Page(h.ctx, "/privacy")
			h.must(err)
			if found := exportLink.FindStringSubmatch(page); found != nil {
				link = found[1]
			}
			return link != ""
		})
		body, err := olivia.Page(h.ctx, link)
		h.must(err)
		parts := h.unzips([]byte(body))
		in := "cases/" + c.number + "/"
		if got := string(parts[in+"files/001-"+f.Name]); got != "line one\n" {
			h.Errorf("the file: %q", got)
		}
		want := c.log()
		var got []desk.Correspondence
		for dec := json.NewDecoder(bytes.NewReader(parts[in+"log.jsonl"])); dec.More(); {
			var e desk.Correspondence
			h.must(dec.Decode(&e))
			got = append(got, e)
		}
		if len(got) != len(want) {
			h.Fatalf("the log has %d entries, want %d", len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				h.Errorf("entry %d: got %+v, want %+v", i+1, got[i], want[i])
			}
		}
		for path, words := range map[string]string{
			in + "case.html": "it waits and waits", in + "chat-1.html": "it waits and waits", in + "case.json": "Build is stuck",
			"people.json": "Alice Martin", "audit.jsonl": "agent-joined", "account.json": "Acme",
		} {
			if !strings.Contains(string(parts[path]), words) {
				h.Errorf("%s does not say %q", path, words)
			}
		}
		if _, err := h.jane.Page(h.ctx, link); err == nil {
			h.Error("an agent may download it")
		}
	}, func(h *house) { h.poll = 50 * time.Millisecond })
}

// unzips reads an export, and checks it against its manifest.
func (h *house) unzips(body []byte) map[string][]byte {
	h.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	h.must(err)
	parts := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		h.must(err)
		parts[f.Name], err = io.ReadAll(r)
		h.must(err)
	}
	var m takeout.Manifest
	h.must(json.Unmarshal(parts[takeout.ManifestPath], &m))
	if len(m.Parts) != len(parts)-1 || m.Cases != 1 || len(m.Missing) > 0 {
		h.Errorf("the manifest lists %d of %d parts, %d cases", len(m.Parts), len(parts)-1, m.Cases)
	}
	for _, p := range m.Parts {
		sum := sha256.Sum256(parts[p.Path])
		if hex.EncodeToString(sum[:]) != p.SHA256 || int64(len(parts[p.Path])) != p.Size {
			h.Errorf("%s is not what the manifest says", p.Path)
		}
	}
	return parts
}

// B6: what is changed in the catalogue is offered by the form in Slack at once.
func TestB6_TheFormInSlackOffersWhatTheCatalogueHas(t *testing.T) {
	each(t, func(h *house) {
		olivia := h.signIn(oliviaEmail)
		if err := olivia.Submit(h.ctx, "/setup/catalogue/languages", url.Values{"version": {"0"}, "code": {"en", "fr"}, "name": {"English", "Français"}, "no_chat-1": {"technical"}}); err != nil {
			h.Fatal(err)
		}
		if err := olivia.Submit(h.ctx, "/setup/catalogue/languages", url.Values{"version": {"0"}, "code": {"en"}, "name": {"English"}}); err == nil {
			h.Error("a change of an older version overwrites a newer one")
		}
		problems, err := h.opensForm(h.alice).FillIn(h.ctx, append(matter("C’est cassé"), []string{"Contact language", "Français"}, []string{"Contact method", caseOnly})...)
		if err != nil || len(problems) > 0 {
			h.Fatalf("the form: %v, %v", problems, err)
		}
		if c := h.newest("cassé"); c.Language != "fr" {
			h.Errorf("the case is in %q", c.Language)
		}
		page, err := olivia.Page(h.ctx, "/setup/catalogue/preview")
		if err != nil || !strings.Contains(page, "Français") {
			h.Errorf("the preview does not: %v", err)
		}
		if err := olivia.Submit(h.ctx, "/setup/catalogue/yaml", url.Values{"version": {"1"}, "text": {"severities:\n  - {code: low}\nnothing: 1\n"}}); err == nil {
			h.Error("a wrong catalogue is saved")
		}
	}, func(h *house) { h.poll = 50 * time.Millisecond })
}

// B2, files: what the account does not take comes in neither direction, and whoever
// sent it is told.
func TestB2_FilesThatAreNotTakenGoNeitherWay(t *testing.T) {
	each(t, func(h *house) {
		olivia := h.signIn(oliviaEmail)
		h.must(olivia.Submit(h.ctx, "/setup/accounts/"+string(acmeID)+"/policy", url.Values{"never": {".exe, zip"}, "max_file": {"1"}, "do": {"save"}}))
		c := h.asks(h.alice, "Build is stuck").joins()
		c.upload(h.alice, "setup.exe", []byte("swordfish"), "try this")
		c.says("Files of the kind .exe are not taken here")
		c.upload(h.alice, "harmless.txt", []byte("PK\x03\x04 swordfish"), "or this")
		c.says("Files of the kind .zip are not taken here")
		h.quiet()
		h.ages()
		h.until("no byte of them is here", func() bool { return len(h.filesWith("swordfish")) == 0 })
		if err := h.jane.Attach(h.ctx, c.number, "a1", "tool.exe", []byte("MZ")); err == nil || !strings.Contains(err.Error(), "not taken here") {
			h.Errorf("an agent's file: %v", err)
		}
		h.must(h.jane.Attach(h.ctx, c.number, "a2", "log.txt", []byte("fine")))
	}, func(h *house) { h.poll = 50 * time.Millisecond })
}

// B6: a catalogue that is saved at one node is in force at the others.
func TestB6_EveryNodeHasTheNewestCatalogue(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.PostgresURL(t))
	ln := listen(t)
	there := h.cfg
	there.Listen = ln.Addr().String()
	_, stop := h.starts(there, ln)
	t.Cleanup(func() { h.must(stop()) })
	beside, err := agent.SignIn(h.ctx, "http://"+there.Listen, oliviaEmail, password)
	h.must(err)
	olivia := h.signIn(oliviaEmail)
	offers := func(name string) {
		h.Helper()
		h.until("the other node offers "+name, func() bool {
			page, err := beside.Page(h.ctx, "/setup/catalogue/preview")
			h.must(err)
			return strings.Contains(page, name)
		})
	}
	h.must(olivia.Submit(h.ctx, "/setup/catalogue/languages", url.Values{"version": {"0"}, "code": {"en", "fr"}, "name": {"English", "Français"}}))
	offers("Français")
	h.must(olivia.Submit(h.ctx, "/setup/catalogue/languages", url.Values{"version": {"1"}, "code": {"en", "de"}, "name": {"English", "Deutsch"}}))
	offers("Deutsch")
	h.must(olivia.Submit(h.ctx, "/setup/catalogue/versions/1/back", url.Values{"version": {"2"}}))
	offers("Français")
	// A code that is no more keeps its last name.
	if got := h.app.Named(desk.Case{Language: "de"}).Language; got != "Deutsch" {
		t.Errorf("a case in a language that is no more says %q", got)
	}
	h.stopApp() // and what was saved is in force after a start
	h.startApp()
	olivia = h.signIn(oliviaEmail)
	if page, err := olivia.Page(h.ctx, "/setup/catalogue/preview"); err != nil || !strings.Contains(page, "Français") {
		t.Errorf("after a start: %v", err)
	}
}

// B6: a catalogue of a file wins, and its page says so and changes nothing.
func TestB6_AConfiguredCatalogueWins(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	olivia := h.signIn(oliviaEmail)
	h.must(olivia.Submit(h.ctx, "/setup/catalogue/languages", url.Values{"version": {"0"}, "code": {"en", "fr"}, "name": {"English", "Français"}}))
	h.stopApp()
	h.cfg.Catalogue.File = filepath.Join(h.TempDir(), "catalogue.yaml")
	h.must(os.WriteFile(h.cfg.Catalogue.File, []byte(catalogue.Default()), 0o600))
	h.startApp()
	olivia = h.signIn(oliviaEmail)
	page, err := olivia.Page(h.ctx, "/setup/catalogue")
	if err != nil || !strings.Contains(page, "comes from the file "+h.cfg.Catalogue.File) || strings.Contains(page, "Save languages") || strings.Contains(page, `"Français"`) {
		t.Errorf("the page does not say so: %v", err)
	}
	if err := olivia.Submit(h.ctx, "/setup/catalogue/languages", url.Values{"version": {"1"}, "code": {"en"}, "name": {"English"}}); err == nil {
		t.Error("it is changed past the file")
	}
}
