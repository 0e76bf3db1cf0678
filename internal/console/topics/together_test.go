package topics

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework/versions"
	"caseline/internal/catalogue"
	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// A node has the pages of the catalogue, and the one in force there. It is told of
// nothing: it follows when it is asked to.
type node struct {
	t     *testing.T
	pages *pages
	shown any // what the last page was made of
}

func newNode(t *testing.T, s store.Store) *node {
	t.Helper()
	first, err := catalogue.Parse(catalogue.Default())
	if err != nil {
		t.Fatal(err)
	}
	n, book := &node{t: t}, catalogue.Of(first)
	follow := func(ctx context.Context) error {
		saved, err := s.SavedCatalogues(ctx, 0, 1)
		if err != nil || len(saved) == 0 {
			return err
		}
		newest, err := s.SavedCatalogue(ctx, saved[0].Version)
		if err != nil {
			return err
		}
		c, err := catalogue.Parse(newest.Text)
		if err == nil {
			book.Put(c)
		}
		return err
	}
	n.pages = &pages{Room{Read: s, Do: versions.New(s, storetest.Start), Book: book, Follow: follow}, room.House{
		Now:   storetest.Start,
		Frame: func(*http.Request, desk.Agent, string, string) (work.Frame, error) { return work.Frame{}, nil },
		Show: func(w http.ResponseWriter, status int, _ string, data any) error {
			n.shown = data
			w.WriteHeader(status)
			return nil
		},
	}}
	return n
}

// ask returns the status of an answer; form is nil for a page.
func (n *node) ask(who string, h room.Handler, form url.Values) int {
	n.t.Helper()
	r := httptest.NewRequestWithContext(n.t.Context(), http.MethodGet, "/", nil)
	if form != nil {
		r = httptest.NewRequestWithContext(n.t.Context(), http.MethodPost, "/", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if form.Has("services") {
		r.SetPathValue("type", "technical")
	}
	w := httptest.NewRecorder()
	n.shown = nil
	if err := h(w, r, desk.Agent{ID: desk.AgentID(who), Name: who}); err != nil {
		n.t.Fatal(err)
	}
	return w.Code
}

func languages(version, codes string) url.Values {
	f := url.Values{"version": {version}}
	for _, code := range strings.Fields(codes) {
		f.Add("code", code)
		f.Add("name", strings.ToUpper(code))
	}
	return f
}

// Of two who change the same version, the second is refused, and is refused again
// however often they press: what the first changed is not overwritten before the
// second has looked at it.
func TestAnotherOperatorsChangeIsNotOverwritten(t *testing.T) {
	s := storetest.SQLite(t)
	n := newNode(t, s)
	if got := n.ask("Olivia", n.pages.form(n.pages.languages), languages("0", "en fr")); got != http.StatusSeeOther {
		t.Fatalf("got %d", got)
	}
	typed := catalogue.Text(n.pages.Book.Catalogue()) + "\n"
	for name, again := range map[string]struct {
		answer  room.Handler
		form    func(version string) url.Values
		version func() int64
		changed func() []form.Change
	}{
		"a form": {
			n.pages.form(n.pages.languages), func(v string) url.Values { return languages(v, "en de") },
			func() int64 { return n.shown.(cataloguePage).Version }, func() []form.Change { return n.shown.(cataloguePage).Meanwhile },
		},
		"the form of an issue type": {
			n.pages.form(n.pages.issueType), func(v string) url.Values {
				return url.Values{"version": {v}, "name": {"Technical"}, "services": {"api: API\n  other: Other\n"}}
			},
			func() int64 { return n.shown.(typePage).Version }, func() []form.Change { return n.shown.(typePage).Meanwhile },
		},
		"the text": {
			n.pages.postYAML, func(v string) url.Values { return url.Values{"version": {v}, "text": {typed}} },
			func() int64 { return n.shown.(yamlPage).Version }, func() []form.Change { return n.shown.(yamlPage).Meanwhile },
		},
	} {
		t.Run(name, func(t *testing.T) {
			n.t = t
			for range 2 {
				if got := n.ask("Omar", again.answer, again.form("0")); got != http.StatusUnprocessableEntity {
					t.Fatalf("got %d, want it to be refused", got)
				}
				if diff := cmp.Diff([]form.Change{{Label: "Languages", Was: "en: English", Is: "en: EN\nfr: FR"}}, again.changed()); diff != "" {
					t.Errorf("what is said to have changed (-want +got):\n%s", diff)
				}
				if got := again.version(); got != 0 {
					t.Errorf("the form is of version %d now, so that pressing once more overwrites it", got)
				}
			}
			if newest, err := s.SavedCatalogue(t.Context(), 0); err != nil || newest.Version != 1 || newest.By.Name != "Olivia" {
				t.Errorf("got version %d by %s, %v", newest.Version, newest.By.Name, err)
			}
		})
	}
}

// A node that has not heard of a version yet shows it, and does not save an older
// one over it.
func TestANodeThatIsBehindChangesTheNewestCatalogue(t *testing.T) {
	s := storetest.SQLite(t)
	one, other := newNode(t, s), newNode(t, s)
	if got := one.ask("Olivia", one.pages.form(one.pages.languages), languages("0", "en fr")); got != http.StatusSeeOther {
		t.Fatalf("got %d", got)
	}
	third := newNode(t, s)
	third.ask("Omar", third.pages.getCatalogue, nil)
	page, ok := third.shown.(cataloguePage)
	if _, has := page.Catalogue.Language("fr"); !ok || page.Version != 1 || !has {
		t.Errorf("version %d is shown, and it has French: %v", page.Version, has)
	}
	hours := url.Values{"version": {"1"}, "zone": {"UTC"}, "open": {"mon-fri 9:00-17:00"}, "free": {""}, "types-0": {"technical"}}
	if got := other.ask("Omar", other.pages.form(other.pages.hours), hours); got != http.StatusSeeOther {
		t.Fatalf("got %d: %v", got, other.shown)
	}
	if _, has := other.pages.Book.Catalogue().Language("fr"); !has {
		t.Error("what was saved at another node is gone")
	}
}

// What a language has no chat for, and what hours are for, is chosen and not typed;
// what is shown is what was chosen, also of what the catalogue does not have any more.
func TestIssueTypesAndLanguagesAreChosen(t *testing.T) {
	n := newNode(t, storetest.SQLite(t))
	on := func(all []choice) (some []string) {
		for _, c := range all {
			if c.On {
				some = append(some, c.Code)
			}
		}
		return some
	}
	f := languages("0", "en fr")
	f["no_chat-1"] = []string{"technical"}
	n.ask("Olivia", n.pages.form(n.pages.languages), f)
	hours := url.Values{"version": {"1"}, "zone": {"UTC", "UTC"}, "open": {"", "mon-fri 9:00-17:00"}, "free": {"", ""}, "types-0": {"account"}, "types-1": {"technical"}, "languages-1": {"fr"}}
	n.ask("Olivia", n.pages.form(n.pages.hours), hours)
	n.ask("Olivia", n.pages.getCatalogue, nil)
	page, _ := n.shown.(cataloguePage)
	if len(page.Languages) != 3 || len(page.Hours) != 2 {
		t.Fatalf("%d languages and %d entries of hours are shown", len(page.Languages), len(page.Hours))
	}
	for i, want := range []string{"", "technical", ""} {
		if got := strings.Join(on(page.Languages[i].NoChat), " "); got != want {
			t.Errorf("%s: no chat for %q, want %q", page.Languages[i].Code, got, want)
		}
	}
	if got := strings.Join(append(on(page.Hours[0].Types), on(page.Hours[0].Languages)...), " "); got != "technical fr" {
		t.Errorf("the hours are for %q", got)
	}
	if got := page.Hours[0].Says; got != "Technical support · FR" {
		t.Errorf("the hours are called %q", got)
	}
	if got := on(typesOf(page.Catalogue, []string{"gone"})); len(got) != 1 || got[0] != "gone" {
		t.Errorf("of an issue type that is no more: %v", got)
	}
}
