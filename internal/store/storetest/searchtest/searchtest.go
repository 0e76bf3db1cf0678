package searchtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/desk/sought"
	"caseline/internal/store"
	"caseline/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// Run tests the stores that open returns, each empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range map[string]func(*testing.T, house){
		"what is written is found":                    findsWords,
		"an edit takes the place of what was written": findsEdits,
		"deletions are found as the policy says":      findsDeletions,
		"what was undone is not found":                forgetsUndone,
		"filters leave out":                           filters,
		"pages hold every case once":                  pages,
		"a case is found by its number":               byNumber,
		"whatever is typed is safe":                   typed,
		"better answers come first":                   ranks,
	} {
		t.Run(name, func(t *testing.T) { test(t, house{t, open(t)}) })
	}
}

type house struct {
	t *testing.T
	s store.Store
}

func (h house) update(fn func(store.Tx) error) {
	h.t.Helper()
	if err := h.s.Update(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// open stores the n-th sample case with a subject and description of its own.
func (h house) open(n int, subject, description string, change ...func(*desk.Case)) desk.Case {
	h.t.Helper()
	c, entry := storetest.NewCase(h.t, n)
	c.Subject, c.Description, entry.Text = subject, description, description
	c.CreatedAt = storetest.Start().Add(time.Duration(n) * time.Minute)
	for _, f := range change {
		f(&c)
	}
	h.update(func(tx store.Tx) error {
		if err := tx.InsertCase(h.t.Context(), &c); err != nil {
			return err
		}
		return tx.AppendLog(h.t.Context(), &entry)
	})
	return c
}

// say appends an entry to the log of a case, and returns its Seq.
func (h house) say(id desk.CaseID, e desk.Correspondence) int64 {
	h.t.Helper()
	h.update(func(tx store.Tx) error { return add(h.t, tx, id, &e) })
	return e.Seq
}

func add(t testing.TB, tx store.Tx, id desk.CaseID, e *desk.Correspondence) error {
	c, err := tx.LockCase(t.Context(), id)
	if err != nil {
		return err
	}
	c.LastSeq++
	e.Case, e.Seq, e.Origin = id, c.LastSeq, desk.Origin(fmt.Sprintf("test:%s:%d", id, c.LastSeq))
	if e.Author == (desk.Actor{}) {
		e.Author = desk.ByCustomer("T1:U1")
	}
	if e.At.IsZero() {
		e.At = storetest.Start().Add(time.Duration(e.Seq) * time.Second)
	}
	if err := tx.AppendLog(t.Context(), e); err != nil {
		return err
	}
	return tx.SaveCase(t.Context(), &c)
}

// find returns the hits of a query, each as the number of its sample case and
// the entry, as in "3/2".
func (h house) find(q sought.Query) []string {
	h.t.Helper()
	found, err := h.s.Search(h.t.Context(), q)
	if err != nil {
		h.t.Fatalf("search for %q: %v", q.Text, err)
	}
	return named(found.Hits)
}

func named(hits []sought.Hit) []string {
	var names []string
	for _, hit := range hits {
		var n uint64
		fmt.Sscanf(string(hit.Case.ID[len(hit.Case.ID)-16:]), "%x", &n)
		names = append(names, fmt.Sprintf("%d/%d", n, hit.Seq))
	}
	return names
}

// expect checks what words find, first for everybody and then for agents.
func (h house) expect(text string, everybody, agents string) {
	h.t.Helper()
	for notes, want := range map[bool]string{false: everybody, true: agents} {
		if got := strings.Join(h.find(sought.Query{Text: text, Notes: notes}), " "); got != want {
			h.t.Errorf("%q, agents %v: got %q, want %q", text, notes, got, want)
		}
	}
}

func findsWords(t *testing.T, h house) {
	first := h.open(1, "Gateway timeout in São Paulo", "Since ten the Überweisung fails with error_code 0x1F.").ID
	second := h.open(2, "Question", "How do I rotate 東京 keys?").ID
	h.say(first, desk.Correspondence{Kind: desk.KindMessage, Text: "It _still_ hangs at `10.0.0.1`, see [the log](https://logs.example.com/x)."})
	h.say(first, desk.Correspondence{Kind: desk.KindFile, Text: "Crème-report.pdf", File: "f1"})
	h.say(second, desk.Correspondence{Kind: desk.KindNote, Author: storetest.Jane(), Text: "Customer is on the legacy plan."})
	h.say(second, desk.Correspondence{Kind: desk.KindChat, What: "requested", Text: "hangs"})
	h.say(second, desk.Correspondence{Kind: desk.KindReaction, What: "added", Text: "hangs", Refers: 1})
	for _, tt := range [][3]string{
		{"gateway", "1/0", "1/0"}, {"GATEWAY sao", "1/0", "1/0"}, {"uberweisung", "1/0", "1/0"}, {"gateway uberweisung", "1/0", "1/0"},
		{"gate", "1/0", "1/0"}, {`"gate"`, "", ""}, {"ga", "", ""}, {`"gateway timeout"`, "1/0", "1/0"}, {`"timeout gateway"`, "", ""},
		{"hangs", "1/2", "1/2"}, {"10.0.0.1", "1/2", "1/2"}, {"logs.example.com", "1/2", "1/2"}, {"creme pdf", "1/3", "1/3"},
		{"error_code", "1/0", "1/0"}, {"京", "2/0", "2/0"}, {"東京", "2/0", "2/0"}, {"京東", "", ""},
		{"legacy", "", "2/2"}, {"plan -legacy", "", ""}, {"rotate -hangs", "2/0", "2/0"}, {"gateway -timeout", "", ""},
		{"timeouts", "", ""}, {"gateway time", "1/0", "1/0"}, {"over*", "", ""}, {"uber*", "1/0", "1/0"},
		{"hangs gateway", "", ""}, {"nowhere", "", ""},
	} {
		h.expect(tt[0], tt[1], tt[2])
	}
}

func findsEdits(t *testing.T, h house) {
	id := h.open(1, "Subject", "Description").ID
	seq := h.say(id, desk.Correspondence{Kind: desk.KindMessage, Text: "the kitten sleeps"})
	at := func(s int) time.Time { return storetest.Start().Add(time.Hour + time.Duration(s)*time.Second) }
	h.say(id, desk.Correspondence{Kind: desk.KindEdit, Refers: seq, Text: "the puppy sleeps", At: at(2)})
	h.expect("kitten", "", "")
	h.expect("puppy", "1/2", "1/2")
	h.say(id, desk.Correspondence{Kind: desk.KindEdit, Refers: seq, Text: "the hamster sleeps", At: at(1)}) // late
	h.expect("hamster", "", "")
	h.expect("puppy", "1/2", "1/2")
	h.say(id, desk.Correspondence{Kind: desk.KindEdit, Refers: seq, Text: "the parrot sleeps", At: at(3)})
	h.expect("puppy", "", "")
	h.expect("sleeps", "1/2", "1/2")
	h.expect("parrot", "1/2", "1/2")
	h.say(id, desk.Correspondence{Kind: desk.KindEdit, Refers: 99, Text: "of nothing", At: at(4)})
	h.expect("nothing", "", "")
	h.update(func(tx store.Tx) error {
		c, err := tx.LockCase(t.Context(), id)
		c.Subject = "Renamed"
		return errors.Join(err, tx.SaveCase(t.Context(), &c))
	})
	h.expect("renamed", "1/0", "1/0")
	h.expect("subject", "", "")
}

func findsDeletions(t *testing.T, h house) {
	for n, tt := range []struct {
		policy desk.DeletionPolicy
		agents string
	}{{desk.KeepDeleted, "2"}, {desk.HideDeleted, ""}, {desk.EraseDeleted, ""}} {
		account := desk.AccountID(fmt.Sprintf("%012d", n))
		h.update(func(tx store.Tx) error {
			return tx.SaveAccount(t.Context(), &served.Account{ID: account, Deletions: tt.policy})
		})
		id := h.open(n, "Subject", "Description", func(c *desk.Case) { c.Account = account }).ID
		word := "secret" + string(tt.policy)
		seq := h.say(id, desk.Correspondence{Kind: desk.KindMessage, Text: word + " first"})
		h.say(id, desk.Correspondence{Kind: desk.KindEdit, Refers: seq, Text: word + " second", At: storetest.Start().Add(time.Hour)})
		h.expect(word, fmt.Sprintf("%d/2", n), fmt.Sprintf("%d/2", n))
		h.say(id, desk.Correspondence{Kind: desk.KindDeletion, Refers: seq, At: storetest.Start().Add(2 * time.Hour)})
		want := ""
		if tt.agents != "" {
			want = fmt.Sprintf("%d/%s", n, tt.agents)
		}
		h.expect(word, "", want)
	}
}

func forgetsUndone(t *testing.T, h house) {
	id := h.open(1, "Subject", "Description").ID
	err := h.s.Update(t.Context(), func(tx store.Tx) error {
		if err := add(t, tx, id, &desk.Correspondence{Kind: desk.KindMessage, Text: "undone words"}); err != nil {
			return err
		}
		return errors.New("no")
	})
	if err == nil {
		t.Fatal("the update did not fail")
	}
	h.expect("undone", "", "")
	h.say(id, desk.Correspondence{Kind: desk.KindMessage, Text: "other words"})
	h.expect("words", "1/2", "1/2")
}

func filters(t *testing.T, h house) {
	h.open(1, "build one", "x")
	h.open(2, "build two", "x", func(c *desk.Case) { c.Account, c.Severity, c.Status = "999", desk.SeverityHigh, desk.StatusResolved })
	h.open(3, "build three", "x", func(c *desk.Case) { c.Requester, c.Status = "T1:U9", desk.StatusReopened })
	storetest.Chat(t, h.s, desk.NewCaseID("123456789012", 2026, 1))
	minute := func(n int) time.Time { return storetest.Start().Add(time.Duration(n) * time.Minute) }
	for _, tt := range []struct {
		q    sought.Query
		want []string
	}{
		{sought.Query{}, []string{"3/0", "2/0", "1/0"}},
		{sought.Query{Accounts: []desk.AccountID{"999"}}, []string{"2/0"}},
		{sought.Query{Accounts: []desk.AccountID{"123456789012"}}, []string{"3/0", "1/0"}},
		{sought.Query{Accounts: []desk.AccountID{"999", "123456789012", `it's "odd" \ AND`}}, []string{"3/0", "2/0", "1/0"}},
		{sought.Query{Accounts: []desk.AccountID{}}, nil},
		{sought.Query{Accounts: []desk.AccountID{"888"}}, nil},
		{sought.Query{Severities: []desk.Severity{desk.SeverityHigh, desk.SeverityLow}}, []string{"2/0"}},
		{sought.Query{Statuses: desk.OpenStatuses()}, []string{"3/0", "1/0"}},
		{sought.Query{Statuses: []desk.Status{desk.StatusResolved}}, []string{"2/0"}},
		{sought.Query{Requester: "T1:U9"}, []string{"3/0"}},
		{sought.Query{Agent: "jane"}, []string{"1/0"}},
		{sought.Query{From: minute(2)}, []string{"3/0", "2/0"}},
		{sought.Query{To: minute(2)}, []string{"1/0"}},
		{sought.Query{From: minute(2), To: minute(3)}, []string{"2/0"}},
		{sought.Query{From: minute(900)}, nil},
		{sought.Query{To: minute(-900)}, nil},
	} {
		for _, text := range []string{"", "build", "bui"} {
			tt.q.Text = text
			if diff := cmp.Diff(tt.want, h.find(tt.q)); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", tt.q, diff)
			}
		}
	}
}

func pages(t *testing.T, h house) {
	h.open(2000, "pages", "Something.") // not one of those with the word itself
	const cases = 61
	for n := range cases {
		id := h.open(n, fmt.Sprintf("page %d", n), "Something.").ID
		for range n % 4 {
			h.say(id, desk.Correspondence{Kind: desk.KindMessage, Text: "on the page again"})
		}
	}
	for _, text := range []string{"page", "pag", ""} {
		var all []string
		q := sought.Query{Text: text, Limit: 7}
		for page := 0; ; page++ {
			found, err := h.s.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range named(found.Hits) {
				all = append(all, name[:strings.IndexByte(name, '/')])
			}
			if found.Next == "" {
				break
			}
			if len(found.Hits) == 0 || page > cases {
				t.Fatalf("%q: page %d of %d hits says there is more", text, page, len(found.Hits))
			}
			q.After = found.Next
			// What is opened meanwhile moves nothing.
			h.open(1000+page+len(text)*100, "a new page", "Something.")
		}
		slices.Sort(all)
		if n := len(slices.Compact(slices.Clone(all))); n != len(all) {
			t.Errorf("%q: %d cases on all pages, %d of them once", text, len(all), n)
		}
		for n := range cases {
			if !slices.Contains(all, fmt.Sprint(n)) {
				t.Errorf("%q: case %d is on no page", text, n)
			}
		}
	}
}

func byNumber(t *testing.T, h house) {
	c := h.open(1, "Subject", "Description")
	other := h.open(2, "Subject", "It is like case "+string(c.Number)+".")
	for _, tt := range []struct {
		q    sought.Query
		want []string
	}{
		{sought.Query{Number: c.Number}, []string{"1/0"}},
		{sought.Query{Text: " #" + string(c.Number)}, []string{"1/0"}},
		{sought.Query{Text: "case-" + string(other.Number)}, []string{"2/0"}},
		{sought.Query{Number: "0000000000"}, nil},
		{sought.Query{Number: c.Number, Accounts: []desk.AccountID{"999"}}, nil},
		{sought.Query{Text: string(c.Number), Accounts: []desk.AccountID{"123456789012"}}, []string{"1/0"}},
		{sought.Query{Text: "like " + string(c.Number)}, []string{"2/0"}},
	} {
		if diff := cmp.Diff(tt.want, h.find(tt.q)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.q, diff)
		}
	}
}

func typed(t *testing.T, h house) {
	h.open(1, "near words: a OR b", "NOT this AND that")
	for _, text := range []string{
		`"`, `"near`, `near(a b)`, "words : a", "{words inside} : a", "a OR", "near*", "^near", "near + words", "a:*", "a & !b", "'near' <-> 'words'",
		`near\`, "near' | 'x", "near\x00words", "-", "- -", strings.Repeat("a ", 900), strings.Repeat("\"a ", 300), "§123456789012", "*", "-§",
	} {
		_, err := h.s.Search(t.Context(), sought.Query{Text: text, Notes: true, Accounts: []desk.AccountID{"123456789012"}})
		if _, refused := errors.AsType[*desk.Refusal](err); err != nil && !refused {
			t.Errorf("%.40q: %v", text, err)
		}
	}
	for _, text := range []string{"-near", "!?", "-"} {
		_, err := h.s.Search(t.Context(), sought.Query{Text: text})
		if r, ok := errors.AsType[*desk.Refusal](err); !ok || r.Field != "text" || !errors.Is(err, desk.ErrInvalid) {
			t.Errorf("%q: got %v, want a refusal beside the text", text, err)
		}
	}
	for _, after := range []string{"x", "-1.0", "9999999999999999999999.1", "1.99", "5"} {
		if _, err := h.s.Search(t.Context(), sought.Query{Text: "near", After: after}); err != nil {
			t.Errorf("after %q: %v", after, err)
		}
	}
}

func ranks(t *testing.T, h house) {
	h.open(1, "Certificate expired", "The certificate expired.")
	id := h.open(2, "Login", "Something else.").ID
	h.say(id, desk.Correspondence{Kind: desk.KindMessage, Text: "By the way, a certificate of theirs has expired, I think, but that is another matter, and not for now."})
	h.say(id, desk.Correspondence{Kind: desk.KindMessage, Text: "certificate expired"})
	h.say(id, desk.Correspondence{Kind: desk.KindMessage, Text: "And one more thing about that certificate which may have expired or not, who knows."})
	h.open(3, "Nothing of the kind", "Nothing.")
	if diff := cmp.Diff([]string{"1/0", "2/3"}, h.find(sought.Query{Text: "certificate expired"})); diff != "" {
		t.Errorf("certificate expired (-want +got):\n%s", diff)
	}
}
