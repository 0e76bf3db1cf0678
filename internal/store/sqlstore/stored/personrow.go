package stored

import (
	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

const (
	NotePerson = `INSERT INTO people (id, name, avatar, external, bot, fetched_at)
	VALUES ($1, '', '', FALSE, FALSE, 0) ON CONFLICT (id) DO NOTHING`

	CallPerson = `INSERT INTO people (id, name, avatar, external, bot, fetched_at) VALUES ($1, $2, '', TRUE, FALSE, 0)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, external = TRUE WHERE people.name = ''`

	SavePerson = `INSERT INTO people (id, name, avatar, external, bot, fetched_at) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (id) DO UPDATE SET name = CASE excluded.name WHEN '' THEN people.name ELSE excluded.name END, avatar = excluded.avatar,
	external = CASE excluded.name WHEN '' THEN people.external ELSE excluded.external END, bot = excluded.bot, fetched_at = excluded.fetched_at`

	SelectPeople = `SELECT id, name, avatar, external, bot, fetched_at FROM people`
)

// ScanPerson reads what SelectPeople selects.
func ScanPerson(from commit.Row) (desk.Person, error) {
	var p desk.Person
	var id string
	var fetchedAt int64
	err := from.Scan(&id, &p.Name, &p.Avatar, &p.External, &p.Bot, &fetchedAt)
	p.ID, p.FetchedAt = desk.PersonID(id), Instant(fetchedAt)
	return p, err
}
