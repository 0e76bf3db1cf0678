package demo

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caseline/internal/app/agent"
	"caseline/internal/desk"
	"caseline/internal/slacksim/world"
)

func TestB13_TheScriptPlaysWholeChats(t *testing.T) {
	var out bytes.Buffer
	err := Script(t.Context(), &out, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{"[file] deploy.log", "[file] make-token.txt", "[edited #", "[chat ended]", "[transcript saved]", "[status resolved]", "[status reopened]", "(thread)",
		"[deleted #", "while waiting", "Complete: 14 messages and 2 files in three chats"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the script's output lacks %q:\n%s", want, out.String())
		}
	}
}

// A script that finds nothing wrong whatever happens would be worth nothing.
func TestScriptFindsWhatIsWrong(t *testing.T) {
	p := &play{out: io.Discard}
	p.checkWords("words", []string{"b", "a"}, "a", "b")
	p.checkWords("words", []string{"a"}, "a", "b")
	p.checkWords("words", []string{"a", "a"}, "a")
	p.checkFiles([]desk.File{{Name: "deploy.log", State: desk.FileReady, Hash: "00"}, {Name: "make-token.txt", State: desk.FileReady, Hash: "00"}})
	p.checkFiles(nil)
	if len(p.wrong) != 5 {
		t.Errorf("got %d complaints, want 5: %v", len(p.wrong), p.wrong)
	}
}

// on puts the stage up in dir, lets use have it, and takes it down again.
func on(t *testing.T, dir string, use func(st *stage)) {
	t.Helper()
	consoleLn, err := listen(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	slackLn, err := listen(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	st, err := setUp(t.Context(), setting{dir: dir, consoleLn: consoleLn, slackLn: slackLn, pages: true, log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- st.run(ctx) }()
	use(st)
	cancel()
	if err := <-done; err != nil {
		t.Errorf("the stage stopped with %v", err)
	}
}

func TestStartedAgainItGoesOnWithTheSameData(t *testing.T) {
	dir := t.TempDir()
	p := &play{out: io.Discard}
	on(t, dir, func(st *stage) {
		p.stage = st
		if err := errors.Join(p.ask(t.Context()), p.wait(t.Context()), p.join(t.Context())); err != nil {
			t.Fatal(err)
		}
	})
	on(t, dir, func(st *stage) {
		p.stage, p.place = st, st.ws.Channel("case-"+p.number)
		if p.place == nil {
			t.Fatal("the simulated Slack forgot the chat's channel")
		}
		jane, err := agent.SignIn(t.Context(), st.consoleURL, hands()[0].Email, Password)
		if err != nil {
			t.Fatal(err)
		}
		p.place.Post(st.people[0], "are you still there?")
		if err := jane.Reply(t.Context(), p.number, "again", "yes, I am"); err != nil {
			t.Fatal(err)
		}
		if err := p.inPlace(t.Context(), "yes, I am"); err != nil {
			t.Fatal(err)
		}
		if err := p.until(t.Context(), "Alice's words on the record", func() bool { return p.count(t.Context(), desk.KindMessage) == 4 }); err != nil {
			t.Fatal(err)
		}
		teams, err := st.app.Store.Teams(t.Context())
		if err != nil || len(teams) != 2 || len(teams[0].Members) != 3 || teams[1].Hours.Zone == nil {
			t.Errorf("the teams: %+v, %v", teams, err)
		}
		staff, err := st.app.Store.AgentByEmail(t.Context(), hands()[0].Email)
		if err != nil {
			t.Fatal(err)
		}
		replies, err := st.app.Store.CannedReplies(t.Context(), staff.ID)
		if err != nil || len(replies) != 2 { // the third is Lena's own
			t.Errorf("replies: %+v, %v", replies, err)
		}
		saved, err := st.app.Store.SavedCatalogue(t.Context(), 0)
		if err != nil || saved.Version != 1 || !strings.Contains(saved.Text, "Français") {
			t.Errorf("the catalogue: version %d, %v", saved.Version, err)
		}
		if n := len(st.ws.Channel("ops").Now().Members); n != 4 {
			t.Errorf("#ops has %d members, want three people and the app", n)
		}
		if got := len(chatChannels(st)); got != 1 {
			t.Errorf("got %d chat channels, want the one from before", got)
		}
	})
}

// Whoever tries the demo can set up a second factor, and what is sealed by its key is
// opened when the demo is started again.
func TestTheDemoHasAKeyThatItKeeps(t *testing.T) {
	dir := t.TempDir()
	first, err := keys(dir)
	if err != nil {
		t.Fatal(err)
	}
	sealed := first.Seal([]byte("a secret"), "Jane")
	if info, err := os.Stat(filepath.Join(dir, keyFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v", info, err)
	}
	again, err := keys(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(sealed, "Jane"); err != nil || string(got) != "a secret" {
		t.Errorf("opened again: %q, %v", got, err)
	}
	on(t, dir, func(st *stage) {
		jane, err := agent.SignIn(t.Context(), st.consoleURL, hands()[0].Email, Password)
		if err != nil {
			t.Fatal(err)
		}
		page, err := jane.Page(t.Context(), "/me")
		if err != nil || !strings.Contains(page, "/me/second-factor") {
			t.Errorf("no second factor can be set up: %v", err)
		}
	})
}

func chatChannels(st *stage) (chats []world.Channel) {
	for _, ch := range st.sim.World.SeenChannels(st.ws.ID, st.people[0].ID) {
		if strings.HasPrefix(ch.Name, "case-") {
			chats = append(chats, ch)
		}
	}
	return chats
}

func TestTheStartPageShowsBothSides(t *testing.T) {
	on(t, t.TempDir(), func(st *stage) {
		page, err := newStartPage("/tmp/demo", st)
		if err != nil {
			t.Fatal(err)
		}
		rec := httptest.NewRecorder()
		page.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
		body := rec.Body.String()
		for _, want := range []string{`src="` + st.clientURL() + `"`, `src="` + st.consoleURL + `/"`, "jane@demo.example", "/support create"} {
			if !strings.Contains(body, want) {
				t.Errorf("the start page lacks %s", want)
			}
		}
		if strings.Count(body, "<li ") != len(steps()) {
			t.Errorf("the start page does not have %d steps", len(steps()))
		}
		for _, url := range []string{st.clientURL(), st.consoleURL + "/login"} {
			res, err := http.Get(url)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				t.Errorf("%s answers %s", url, res.Status)
			}
		}
	})
}

func TestAPortThatIsTakenIsReplaced(t *testing.T) {
	first, err := listen(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	_, port, _ := strings.Cut(first.Addr().String(), ":")
	n := 0
	for _, r := range port {
		n = n*10 + int(r-'0')
	}
	second, err := listen(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if first.Addr().String() == second.Addr().String() {
		t.Error("both listen at one address")
	}
}

func TestTheDemoRunsAndStops(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out := &announced{said: make(chan struct{})}
	done := make(chan error, 1)
	go func() { done <- Run(ctx, Options{Dir: t.TempDir(), Out: out}) }()
	select {
	case <-out.said:
	case err := <-done:
		t.Fatalf("the demo ended by itself: %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("got %v, want a clean stop", err)
	}
}

// announced tells when the demo has said all that it says at the start.
type announced struct{ said chan struct{} }

func (a *announced) Write(text []byte) (int, error) {
	if strings.HasPrefix(string(text), "Ctrl-C") {
		close(a.said)
	}
	return len(text), nil
}
