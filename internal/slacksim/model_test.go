package slacksim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/person"
)

// TestAnythingSurvivesARestart lets people do anything in any order, and opens
// the world again in between.
func TestAnythingSurvivesARestart(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		fail := func(err error) { rt.Helper(); rt.Fatal(err) }
		open := func() (*slacksim.Server, *slacksim.User, *slacksim.Channel) {
			sim, err := slacksim.New(slacksim.Options{Dir: dir, Fail: fail, Unfurl: true})
			if err != nil {
				rt.Fatal(err)
			}
			_, alice, ops := build(sim, "")
			return sim, alice, ops
		}
		sim, alice, ops := open()
		var model []string // ts and text of what alice wrote, in order
		find := func() (int, string) {
			if len(model) == 0 {
				rt.Skip("nothing there")
			}
			i := rapid.IntRange(0, len(model)-1).Draw(rt, "which")
			ts, _, _ := strings.Cut(model[i], " ")
			return i, ts
		}
		text := rapid.StringMatching(`[a-z]{1,8}`)
		rt.Repeat(map[string]func(*rapid.T){
			"post": func(rt *rapid.T) {
				m := ops.Post(alice, text.Draw(rt, "text"))
				model = append(model, m.TS+" "+m.Text())
			},
			"reply": func(rt *rapid.T) {
				_, ts := find()
				row, _ := ops.Message(ts).Now()
				if row.IsReply() {
					rt.Skip("a reply")
				}
				m, err := ops.Send(t.Context(), alice, person.Draft{Text: text.Draw(rt, "text"), ThreadTS: ts, Broadcast: rapid.Bool().Draw(rt, "broadcast")})
				if err != nil {
					rt.Fatal(err)
				}
				model = append(model, m.TS+" "+m.Text())
			},
			"edit": func(rt *rapid.T) {
				i, ts := find()
				next := text.Draw(rt, "text")
				ops.Edit(alice, ts, next)
				model[i] = ts + " " + next
			},
			"delete": func(*rapid.T) {
				i, ts := find()
				ops.Delete(alice, ts)
				model = slices.Delete(model, i, i+1)
			},
			"pin": func(*rapid.T) {
				_, ts := find()
				if row, _ := ops.Message(ts).Now(); row.PinnedBy == "" {
					ops.Message(ts).Pin(alice)
				} else {
					ops.Message(ts).Unpin(alice)
				}
			},
			"restart": func(rt *rapid.T) {
				if rapid.IntRange(0, 3).Draw(rt, "now") > 0 {
					return // it takes long
				}
				before := sim.Dump()
				if rapid.Bool().Draw(rt, "closed") {
					if err := sim.Close(); err != nil {
						rt.Fatal(err)
					}
				}
				sim, alice, ops = open()
				if diff := cmp.Diff(before, sim.Dump()); diff != "" {
					rt.Fatal(diff)
				}
			},
			"": func(rt *rapid.T) {
				var got []string
				for _, m := range ops.All() {
					if m.User == alice.ID && !m.System() {
						got = append(got, fmt.Sprint(m.TS, " ", m.Text))
					}
				}
				if diff := cmp.Diff(model, got); diff != "" && len(model)+len(got) > 0 {
					rt.Fatal(diff)
				}
			},
		})
	})
}
