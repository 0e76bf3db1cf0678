package casework_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// audited is what the audit says of a case, oldest first.
func (b *bench) audited(c desk.Case) []string {
	b.t.Helper()
	entries, err := b.store.Audit(b.t.Context(), desk.AuditFilter{Case: c.ID}, 0, 1000)
	b.must(err)
	lines := make([]string, len(entries))
	for i, e := range entries {
		if e.Account != c.Account || e.Detail["number"] != string(c.Number) || e.At.Before(noon) {
			b.t.Errorf("%s: got %+v", e.What, e)
		}
		delete(e.Detail, "number")
		delete(e.Detail, "chat")
		line := fmt.Sprintf("%s · %s %s · %s · %v", e.What, e.By.Side, e.By.ID, strings.TrimSpace(e.Via+" "+string(e.Where)), e.Detail)
		lines[len(lines)-1-i] = line
	}
	return lines
}

func TestB6_WhoDidWhatIsAudited(t *testing.T) {
	each(t, func(b *bench) {
		ctx, alice := b.t.Context(), desk.ByCustomer("T1/alice")
		omar := desk.Agent{ID: "agent-omar", Email: "omar@example.com", Name: "Omar", Role: desk.RoleAgent}
		b.must(b.store.Update(ctx, func(tx store.Tx) error { return tx.SaveAgent(ctx, &omar) }))
		c := b.chatting()
		here := casework.Target{Case: c.ID, Where: "T1/CHAT"}
		step := func(_ desk.Case, err error) { b.t.Helper(); b.must(err) }
		press := func(_ desk.Case, _ bool, err error) { b.t.Helper(); b.must(err) }
		for range 2 { // what is done again is not done
			b.record(b.said(1, b.now.Add(time.Second)))
			b.must(b.Reply(ctx, casework.Reply{Case: c.ID, Agent: jane, Text: "looking", Origin: "console:1"}))
			b.must(b.Amend(ctx, casework.Words{Case: c.ID, Seq: 5, Agent: jane, Text: "looking now", Origin: "console:2"}))
			b.must(b.Withdraw(ctx, casework.Words{Case: c.ID, Seq: 5, Agent: jane, Origin: "console:3"}))
			b.must(b.Note(ctx, casework.Note{Case: c.ID, Agent: jane, Text: "secret words", Origin: "console:4"}))
			step(b.Join(ctx, casework.Join{Case: c.ID, Agent: omar, Also: true, Origin: "console:5"}))
			step(b.SetSeverity(ctx, casework.SetSeverity{Case: c.ID, By: jane, Severity: desk.SeverityUrgent, Origin: "console:6"}))
		}
		step(b.Leave(ctx, casework.Leave{Case: c.ID, Agent: jane, Origin: "console:7"}))
		step(b.HandOver(ctx, casework.HandOver{Case: c.ID, By: omar, Origin: "console:8"}))
		step(b.Join(ctx, casework.Join{Case: c.ID, Agent: jane, Origin: "console:9"}))
		press(b.End(ctx, casework.End{Target: here, By: alice, Reason: desk.EndedByCustomer, Origin: "slack:1"}))
		step(b.Answer(ctx, casework.Answer{Case: c.ID, Where: "T1/C1", Answer: desk.Answer{By: alice, Text: "secret", Origin: "slack:2"}}))
		step(b.Answer(ctx, casework.Answer{Case: c.ID, Answer: desk.Answer{By: desk.ByAgent(jane), Text: "secret", Origin: "console:10"}}))
		press(b.Request(ctx, casework.Request{Target: here, By: "T1/bob", Origin: "slack:3"}))
		b.must(b.store.Update(ctx, func(tx store.Tx) error {
			return b.Befall(ctx, tx, casework.Turn{Place: "T1/CHAT", Fate: desk.FateArchived, By: desk.ByCustomer("T1/bob"), At: b.now, Origin: "slack:4"})
		}))
		press(b.Resolve(ctx, casework.Resolve{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Origin: "console:11"}))
		for range 2 {
			press(b.Reopen(ctx, casework.Reopen{Target: here, By: alice, Origin: "slack:5"}))
		}
		want := []string{
			"case-opened · customer T1/alice · slack T1/C1 · map[entry:1]",
			"chat-requested · customer T1/alice · slack T1/C1 · map[entry:2]",
			"agent-joined · agent agent-jane · console · map[entry:3]",
			"entry-edited · agent agent-jane · console · map[entry:6 of:5]",
			"entry-deleted · agent agent-jane · console · map[entry:7 of:5]",
			"note-written · agent agent-jane · console · map[entry:8]",
			"agent-joined · agent agent-omar · console · map[entry:9]",
			"severity-changed · agent agent-jane · console · map[entry:10 severity:urgent]",
			"agent-left · agent agent-jane · console · map[entry:11]",
			"chat-handed-over · agent agent-omar · console · map[entry:12 to:the queue]",
			"agent-joined · agent agent-jane · console · map[entry:13]",
			"chat-ended · customer T1/alice · slack T1/CHAT · map[entry:14 reason:customer]",
			"case-answered · customer T1/alice · slack T1/C1 · map[entry:16]",
			"case-answered · agent agent-jane · console · map[entry:17]",
			"chat-requested · customer T1/bob · slack T1/CHAT · map[entry:18]",
			"chat-cancelled · customer T1/bob · slack T1/CHAT · map[entry:19 reason:archived]",
			"case-resolved · agent agent-jane · console · map[entry:20]",
			"case-reopened · customer T1/alice · slack T1/CHAT · map[entry:21]",
		}
		if diff := cmp.Diff(want, b.audited(c)); diff != "" {
			b.t.Errorf("audit (-want +got):\n%s", diff)
		}
	})
}

// A delivery that settles ends a chat too, and nobody did it.
func TestWhatHappensByItselfIsAudited(t *testing.T) {
	each(t, func(b *bench) {
		c := b.open("slack:view:V1")
		b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: "restricted_action"})
		got := b.audited(c)
		want := "chat-cancelled · system  · T1/C1 · map[entry:3 reason:no-place]"
		if len(got) != 3 || got[2] != want {
			b.t.Errorf("got %q, want %q last", got, want)
		}
	})
}
