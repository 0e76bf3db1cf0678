package stream

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"caseline/internal/desk"
	"caseline/internal/feed"
)

type toldCase struct {
	Case     string
	Seq      int64
	Revision int64
}

type told struct {
	Cases                  []toldCase
	Agents, People, Reload bool
	Looks                  []string
}

// What a stream says is JSON that tells of every change.
func TestChangesReadAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var changes []feed.Change
		var want told
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			c := feed.Change{
				Agents: rapid.Bool().Draw(t, "agents"), People: rapid.Bool().Draw(t, "people"), Reload: rapid.Bool().Draw(t, "reload"),
			}
			if rapid.Bool().Draw(t, "looks") {
				is := rapid.StringN(1, 20, -1).Draw(t, "looked at")
				c = feed.Change{Looks: desk.CaseID(is)}
				want.Looks = append(want.Looks, is)
			} else if rapid.Bool().Draw(t, "case") {
				is := toldCase{rapid.StringN(1, 20, -1).Draw(t, "id"), rapid.Int64().Draw(t, "seq"), rapid.Int64().Draw(t, "revision")}
				c = feed.Change{Case: desk.CaseID(is.Case), Seq: is.Seq, Revision: is.Revision}
				want.Cases = append(want.Cases, is)
			}
			want.Agents, want.People, want.Reload = want.Agents || c.Agents, want.People || c.People, want.Reload || c.Reload
			changes = append(changes, c)
		}
		text := appendChanges(nil, changes)
		var got told
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	})
}

// BenchmarkChanges writes what a commit of 23 messages tells each agent.
func BenchmarkChanges(b *testing.B) {
	var changes []feed.Change
	for i := range 23 {
		changes = append(changes, feed.Change{Case: desk.NewCaseID("111122223333", 2026, uint64(i)), Seq: 400, Revision: 900})
	}
	b.ReportAllocs()
	var room []byte
	for b.Loop() {
		room = appendChanges(room[:0], changes)
	}
}
