package dispatch

import (
	"time"

	"caseline/internal/slacksim/entity"
)

const (
	hour      = 60 // minutes that are counted
	fewEvents = 1000
	// dayOfTries is how often an event of an app with Delayed Events is sent
	// again after the last retry, once an hour.
	dayOfTries = 24
)

// A minute is what happened to an app within one.
type minute struct{ events, tries, taken int }

// A volume counts by the minute. Keys are minutes since 1970.
type volume map[int64]*minute

func (v volume) at(now time.Time) *minute {
	key := now.Unix() / 60
	if v[key] == nil {
		v[key] = new(minute)
	}
	return v[key]
}

// lastHour adds the last sixty minutes up, and forgets those before.
func (v volume) lastHour(now time.Time) minute {
	var sum minute
	for key, m := range v {
		if key <= now.Unix()/60-hour {
			delete(v, key)
			continue
		}
		sum.events += m.events
		sum.tries += m.tries
		sum.taken += m.taken
	}
	return sum
}

func volumeOf(of map[string]volume, key string) volume {
	if of[key] == nil {
		of[key] = volume{}
	}
	return of[key]
}

// excess counts an event, and reports whether it is one too many. The first in
// every minute has a parcel that says so to the app.
func (k *desk) excess(e entity.Event) (over bool, notice *parcel) {
	if k.d.hourly == 0 {
		return false, nil
	}
	now := k.d.clock.Now()
	key := e.App + "/" + e.Workspace
	v := volumeOf(k.offered, key)
	if v.lastHour(now).events < k.d.hourly {
		v.at(now).events++
		return false, nil
	}
	start := now.Truncate(time.Minute).Unix()
	if k.limited[key] == start {
		return true, nil
	}
	k.limited[key] = start
	app, _ := k.d.world.Apps.App(e.App)
	return true, &parcel{
		event: entity.Event{App: e.App, Workspace: e.Workspace, At: now.Unix(), Body: map[string]any{"type": "app_rate_limited"}},
		notice: map[string]any{
			"token": app.VerificationToken, "type": "app_rate_limited", "team_id": e.Workspace, "minute_rate_limited": start, "api_app_id": e.App,
		},
	}
}

// judge counts a try, and switches the events of an app off that hardly takes
// any.
func (k *desk) judge(s sent) {
	if !k.d.strict || s.dropped {
		return
	}
	now := k.d.clock.Now()
	v := volumeOf(k.tried, s.event.App)
	m := v.at(now)
	m.tries++
	if s.attempt == 0 {
		m.events++
	}
	if s.failure == "" {
		m.taken++
	}
	sum := v.lastHour(now)
	if sum.events <= fewEvents || sum.taken*20 >= sum.tries {
		return
	}
	app, ok := k.d.world.Apps.App(s.event.App)
	if !ok || app.EventsOff {
		return
	}
	clear(v) // switched on again, it begins anew
	app.EventsOff = true
	if _, err := k.d.world.PutApp(app); err != nil {
		k.d.log.Error("events not switched off", "app", app.ID, "err", err)
		return
	}
	k.d.log.Warn("events switched off: the app takes hardly any", "app", app.ID, "taken", sum.taken, "tries", sum.tries)
}

// again returns how long to wait before a parcel is sent again, if it is.
func (k *desk) again(s sent) (time.Duration, bool) {
	if s.failure == "" || s.noRetry {
		return 0, false
	}
	if s.attempt < len(k.d.delays) {
		return k.d.delays[s.attempt], true
	}
	app, _ := k.d.world.Apps.App(s.event.App)
	return time.Hour, app.DelayedEvents && s.attempt < len(k.d.delays)+dayOfTries
}
