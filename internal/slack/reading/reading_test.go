package reading

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/sharing"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
	"caseline/internal/slacksim/blockkit"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// A shelf is a store with one case.
type shelf struct {
	Store
	c       desk.Case
	log     []desk.Correspondence
	files   []desk.File
	policy  desk.DeletionPolicy
	follows []desk.CaseNumber
}

func (s *shelf) Case(_ context.Context, id desk.CaseID) (desk.Case, error) {
	if id == "case-0" {
		return desk.Case{ID: id, Number: "1000000000"}, nil
	}
	s.c.LastSeq = int64(len(s.log))
	return s.c, nil
}

func (s *shelf) Following(context.Context, desk.CaseID, int) ([]desk.CaseNumber, error) {
	return s.follows, nil
}

func (s *shelf) Account(_ context.Context, id desk.AccountID) (served.Account, error) {
	return served.Account{ID: id, Name: "Acme", Deletions: s.policy}, nil
}

func change(e desk.Correspondence) bool {
	return e.Kind == desk.KindEdit || e.Kind == desk.KindDeletion || e.Kind == desk.KindReaction
}

func (s *shelf) LogBefore(_ context.Context, _ desk.CaseID, before int64, limit int) (all []desk.Correspondence, _ error) {
	for _, e := range slices.Backward(s.log) {
		if e.Seq < before && !change(e) && len(all) < limit {
			all = append(all, e)
		}
	}
	slices.Reverse(all)
	return all, nil
}

func (s *shelf) Entry(_ context.Context, _ desk.CaseID, seq int64) (desk.Correspondence, error) {
	if seq < 1 || seq > int64(len(s.log)) {
		return desk.Correspondence{}, desk.ErrNotFound
	}
	return s.log[seq-1], nil
}

func (s *shelf) ChangesOf(_ context.Context, _ desk.CaseID, seqs []int64) (all []desk.Correspondence, _ error) {
	for _, e := range s.log {
		if change(e) && slices.Contains(seqs, e.Refers) {
			all = append(all, e)
		}
	}
	return all, nil
}

func (s *shelf) FilesOf(_ context.Context, _ desk.CaseID, seqs []int64) (all []desk.File, _ error) {
	for _, f := range s.files {
		if slices.Contains(seqs, f.Seq) {
			all = append(all, f)
		}
	}
	return all, nil
}

func (s *shelf) People(_ context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error) {
	people := map[desk.PersonID]desk.Person{}
	for _, id := range ids {
		people[id] = desk.Person{ID: id, Name: map[desk.PersonID]string{"T1/U1": "Alice", "T1/U2": "Bob"}[id]}
	}
	return people, nil
}

// add adds an entry to the log.
func (s *shelf) add(e desk.Correspondence) int64 {
	e.Case, e.Seq = s.c.ID, int64(len(s.log)+1)
	if e.At.IsZero() {
		e.At = noon.Add(time.Duration(e.Seq) * time.Minute)
	}
	e.Author.Side = cmp.Or(e.Author.Side, desk.SideCustomer)
	e.Author.ID = cmp.Or(e.Author.ID, "T1/U2")
	e.Origin = cmp.Or(e.Origin, desk.Origin("o"+strconv.Itoa(len(s.log)+1)))
	s.log = append(s.log, e)
	return e.Seq
}

func (s *shelf) says(text string) int64 {
	return s.add(desk.Correspondence{Kind: desk.KindMessage, Text: text})
}

func newShelf() *shelf {
	s := &shelf{c: desk.Case{
		ID: "case-1", Number: "1234567890", Account: "111122223333", Workspace: "T1", Requester: "T1/U1", Subject: "Build is stuck",
		Description: "the description", Severity: desk.SeverityHigh, Status: desk.StatusOpened, CreatedAt: noon,
	}}
	s.add(desk.Correspondence{Kind: desk.KindMessage, Text: s.c.Description, Author: desk.ByCustomer("T1/U1")})
	return s
}

// A nook is a place where some things are not allowed.
type nook struct{ not []served.Permission }

func (nook) Here() desk.Place { return "T1/C1" }

func (n nook) May(p served.Permission, _ desk.Case) error {
	if slices.Contains(n.not, p) {
		return &desk.Refusal{Kind: desk.ErrForbidden, Message: "not here"}
	}
	return nil
}

// A post takes what is shared.
type post struct {
	sent []api.Post
	keys []string
	says error
}

func (p *post) Share(_ context.Context, key string, m api.Post) error {
	p.keys = append(p.keys, key)
	if p.says == nil {
		p.sent = append(p.sent, m)
	}
	return p.says
}

func (s *shelf) reader() Reader {
	return Reader{
		Read: s, Share: (&post{}).Share, Log: slog.New(slog.DiscardHandler),
		Where:      func(c desk.Case) view.Where { return view.Where{Channel: "C9"} },
		Named:      func(c desk.Case) desk.Case { return c },
		Reopenable: func(desk.Case) error { return nil },
		Mentions:   func(context.Context) view.Mentions { return nil },
	}
}

// A screen is what somebody sees of a window, as Slack takes it.
type screen struct {
	t *testing.T
	r Reader
	v view.View
}

func (s *shelf) opens(t *testing.T, at Spot) *screen {
	t.Helper()
	x := &screen{t: t, r: s.reader()}
	v, err := x.r.View(t.Context(), at, Page{Case: s.c.ID, Place: at.Here()}, "")
	if err != nil {
		t.Fatal(err)
	}
	return x.shows(v)
}

func (x *screen) shows(v view.View) *screen {
	x.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		x.t.Fatal(err)
	}
	if _, problems := blockkit.ParseView(text, "modal"); len(problems) > 0 {
		x.t.Fatalf("Slack refuses the window: %v", problems)
	}
	x.v = v
	return x
}

// words are all that is read.
func (x *screen) words() string {
	text, _ := json.Marshal(x.v)
	v, _ := blockkit.ParseView(text, "modal")
	return strings.Join(blockkit.Words(v.Blocks), "\n")
}

func (x *screen) button(label string) *view.Element {
	for _, b := range x.v.Blocks {
		for _, e := range b.Elements {
			if button, ok := e.(*view.Element); ok && button.Text.Text == label {
				return button
			}
		}
	}
	return nil
}

func (x *screen) press(label string) *screen {
	x.t.Helper()
	b := x.button(label)
	if b == nil {
		x.t.Fatalf("there is no button %q:\n%s", label, x.words())
	}
	v, err := x.r.Press(x.t.Context(), nook{}, wire.Interaction{
		TeamID: "T1", User: wire.Actor{ID: "U2"},
		View:    &wire.View{ID: "V1", CallbackID: x.v.CallbackID, PrivateMetadata: x.v.PrivateMetadata},
		Actions: []wire.Action{{ActionID: b.ActionID, Value: wire.Value{Text: b.Value}}},
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return x.shows(v)
}

func (x *screen) has(want ...string) *screen {
	x.t.Helper()
	words := x.words()
	for _, w := range want {
		if !strings.Contains(words, w) {
			x.t.Errorf("not shown: %q in\n%s", w, words)
		}
	}
	return x
}

func (x *screen) lacks(unwanted ...string) *screen {
	x.t.Helper()
	words := x.words()
	for _, w := range unwanted {
		if strings.Contains(words, w) {
			x.t.Errorf("shown: %q in\n%s", w, words)
		}
	}
	return x
}

func TestDetailsShowTheCaseAndWhatWasSaidLast(t *testing.T) {
	s := newShelf()
	s.c.Related, s.follows, s.c.CC = "case-0", []desk.CaseNumber{"2000000000"}, []string{"jane@example.com"}
	s.c.Place, s.c.Chat = "T1/C9", desk.ChatSession{ID: "chat-1", State: desk.ChatInProgress, AgentName: "Jane"}
	s.add(desk.Correspondence{Kind: desk.KindNote, Text: "internal secret"})
	gone := s.says("deleted words")
	edited := s.says("before the edit")
	s.add(desk.Correspondence{Kind: desk.KindDeletion, Refers: gone})
	s.add(desk.Correspondence{Kind: desk.KindEdit, Refers: edited, Text: "second edit", At: noon.Add(time.Hour)})
	s.add(desk.Correspondence{Kind: desk.KindEdit, Refers: edited, Text: "first edit, arriving late", At: noon.Add(time.Minute)})
	s.add(desk.Correspondence{Kind: desk.KindMessage, Text: "agent's words", Author: desk.Actor{Side: desk.SideAgent, ID: "jane", Name: "Jane"}})
	x := s.opens(t, nook{}).has(
		"Build is stuck", "1234567890", "Production impaired", "Acme", "Alice", "jane@example.com", "the description", "case 1000000000, case 2000000000",
		"Jane from Support* is here", "In <#C9>", "second edit", "edited", "agent's words", "Jane from Support", "Bob", "It stays on the case",
	).lacks("secret", "deleted words", "before the edit", "first edit", "opened the case")
	if at := x.words(); strings.Index(at, "agent's words") > strings.Index(at, "second edit") {
		t.Error("the newest words are not first")
	}
	for policy, want := range map[desk.DeletionPolicy]string{desk.HideDeleted: "Support does not see it", desk.EraseDeleted: "erased from the case"} {
		s.policy = policy
		s.opens(t, nook{}).has(want).lacks("deleted words")
	}
}

func TestDetailsOfferWhatIsAllowed(t *testing.T) {
	s := newShelf()
	all := []string{"Reply to the case", "Resolve case", "Reopen case", "Create a related case"}
	tests := []struct {
		name   string
		status desk.Status
		late   bool
		not    []served.Permission
		want   []string
	}{
		{"an open case", desk.StatusOpened, false, nil, []string{"Reply to the case", "Resolve case"}},
		{"of which one may read", desk.StatusOpened, false, []served.Permission{served.MayReply, served.MayResolve}, nil},
		{"a resolved case", desk.StatusResolved, false, nil, []string{"Reopen case"}},
		{"of which one may read", desk.StatusResolved, false, []served.Permission{served.MayReply}, nil},
		{"a case resolved long ago", desk.StatusResolved, true, nil, []string{"Create a related case"}},
		{"where one may open none", desk.StatusResolved, true, []served.Permission{served.MayCreate}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.c.Status = tt.status
			x := &screen{t: t, r: s.reader()}
			if tt.late {
				x.r.Reopenable = func(desk.Case) error { return desk.ErrTooLate }
			}
			v, err := x.r.View(t.Context(), nook{tt.not}, Page{Case: "case-1", Place: "T1/C1"}, "")
			if err != nil {
				t.Fatal(err)
			}
			x.shows(v)
			for _, label := range all {
				if got := x.button(label) != nil; got != slices.Contains(tt.want, label) {
					t.Errorf("%q: offered is %v", label, got)
				}
			}
		})
	}
	if _, err := s.reader().View(t.Context(), nook{[]served.Permission{served.MayRead}}, Page{Case: "case-1"}, ""); !errors.Is(err, desk.ErrForbidden) {
		t.Errorf("without permission to read: got %v", err)
	}
}

func TestPreviousCorrespondenceIsPagedBackAndForth(t *testing.T) {
	s := newShelf()
	for i := range 13 {
		s.says("message number " + strconv.Itoa(i+1) + ".")
		for range 30 { // what is not shown lies between
			s.add(desk.Correspondence{Kind: desk.KindNote, Text: "secret"})
		}
	}
	x := s.opens(t, nook{}).has("number 13.", "number 9.").lacks("number 8.", "secret")
	x.press("Previous correspondence").has("Previous correspondence", "number 8.", "number 4.").lacks("number 9.", "number 3.", "secret")
	if x.button("Newer") != nil {
		t.Error("the first page offers newer ones")
	}
	x.press("Older").has("number 3.", "number 1.", "the description", "opened the case").lacks("number 4.")
	if x.button("Older") != nil {
		t.Error("the last page offers older ones")
	}
	x.press("Newer").has("number 8.", "number 4.").press("Back to the case").has("Latest correspondence", "number 13.")
}

func TestFilesStandWithTheirWordsAndSayHowLargeTheyAre(t *testing.T) {
	s := newShelf()
	file := func(with, name string, size int64, state desk.FileState) {
		seq := s.add(desk.Correspondence{Kind: desk.KindFile, Text: name, Origin: desk.Origin(with + ":" + name), File: desk.FileID(name)})
		s.files = append(s.files, desk.File{ID: desk.FileID(name), Seq: seq, Name: name, Size: size, State: state})
	}
	file("o1", "first.txt", 12, desk.FileReady)
	s.add(desk.Correspondence{Kind: desk.KindMessage, Text: "see these", Origin: "m"})
	file("m", "a.log", 1500, desk.FileReady)
	file("m", "b.png", 3_300_000, desk.FileFetching)
	file("m", "c.txt", 7, desk.FileFailed)
	file("alone", "d.txt", 7, desk.FileErased)
	x := s.opens(t, nook{}).has("File: first.txt (12 bytes)", "Files: a.log (2 kB), b.png (3.3 MB, on its way), c.txt (7 bytes, did not arrive)", "File: a file that was erased")
	if n := strings.Count(x.words(), " · "); n > 8 {
		t.Errorf("files stand alone:\n%s", x.words())
	}
	for i := range 5 {
		s.says("later " + strconv.Itoa(i))
	}
	s.opens(t, nook{}).lacks("a.log").press("Previous correspondence").has("Files: a.log (2 kB), b.png", "File: first.txt")
}

func TestALongTextIsShownInFullInParts(t *testing.T) {
	s := newShelf()
	var lines []string
	for i := range 2000 {
		lines = append(lines, "line "+strconv.Itoa(i)+" of it")
	}
	s.says("short")
	s.says(strings.Join(lines, "\n\n"))
	x := s.opens(t, nook{}).has("line 0 of it").lacks("line 400 of it")
	x.press("Show full message").has("line 400 of it", "Part 1 of")
	if x.button("Previous part") != nil {
		t.Error("the first part has one before it")
	}
	var all string
	for {
		all += x.words()
		if x.button("Next part") == nil {
			break
		}
		x.press("Next part")
	}
	for _, l := range lines {
		if strings.Count(all, l+"\n") < 1 {
			t.Fatalf("%q is missing", l)
		}
	}
	x.press("Previous part").press("Back").has("Latest correspondence", "short")

	s.c.Description = strings.Repeat("word ", 700)
	s.log[0].Text = s.c.Description
	s.opens(t, nook{}).has("Show full message")

	x.v.PrivateMetadata = Page{Case: "case-1", Place: "T1/C1"}.metadata()
	note := s.add(desk.Correspondence{Kind: desk.KindNote, Text: "secret"})
	if _, err := s.reader().View(t.Context(), nook{}, Page{Case: "case-1", Full: note}, ""); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a note is shown: %v", err)
	}
}

func TestSplitKeepsEverything(t *testing.T) {
	for _, text := range []string{"", "a", strings.Repeat("é😀 ", 5000), strings.Repeat("x", 9001), strings.Repeat("one two\n", 3000)} {
		pieces := split(text, maxSection)
		for _, p := range pieces {
			if view.Width(p) > maxSection {
				t.Errorf("a piece has %d characters", view.Width(p))
			}
		}
		if got := strings.Join(pieces, ""); strings.TrimSpace(got) != strings.TrimSpace(text) {
			t.Errorf("%d characters became %d", len(text), len(got))
		}
	}
}

func TestACaseIsSharedWithTheChannelOnce(t *testing.T) {
	s := newShelf()
	x := s.opens(t, nook{})
	sent := &post{}
	x.r.Share = sent.Share
	x.press("Share to channel").has("The channel has been shown the case.")
	if len(sent.sent) != 1 || sent.keys[0] != "case T1 V1" || sent.sent[0].Channel != "C1" || !strings.Contains(sent.sent[0].Text, "Bob shared case 1234567890") {
		t.Errorf("posted %+v", sent.sent)
	}
	if x.button("Share to channel") != nil {
		t.Error("it is offered again")
	}
	x = s.opens(t, nook{})
	x.r.Share = (&post{says: &desk.Refusal{Kind: desk.ErrConflict, Message: "Invite it."}}).Share
	x.press("Share to channel").has("Invite it.")
	x.r.Share = (&post{says: sharing.ErrAlready}).Share
	x.press("Share to channel").has("The channel has been shown the case.")
}

// Whatever people typed, Slack takes the windows.
func TestAnyTextFits(t *testing.T) {
	for _, odd := range []string{"<!channel> & *b* _i_ `c` <@U1>", strings.Repeat("😀", 4000), strings.Repeat("<&>", 2500), " ", "\xff\x00"} {
		s := newShelf()
		s.c.Subject, s.c.Description, s.c.ChatName = odd, odd, odd
		s.says(odd)
		s.add(desk.Correspondence{Kind: desk.KindMessage, Text: odd, Author: desk.Actor{Side: desk.SideAgent, ID: "j", Name: odd}})
		seq := s.add(desk.Correspondence{Kind: desk.KindFile, Text: odd})
		s.files = append(s.files, desk.File{Seq: seq, Name: odd})
		s.opens(t, nook{}).press("Share to channel")
		for _, page := range []Page{{Before: []int64{4}}, {Full: 2}, {Full: 4}} {
			page.Case = "case-1"
			v, err := s.reader().View(t.Context(), nook{}, page, odd)
			if err != nil {
				t.Fatal(err)
			}
			(&screen{t: t}).shows(v)
		}
	}
}
