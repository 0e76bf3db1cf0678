package roster

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	selectDevices = `SELECT agent, id, phone, seen_at, looked_at FROM devices WHERE seen_at >= $1 ORDER BY agent, seen_at DESC, id`
	selectSeen    = `SELECT seen_at FROM devices WHERE agent = $1 AND id = $2`
	saveDevice    = `INSERT INTO devices (agent, id, phone, seen_at) VALUES ($1, $2, $3, $4)
	ON CONFLICT (agent, id) DO UPDATE SET phone = excluded.phone, seen_at = excluded.seen_at`
	saveLook = `INSERT INTO devices (agent, id, phone, seen_at, looked_at) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (agent, id) DO UPDATE SET looked_at = excluded.looked_at WHERE devices.looked_at < excluded.looked_at`
	dropDevice   = `DELETE FROM devices WHERE agent = $1 AND id = $2`
	countDevices = `SELECT count(*) FROM devices WHERE agent = $1 AND id <> $2 AND seen_at >= $3`
	purgeDevices = `DELETE FROM devices WHERE seen_at < $1`
)

// Devices returns those that were seen at or after a time.
func (r Reads) Devices(ctx context.Context, since time.Time) (all []roster.Device, err error) {
	err = r.Roster.Query(ctx, commit.Op{Doing: "devices"}, selectDevices, []any{stored.Micros(since)}, func(row commit.Row) error {
		var d roster.Device
		var seen, looked int64
		err := row.Scan((*string)(&d.Agent), &d.ID, &d.Phone, &seen, &looked)
		d.SeenAt, d.LookedAt = stored.Instant(seen), stored.Instant(looked)
		all = append(all, d)
		return err
	})
	return all, err
}

// SeeDevice notes that a device was connected at a time. Everybody is told of
// one that comes, and nobody of one that stays.
func (t Tx) SeeDevice(ctx context.Context, d *roster.Device) error {
	what, last := commit.Op{Doing: "see a device of", ID: string(d.Agent)}, time.Time{}
	err := t.RosterTo.Query(ctx, what, selectSeen, []any{string(d.Agent), d.ID}, func(row commit.Row) error {
		var seen int64
		err := row.Scan(&seen)
		last = stored.Instant(seen)
		return err
	})
	if err != nil || d.SeenAt.Sub(last) < desk.SeenEvery {
		return err
	}
	if d.SeenAt.Sub(last) >= roster.OfflineAfter {
		t.RosterTo.HintAgents()
	}
	return t.RosterTo.Write(ctx, what, saveDevice, string(d.Agent), d.ID, d.Phone, stored.Micros(d.SeenAt))
}

// LookAtDevice notes that somebody did something at a device.
func (t Tx) LookAtDevice(ctx context.Context, d *roster.Device) error {
	return t.RosterTo.Write(ctx, commit.Op{Doing: "look at a device of", ID: string(d.Agent)}, saveLook, string(d.Agent), d.ID, d.Phone, stored.Micros(d.SeenAt), stored.Micros(d.LookedAt))
}

// PurgeDevices forgets those that were last seen before a time.
func (t Tx) PurgeDevices(ctx context.Context, before time.Time) error {
	return t.RosterTo.Write(ctx, commit.Op{Doing: "purge", ID: "devices"}, purgeDevices, stored.Micros(before))
}

// DropDevice forgets a device, and returns how many others of its agent were seen
// at or after a time.
func (t Tx) DropDevice(ctx context.Context, d *roster.Device, since time.Time) (others int, err error) {
	what := commit.Op{Doing: "drop a device of", ID: string(d.Agent)}
	if err := t.RosterTo.Write(ctx, what, dropDevice, string(d.Agent), d.ID); err != nil {
		return 0, err
	}
	err = t.RosterTo.Query(ctx, what, countDevices, []any{string(d.Agent), d.ID, stored.Micros(since)}, func(row commit.Row) error {
		var n int64
		err := row.Scan(&n)
		others = int(n)
		return err
	})
	return others, err
}
