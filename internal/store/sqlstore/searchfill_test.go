package sqlstore_test

import (
	"fmt"
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/sought"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// olden stores cases and takes their words out of the index again, as if they
// had been written by a release that had none.
func olden(t *testing.T, url string) {
	t.Helper()
	ctx := t.Context()
	s := storetest.Open(t, url)
	for n := range 5 {
		c, first, err := desk.OpenCase(desk.NewCase{
			ID: desk.NewCaseID("1", 2026, uint64(n)), Number: desk.NewCaseNumber(uint64(n)), Account: "1", Workspace: "T1", Requester: "T1/U1",
			Subject: fmt.Sprint("Printer ", n), Description: "It jams.", Severity: desk.SeverityLow, Origin: desk.Origin(fmt.Sprint("form:", n)),
		}, storetest.Start())
		if err != nil {
			t.Fatal(err)
		}
		err = s.Update(ctx, func(tx store.Tx) error {
			if err := tx.InsertCase(ctx, &c); err != nil {
				return err
			}
			if err := tx.AppendLog(ctx, &first); err != nil {
				return err
			}
			for i := 2; i < 100*n; i++ {
				e := desk.Correspondence{Case: c.ID, Seq: int64(i), Kind: desk.KindMessage, Text: "toner", Origin: desk.Origin(fmt.Sprint(n, ":", i))}
				switch i {
				case 50:
					e.Text = "paper"
				case 51:
					e.Kind, e.Refers, e.Text, e.At = desk.KindEdit, 50, "paper tray", storetest.Start()
				case 52:
					e.Kind, e.Text = desk.KindNote, "secret"
				}
				if err := tx.AppendLog(ctx, &e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	forget := []string{"DELETE FROM search_words", "INSERT INTO search_backlog (ordinal, seq) SELECT max(ordinal), 0 FROM search_cases"}
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		db := newBare(t, path)
		for _, text := range forget {
			db.prepare(text)()
		}
		return
	}
	for _, text := range forget {
		operator(t, url)(text)
	}
}

// answers are what a few searches find.
func answers(t *testing.T, s *sqlstore.Store) (found []string, growing bool) {
	t.Helper()
	for _, q := range []sought.Query{{Text: "printer"}, {Text: "toner"}, {Text: "paper"}, {Text: "tray"}, {Text: "secret"}, {Text: "secret", Notes: true}} {
		page, err := s.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		growing = page.Growing
		for _, h := range page.Hits {
			found = append(found, fmt.Sprintln(q.Text, h.Case.Subject, h.Seq, h.Words))
		}
	}
	return found, growing
}

func TestWhatWasWrittenBeforeTheIndexIsReadIn(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		olden(t, url)
		s := storetest.Open(t, url)
		var err error
		none, growing := answers(t, s)
		if len(none) > 0 || !growing {
			t.Fatalf("before: got %q, growing %v", none, growing)
		}
		steps := 0
		for more := true; more; steps++ {
			if more, err = s.FillIndex(t.Context()); err != nil {
				t.Fatal(err)
			}
			if steps == 1 { // what is written meanwhile is in it twice
				err := s.Update(t.Context(), func(tx store.Tx) error {
					return tx.AppendLog(t.Context(), &desk.Correspondence{
						Case: desk.NewCaseID("1", 2026, 1), Seq: 100, Kind: desk.KindMessage, Text: "toner", Origin: "late",
					})
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		if steps < 4 {
			t.Errorf("it took %d steps: it was not read bit by bit", steps)
		}
		got, growing := answers(t, s)
		want := []string{
			"printer Printer 4 0 It jams.\n", "printer Printer 3 0 It jams.\n", "printer Printer 2 0 It jams.\n", "printer Printer 1 0 It jams.\n", "printer Printer 0 0 It jams.\n",
			"toner Printer 4 399 toner\n", "toner Printer 3 299 toner\n", "toner Printer 2 199 toner\n", "toner Printer 1 100 toner\n",
			"paper Printer 4 50 paper tray\n", "paper Printer 3 50 paper tray\n", "paper Printer 2 50 paper tray\n", "paper Printer 1 50 paper tray\n",
			"tray Printer 4 50 paper tray\n", "tray Printer 3 50 paper tray\n", "tray Printer 2 50 paper tray\n", "tray Printer 1 50 paper tray\n",
			"secret Printer 4 52 secret\n", "secret Printer 3 52 secret\n", "secret Printer 2 52 secret\n", "secret Printer 1 52 secret\n",
		}
		if diff := cmp.Diff(want, got); diff != "" || growing {
			t.Errorf("growing %v (-want +got):\n%s", growing, diff)
		}
	})
}
