package roster

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

// An Asker runs queries.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// A Changer runs the statements of an update.
type Changer interface {
	Asker
	Write(ctx context.Context, what commit.Op, text string, args ...any) error
	HintAgents() // has everybody look at the agents again
}

// Reads are the queries.
type Reads struct{ Roster Asker }

// A Tx is an update's part.
type Tx struct{ RosterTo Changer }

const (
	selectTeams = `SELECT id, name, services, categories, languages, hours, members FROM teams ORDER BY name, id`
	saveTeam    = `INSERT INTO teams (id, name, services, categories, languages, hours, members) VALUES ($1, $2, $3, $4, $5, $6, $7)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, services = excluded.services, categories = excluded.categories,
	languages = excluded.languages, hours = excluded.hours, members = excluded.members`
	dropTeam = `DELETE FROM teams WHERE id = $1`

	selectSeats = `SELECT agent, services, categories, languages, capacity FROM seats ORDER BY agent`
	saveSeat    = `INSERT INTO seats (agent, services, categories, languages, capacity) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (agent) DO UPDATE SET services = excluded.services, categories = excluded.categories,
	languages = excluded.languages, capacity = excluded.capacity`
)

// Teams returns all teams, by name.
func (r Reads) Teams(ctx context.Context) ([]roster.Team, error) { return teams(ctx, r.Roster) }

// Teams returns all teams, by name.
func (t Tx) Teams(ctx context.Context) ([]roster.Team, error) { return teams(ctx, t.RosterTo) }

func teams(ctx context.Context, from Asker) (all []roster.Team, err error) {
	err = from.Query(ctx, commit.Op{Doing: "teams"}, selectTeams, nil, func(row commit.Row) error {
		var t roster.Team
		var hours, members string
		var s skills
		err := row.Scan((*string)(&t.ID), &t.Name, &s.services, &s.categories, &s.languages, &hours, &members)
		if err != nil {
			return err
		}
		if t.Skills, err = s.read(); err != nil {
			return err
		}
		if t.Hours, err = readHours(hours); err != nil {
			return err
		}
		t.Members, err = stored.Unlist[desk.AgentID](members)
		all = append(all, t)
		return err
	})
	return all, err
}

// SaveTeam adds or replaces a team.
func (t Tx) SaveTeam(ctx context.Context, team *roster.Team) error {
	t.RosterTo.HintAgents()
	s := ofSkills(team.Skills)
	return t.RosterTo.Write(ctx, commit.Op{Doing: "save team", ID: string(team.ID)}, saveTeam,
		string(team.ID), team.Name, s.services, s.categories, s.languages, writeHours(team.Hours), stored.List(team.Members))
}

// DropTeam forgets a team.
func (t Tx) DropTeam(ctx context.Context, id roster.TeamID) error {
	t.RosterTo.HintAgents()
	return t.RosterTo.Write(ctx, commit.Op{Doing: "drop team", ID: string(id)}, dropTeam, string(id))
}

// Seats returns what agents take on, by agent.
func (r Reads) Seats(ctx context.Context) ([]roster.Seat, error) { return seats(ctx, r.Roster) }

// Seats returns what agents take on, by agent.
func (t Tx) Seats(ctx context.Context) ([]roster.Seat, error) { return seats(ctx, t.RosterTo) }

func seats(ctx context.Context, from Asker) (all []roster.Seat, err error) {
	err = from.Query(ctx, commit.Op{Doing: "seats"}, selectSeats, nil, func(row commit.Row) error {
		var seat roster.Seat
		var capacity int64
		var s skills
		err := row.Scan((*string)(&seat.Agent), &s.services, &s.categories, &s.languages, &capacity)
		if err != nil {
			return err
		}
		seat.Capacity = int(capacity)
		seat.Skills, err = s.read()
		all = append(all, seat)
		return err
	})
	return all, err
}

// SaveSeat adds or replaces what an agent takes on.
func (t Tx) SaveSeat(ctx context.Context, seat *roster.Seat) error {
	t.RosterTo.HintAgents()
	s := ofSkills(seat.Skills)
	return t.RosterTo.Write(ctx, commit.Op{Doing: "save seat", ID: string(seat.Agent)}, saveSeat,
		string(seat.Agent), s.services, s.categories, s.languages, int64(seat.Capacity))
}

// skills are Skills as they are stored.
type skills struct{ services, categories, languages string }

func ofSkills(s roster.Skills) skills {
	return skills{stored.List(s.Services), stored.List(s.Categories), stored.List(s.Languages)}
}

func (s skills) read() (out roster.Skills, err error) {
	if out.Services, err = stored.Unlist[string](s.services); err != nil {
		return out, err
	}
	if out.Categories, err = stored.Unlist[string](s.categories); err != nil {
		return out, err
	}
	out.Languages, err = stored.Unlist[string](s.languages)
	return out, err
}
