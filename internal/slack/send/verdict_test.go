package send_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/pace"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/send"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// ready opens a case and works its lane up to the given kind.
func (b *bench) ready(kind desk.DeliveryKind) (desk.Case, desk.Delivery) {
	b.t.Helper()
	c := b.open()
	for range 10 {
		d, ok := b.head(desk.CaseLane(c.ID))
		if !ok {
			b.t.Fatalf("no %s waits", kind)
		}
		if d.Kind == kind {
			return b.caseNow(c.ID), d
		}
		b.settle(d, b.sender.Send(b.t.Context(), d))
	}
	b.t.Fatalf("no %s in ten deliveries", kind)
	return desk.Case{}, desk.Delivery{}
}

func TestErrorsOfSlackAreVerdicts(t *testing.T) {
	tests := []struct {
		code     string
		want     desk.VerdictKind
		wantHold bool
		wantWait time.Duration
	}{
		{"channel_not_found", desk.Retry, false, time.Second}, // it may have got another id
		{"not_in_channel", desk.Refused, false, 0},
		{"is_archived", desk.Refused, false, 0},
		{"restricted_action", desk.Refused, false, 0},
		{"invalid_blocks", desk.Refused, false, 0},
		{"msg_too_long", desk.Refused, false, 0},
		{"message_limit_exceeded", desk.Refused, false, 0},
		{"missing_scope", desk.Refused, false, 0},
		{"rate_limited", desk.Retry, true, 30 * time.Second},
		{"account_inactive", desk.Retry, false, time.Minute},
		{"token_revoked", desk.Retry, false, time.Minute},
		{"invalid_auth", desk.Retry, false, time.Minute},
		{"team_access_not_granted", desk.Retry, false, time.Minute}, // the organisation may let us in again
		{"team_added_to_org", desk.Retry, false, 30 * time.Second},
		{"request_timeout", desk.Retry, false, 0},
		{"internal_error", desk.Unknown, false, 0},
		{"fatal_error", desk.Unknown, false, 0},
		{"service_unavailable", desk.Unknown, false, 0},
	}
	b := newBench(t, benchOptions{})
	_, d := b.ready(desk.DeliverLink)
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			defer b.sim.Refuse("chat.postMessage", tt.code)()
			v := b.sender.Send(t.Context(), d)
			want := desk.Verdict{Kind: tt.want, Reason: tt.code}
			if tt.wantHold {
				want.Hold = string(b.self.ID) + "/chat.postMessage"
			}
			if tt.wantWait > 0 {
				want.At = b.now.Add(tt.wantWait)
			}
			want.Shut = tt.wantWait == time.Minute
			if diff := cmp.Diff(want, v); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
	last := d
	last.Attempts = 4
	remove := b.sim.Refuse("chat.postMessage", "channel_not_found")
	if v := b.sender.Send(t.Context(), last); v.Kind != desk.Refused {
		t.Errorf("a channel that stays unknown: got %+v", v)
	}
	remove()
	defer b.sim.RateLimit("chat.postMessage", 7)()
	v := b.sender.Send(t.Context(), d)
	if v.Kind != desk.Retry || !v.At.Equal(b.now.Add(7*time.Second)) || v.Hold != b.sender.Budget(d)[0].Key {
		t.Errorf("429: got %+v", v)
	}
}

func TestNothingIsSentWithoutAPlace(t *testing.T) {
	b := newBench(t, benchOptions{})
	b.ws.Configure(func(w *world.Workspace) { w.NoChannelCreation = true })
	b.sim.Refuse("chat.postMessage", "restricted_action", slacksim.Always)
	c := b.open()
	got := b.drain()
	want := []string{"place refused", "card refused", "invite refused", "pin refused", "link refused", "topic refused", "ephemeral sent"}
	if diff := cmp.Diff(want, sorted(got, want)); diff != "" {
		t.Errorf("settled (-want +got):\n%s", diff)
	}
	told := b.ws.Ephemerals(b.alice)
	if len(told) != 1 || !strings.Contains(told[0].Text, "this workspace does not let apps make channels") {
		t.Errorf("alice was told %+v", told)
	}
	if c = b.caseNow(c.ID); c.Chat.Reason != desk.EndedNoPlace {
		t.Errorf("chat is %+v", c.Chat)
	}
}

// sorted puts got in the order of want, for lanes that are worked side by side.
func sorted(got, want []string) []string {
	var out []string
	for _, w := range want {
		for _, g := range got {
			if g == w {
				out = append(out, g)
			}
		}
	}
	if len(out) != len(got) {
		return got
	}
	return out
}

func TestPlaceTakesAnotherNameWhenOthersHaveIt(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := b.open()
	for n, name := range []string{"case-" + string(c.Number), "case-" + string(c.Number) + "-2"} {
		b.ws.AddChannel(name, []world.ChannelKind{world.Private, world.Public}[n], b.bob)
	}
	b.step(desk.CaseLane(c.ID))
	if got, want := b.room(c.ID).Name(), "case-"+string(c.Number)+"-3"; got != want {
		t.Errorf("got channel %q, want %q", got, want)
	}
}

// A crash between Slack's making the channel and our writing it down.
func TestPlaceIsFoundAfterACrash(t *testing.T) {
	b := newBench(t, benchOptions{})
	_, d := b.ready(desk.DeliverPlace)
	first := b.sender.Send(t.Context(), d)
	for name, try := range map[string]func() desk.Verdict{
		"look":     func() desk.Verdict { return b.sender.Look(t.Context(), d) },
		"again":    func() desk.Verdict { d := d; d.Attempts = 2; return b.sender.Send(t.Context(), d) },
		"as first": func() desk.Verdict { return b.sender.Send(t.Context(), d) },
	} {
		if v := try(); v.Kind != desk.Sent || v.Receipt != first.Receipt {
			t.Errorf("%s: got %+v, want the channel %q", name, v, first.Receipt)
		}
	}
}

func TestPlaceOfSomebodyElseIsNotOurs(t *testing.T) {
	b := newBench(t, benchOptions{})
	c, d := b.ready(desk.DeliverPlace)
	theirs := b.ws.AddChannel("case-"+string(c.Number), world.Private, b.bob)
	theirs.Invite(b.bob, b.app.Bot)
	b.now = b.now.Add(time.Minute)
	if v := b.sender.Look(t.Context(), d); v.Kind != desk.Retry {
		t.Errorf("got %+v, want it to be made", v)
	}
}

// What is not there is not repeated before it can no longer come.
func TestLookWaitsForWhatMayBeOnItsWay(t *testing.T) {
	b := newBench(t, benchOptions{timeout: 2 * time.Second})
	_, d := b.ready(desk.DeliverLink)
	sure := d.TriedAt.Add(2*time.Second + 100*time.Millisecond)
	b.now = sure.Add(-time.Microsecond)
	if v := b.sender.Look(t.Context(), d); v.Kind != desk.Unknown || !v.At.Equal(sure) {
		t.Errorf("got %+v, want unknown until %v", v, sure)
	}
	b.now = sure
	if v := b.sender.Look(t.Context(), d); v.Kind != desk.Retry {
		t.Errorf("got %+v, want retry", v)
	}
}

// A slowHistory is a Slack that takes its time to tell a history.
type slowHistory struct {
	*api.Client
	passes func()
}

func (s slowHistory) History(ctx context.Context, span api.Span) ([]api.Message, string, error) {
	defer s.passes()
	return s.Client.History(ctx, span)
}

// What came while Slack was answering is not in the answer.
func TestLookCountsFromItsBeginning(t *testing.T) {
	b := newBench(t, benchOptions{timeout: 2 * time.Second})
	_, d := b.ready(desk.DeliverLink)
	sure := d.TriedAt.Add(2*time.Second + 100*time.Millisecond)
	now := sure.Add(-time.Microsecond)
	sender := send.New(b.self, slowHistory{b.client, func() { now = now.Add(time.Second) }}, b.store, b.cases, b.blobs,
		send.Options{Margin: 100 * time.Millisecond, Now: func() time.Time { return now }})
	if v := sender.Look(t.Context(), d); v.Kind != desk.Unknown {
		t.Errorf("got %+v, want unknown", v)
	}
	if v := sender.Look(t.Context(), d); v.Kind != desk.Retry {
		t.Errorf("got %+v, want retry", v)
	}
}

// A try whose time is over before its call is made would reach Slack after
// somebody has looked for it.
func TestALateTryMakesNoCall(t *testing.T) {
	b := newBench(t, benchOptions{timeout: 2 * time.Second})
	_, d := b.ready(desk.DeliverLink)
	before := len(b.sim.Calls("chat.postMessage"))
	b.now = d.TriedAt.Add(2 * time.Second)
	if v := b.sender.Send(t.Context(), d); v.Kind != desk.Retry {
		t.Errorf("got %+v, want retry", v)
	}
	if calls := b.sim.Calls("chat.postMessage")[before:]; len(calls) > 0 {
		t.Errorf("got %d posts, want none", len(calls))
	}
}

// A channel's name is taken by the first who makes it, so nobody need wait.
func TestPlaceIsMadeAgainAtOnce(t *testing.T) {
	b := newBench(t, benchOptions{})
	_, d := b.ready(desk.DeliverPlace)
	if v := b.sender.Look(t.Context(), d); v.Kind != desk.Retry {
		t.Errorf("got %+v, want retry", v)
	}
}

func TestLookReadsMoreThanOnePage(t *testing.T) {
	b := newBench(t, benchOptions{})
	_, d := b.ready(desk.DeliverLink)
	v := b.sender.Send(t.Context(), d)
	for n := range 450 {
		b.ops.Post(b.bob, fmt.Sprint("talk ", n))
	}
	if got := b.sender.Look(t.Context(), d); got.Kind != desk.Sent || got.Receipt != v.Receipt {
		t.Errorf("got %+v, want %q", got, v.Receipt)
	}
}

func TestLookIsNotFooledByOthers(t *testing.T) {
	b := newBench(t, benchOptions{})
	_, d := b.ready(desk.DeliverLink)
	other := b.ws.Install(slacksim.App{BotName: "Other", BotToken: "xoxb-2", Events: []string{}})
	b.ops.Invite(b.alice, other.Bot)
	_, err := b.sim.World.Post(world.Posting{
		User: other.Bot.ID, Channel: b.ops.ID, Text: "me too",
		Metadata: &world.Metadata{EventType: "caseline_delivery", EventPayload: map[string]any{"id": d.Correlation()}},
	})
	b.must(err)
	b.now = b.now.Add(time.Minute)
	if v := b.sender.Look(t.Context(), d); v.Kind != desk.Retry {
		t.Errorf("got %+v for another app's message", v)
	}
}

func TestLookThatCannotSeeDoesNotRepeat(t *testing.T) {
	b := newBench(t, benchOptions{})
	_, d := b.ready(desk.DeliverLink)
	for code, want := range map[string]desk.VerdictKind{
		"missing_scope": desk.Unknown, "internal_error": desk.Unknown, "invalid_auth": desk.Unknown, "ratelimited": desk.Unknown,
		"channel_not_found": desk.Refused,
	} {
		remove := b.sim.Refuse("conversations.history", code)
		if v := b.sender.Look(t.Context(), d); v.Kind != want || v.Hold != "" {
			t.Errorf("%s: got %+v, want %v", code, v, want)
		}
		remove()
	}
}

func TestPeopleWhoCannotBeAddedAreNamed(t *testing.T) {
	b := newBench(t, benchOptions{})
	guest := b.ws.AddUser("gast", "Gast", slacksim.SingleChannelGuest)
	b.ws.AddChannel("other", world.Public, b.bob, guest)
	b.must(b.cases.NamePerson(t.Context(), desk.Person{ID: ident.Person(b.self.ID, guest.ID), Name: "Gast <!here>"}))
	c := b.open(func(o *casework.Open) {
		o.Members = append(o.Members, ident.Person(b.self.ID, guest.ID), ident.Person(b.self.ID, "U0NOBODY"), ident.Person(b.self.ID, b.app.Bot.ID))
	})
	b.drain()
	room := b.room(c.ID)
	if got, want := room.Members(), []string{b.app.Bot.Name, "alice", "bob"}; !cmp.Equal(got, want) {
		t.Errorf("members: got %v, want %v", got, want)
	}
	warning := room.Find(func(m world.Message) bool { return strings.Contains(m.Text, "did not let us add") })
	if warning == nil || !strings.Contains(warning.Text(), "Gast &lt;!here&gt;") || !strings.Contains(warning.Text(), "U0NOBODY") {
		t.Errorf("warning: %v", b.transcript(room))
	}
	if b.caseNow(c.ID).Card == "" {
		t.Error("the chat did not go on")
	}
}

func TestReplyWithoutTheScopeForNames(t *testing.T) {
	var scopes []string
	for _, s := range slacksim.AllScopes() {
		if s != "chat:write.customize" {
			scopes = append(scopes, s)
		}
	}
	b := newBench(t, benchOptions{scopes: scopes})
	c := b.open()
	b.join(c)
	b.reply(c, "*looking* now", "console:1")
	b.drain()
	got := b.transcript(b.room(c.ID))
	if last := got[len(got)-1]; !strings.HasPrefix(last, "app: *Jane (Support):* _looking_ now") {
		t.Errorf("got %q", last)
	}
}

func TestReplyCannotMentionAnybody(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := b.open()
	b.join(c)
	b.reply(c, "<!channel> <@"+b.bob.ID+"> & [link](https://example.com)", "console:1")
	b.drain()
	m := b.room(c.ID).Find(func(m world.Message) bool { return m.Username == "Jane (Support)" })
	if m == nil {
		t.Fatal("no reply")
	}
	now, _ := m.Now()
	if got := fmt.Sprint(now.Blocks); strings.Contains(got, "broadcast") || strings.Contains(got, "user_id") {
		t.Errorf("blocks mention somebody: %s", got)
	}
	if strings.Contains(now.Text, "<!channel>") || strings.Contains(now.Text, "<@") {
		t.Errorf("text mentions somebody: %s", now.Text)
	}
}

func TestCardThatCannotBeChangedIsPostedAnew(t *testing.T) {
	for _, code := range []string{"edit_window_closed", "message_not_found", "cant_update_message"} {
		t.Run(code, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			c := b.open()
			b.drain()
			old := b.caseNow(c.ID).Card
			b.sim.Refuse("chat.update", code)
			b.join(c)
			b.drain()
			c = b.caseNow(c.ID)
			if c.Card == old || c.Card == "" {
				t.Fatalf("card is %q, was %q", c.Card, old)
			}
			pins := b.room(c.ID).Pins()
			if len(pins) != 2 || pins[0].TS != c.Card || !strings.Contains(fmt.Sprint(pins[0].Blocks), "Jane from Support") {
				t.Errorf("pins: %+v", pins)
			}
		})
	}
}

func TestBudgetDrawsFromTheRightBuckets(t *testing.T) {
	b := newBench(t, benchOptions{})
	w := string(b.self.ID)
	place := desk.Place(w + "/C1")
	tests := []struct {
		d    desk.Delivery
		want []string
	}{
		{desk.Delivery{Kind: desk.DeliverPlace}, []string{w + "/conversations.create"}},
		{desk.Delivery{Kind: desk.DeliverPlace, State: desk.DeliveryUnknown}, []string{w + "/users.conversations"}},
		{desk.Delivery{Kind: desk.DeliverReply, Place: place}, []string{w + "/chat.postMessage", w + "/post/C1", w + "/post"}},
		{desk.Delivery{Kind: desk.DeliverReply, Place: place, State: desk.DeliveryUnknown}, []string{w + "/conversations.history"}},
		{desk.Delivery{Kind: desk.DeliverCard, Case: "c", Lane: desk.CaseLane("c"), Place: place}, []string{w + "/chat.postMessage", w + "/post/C1", w + "/post"}},
		{desk.Delivery{Kind: desk.DeliverCard, Case: "c", Lane: desk.CardLane("c"), Place: place}, []string{w + "/chat.update", w + "/card/chat.update"}},
		{desk.Delivery{Kind: desk.DeliverEdit, Case: "c", Place: place}, []string{w + "/chat.update"}},
		{desk.Delivery{Kind: desk.DeliverInvite, Place: place}, []string{w + "/conversations.invite"}},
		{desk.Delivery{Kind: desk.DeliverEphemeral, Place: place}, []string{w + "/chat.postEphemeral"}},
		{desk.Delivery{Kind: desk.DeliverFetch}, []string{w + "/files.info"}},
		{desk.Delivery{Kind: desk.DeliverFetch, State: desk.DeliveryUnknown}, nil},
		{desk.Delivery{Kind: desk.DeliverTally, Place: place}, []string{w + "/conversations.history", w + "/read/conversations.history"}},
		{desk.Delivery{Kind: desk.DeliverTally, Place: place, Receipt: "threads=1.000001"}, []string{w + "/conversations.replies", w + "/read/conversations.replies"}},
		{desk.Delivery{Kind: desk.DeliverTally, Place: place + "/1.000001"}, []string{w + "/conversations.replies", w + "/read/conversations.replies"}},
		{desk.Delivery{Kind: desk.DeliverCatchUp, Place: place, Content: desk.Content{What: desk.Comparing}}, []string{w + "/conversations.history", w + "/read/conversations.history", w + "/compare/conversations.history"}},
		{desk.Delivery{Kind: desk.DeliverTally, Place: place, State: desk.DeliveryUnknown}, nil},
		{desk.Delivery{Kind: desk.DeliverOffer, Place: place, Receipt: "own=2"}, []string{w + "/chat.postEphemeral", w + "/read/chat.postEphemeral"}},
	}
	for _, tt := range tests {
		if got := keys(b.sender.Budget(tt.d)); !cmp.Equal(got, tt.want) {
			t.Errorf("%s %s: got %v, want %v", tt.d.Kind, tt.d.State, got, tt.want)
		}
	}
}

func keys(buckets []pace.Bucket) (keys []string) {
	for _, b := range buckets {
		keys = append(keys, b.Key)
	}
	return keys
}

func TestDeliveriesNobodyUnderstandsAreRefused(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := b.open()
	b.drain()
	for _, d := range []desk.Delivery{
		{Case: c.ID, Kind: "telegram"},
		{Case: c.ID, Kind: desk.DeliverEphemeral},
		{Case: c.ID, Kind: desk.DeliverReply, Place: "nowhere"},
	} {
		d.TriedAt = b.now
		if v := b.sender.Send(t.Context(), d); v.Kind != desk.Refused {
			t.Errorf("%s: got %+v", d.Kind, v)
		}
	}
	if v := b.sender.Send(t.Context(), desk.Delivery{Case: "none", Kind: desk.DeliverPin}); v.Kind != desk.Retry {
		t.Errorf("a case that cannot be read: got %+v", v)
	}
}

// Pins and topics are the workspace's to forbid, and nothing hangs on them: the
// chat goes on with its card unpinned and its topic as it was.
func TestAChatGoesOnWithoutPinAndTopic(t *testing.T) {
	for _, refused := range [][2]string{
		{"pins.add", "already_pinned"}, {"pins.add", "too_many_pins"}, {"pins.add", "not_pinnable"}, {"pins.add", "restricted_action"},
		{"conversations.setTopic", "user_is_restricted"}, {"conversations.setTopic", "too_long"},
	} {
		t.Run(strings.Join(refused[:], " "), func(t *testing.T) {
			b := newBench(t, benchOptions{})
			b.sim.Refuse(refused[0], refused[1], slacksim.Always)
			c := b.open()
			b.join(c)
			b.reply(c, "looking now", "console:1")
			b.drain()
			if diff := cmp.Diff([]string{"looking now"}, b.spoken(c)); diff != "" || b.caseNow(c.ID).Card == "" {
				t.Errorf("in the room (-want +got):\n%s", diff)
			}
		})
	}
}

// A workspace that an organisation has taken our app out of says so to calls alone:
// whoever keeps the organisation's list hears of it.
func TestAWorkspaceWeAreTakenOutOfIsToldOf(t *testing.T) {
	b := newBench(t, benchOptions{})
	_, d := b.ready(desk.DeliverLink)
	defer b.sim.Refuse("chat.postMessage", "team_access_not_granted")()
	told := ""
	s := send.New(b.self, b.client, b.store, b.cases, b.blobs, send.Options{
		Now: func() time.Time { return b.now }, ShutOut: func(err error) { told += api.Code(err) },
	})
	if v := s.Send(t.Context(), d); v.Kind != desk.Retry || told != "team_access_not_granted" {
		t.Errorf("got %+v, told %q; want that it waits, told once", v, told)
	}
}
