package desk

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func newCase(t *testing.T) Case {
	t.Helper()
	c, entry, err := OpenCase(NewCase{
		ID: "case-1", Number: "1234567890", Requester: "T1/U1", Subject: "  Build   is stuck ", Description: "Since ten.",
		Severity: SeverityHigh, Asked: "T1/C1", Origin: "slack:view:V1",
	}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if entry.Seq != 1 || entry.Kind != KindMessage || entry.Text != "Since ten." {
		t.Fatalf("first entry: got %+v", entry)
	}
	return c
}

func TestOpenCaseRefusesWhatAFormCanGetWrong(t *testing.T) {
	long := func(n int) string {
		b := make([]rune, n)
		for i := range b {
			b[i] = 'é'
		}
		return string(b)
	}
	good := NewCase{Subject: "s", Description: "d", Severity: SeverityLow}
	tests := []struct {
		name  string
		with  func(*NewCase)
		field string
	}{
		{"everything there", func(*NewCase) {}, ""},
		{"no subject", func(n *NewCase) { n.Subject = " \t " }, "subject"},
		{"longest subject", func(n *NewCase) { n.Subject = long(MaxSubject) }, ""},
		{"long subject", func(n *NewCase) { n.Subject = long(MaxSubject + 1) }, "subject"},
		{"no description", func(n *NewCase) { n.Description = "\n" }, "description"},
		{"longest description", func(n *NewCase) { n.Description = long(MaxDescription) }, ""},
		{"long description", func(n *NewCase) { n.Description = long(MaxDescription + 1) }, "description"},
		{"no severity", func(n *NewCase) { n.Severity = "" }, "severity"},
		{"made-up severity", func(n *NewCase) { n.Severity = "catastrophic" }, "severity"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := good
			tt.with(&n)
			_, _, err := OpenCase(n, noon)
			field := ""
			if r, ok := errors.AsType[*Refusal](err); ok {
				field = r.Field
			}
			if field != tt.field || (err != nil) != (tt.field != "") {
				t.Errorf("got error %v on field %q, want field %q", err, field, tt.field)
			}
		})
	}
}

func TestChatLifeIsIdempotent(t *testing.T) {
	c := newCase(t)
	if c.Subject != "Build is stuck" {
		t.Errorf("subject: got %q, want its spaces folded", c.Subject)
	}
	if _, err := c.Reply(jane, "hello", "o", noon); !errors.Is(err, ErrConflict) {
		t.Errorf("reply before a chat: got %v, want a conflict", err)
	}
	if _, changed, err := c.Request("chat-1", "T1/U1", "o1", noon); !changed || err != nil {
		t.Fatalf("request: got %v, %v", changed, err)
	}
	seq := c.LastSeq
	if _, changed, _ := c.Request("chat-2", "T1/U2", "o2", noon); changed || c.LastSeq != seq {
		t.Error("a second request changed the case")
	}
	if _, changed, err := c.Join(jane, "o3", noon.Add(time.Minute)); !changed || err != nil {
		t.Fatalf("join: got %v, %v", changed, err)
	}
	if c.Status != StatusWorkInProgress {
		t.Errorf("status after the join: got %s", c.Status)
	}
	if _, err := c.Reply(ByAgent(Agent{ID: "a2", Name: "Omar"}), "me too", "o", noon); !errors.Is(err, ErrForbidden) {
		t.Errorf("reply by an agent who has not joined: got %v, want it forbidden", err)
	}
	if _, changed, err := c.Join(jane, "o4", noon); changed || err != nil {
		t.Errorf("joining twice: got %v, %v, want no change", changed, err)
	}
	_, _, err := c.Join(ByAgent(Agent{ID: "a2", Name: "Omar"}), "o5", noon)
	if !errors.Is(err, ErrConflict) || err.Error() != "Jane has already joined this chat. You can join as a second agent." {
		t.Errorf("second agent: got %v", err)
	}
	if _, changed := c.End(ByCustomer("T1/U1"), EndedByCustomer, "o6", noon.Add(2*time.Minute)); !changed {
		t.Error("end changed nothing")
	}
	if _, changed := c.End(jane, EndedByAgent, "o7", noon.Add(3*time.Minute)); changed {
		t.Error("ending twice changed the case")
	}
	if c.Chat.Reason != EndedByCustomer {
		t.Errorf("reason: got %s, want the first end's", c.Chat.Reason)
	}
	if _, changed := c.Resolve(jane, "o8", noon.Add(4*time.Minute)); !changed {
		t.Error("resolve changed nothing")
	}
	if _, changed := c.Resolve(jane, "o9", noon.Add(5*time.Minute)); changed {
		t.Error("resolving twice changed the case")
	}
	if _, _, err := c.Request("chat-3", "T1/U1", "o10", noon); !errors.Is(err, ErrConflict) {
		t.Errorf("chat on a resolved case: got %v, want a conflict", err)
	}
}

func TestEndBeforeJoinIsACancel(t *testing.T) {
	c := newCase(t)
	c.Request("chat-1", "T1/U1", "o1", noon)
	entry, changed := c.End(ByCustomer("T1/U1"), EndedByCustomer, "o2", noon.Add(time.Minute))
	if !changed || entry.What != string(EventCancelled) || c.Chat.Reason != EndedCancelled {
		t.Errorf("got %v %q %q, want a cancelled request", changed, entry.What, c.Chat.Reason)
	}
	if c.Chat.Covers(noon.Add(30 * time.Second)) {
		t.Error("a cancelled request covers what was written while waiting")
	}
}

// L22, L40: what is written before the join or after the end is outside the
// window, whenever it arrives; both borders belong to the chat.
func TestRecordingWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		join := noon.Add(time.Duration(rapid.Int64Range(0, 1e6).Draw(t, "join")) * time.Microsecond)
		end := join.Add(time.Duration(rapid.Int64Range(0, 1e6).Draw(t, "length")) * time.Microsecond)
		at := noon.Add(time.Duration(rapid.Int64Range(-1e6, 3e6).Draw(t, "at")) * time.Microsecond)
		ended := rapid.Bool().Draw(t, "ended")
		s := ChatSession{State: ChatInProgress, JoinedAt: join}
		want := !at.Before(join)
		if ended {
			s.State, s.EndedAt = ChatEnded, end
			want = want && !at.After(end)
		}
		if got := s.Covers(at); got != want {
			t.Fatalf("got %v, want %v for %v in [%v, %v] ended=%v", got, want, at, join, end, ended)
		}
	})
}

func TestOurEntriesNeverGoBackInTime(t *testing.T) {
	c := newCase(t)
	c.Request("chat-1", "T1/U1", "o1", noon.Add(time.Second))
	c.Join(ByAgent(Agent{ID: "a1"}), "o2", noon.Add(time.Minute))
	// Another node, whose clock is behind, takes the reply.
	e, err := c.Reply(ByAgent(Agent{ID: "a1"}), "hi", "o3", noon.Add(30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if want := noon.Add(time.Minute); !e.At.Equal(want) {
		t.Errorf("got %v, want %v", e.At, want)
	}
}

func TestSettle(t *testing.T) {
	later := noon.Add(time.Minute)
	d := Delivery{State: DeliveryPending, Receipt: "1.0", Part: 1}
	tests := []struct {
		name string
		v    Verdict
		want Delivery
	}{
		{"sent", Verdict{Kind: Sent, Receipt: "2.0"}, Delivery{State: DeliverySent, Part: 1, Receipt: "1.0 2.0", SettledAt: noon}},
		{"sent, more to come", Verdict{Kind: Sent, Receipt: "2.0", More: true}, Delivery{State: DeliveryPending, Part: 2, Receipt: "1.0 2.0", NotBefore: noon}},
		{"retry", Verdict{Kind: Retry, At: later, Reason: "ratelimited"}, Delivery{State: DeliveryPending, Part: 1, Receipt: "1.0", NotBefore: later, Reason: "ratelimited"}},
		{"refused", Verdict{Kind: Refused, Reason: "is_archived"}, Delivery{State: DeliveryRefused, Part: 1, Receipt: "1.0", Reason: "is_archived", SettledAt: noon}},
		{"nothing said is unknown", Verdict{}, Delivery{State: DeliveryUnknown, Part: 1, Receipt: "1.0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := d.Settle(tt.v, noon)
			if got.State != tt.want.State || got.Part != tt.want.Part || got.Receipt != tt.want.Receipt ||
				got.Reason != tt.want.Reason || !got.NotBefore.Equal(tt.want.NotBefore) || !got.SettledAt.Equal(tt.want.SettledAt) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestParseCaseNumber(t *testing.T) {
	for in, want := range map[string]CaseNumber{
		"1234567890": "1234567890", " #1234567890 ": "1234567890", "case-1234567890": "1234567890",
		"": "", "123456789": "", "12345678901": "", "12345678x0": "",
	} {
		if got, ok := ParseCaseNumber(in); got != want || ok != (want != "") {
			t.Errorf("ParseCaseNumber(%q): got %q, %v", in, got, ok)
		}
	}
	if got := NewCaseNumber(0); got != "1000000000" {
		t.Errorf("smallest number: got %s", got)
	}
	if got := NewCaseNumber(1<<64 - 1); len(got) != 10 {
		t.Errorf("largest number: got %s", got)
	}
}
