package storetest

import (
	"testing"

	"caseline/internal/desk"
	"caseline/internal/store"
)

func eventChecks() []check {
	return []check{
		{"an event reads as it was written", eventRoundTrip},
		{"an event is added once", eventOnce},
		{"an arriving event waits behind a pending one", eventArrives},
		{"a lane gives its oldest pending event", eventsInOrder},
		{"pending lanes come soonest first", pendingLanes},
		{"done events are purged", eventsPurged},
	}
}

// NewEvent returns a pending event.
func NewEvent(key string, lane desk.Lane) desk.Event {
	return desk.Event{Key: key, Lane: lane, Body: []byte(`{"key":"` + key + `"}`), ReceivedAt: minute(1), State: desk.EventPending}
}

// AddEvents stores events, which must be new.
func AddEvents(t testing.TB, s store.Store, events ...desk.Event) []desk.Event {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for i := range events {
			if added, err := tx.AddEvent(t.Context(), &events[i]); err != nil || !added {
				t.Errorf("add %s: got %v, %v, want true", events[i].Key, added, err)
			}
		}
		return nil
	})
	return events
}

func eventRoundTrip(t *testing.T, s store.Store) {
	ctx := t.Context()
	want := desk.Event{
		Key: "slack:T1:Ev1", Lane: "place:T1/C1", Body: []byte{0, 1, 0xff, '\n'}, ReceivedAt: minute(1),
		State: desk.EventPending, Attempts: 2, NotBefore: minute(3), Reason: "no such case",
	}
	want = AddEvents(t, s, want)[0]
	if want.ID == 0 {
		t.Error("the event has no ID")
	}
	empty := AddEvents(t, s, desk.Event{Key: "empty", Lane: "empty", State: desk.EventPending})[0]
	update(t, s, func(tx store.Tx) error {
		got, err := tx.NextEvent(ctx, want.Lane)
		same(t, "event", got, want)
		if err != nil {
			return err
		}
		got, err = tx.NextEvent(ctx, "empty")
		same(t, "empty event", got, empty)
		return err
	})
}

func eventOnce(t *testing.T, s store.Store) {
	ctx := t.Context()
	AddEvents(t, s, NewEvent("e1", "lane"))
	update(t, s, func(tx store.Tx) error {
		e := NewEvent("e1", "another lane")
		if added, err := tx.AddEvent(ctx, &e); added || err != nil {
			t.Errorf("added again: got %v, %v, want false", added, err)
		}
		if added, err := tx.Arrive(ctx, &e); added || err != nil {
			t.Errorf("arrived again: got %v, %v, want false", added, err)
		}
		return nil // a duplicate spoils nothing
	})
}

func eventArrives(t *testing.T, s store.Store) {
	ctx := t.Context()
	arrive := func(key string, lane desk.Lane) desk.Event {
		t.Helper()
		e := NewEvent(key, lane)
		update(t, s, func(tx store.Tx) error {
			added, err := tx.Arrive(ctx, &e)
			if !added || err != nil {
				t.Errorf("arrive: got %v, %v, want true", added, err)
			}
			return err
		})
		return e
	}
	if e := arrive("e1", "lane"); e.State != desk.EventDone || e.Attempts != 1 || e.ID == 0 {
		t.Errorf("in an idle lane: got %+v, want it done at the first attempt", e)
	}
	AddEvents(t, s, NewEvent("e2", "lane"))
	if e := arrive("e3", "lane"); e.State != desk.EventPending || e.Attempts != 0 {
		t.Errorf("in a busy lane: got %+v, want it pending", e)
	}
	if e := arrive("e4", "idle"); e.State != desk.EventDone {
		t.Errorf("in another lane: got %+v, want it done", e)
	}
}

func eventsInOrder(t *testing.T, s store.Store) {
	ctx := t.Context()
	all := AddEvents(t, s, NewEvent("e1", "lane"), NewEvent("e2", "other"), NewEvent("e3", "lane"))
	for _, want := range []desk.Event{all[0], all[2]} {
		update(t, s, func(tx store.Tx) error {
			e, err := tx.NextEvent(ctx, "lane")
			if err != nil {
				return err
			}
			same(t, "next", e, want)
			e.State, e.Attempts, e.Reason = desk.EventDone, 1, ""
			return tx.SaveEvent(ctx, &e)
		})
	}
	update(t, s, func(tx store.Tx) error {
		_, err := tx.NextEvent(ctx, "lane")
		wantKind(t, "next of an idle lane", err, desk.ErrNotFound)
		return nil
	})
}

func pendingLanes(t *testing.T, s store.Store) {
	ctx := t.Context()
	late, soon, dead := NewEvent("e1", "late"), NewEvent("e2", "soon"), NewEvent("e3", "dead")
	late.NotBefore, dead.State = minute(9), desk.EventDead
	second := NewEvent("e4", "late") // waits for the first of its lane
	AddEvents(t, s, late, soon, dead, second)
	same(t, "lanes", must(s.PendingLanes(ctx, 9))(t), []store.LaneDue{{Lane: "soon"}, {Lane: "late", Due: minute(9)}})
	if n, err := s.DeadEvents(ctx); n != 1 || err != nil {
		t.Errorf("dead events: got %d, %v, want 1", n, err)
	}
}

func eventsPurged(t *testing.T, s store.Store) {
	ctx := t.Context()
	var events []desk.Event
	for i, state := range []desk.EventState{desk.EventDone, desk.EventDone, desk.EventDone, desk.EventPending, desk.EventDead} {
		e := NewEvent(string(rune('a'+i)), "lane")
		e.State, e.ReceivedAt = state, minute(i)
		events = append(events, e)
	}
	AddEvents(t, s, events...)
	purge := func(limit int) (n int) {
		t.Helper()
		update(t, s, func(tx store.Tx) (err error) {
			n, err = tx.PurgeEvents(ctx, minute(2), limit)
			return err
		})
		return n
	}
	if got := []int{purge(1), purge(9), purge(9)}; got[0] != 1 || got[1] != 1 || got[2] != 0 {
		t.Errorf("purged: got %v, want 1, 1, 0", got)
	}
	update(t, s, func(tx store.Tx) error {
		for i, want := range []bool{false, false, true, true, true} {
			e := NewEvent(events[i].Key, "lane")
			if added, err := tx.AddEvent(ctx, &e); added == want || err != nil {
				t.Errorf("add event %d again: got %v, %v, want %v", i, added, err, !want)
			}
		}
		return nil
	})
}
