package rosters

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// Run tests that the stores that open returns keep this part of the contract.
// Each is empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range map[string]func(*testing.T, store.Store){
		"teams are kept, and their names are unique": teams,
		"seats are kept":                          seats,
		"whoever changes a roster tells of it":    told,
		"devices are seen":                        devices,
		"what agents have in hand is counted":     loads,
		"offers count":                            offers,
		"who has waited longest is found":         longest,
		"all who wait are counted":                counted,
		"what is offered counts as had last then": offered,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func update(t *testing.T, s store.Store, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any, err error) {
	t.Helper()
	zones := cmp.Comparer(func(a, b *time.Location) bool { return a == b || a != nil && b != nil && a.String() == b.String() })
	if diff := cmp.Diff(want, got, zones); diff != "" || err != nil {
		t.Errorf("%s: %v, (-want +got):\n%s", what, err, diff)
	}
}

func teams(t *testing.T, s store.Store) {
	ctx := t.Context()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	front := roster.Team{ID: "t1", Name: "Front"}
	billing := roster.Team{
		ID: "t2", Name: "Billing", Members: []desk.AgentID{"jane", "omar"},
		Skills: roster.Skills{Services: []string{"billing"}, Categories: []string{"invoice", "vat"}, Languages: []string{"de"}},
		Hours: matters.Hours{
			Zone: berlin, Open: []matters.Span{{Days: []time.Weekday{time.Sunday, time.Friday}, From: 9 * 60, To: 24 * 60}},
			Holidays: []matters.Holiday{{Month: time.December, Day: 25, Name: "Christmas"}, {Year: 2026, Month: time.May, Day: 1}},
		},
	}
	save := func(teams ...roster.Team) {
		t.Helper()
		for _, team := range teams {
			update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveTeam(ctx, &team) })
		}
	}
	save(front, billing)
	got, err := s.Teams(ctx)
	same(t, "two", got, []roster.Team{billing, front}, err)
	taken := roster.Team{ID: "t3", Name: "Front"}
	if err := s.Update(ctx, func(tx store.Tx) error { return tx.SaveTeam(ctx, &taken) }); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a name that is taken: got %v", err)
	}
	billing.Name, billing.Hours, billing.Members = "Money", matters.Hours{}, nil
	save(billing)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Teams(ctx)
		same(t, "in an update", got, []roster.Team{front, billing}, err)
		return tx.DropTeam(ctx, "t1")
	})
	got, err = s.Teams(ctx)
	same(t, "after one is dropped", got, []roster.Team{billing}, err)
}

func seats(t *testing.T, s store.Store) {
	jane := roster.Seat{Agent: "jane", Capacity: 2, Skills: roster.Skills{Services: []string{"billing"}, Languages: []string{"en", "fr"}}}
	omar := roster.Seat{Agent: "omar"}
	for _, seat := range []roster.Seat{omar, {Agent: "jane", Capacity: 9}, jane} {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveSeat(ctx, &seat) })
	}
	got, err := s.Seats(t.Context())
	same(t, "seats", got, []roster.Seat{jane, omar}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Seats(ctx)
		same(t, "seats in an update", got, []roster.Seat{jane, omar}, err)
		return nil
	})
}

func told(t *testing.T, s store.Store) {
	heard := make(chan store.Hint, 9)
	defer s.Watch(func(h store.Hint) { heard <- h })()
	for _, change := range []func(ctx context.Context, tx store.Tx) error{
		func(ctx context.Context, tx store.Tx) error {
			return tx.SaveTeam(ctx, &roster.Team{ID: "t1", Name: "x"})
		},
		func(ctx context.Context, tx store.Tx) error { return tx.DropTeam(ctx, "t1") },
		func(ctx context.Context, tx store.Tx) error { return tx.SaveSeat(ctx, &roster.Seat{Agent: "jane"}) },
	} {
		update(t, s, change)
		if h := <-heard; !h.Agents && !h.All {
			t.Errorf("got %+v", h)
		}
	}
}

func devices(t *testing.T, s store.Store) {
	start := storetest.Start()
	heard := make(chan store.Hint, 9)
	defer s.Watch(func(h store.Hint) { heard <- h })()
	see := func(id string, at time.Duration) {
		t.Helper()
		d := roster.Device{Agent: "jane", ID: id, Phone: id == "phone", SeenAt: start.Add(at)}
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SeeDevice(ctx, &d) })
	}
	see("laptop", 0)
	see("laptop", 20*time.Second) // too soon to be noted
	see("phone", 25*time.Second)
	see("laptop", 40*time.Second)
	want := []roster.Device{{Agent: "jane", ID: "laptop", SeenAt: start.Add(40 * time.Second)}, {Agent: "jane", ID: "phone", Phone: true, SeenAt: start.Add(25 * time.Second)}}
	got, err := s.Devices(t.Context(), start)
	same(t, "devices", got, want, err)
	got, err = s.Devices(t.Context(), start.Add(30*time.Second))
	same(t, "devices of late", got, want[:1], err)
	see("laptop", 3*time.Minute)
	for _, what := range []string{"laptop", "phone", "laptop again"} {
		if h := <-heard; !h.Agents && !h.All {
			t.Errorf("%s comes: got %+v", what, h)
		}
	}
	for _, at := range []time.Duration{2 * time.Minute, time.Minute} { // the latest stands, and is no coming
		d := roster.Device{Agent: "jane", ID: "laptop", SeenAt: start.Add(9 * time.Hour), LookedAt: start.Add(at)}
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.LookAtDevice(ctx, &d) })
	}
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.PurgeDevices(ctx, start.Add(time.Minute)) })
	got, err = s.Devices(t.Context(), start)
	same(t, "after a purge", got, []roster.Device{{Agent: "jane", ID: "laptop", SeenAt: start.Add(3 * time.Minute), LookedAt: start.Add(2 * time.Minute)}}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		others, err := tx.DropDevice(ctx, &roster.Device{Agent: "jane", ID: "phone"}, start.Add(3*time.Minute))
		same(t, "others than the phone", others, 1, err)
		others, err = tx.DropDevice(ctx, &roster.Device{Agent: "jane", ID: "laptop"}, start.Add(3*time.Minute))
		same(t, "others than the laptop", others, 0, err)
		return err
	})
	got, err = s.Devices(t.Context(), start)
	same(t, "after it was dropped", len(got), 0, err)
	select {
	case h := <-heard:
		t.Errorf("who stays is told of: %+v", h)
	default:
	}
}

// joined puts a case there whose chat an agent has joined.
func joined(t *testing.T, s store.Store, n int, agent desk.Actor, at time.Time) {
	t.Helper()
	c := storetest.AddCase(t, s, n)
	storetest.Chat(t, s, c.ID)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		c, err := tx.LockCase(ctx, c.ID)
		if err != nil {
			return err
		}
		c.Chat.State, c.Chat.Agent, c.Chat.AgentName, c.Chat.JoinedAt = desk.ChatInProgress, desk.AgentID(agent.ID), agent.Name, at
		return tx.SaveCase(ctx, &c)
	})
}

func loads(t *testing.T, s store.Store) {
	at := storetest.Start().Add(time.Hour)
	omar := desk.Actor{Side: desk.SideAgent, ID: "omar", Name: "Omar"}
	joined(t, s, 1, storetest.Jane(), at)
	joined(t, s, 2, storetest.Jane(), at.Add(time.Minute))
	joined(t, s, 3, omar, at)
	jane := store.Load{Agent: "jane", Chats: 2, Last: at.Add(time.Minute)}
	got, err := s.Loads(t.Context())
	same(t, "loads", got, []store.Load{jane, {Agent: "omar", Chats: 1, Last: at}}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.LoadOf(ctx, "jane")
		same(t, "one in an update", got, jane, err)
		got, err = tx.LoadOf(ctx, "lena")
		same(t, "nobody's", got, store.Load{Agent: "lena"}, err)
		return nil
	})
}

func offered(t *testing.T, s store.Store) {
	at := storetest.Start()
	for _, when := range []time.Time{at, at.Add(time.Minute)} {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.NoteOffered(ctx, "jane", when) })
	}
	want := store.Load{Agent: "jane", Last: at.Add(time.Minute)}
	got, err := s.Loads(t.Context())
	same(t, "loads", got, []store.Load{want}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.LoadOf(ctx, "jane")
		same(t, "in an update", got, want, err)
		return nil
	})
}

// waits puts a case there whose chat waits since some minutes after the start, and
// is offered to an agent.
func waits(t *testing.T, s store.Store, n, minutes int, severity desk.Severity, to desk.AgentID) desk.CaseID {
	t.Helper()
	at := storetest.Start().Add(time.Duration(minutes) * time.Minute)
	id := storetest.AddCase(t, s, n).ID
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		c.Severity = severity
		if _, _, err := c.Request(desk.ChatID("chat:"+id), c.Requester, "o", at); err != nil {
			return err
		}
		c.MakeOffer(desk.Actor{Side: desk.SideAgent, ID: string(to), Name: "x"}, at.Add(time.Minute), at)
		return tx.SaveCase(ctx, &c)
	})
	return id
}

func offers(t *testing.T, s store.Store) {
	waits(t, s, 1, 0, desk.SeverityLow, "jane")
	waits(t, s, 2, 0, desk.SeverityLow, "jane")
	waits(t, s, 3, 0, desk.SeverityLow, "jane2")
	waits(t, s, 4, 0, desk.SeverityLow, "")
	joined(t, s, 5, storetest.Jane(), storetest.Start())
	jane := store.Load{Agent: "jane", Chats: 1, Offers: 2, Last: storetest.Start()}
	got, err := s.Loads(t.Context())
	same(t, "loads", got, []store.Load{jane, {Agent: "jane2", Offers: 1}}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.LoadOf(ctx, "jane")
		same(t, "in an update", got, jane, err)
		return nil
	})
}

func longest(t *testing.T, s store.Store) {
	last := waits(t, s, 1, 9, desk.SeverityCritical, "")
	first := waits(t, s, 2, 1, desk.SeverityLow, "jane")
	second := waits(t, s, 3, 2, desk.SeverityHigh, "")
	joined(t, s, 4, storetest.Jane(), storetest.Start())
	for limit, want := range map[int][]desk.CaseID{9: {first, second, last}, 2: {first, second}} {
		var got []desk.CaseID
		cases, err := s.LongestWaiting(t.Context(), limit)
		for _, c := range cases {
			got = append(got, c.ID)
		}
		same(t, "who waits", got, want, err)
	}
}

func counted(t *testing.T, s store.Store) {
	counts := func(about string, n int, since time.Time) {
		t.Helper()
		got, at, err := s.CountWaiting(t.Context())
		if err != nil || got != n || !at.Equal(since) {
			t.Errorf("%s: got %d since %s, %v; want %d since %s", about, got, at, err, n, since)
		}
	}
	change := func(id desk.CaseID, fn func(c *desk.Case)) {
		t.Helper()
		update(t, s, func(ctx context.Context, tx store.Tx) error {
			c, err := tx.LockCase(ctx, id)
			if err != nil {
				return err
			}
			fn(&c)
			return tx.SaveCase(ctx, &c)
		})
	}
	minute := func(n int) time.Time { return storetest.Start().Add(time.Duration(n) * time.Minute) }
	counts("an empty queue", 0, time.Time{})
	storetest.AddCase(t, s, 9) // without a chat
	joined(t, s, 8, storetest.Jane(), storetest.Start())
	counts("nobody waits", 0, time.Time{})
	second := waits(t, s, 1, 2, desk.SeverityCritical, "jane")
	first := waits(t, s, 2, 1, desk.SeverityLow, "")
	counts("both", 2, minute(1))
	change(first, func(c *desk.Case) {
		c.Chat.State, c.Chat.Agent, c.Chat.JoinedAt = desk.ChatInProgress, "jane", minute(3)
	})
	counts("without one that runs", 1, minute(2))
	change(first, func(c *desk.Case) { c.Return("gone", minute(4)) })
	counts("it came back, and waits since then", 2, minute(2))
	change(second, func(c *desk.Case) {
		c.Chat.State, c.Chat.Agent, c.Chat.JoinedAt = desk.ChatInProgress, "jane", minute(5)
	})
	counts("it waits alone", 1, minute(4))
}
