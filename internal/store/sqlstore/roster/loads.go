package roster

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	// SelectChats reads an index alone: thousands of chats run where a handful of
	// agents is asked, and a sweep is due every few seconds.
	SelectChats    = `SELECT chat_agent, count(*), max(chat_joined_at) FROM cases WHERE chat_state = 'in-progress' GROUP BY chat_agent`
	selectOffers   = `SELECT chat_more FROM cases WHERE chat_state = 'requested' AND chat_more LIKE '%"offer":{%'`
	selectOffered  = `SELECT agent, at FROM offered`
	selectChatsOf  = `SELECT chat_agent, count(*), max(chat_joined_at) FROM cases WHERE chat_state = 'in-progress' AND chat_agent = $1 GROUP BY chat_agent`
	selectOffersOf = selectOffers + ` AND chat_more LIKE $1`
	offeredOf      = selectOffered + ` WHERE agent = $1`
	noteOffered    = `INSERT INTO offered (agent, at) VALUES ($1, $2) ON CONFLICT (agent) DO UPDATE SET at = excluded.at`
)

// Loads returns how much the agents have in hand, by agent.
func (r Reads) Loads(ctx context.Context) ([]store.Load, error) {
	found := loads{}
	if err := found.read(ctx, r.Roster, SelectChats, selectOffers, selectOffered, nil, nil); err != nil {
		return nil, err
	}
	all := make([]store.Load, 0, len(found))
	for _, l := range found {
		all = append(all, *l)
	}
	slices.SortFunc(all, func(a, b store.Load) int { return strings.Compare(string(a.Agent), string(b.Agent)) })
	return all, nil
}

// LoadOf returns how much an agent has in hand.
func (t Tx) LoadOf(ctx context.Context, a desk.AgentID) (store.Load, error) {
	found := loads{}
	err := found.read(ctx, t.RosterTo, selectChatsOf, selectOffersOf, offeredOf, []any{string(a)}, []any{`%"offer":{"agent":"` + string(a) + `",%`})
	return *found.of(a), err
}

// NoteOffered notes when a chat was last offered to an agent.
func (t Tx) NoteOffered(ctx context.Context, a desk.AgentID, at time.Time) error {
	return t.RosterTo.Write(ctx, commit.Op{Doing: "note an offer to", ID: string(a)}, noteOffered, string(a), stored.Micros(at))
}

// loads are how much agents have in hand.
type loads map[desk.AgentID]*store.Load

func (l loads) of(a desk.AgentID) *store.Load {
	if l[a] == nil {
		l[a] = &store.Load{Agent: a}
	}
	return l[a]
}

func (l loads) read(ctx context.Context, from Asker, chats, offers, offered string, whose, whom []any) error {
	what := commit.Op{Doing: "what agents have in hand"}
	err := from.Query(ctx, what, chats, whose, func(row commit.Row) error {
		var agent string
		var n, joined int64
		err := row.Scan(&agent, &n, &joined)
		of := l.of(desk.AgentID(agent))
		of.Chats, of.Last = int(n), latest(of.Last, joined)
		return err
	})
	if err != nil {
		return err
	}
	err = from.Query(ctx, what, offers, whom, func(row commit.Row) error {
		var more string
		if err := row.Scan(&more); err != nil {
			return err
		}
		var chat struct{ Offer struct{ Agent desk.AgentID } }
		err := json.Unmarshal([]byte(more), &chat)
		if chat.Offer.Agent != "" {
			l.of(chat.Offer.Agent).Offers++
		}
		return err
	})
	if err != nil {
		return err
	}
	return from.Query(ctx, what, offered, whose, func(row commit.Row) error {
		var agent string
		var at int64
		err := row.Scan(&agent, &at)
		of := l.of(desk.AgentID(agent))
		of.Last = latest(of.Last, at)
		return err
	})
}

func latest(a time.Time, micros int64) time.Time {
	if b := stored.Instant(micros); b.After(a) {
		return b
	}
	return a
}
